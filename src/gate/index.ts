export * from './baseline.ts';
export * from './baseline-file.ts';
export * from './baseline-schema.ts';
export * from './burstiness.ts';
export * from './check.ts';
export * from './compare.ts';
export * from './config.ts';
export * from './config-schema.ts';
export * from './count-flows.ts';
export * from './decide.ts';
export * from './decision.ts';
export * from './limit.ts';
export {
  type Dimension,
  dimensionOf,
  type Metric,
  metricText,
  type Subject,
} from './metric.ts';
export * from './retries.ts';
export * from './shorthand.ts';
export * from './snapshot.ts';
export * from './statistics/bootstrap.ts';
export * from './statistics/chi-square.ts';
export * from './statistics/clopper-pearson.ts';
export * from './statistics/dispersion.ts';
export * from './statistics/estimate.ts';
export * from './statistics/event-rate.ts';
export * from './statistics/false-discovery.ts';
export * from './statistics/fisher.ts';
export * from './statistics/growth.ts';
export * from './statistics/incomplete-beta.ts';
export * from './statistics/incomplete-gamma.ts';
export * from './statistics/log-gamma.ts';
export * from './statistics/mantel-haenszel.ts';
export * from './statistics/normal.ts';
export * from './statistics/order-statistic.ts';
export * from './statistics/rate-difference.ts';
export * from './statistics/sample.ts';
export * from './statistics/sample-size.ts';
export * from './statistics/seeded.ts';
export * from './strata.ts';
