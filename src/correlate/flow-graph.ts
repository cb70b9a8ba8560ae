import { FIRST_CARRIER_NAMESPACE, type Finding, type Flow, STAGES } from '../model/index.ts';
import { isStepKey, stageOfStep } from './cell-key.ts';
import { componentsOf, headOf } from './components.ts';
import { compareStrength, createFlowBuilder } from './flow-builder.ts';
import { inOrder } from './flow-order.ts';
import type { FlowTable } from './flow-table.ts';
import { DEFAULT_GUARD, type GuardLimits, guardedIds, guardFindings } from './guard.ts';
import { PAIR_NAMESPACE } from './id-table.ts';
import { CELL_WORDS } from './partial-pool.ts';
import { NONE } from './slot-table.ts';

export interface ResolveOptions {
  readonly guard?: GuardLimits;
  /** Names of the kept fields, by slot. */
  readonly keep: readonly string[];
}

/** By start time and then id; or in any order, which costs less. */
export type FlowsOrder = 'by-start' | 'any';

export interface FlowGraph {
  /** Number of flows. */
  readonly size: number;
  /** Events that belong to no flow. */
  readonly unlinked: number;
  readonly findings: readonly Finding[];
  /** Every flow; each is built when it is asked for. */
  flows(order?: FlowsOrder): Iterable<Flow>;
  /** The flow that an id belongs to, by the hash of the id. */
  flowOf(high: number, low: number): Flow | undefined;
}

/** What is known of a component, at its head. */
const HAS_LOGIN_ID = 1;
const HAS_NAME = 2;
const REACHES_LOGIN = 4;
/** Of an id that is no head. */
const IS_MEMBER = 8;

/** Cuts guarded ids out of the graph and makes flows of its connected components. */
export function resolveFlows(table: FlowTable, options: ResolveOptions): FlowGraph {
  const { ids, edges, partials } = table;
  const guarded = guardedIds(ids, edges, options.guard ?? DEFAULT_GUARD);
  const next = componentsOf(ids.size, edges, guarded);
  const facts = new Uint8Array(ids.size);
  /** A login has an id of its own, or a stage that only logins reach and an id to be named by. */
  const isFlow = (head: number): boolean =>
    (facts[head]! & HAS_LOGIN_ID) !== 0 || facts[head] === (HAS_NAME | REACHES_LOGIN);

  let size = 0;
  let unlinked = table.unlinked;
  for (let head = 0; head < ids.size; head += 1) {
    if (facts[head] === IS_MEMBER) continue;
    let known = 0;
    let events = 0;
    let node = head;
    do {
      if (!guarded[node] && (known & HAS_LOGIN_ID) === 0) known |= factsOf(table, node);
      events += partials.eventsAt(node);
      facts[node] = IS_MEMBER;
      node = next[node]!;
    } while (node !== head);
    facts[head] = known;
    if (isFlow(head)) size += 1;
    else unlinked += events;
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
      node = next[node]!;
    } while (node !== head);
    return start;
  };
  const strongest = (head: number): number => {
    let best = head;
    for (let node = next[head]!; node !== head; node = next[node]!) {
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
    findings: guardFindings(ids, edges, guarded),
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
  const first = partials.firstOf(node);
  if (first === NONE) return false;
  const end = partials.endOf(first);
  for (let cell = first + CELL_WORDS; cell < end; cell += CELL_WORDS) {
    const key = partials.keyAt(cell);
    if (isStepKey(key) && stageOfStep(key) >= FIRST_STAGE_BEYOND_POLL) return true;
  }
  return false;
}

/** The earliest time of a partial; infinite when there is none. */
function firstTime({ partials }: FlowTable, node: number): number {
  let earliest = Number.POSITIVE_INFINITY;
  const first = partials.firstOf(node);
  if (first === NONE) return earliest;
  const end = partials.endOf(first);
  for (let cell = first; cell < end; cell += CELL_WORDS) {
    const time = partials.timeAt(cell);
    if (time < earliest && time > Number.NEGATIVE_INFINITY) earliest = time;
  }
  return earliest;
}
