import type { BitSet } from './bit-set.ts';
import type { EdgeSet } from './edge-set.ts';
import type { PagedWords } from './paged-words.ts';

/**
 * The ids of each connected component as a ring, for each id the next one: ascending, and after
 * the last one the first again, which is the component's head.
 */
export type Components = Pick<PagedWords, 'get'>;

/** The edges that touch a guarded id, which are cut. */
interface Cuts {
  readonly guarded: BitSet;
  readonly note: (a: number, b: number) => void;
}

/**
 * Joins ids along the edges that are not cut.
 * @param parent one word for each of `size` ids, in which the rings stand then
 */
export function componentsOf(
  size: number,
  edges: EdgeSet,
  { guarded, note }: Cuts,
  parent: PagedWords,
): Components {
  for (let node = 0; node < size; node += 1) parent.set(node, node);
  const find = (node: number): number => {
    let root = node;
    let up = parent.get(root);
    while (up !== root) {
      const above = parent.get(up);
      parent.set(root, above);
      root = above;
      up = parent.get(root);
    }
    return root;
  };
  edges.forEach((from, to) => {
    if (guarded.has(from) || guarded.has(to)) {
      note(from, to);
      return;
    }
    const a = find(from);
    const b = find(to);
    // The smaller number wins, so that the head of a ring is its smallest member.
    if (a < b) parent.set(b, a);
    else if (b < a) parent.set(a, b);
  });
  for (let node = 0; node < size; node += 1) parent.set(node, find(node));
  return ringsOf(parent, size);
}

/**
 * Turns roots into rings, in place: a second array would be among the largest there are. From the
 * last id down, each one goes before those of its ring that came so far, the first of which stands
 * at the root.
 */
function ringsOf(rootOf: PagedWords, size: number): Components {
  for (let node = size - 1; node >= 0; node -= 1) {
    const root = rootOf.get(node);
    // The root itself, which by now tells the first of the others.
    if (root >= node) continue;
    rootOf.set(node, rootOf.get(root));
    rootOf.set(root, node);
  }
  return rootOf;
}

/** The head of the ring that an id belongs to. */
export function headOf(next: Components, node: number): number {
  let last = node;
  while (next.get(last) > last) last = next.get(last);
  return next.get(last);
}
