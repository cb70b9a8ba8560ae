import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalQuantile, wilsonInterval } from '../../src/aggregate/index.ts';
import { runs } from '../fuzz.ts';

describe('Wilson interval', () => {
  test.each([
    { x: 81, n: 263, confidence: 0.95, low: 0.25528852, high: 0.36620958, by: 'prop.test' },
    { x: 15, n: 148, confidence: 0.95, low: 0.0623864, high: 0.16048724, by: 'prop.test' },
    { x: 0, n: 20, confidence: 0.95, low: 0, high: 0.16112516, by: 'prop.test' },
    { x: 29, n: 29, confidence: 0.95, low: 0.8830302, high: 1, by: 'prop.test' },
    { x: 3, n: 10, confidence: 0.95, low: 0.1077913, high: 0.6032219, by: 'scipy tests' },
    { x: 3, n: 10, confidence: 0.99, low: 0.07956632, high: 0.6799753, by: 'scipy tests' },
    { x: 100, n: 200, confidence: 0.95, low: 0.4313609, high: 0.5686391, by: 'statsmodels' },
  ])('$x of $n at $confidence agrees with $by', ({ x, n, confidence, low, high }) => {
    const interval = wilsonInterval(x, n, confidence);
    expect(Math.abs(interval.low - low)).toBeLessThan(1e-7);
    expect(Math.abs(interval.high - high)).toBeLessThan(1e-7);
  });

  test('nothing seen means nothing known', () => {
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
  });

  test('holds the ratio and stays within 0 and 1', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }).chain((n) => fc.tuple(fc.nat(n), fc.constant(n))),
        ([x, n]) => {
          const { low, high } = wilsonInterval(x, n);
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(1);
          expect(low).toBeLessThanOrEqual(x / n);
          expect(high).toBeGreaterThanOrEqual(x / n);
        },
      ),
      { numRuns: runs(500) },
    );
  });
});

describe('normal quantile', () => {
  test.each([
    [0.5, 0],
    [0.3, -0.5244005127080407],
    [0.95, 1.6448536269514722],
    [0.975, 1.959963984540054],
    [0.995, 2.5758293035489004],
    [0.9999, 3.7190164854557084],
    [1e-10, -6.361340902404056],
    [1e-300, -37.0470962993612],
  ])('of %d', (p, z) => {
    expect(Math.abs(normalQuantile(p) - z)).toBeLessThan(1e-12 * Math.max(1, Math.abs(z)));
  });

  test('ends of the range', () => {
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
    expect(normalQuantile(-0.1)).toBeNaN();
    expect(normalQuantile(Number.NaN)).toBeNaN();
  });

  test('rises, and mirrors around one half', () => {
    const probability = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true });
    fc.assert(
      fc.property(probability, probability, (p, q) => {
        if (p < q) expect(normalQuantile(p)).toBeLessThanOrEqual(normalQuantile(q));
        expect(Math.abs(normalQuantile(p) + normalQuantile(1 - p))).toBeLessThan(1e-9);
      }),
      { numRuns: runs(500) },
    );
  });
});
