import { FIRST_CARRIER_NAMESPACE, type Finding, ID_NAMESPACES } from '../model/index.ts';
import type { EdgeSet } from './edge-set.ts';
import { type IdTable, PAIR_NAMESPACE } from './id-table.ts';

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
 * Marks the ids that join nothing. The answer depends on the set of edges only.
 * @returns one byte an id, 1 where it is guarded.
 */
export function guardedIds(ids: IdTable, edges: EdgeSet, limits: GuardLimits): Uint8Array {
  const guarded = new Uint8Array(ids.size);
  const neighbours = new Uint32Array(ids.size);
  // One pass a namespace keeps the counters small: there are as many ids as memory allows.
  for (let counted = 0; counted < ID_NAMESPACES.length; counted += 1) {
    neighbours.fill(0);
    const count = (node: number, neighbour: number): void => {
      const namespace = ids.namespace[node]!;
      if (ids.namespace[neighbour] !== counted || namespace === PAIR_NAMESPACE) return;
      neighbours[node] = neighbours[node]! + 1;
      if (neighbours[node]! > limitOf(namespace, counted, limits)) guarded[node] = 1;
    };
    for (let edge = 0; edge < edges.size; edge += 1) {
      count(edges.from[edge]!, edges.to[edge]!);
      count(edges.to[edge]!, edges.from[edge]!);
    }
  }
  return guarded;
}

function limitOf(namespace: number, other: number, limits: GuardLimits): number {
  if (other >= FIRST_CARRIER_NAMESPACE) return limits.carriers;
  return namespace >= FIRST_CARRIER_NAMESPACE ? limits.loginIdsOfCarrier : limits.loginIds;
}

/** One finding for each namespace with guarded ids; `count` is the ids that touch one of them. */
export function guardFindings(ids: IdTable, edges: EdgeSet, guarded: Uint8Array): Finding[] {
  const touched = new Map<number, number>();
  const note = (node: number, neighbour: number): void => {
    const namespace = ids.namespace[node]!;
    if (!guarded[node] || ids.namespace[neighbour] === PAIR_NAMESPACE) return;
    touched.set(namespace, (touched.get(namespace) ?? 0) + 1);
  };
  for (let edge = 0; edge < edges.size; edge += 1) {
    note(edges.from[edge]!, edges.to[edge]!);
    note(edges.to[edge]!, edges.from[edge]!);
  }
  return [...touched]
    .sort(([a], [b]) => a - b)
    .map(([namespace, count]) => ({
      kind: namespace < FIRST_CARRIER_NAMESPACE ? 'constant_id' : 'shared_carrier',
      severity: ID_NAMESPACES[namespace] === 'login.state' ? 'critical' : 'warning',
      subject: ID_NAMESPACES[namespace]!,
      count,
    }));
}
