import { expect, test } from 'vitest';
import { IdTable } from '../../src/correlate/id-table.ts';

/** Numbers that look random, from a seed. */
function scramble(seed: number): number {
  let h = Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return (h ^ (h >>> 15)) >>> 0;
}

/** Where hashes are crowded, searches go far, and round the end of the table. */
const CROWDS: Readonly<Record<string, (hash: number) => number>> = {
  'evenly spread': (hash) => hash,
  'at the beginning': (hash) => hash >>> 12,
  'at the end': (hash) => (0xffffffff - (hash >>> 12)) >>> 0,
};

test.each(Object.entries(CROWDS))('ids are found again as the table grows: %s', (_, crowd) => {
  const ids = new IdTable();
  const lowOf = (id: number) => (id % 8 === 0 ? crowd(scramble(id)) : scramble(id));
  for (let id = 0; id < 60_000; id += 1) {
    expect(ids.add(id % 5, scramble(id + 1e6), lowOf(id))).toBe(id);
    if (id % 97 === 0) expect(ids.add(id % 5, scramble(id + 1e6), lowOf(id))).toBe(id);
  }
  const lost: number[] = [];
  for (let id = 0; id < 60_000; id += 1) {
    if (ids.find(scramble(id + 1e6), lowOf(id)) !== id) lost.push(id);
  }
  expect(lost).toEqual([]);
  expect(ids.find(scramble(2), 77)).toBeUndefined();
});

test('ids that other tables know are told by their numbers here', () => {
  const tableOf = (from: number, to: number) => {
    const ids = new IdTable(undefined, true);
    for (let id = from; id < to; id += 1) ids.add(0, scramble(id), scramble(id + 1e6));
    return ids;
  };
  const ids = tableOf(0, 70_000);
  const others = [tableOf(69_000, 80_000), tableOf(10, 20)].map((other) => {
    // As another thread gets it: the pages are shared, all else is copied.
    const packed = structuredClone(other.pack());
    expect(packed.records[0]!.buffer).toBeInstanceOf(SharedArrayBuffer);
    return new IdTable(packed);
  });
  const common = ids.alsoIn(others);
  const told = Array.from({ length: 70_000 }, (_, id) => id).filter((id) => common.has(id));
  expect(told).toEqual(
    [...Array(70_000).keys()].filter((id) => id >= 69_000 || (id >= 10 && id < 20)),
  );
  expect(common.size).toBe(1010);
});

test('ids are found without slots, and by slots again once one was added', () => {
  const ids = new IdTable();
  for (let id = 0; id < 1000; id += 1) ids.add(0, scramble(id), scramble(id + 1e6));
  ids.lendSlots().fill(7);
  expect(ids.find(scramble(500), scramble(500 + 1e6))).toBe(500);
  expect(ids.find(1, 1)).toBeUndefined();
  expect(ids.add(0, 1, 1)).toBe(1000);
  for (let id = 0; id < 1000; id += 1) {
    expect(ids.add(0, scramble(id), scramble(id + 1e6))).toBe(id);
  }
});
