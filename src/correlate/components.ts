import type { EdgeSet } from './edge-set.ts';

/**
 * The ids of each connected component as a ring, for each id the next one: ascending, and after
 * the last one the first again, which is the component's head.
 */
export type Components = Uint32Array;

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
    // The smaller number wins, so that the head of a ring is its smallest member.
    if (a < b) parent[b] = a;
    else if (b < a) parent[a] = b;
  });
  for (let node = 0; node < size; node += 1) parent[node] = find(node);
  return ringsOf(parent);
}

/**
 * Turns roots into rings, in place: a second array would be among the largest there are. From the
 * last id down, each one goes before those of its ring that came so far, the first of which stands
 * at the root.
 */
function ringsOf(rootOf: Uint32Array): Components {
  for (let node = rootOf.length - 1; node >= 0; node -= 1) {
    const root = rootOf[node]!;
    // The root itself, which by now tells the first of the others.
    if (root >= node) continue;
    rootOf[node] = rootOf[root]!;
    rootOf[root] = node;
  }
  return rootOf;
}

/** The head of the ring that an id belongs to. */
export function headOf(next: Components, node: number): number {
  let last = node;
  while (next[last]! > last) last = next[last]!;
  return next[last]!;
}
