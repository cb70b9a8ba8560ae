import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { absorbTrend, countInTrend, emptyTrend, trendSeries } from '../../src/aggregate/index.ts';
import { runs } from '../fuzz.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const T0 = Date.UTC(2026, 10, 23);

function counted(times: readonly number[], kept?: number) {
  const trend = emptyTrend();
  for (const [i, timeMs] of times.entries())
    countInTrend(trend, timeMs, { decided: 1, failed: i % 2, cause: 'c', unclassified: 0 }, kept);
  return trend;
}

describe('counting', () => {
  test('the width is the finest that fits, in any order and grouping', () => {
    const times = fc.array(
      fc.oneof(fc.nat(600), fc.nat(100_000), fc.integer()).map((minutes) => minutes * MINUTE),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(times, fc.nat(60), (times, at) => {
        const whole = emptyTrend();
        for (const time of times)
          countInTrend(
            whole,
            time,
            { decided: 1, failed: 0, cause: undefined, unclassified: 0 },
            8,
          );
        const merged = emptyTrend();
        for (const part of [times.slice(at), times.slice(0, at)]) {
          const trend = emptyTrend();
          for (const time of part)
            countInTrend(
              trend,
              time,
              { decided: 1, failed: 0, cause: undefined, unclassified: 0 },
              8,
            );
          absorbTrend(merged, trend, 8);
        }
        expect(merged.widthMs).toBe(whole.widthMs);
        expect(new Map([...merged.buckets].sort())).toEqual(new Map([...whole.buckets].sort()));
        expect(whole.buckets.size).toBeLessThanOrEqual(8);
      }),
      { numRuns: runs(500) },
    );
  });

  test('a flow without a time is counted apart', () => {
    const trend = emptyTrend();
    countInTrend(trend, undefined, { decided: 1, failed: 1, cause: 'c', unclassified: 0 });
    expect(trend.timeless).toEqual({ decided: 1, failed: 1 });
    expect(trendSeries(trend, { maxBuckets: 10, zoneOffsetMs: 0 })).toEqual([]);
  });
});

describe('the row of buckets', () => {
  const row = (times: readonly number[], maxBuckets = 24, zoneOffsetMs = 0) =>
    trendSeries(counted(times), { maxBuckets, zoneOffsetMs });

  test('six hours are cut into quarters, gaps included', () => {
    const series = row([T0, T0 + 6 * HOUR - 1]);
    expect(series).toHaveLength(24);
    expect(series[0]).toMatchObject({ fromMs: T0, toMs: T0 + 15 * MINUTE, decided: 1 });
    expect(series[12].decided).toBe(0);
  });

  test('days start by the clock of the zone', () => {
    const series = row([T0, T0 + 20 * DAY], 24, 8 * HOUR);
    expect(new Date(series[0].fromMs!).toISOString()).toBe('2026-11-22T16:00:00.000Z');
  });

  test('all flows are in the row', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.nat(90), fc.nat(1e6), fc.integer()).map((m) => T0 + m * MINUTE)),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(0, 8 * HOUR, -3.5 * HOUR),
        (times, maxBuckets, zone) => {
          const series = row(times, maxBuckets, zone);
          expect(series.reduce((sum, { decided }) => sum + decided, 0)).toBe(times.length);
          const closed = series.filter((b) => b.fromMs !== undefined && b.toMs !== undefined);
          expect(closed.length).toBeLessThanOrEqual(maxBuckets);
          for (let i = 1; i < series.length; i++) expect(series[i].fromMs).toBe(series[i - 1].toMs);
        },
      ),
      { numRuns: runs(500) },
    );
  });

  test('a clock that starts in 1970 does not stretch the row', () => {
    const times = Array.from({ length: 500 }, (_, i) => T0 + i * 20_000);
    const series = row([0, ...times]);
    expect(series[0]).toMatchObject({ fromMs: undefined, toMs: T0, decided: 1 });
    expect(series[1]).toMatchObject({ fromMs: T0, toMs: T0 + 15 * MINUTE });
  });
});
