export { type Condition, parseCondition } from './condition.ts';
export * from './contract.ts';
export {
  type Detection,
  detectionOf,
  type Expression,
  type Item,
  type ItemValue,
  parseDetection,
} from './detection.ts';
export { compileDetections } from './detection-index.ts';
export { jsonRecord } from './json-record.ts';
export { MODIFIERS } from './modifier.ts';
export type { Regex, RegexFlags, RegexMistake } from './regex.ts';
export { createReporter, type Reporter, type Span } from './reporter.ts';
export type { SigmaValue } from './sigma-value.ts';
export { didYouMean } from './suggest.ts';
export type { ItemTrace, Trace, ValueTrace } from './trace.ts';
export {
  entryOf,
  plainOf,
  readYaml,
  type YamlEntry,
  type YamlList,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
} from './yaml.ts';
export { fromSnapshot, parseSnapshot, snapshotYaml, type YamlSnapshot } from './yaml-snapshot.ts';
