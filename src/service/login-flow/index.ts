export * from './flow.ts';
export * from './transition.ts';
