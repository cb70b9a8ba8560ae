export { createShapeCheck, type ShapeCheck } from './check-shape.ts';
export { documentHash } from './document-hash.ts';
export { DURATION_PATTERN, durationMs } from './duration.ts';
export { fieldsInFull } from './fields-in-full.ts';
export { checkField, type UnknownField } from './known-fields.ts';
export {
  type ActiveRule,
  type LoadedRules,
  type LoadOptions,
  loadRules,
} from './load-rules.ts';
export type {
  Logsource,
  RuleDocument,
  RuleFile,
} from './rule-document.ts';
export {
  editorSchema,
  OTHER_CATEGORIES,
} from './rule-schema.ts';
export { evaluatedCorrelations, namedRules, type RuleSet } from './rule-set.ts';
export type {
  FlowAssertion,
  RuleTest,
  TestExpectation,
} from './rule-test.ts';
export { sha256 } from './sha256.ts';
export { createSignalFinder } from './signal-finder.ts';
export { snapshotRules } from './snapshot-rules.ts';
