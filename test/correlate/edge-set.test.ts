import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EdgeSet } from '../../src/correlate/edge-set.ts';
import { IdTable } from '../../src/correlate/id-table.ts';
import { PartialPool } from '../../src/correlate/partial-pool.ts';
import { TextTable } from '../../src/correlate/text-table.ts';
import { runs } from '../fuzz.ts';

/** Ids of one event, or one whose partial begins. */
const step = fc.oneof(
  fc.array(fc.nat(30), { minLength: 2, maxLength: 12 }),
  fc.nat(30).map((partial) => ({ partial })),
);

test('every edge is visited once, whatever chains it may stand in', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.boolean(), (steps, newestFirst) => {
      const ids = new IdTable();
      for (let id = 0; id <= 30; id += 1) ids.add(0, id, id * 0x1234567);
      const partials = new PartialPool(ids, new TextTable());
      const edges = new EdgeSet(ids, partials);
      const expected = new Set<string>();
      for (const step of steps) {
        if ('partial' in step) {
          partials.foldSpan(step.partial, 1, 0, 1);
          continue;
        }
        const members = [...step].sort((a, b) => (newestFirst ? b - a : a - b));
        for (const a of members) {
          for (const b of members) {
            edges.add(a, b);
            if (a > b) expected.add(`${a}-${b}`);
          }
        }
      }
      const visited: string[] = [];
      edges.forEach((newer, older) => {
        visited.push(`${newer}-${older}`);
      });
      expect(visited.sort()).toEqual([...expected].sort());
    }),
    { numRuns: runs(500) },
  );
});
