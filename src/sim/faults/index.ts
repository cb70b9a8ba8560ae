export * from './between.ts';
export * from './catalogue.ts';
export * from './mishap.ts';
export * from './risk-service.ts';
export * from './saboteur.ts';
