import { FIRST_CARRIER_NAMESPACE, type Finding, type Flow, STAGES } from '../model/index.ts';
import type { BitSet } from './bit-set.ts';
import { isStepKey, stageOfStep } from './cell-key.ts';
import { componentsOf, headOf } from './components.ts';
import { compareStrength, createFlowBuilder } from './flow-builder.ts';
import { inOrder } from './flow-order.ts';
import type { FlowTable } from './flow-table.ts';
import { CutEdges, DEFAULT_GUARD, type GuardLimits, guardedIds } from './guard.ts';
import { PAIR_NAMESPACE } from './id-table.ts';
import { CELL_WORDS } from './partial-pool.ts';
import { leftOut, putLeft } from './rest.ts';
import { NONE } from './slot-table.ts';

export interface ResolveOptions {
  readonly guard?: GuardLimits;
  /** Names of the kept fields, by slot. */
  readonly keep: readonly string[];
  /** Ids that another table has met, too: what hangs together with them is no flow of this graph. */
  readonly metElsewhere?: BitSet;
}

/** By start time and then id; or in any order, which costs less. */
export type FlowsOrder = 'by-start' | 'any';

/** Good until more is folded into its table. */
export interface FlowGraph {
  /** Number of flows. */
  readonly size: number;
  /** Events that belong to no flow. */
  readonly unlinked: number;
  readonly findings: readonly Finding[];
  /**
   * Adds all that is in no flow of the graph to an empty table. Such rests of several tables, put
   * together, give the flows that these would give together, without those of their graphs.
   */
  putRest(into: FlowTable): void;
  /** Every flow; each is built when it is asked for. */
  flows(order?: FlowsOrder): Iterable<Flow>;
  /** The flow that an id belongs to, by the hash of the id. */
  flowOf(high: number, low: number): Flow | undefined;
}

/** What is known of a component. */
const HAS_LOGIN_ID = 1;
const HAS_NAME = 2;
const REACHES_LOGIN = 4;

/**
 * Cuts guarded ids out of the graph and makes flows of its connected components. The rings of ids
 * stand where the table kept what it finds ids by, so that they need no memory of their own.
 */
export function resolveFlows(table: FlowTable, options: ResolveOptions): FlowGraph {
  const { ids, edges, partials } = table;
  const memory = ids.lendSlots();
  const guarded = guardedIds(ids, edges, { limits: options.guard ?? DEFAULT_GUARD, memory });
  for (const node of table.cuts.guarded) guarded.add(node);
  const cut = new CutEdges(ids, guarded, table.cuts.counts);
  const note = (a: number, b: number): void => cut.note(a, b);
  const next = componentsOf(ids.size, edges, { guarded, note }, memory);
  const left = leftOut(table, { next, guarded }, options.metElsewhere);
  /** Heads of components that are no flow, and all ids that are no heads. */
  const others = left.copy();
  const isFlow = (node: number): boolean => !others.has(node);

  let size = 0;
  let unlinked = table.unlinked;
  for (let head = 0; head < ids.size; head += 1) {
    if (others.has(head)) continue;
    let facts = 0;
    let events = 0;
    let node = head;
    do {
      if ((facts & HAS_LOGIN_ID) === 0 && !guarded.has(node)) facts |= factsOf(table, node);
      const block = partials.blockOf(node);
      if (block !== NONE) events += partials.eventsAt(block);
      if (node !== head) others.add(node);
      node = next.get(node);
    } while (node !== head);
    // A login has an id of its own, or a stage that only logins reach and an id to be named by.
    if ((facts & HAS_LOGIN_ID) !== 0 || facts === (HAS_NAME | REACHES_LOGIN)) size += 1;
    else {
      others.add(head);
      unlinked += events;
    }
  }
  function* heads(): Generator<number> {
    for (let node = 0; node < ids.size; node += 1) {
      if (isFlow(node)) yield node;
    }
  }
  const startOf = (head: number): number => {
    let start = Number.POSITIVE_INFINITY;
    let node = head;
    do {
      start = Math.min(start, firstTime(table, node));
      node = next.get(node);
    } while (node !== head);
    return start;
  };
  const strongest = (head: number): number => {
    let best = head;
    for (let node = next.get(head); node !== head; node = next.get(node)) {
      if (compareStrength(ids, node, best) < 0) best = node;
    }
    return best;
  };
  const compareIds = (a: number, b: number): number =>
    ids.compareHashes(strongest(a), strongest(b));
  const build = createFlowBuilder(table, next, options.keep);
  return {
    size,
    unlinked,
    findings: cut.findings(),
    putRest(into) {
      putLeft(table, { left, guarded, counts: cut.counts }, into);
      into.unlinked = unlinked;
    },
    *flows(order = 'by-start') {
      const ordered = order === 'any' ? heads() : inOrder(size, heads, { startOf, compareIds });
      for (const head of ordered) yield build(head);
    },
    flowOf(high, low) {
      const node = ids.find(high, low);
      if (node === undefined) return undefined;
      const head = headOf(next, node);
      return isFlow(head) ? build(head) : undefined;
    },
  };
}

/** What an id says of its component. */
function factsOf(table: FlowTable, node: number): number {
  const namespace = table.ids.namespace(node);
  if (namespace < FIRST_CARRIER_NAMESPACE) return HAS_LOGIN_ID;
  const named = namespace === PAIR_NAMESPACE ? 0 : HAS_NAME;
  return named | (reachesLogin(table, node) ? REACHES_LOGIN : 0);
}

const FIRST_STAGE_BEYOND_POLL = STAGES.indexOf('scanned');

function reachesLogin({ partials }: FlowTable, node: number): boolean {
  const block = partials.blockOf(node);
  if (block === NONE) return false;
  const end = partials.endOf(block);
  for (let cell = partials.cellsOf(block); cell < end; cell += CELL_WORDS) {
    const key = partials.keyAt(cell);
    if (isStepKey(key) && stageOfStep(key) >= FIRST_STAGE_BEYOND_POLL) return true;
  }
  return false;
}

/** The earliest time of a partial; infinite when there is none. */
function firstTime({ partials }: FlowTable, node: number): number {
  const block = partials.blockOf(node);
  if (block === NONE) return Number.POSITIVE_INFINITY;
  const last = partials.timeAt(block);
  let earliest = last > Number.NEGATIVE_INFINITY ? last : Number.POSITIVE_INFINITY;
  const end = partials.endOf(block);
  for (let cell = partials.cellsOf(block); cell < end; cell += CELL_WORDS) {
    const time = partials.timeAt(cell);
    if (time < earliest && time > Number.NEGATIVE_INFINITY) earliest = time;
  }
  return earliest;
}
