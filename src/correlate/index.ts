export type { CauseTimes } from './cause-times.ts';
export { type FlowGraph, type ResolveOptions, resolveFlows } from './flow-graph.ts';
export { FlowTable, type FlowTableOptions, groupFields } from './flow-table.ts';
export { DEFAULT_GUARD, type GuardLimits } from './guard.ts';
