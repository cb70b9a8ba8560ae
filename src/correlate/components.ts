import type { EdgeSet } from './edge-set.ts';

/** The ids of each connected component, as linked lists. */
export interface Components {
  /** The component's first id, its smallest, for any id. */
  readonly headOf: (node: number) => number;
  /** The next id of the same component, ascending, or {@link LAST}. */
  readonly next: Uint32Array;
}

export const LAST = 0xffffffff;

/** Joins ids along the edges that touch no guarded id. */
export function componentsOf(size: number, edges: EdgeSet, guarded: Uint8Array): Components {
  const parent = new Uint32Array(size);
  for (let node = 0; node < size; node += 1) parent[node] = node;
  const find = (node: number): number => {
    let root = node;
    while (parent[root] !== root) {
      const up = parent[parent[root]!]!;
      parent[root] = up;
      root = up;
    }
    return root;
  };
  edges.forEach((from, to) => {
    if (guarded[from] || guarded[to]) return;
    const a = find(from);
    const b = find(to);
    // The smaller number wins, so that the head of a list is its smallest member.
    if (a < b) parent[b] = a;
    else if (b < a) parent[a] = b;
  });
  const next = new Uint32Array(size).fill(LAST);
  for (let node = size - 1; node >= 0; node -= 1) {
    const root = find(node);
    if (root === node) continue;
    next[node] = next[root]!;
    next[root] = node;
  }
  return { headOf: find, next };
}
