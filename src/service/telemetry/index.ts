export * from './error-facts.ts';
export * from './event-table.ts';
export * from './logger.ts';
export * from './metrics.ts';
export * from './recorder.ts';
export * from './traced-database.ts';
export * from './tracing.ts';
export * from './vitals.ts';
