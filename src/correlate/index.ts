export type { BitSet } from './bit-set.ts';
export { CauseTimes, type PackedCauseTimes } from './cause-times.ts';
export {
  type CorrelationHits,
  type CorrelationOptions,
  correlationHits,
} from './correlation-hits.ts';
export {
  type FlowGraph,
  type FlowsOrder,
  type ResolveOptions,
  resolveFlows,
} from './flow-graph.ts';
export {
  FlowTable,
  type FlowTableOptions,
  groupFields,
  type PackedFlowTable,
} from './flow-table.ts';
export { DEFAULT_GUARD, type GuardLimits } from './guard.ts';
export { IdTable, type PackedIds } from './id-table.ts';
export { type Hit, type PackedRuleHits, RuleHits } from './rule-hits.ts';
