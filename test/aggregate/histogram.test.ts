import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  absorbHistogram,
  bucketMiddleMs,
  countDuration,
  durationBucket,
  emptyHistogram,
  HISTOGRAM_RELATIVE_ERROR,
  meanMs,
  quantileMs,
} from '../../src/aggregate/index.ts';
import { runs } from '../fuzz.ts';

const duration = fc.double({ min: 0, max: 1e10, noNaN: true });

function histogramOf(durations: readonly number[]) {
  const histogram = emptyHistogram();
  for (const ms of durations) countDuration(histogram, ms);
  return histogram;
}

test('the middle of a bucket is near every duration in it', () => {
  fc.assert(
    fc.property(duration, (ms) => {
      const middle = bucketMiddleMs(durationBucket(ms));
      if (ms < 2 ** -10) expect(middle).toBe(0);
      else expect(Math.abs(middle - ms)).toBeLessThanOrEqual(ms * HISTOGRAM_RELATIVE_ERROR);
    }),
    { numRuns: runs(2000) },
  );
});

test('buckets rise with durations', () => {
  fc.assert(
    fc.property(duration, duration, (a, b) => {
      if (a <= b) expect(durationBucket(a)).toBeLessThanOrEqual(durationBucket(b));
    }),
    { numRuns: runs(1000) },
  );
});

test('quantiles are those of the durations, within the stated error', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.01, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 200 }),
      fc.constantFrom(0, 0.5, 0.95, 0.99, 1),
      (durations, q) => {
        const sorted = durations.toSorted((a, b) => a - b);
        const exact = sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1];
        const told = quantileMs(histogramOf(durations), q)!;
        expect(Math.abs(told - exact)).toBeLessThanOrEqual(exact * HISTOGRAM_RELATIVE_ERROR + 1e-9);
      },
    ),
    { numRuns: runs(500) },
  );
});

test('the mean is that of the durations, within the stated error', () => {
  const durations = [1, 2, 3, 50, 1000.5];
  const exact = durations.reduce((a, b) => a + b) / durations.length;
  expect(Math.abs(meanMs(histogramOf(durations))! - exact)).toBeLessThan(
    exact * HISTOGRAM_RELATIVE_ERROR,
  );
});

test('merging counts what counting together does', () => {
  fc.assert(
    fc.property(fc.array(duration), fc.array(duration), (a, b) => {
      const merged = histogramOf(a);
      absorbHistogram(merged, histogramOf(b));
      expect(merged).toEqual(histogramOf([...a, ...b]));
    }),
    { numRuns: runs(500) },
  );
});

test('a single duration is told exactly', () => {
  expect(quantileMs(histogramOf([1234.5]), 0.5)).toBe(1234.5);
});

test('nothing counted tells nothing', () => {
  expect(quantileMs(emptyHistogram(), 0.5)).toBeUndefined();
  expect(meanMs(emptyHistogram())).toBeUndefined();
});

test('time that runs backwards counts as none when it is little, and not at all when it is much', () => {
  expect(quantileMs(histogramOf([-5]), 0.5)).toBe(0);
  expect(histogramOf([-8 * 3_600_000])).toEqual(emptyHistogram());
});
