import { BitSet } from './bit-set.ts';
import type { Components } from './components.ts';
import type { FlowTable } from './flow-table.ts';
import { CutEdges } from './guard.ts';

/** The components of a table, and the ids that join nothing. */
interface Parts {
  readonly next: Components;
  readonly guarded: BitSet;
}

/**
 * The ids that are left out where another table has met some, too: of whole components, with the
 * guarded ids beside them, so that each has all its neighbours there.
 */
export function leftOut(
  { ids, edges }: FlowTable,
  { next, guarded }: Parts,
  metElsewhere: BitSet | undefined,
): BitSet {
  const left = new BitSet(ids.size);
  if (metElsewhere === undefined) return left;
  for (let node = 0; node < ids.size; node += 1) {
    if (!metElsewhere.has(node)) continue;
    for (let one = node; !left.has(one); one = next.get(one)) left.add(one);
  }
  if (guarded.size === 0) return left;
  edges.forEach((a, b) => {
    if (guarded.has(a) && left.has(b)) left.add(a);
    if (guarded.has(b) && left.has(a)) left.add(b);
  });
  return left;
}

/**
 * Adds the ids that were left out to an empty table, with what is known of those that join nothing.
 * @param counts of all edges that were cut, by namespace: those that the rest has are counted there
 */
export function putLeft(
  table: FlowTable,
  {
    left,
    guarded,
    counts,
  }: {
    readonly left: BitSet;
    readonly guarded: BitSet;
    readonly counts: ReadonlyMap<number, number>;
  },
  rest: FlowTable,
): void {
  const { ids, edges } = table;
  rest.absorb(table, { among: left });
  const cut = new CutEdges(ids, guarded, counts);
  edges.forEach((a, b) => {
    cut.note(a, b, -1);
  }, left);
  for (const [namespace, count] of cut.counts) rest.cuts.counts.set(namespace, count);
  for (let node = 0; node < ids.size; node += 1) {
    if (!guarded.has(node) || !left.has(node)) continue;
    rest.cuts.guarded.add(rest.ids.find(ids.high(node), ids.low(node))!);
  }
}
