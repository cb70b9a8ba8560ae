export * from './read-scenario.ts';
export * from './scenario.ts';
