import { FIRST_CARRIER_NAMESPACE, type Finding, ID_NAMESPACES } from '../model/index.ts';
import { BitSet } from './bit-set.ts';
import type { EdgeSet } from './edge-set.ts';
import { type IdTable, PAIR_NAMESPACE } from './id-table.ts';
import type { PagedWords } from './paged-words.ts';

/**
 * How many distinct neighbours of one namespace an id may have before it joins nothing.
 * A login has one QR code and a few when it is refreshed; an id that touches more is a constant,
 * a batch job's trace or the like, and would melt thousands of logins into one.
 */
export interface GuardLimits {
  /** Login ids (flow, QR code, ticket, scene, state, code) beside a login id. */
  readonly loginIds: number;
  /** Login ids beside a trace or request id. */
  readonly loginIdsOfCarrier: number;
  /** Trace or request ids beside any id. */
  readonly carriers: number;
}

export const DEFAULT_GUARD: GuardLimits = { loginIds: 16, loginIdsOfCarrier: 8, carriers: 256 };

/**
 * The ids that join nothing. The answer depends on the set of edges only.
 * @param memory one word for each id, to be overwritten
 */
export function guardedIds(
  ids: IdTable,
  edges: EdgeSet,
  { limits, memory }: { readonly limits: GuardLimits; readonly memory: PagedWords },
): BitSet {
  const neighbours = memory;
  neighbours.fill(0);
  edges.forEach((a, b) => {
    neighbours.set(a, neighbours.get(a) + 1);
    neighbours.set(b, neighbours.get(b) + 1);
  });
  // Hardly an id has so many neighbours; only of those that do the namespaces are told apart.
  const enough = Math.min(...Object.values(limits));
  const guarded = new BitSet(ids.size);
  const byNamespace = new Map<number, Uint32Array>();
  const countNamespace = (node: number, neighbour: number): void => {
    if (neighbours.get(node) <= enough) return;
    const namespace = ids.namespace(node);
    const counted = ids.namespace(neighbour);
    if (namespace === PAIR_NAMESPACE || counted === PAIR_NAMESPACE) return;
    let counts = byNamespace.get(node);
    if (counts === undefined) {
      counts = new Uint32Array(ID_NAMESPACES.length);
      byNamespace.set(node, counts);
    }
    counts[counted] = counts[counted]! + 1;
    if (counts[counted]! > limitOf(namespace, counted, limits)) guarded.add(node);
  };
  edges.forEach((a, b) => {
    countNamespace(a, b);
    countNamespace(b, a);
  });
  return guarded;
}

function limitOf(namespace: number, other: number, limits: GuardLimits): number {
  if (other >= FIRST_CARRIER_NAMESPACE) return limits.carriers;
  return namespace >= FIRST_CARRIER_NAMESPACE ? limits.loginIdsOfCarrier : limits.loginIds;
}

/** Ids that join nothing, and how many edges to such ids were cut, by namespace of the guarded id. */
export interface Cuts {
  readonly guarded: Set<number>;
  readonly counts: Map<number, number>;
}

export function addCut({ counts }: Cuts, namespace: number, count: number): void {
  counts.set(namespace, (counts.get(namespace) ?? 0) + count);
}

/** Counts the edges that lead to a guarded id, for the findings about them. */
export class CutEdges {
  readonly #ids: IdTable;
  readonly #guarded: BitSet;
  /** By namespace of the guarded id. */
  readonly counts: Map<number, number>;

  /** @param counts of edges that were cut elsewhere */
  constructor(ids: IdTable, guarded: BitSet, counts: ReadonlyMap<number, number> = new Map()) {
    this.#ids = ids;
    this.#guarded = guarded;
    this.counts = new Map(counts);
  }

  /** @param times -1 for an edge that is counted elsewhere */
  note(a: number, b: number, times = 1): void {
    this.#note(a, b, times);
    this.#note(b, a, times);
  }

  /** One for each namespace with guarded ids; `count` is the ids that touch one of them. */
  findings(): Finding[] {
    return [...this.counts]
      .filter(([, count]) => count > 0)
      .sort(([a], [b]) => a - b)
      .map(([namespace, count]) => ({
        kind: namespace < FIRST_CARRIER_NAMESPACE ? 'constant_id' : 'shared_carrier',
        severity: ID_NAMESPACES[namespace] === 'login.state' ? 'critical' : 'warning',
        subject: ID_NAMESPACES[namespace]!,
        count,
      }));
  }

  #note(node: number, neighbour: number, times: number): void {
    const ids = this.#ids;
    if (!this.#guarded.has(node) || ids.namespace(neighbour) === PAIR_NAMESPACE) return;
    const namespace = ids.namespace(node);
    this.counts.set(namespace, (this.counts.get(namespace) ?? 0) + times);
  }
}
