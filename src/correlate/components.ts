import type { EdgeSet } from './edge-set.ts';

/** The ids of each connected component, as linked lists. */
export interface Components {
  /** First id of each component, ascending. */
  readonly heads: Uint32Array;
  /** The next id of the same component, or {@link LAST}. */
  readonly next: Uint32Array;
  /** The component's first id, for any id. */
  readonly headOf: (node: number) => number;
}

export const LAST = 0xffffffff;

/** Joins ids along the edges that touch no guarded id. */
export function componentsOf(size: number, edges: EdgeSet, guarded: Uint8Array): Components {
  const parent = new Uint32Array(size);
  for (let node = 0; node < size; node += 1) parent[node] = node;
  const find = (node: number): number => {
    let root = node;
    while (parent[root] !== root) root = parent[root]!;
    for (let at = node; at !== root; ) {
      const up = parent[at]!;
      parent[at] = root;
      at = up;
    }
    return root;
  };
  for (let edge = 0; edge < edges.size; edge += 1) {
    const from = edges.from[edge]!;
    const to = edges.to[edge]!;
    if (guarded[from] || guarded[to]) continue;
    const a = find(from);
    const b = find(to);
    // The smaller number wins, so that the head of a list is its smallest member.
    if (a < b) parent[b] = a;
    else if (b < a) parent[a] = b;
  }
  const next = new Uint32Array(size).fill(LAST);
  let count = 0;
  for (let node = size - 1; node >= 0; node -= 1) {
    const root = find(node);
    if (root === node) count += 1;
    else {
      next[node] = next[root]!;
      next[root] = node;
    }
  }
  const heads = new Uint32Array(count);
  let at = 0;
  for (let node = 0; node < size; node += 1) if (parent[node] === node) heads[at++] = node;
  return { heads, next, headOf: find };
}
