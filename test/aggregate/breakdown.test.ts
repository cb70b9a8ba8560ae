import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  absorbBreakdown,
  countValues,
  emptyBreakdown,
  settleBreakdown,
} from '../../src/aggregate/index.ts';
import { runs } from '../fuzz.ts';

const KEPT = 4;

function counted(values: readonly string[], kept = KEPT) {
  const breakdown = emptyBreakdown();
  for (const value of values) countValues(breakdown, [value], { decided: 1, failed: 0 }, kept);
  return breakdown;
}

const values = fc.array(
  fc.nat(30).map((n) => `v${n}`),
  { maxLength: 80 },
);

test('which values are kept, and their counts, do not depend on order or on merging', () => {
  fc.assert(
    fc.property(values, fc.nat(80), (values, at) => {
      const whole = counted(values);
      settleBreakdown(whole, KEPT);
      const reversed = counted(values.toReversed());
      settleBreakdown(reversed, KEPT);
      const merged = counted(values.slice(0, at));
      absorbBreakdown(merged, counted(values.slice(at)), KEPT);
      settleBreakdown(merged, KEPT);
      const all = counted(values, 1000);

      expect(reversed).toEqual(whole);
      expect(merged).toEqual(whole);
      expect(whole.values.size).toBe(Math.min(KEPT, all.values.size));
      for (const [value, ratio] of whole.values) expect(ratio).toEqual(all.values.get(value));
      const kept = [...whole.values.values()].reduce((sum, { decided }) => sum + decided, 0);
      expect(kept + whole.other.decided).toBe(values.length);
    }),
    { numRuns: runs(500) },
  );
});

test('a flow without the field is counted as such', () => {
  const breakdown = emptyBreakdown();
  countValues(breakdown, [], { decided: 1, failed: 1 });
  expect(breakdown.missing).toEqual({ decided: 1, failed: 1 });
});
