import { FIRST_CARRIER_NAMESPACE, type Finding, type Flow, STAGES } from '../model/index.ts';
import { type Components, componentsOf, LAST } from './components.ts';
import { createFlowBuilder, isStronger } from './flow-builder.ts';
import type { FlowTable } from './flow-table.ts';
import { DEFAULT_GUARD, type GuardLimits, guardedIds, guardFindings } from './guard.ts';
import { PAIR_NAMESPACE } from './id-table.ts';
import { cellOf, END } from './partial-pool.ts';

export interface ResolveOptions {
  readonly guard?: GuardLimits;
  /** Names of the kept fields, by slot. */
  readonly keep: readonly string[];
}

export interface FlowGraph {
  /** Number of flows. */
  readonly size: number;
  /** Events that belong to no flow. */
  readonly unlinked: number;
  readonly findings: readonly Finding[];
  /** Every flow, by start time and then id; each is built when it is asked for. */
  flows(): Iterable<Flow>;
  /** The flow that an id belongs to, by the hash of the id. */
  flowOf(high: number, low: number): Flow | undefined;
}

/** Cuts guarded ids out of the graph and makes flows of its connected components. */
export function resolveFlows(table: FlowTable, options: ResolveOptions): FlowGraph {
  const { ids, edges } = table;
  const guarded = guardedIds(ids, edges, options.guard ?? DEFAULT_GUARD);
  const components = componentsOf(ids.size, edges, guarded);
  const heads = components.heads.filter(
    (head) => !guarded[head] && isFlow(table, components, head),
  );
  const isHead = new Uint8Array(ids.size);
  for (const head of heads) isHead[head] = 1;
  let unlinked = table.unlinked;
  for (const head of components.heads) {
    if (isHead[head]) continue;
    for (const node of nodesOf(components, head)) unlinked += table.partials.eventsAt(node);
  }
  const builder = createFlowBuilder(table, options.keep);
  const build = (head: number): Flow => builder(nodesOf(components, head));
  return {
    size: heads.length,
    unlinked,
    findings: guardFindings(ids, edges, guarded),
    *flows() {
      for (const head of inOrder(table, components, heads)) yield build(head);
    },
    flowOf(high, low) {
      const node = ids.find(high, low);
      if (node === undefined || guarded[node]) return undefined;
      const head = components.headOf(node);
      return isHead[head] ? build(head) : undefined;
    },
  };
}

function* nodesOf(components: Components, head: number): Generator<number> {
  for (let node = head; node !== LAST; node = components.next[node]!) yield node;
}

const FIRST_STAGE_BEYOND_POLL = STAGES.indexOf('scanned');

/** A login has an id of its own, or a stage that only logins reach and an id to be named by. */
function isFlow(table: FlowTable, components: Components, head: number): boolean {
  let named = false;
  let reached = false;
  for (const node of nodesOf(components, head)) {
    const namespace = table.ids.namespace[node]!;
    if (namespace < FIRST_CARRIER_NAMESPACE) return true;
    if (namespace !== PAIR_NAMESPACE) named = true;
    for (let at = table.partials.headOf(node); at !== END; at = table.partials.next[at]!) {
      const cell = cellOf(table.partials.key[at]!);
      if (cell.kind === 'step' && cell.stage >= FIRST_STAGE_BEYOND_POLL) reached = true;
    }
  }
  return named && reached;
}

/** Heads by the start of their flow, then by its id. */
function inOrder(table: FlowTable, components: Components, heads: Uint32Array): Uint32Array {
  const { ids, partials } = table;
  const start = new Float64Array(heads.length);
  const strongest = new Uint32Array(heads.length);
  for (const [i, head] of heads.entries()) {
    let first = Number.POSITIVE_INFINITY;
    let best = head;
    for (const node of nodesOf(components, head)) {
      if (isStronger(table.ids, node, best)) best = node;
      for (let at = partials.headOf(node); at !== END; at = partials.next[at]!) {
        const time = partials.time[at]!;
        if (time > Number.NEGATIVE_INFINITY) first = Math.min(first, time);
      }
    }
    start[i] = first;
    strongest[i] = best;
  }
  const byStart = (a: number, b: number): number => {
    if (start[a]! !== start[b]!) return start[a]! - start[b]!;
    const x = strongest[a]!;
    const y = strongest[b]!;
    return ids.high[x]! - ids.high[y]! || ids.low[x]! - ids.low[y]!;
  };
  return Uint32Array.from(heads.keys())
    .sort(byStart)
    .map((i) => heads[i]!);
}
