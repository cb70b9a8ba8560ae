import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  absorbSeconds,
  noteSecond,
  secondTimes,
  timesOf,
  wasSeen,
} from '../../src/correlate/second-times.ts';
import { runs } from '../fuzz.ts';

const anyTime = fc.oneof(
  fc.integer({ min: -3_000, max: 60_000 }),
  fc.constantFrom(0.5, 999.75, 1_794_960_006_080.46, 253_402_300_799_999, -62_135_596_800_000),
);
const anyTimes = fc.array(anyTime, { maxLength: 200 });

/** The times that are the first or the last of their second. */
function extremes(times: readonly number[]): number[] {
  const second = (time: number) => Math.floor(time / 1000);
  const isExtreme = (time: number) => {
    const same = times.filter((other) => second(other) === second(time));
    return time === Math.min(...same) || time === Math.max(...same);
  };
  return [...new Set(times.filter(isExtreme))].sort((a, b) => a - b);
}

function noted(times: readonly number[]) {
  const all = secondTimes();
  for (const time of times) noteSecond(all, time);
  return all;
}

test('the first and the last time of each second are kept', () => {
  fc.assert(
    fc.property(anyTimes, (times) => {
      expect(timesOf(noted(times))).toEqual(extremes(times));
    }),
    { numRuns: runs(200) },
  );
});

test('what two have noted is noted by both together', () => {
  fc.assert(
    fc.property(anyTimes, anyTimes, (a, b) => {
      const both = noted(a);
      absorbSeconds(both, structuredClone(noted(b)));
      expect(timesOf(both)).toEqual(extremes([...a, ...b]));
      expect(both.seconds).toBe(new Set([...a, ...b].map((t) => Math.floor(t / 1000))).size);
    }),
    { numRuns: runs(200) },
  );
});

test('whether a time was seen between two that lie in different seconds is told exactly', () => {
  const moment = fc.integer({ min: -4_000, max: 62_000 });
  fc.assert(
    fc.property(anyTimes, moment, moment, (times, a, b) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      fc.pre(Math.floor(from / 1000) < Math.floor(to / 1000));
      const expected = times.some((time) => time >= from && time <= to);
      expect(wasSeen(noted(times), from, to)).toBe(expected);
    }),
    { numRuns: runs(500) },
  );
});
