import type { Histogram } from '../model/index.ts';

/**
 * Buckets per doubling: the top six bits of the fraction. A bucket's middle is therefore within
 * 1/128 (0.8 %) of every duration in it, and which bucket a duration falls into is a matter of
 * bits, the same on every machine.
 */
const FRACTION_BITS = 6;
const SHIFT = 20 - FRACTION_BITS;
export const PER_DOUBLING: number = 1 << FRACTION_BITS;

/** Durations below 2^-10 ms (about a microsecond) share bucket 0. */
const FIRST_EXPONENT = -10;
const EXPONENT_BIAS = 1023;
const FIRST_MS = 2 ** FIRST_EXPONENT;
const BASE = (EXPONENT_BIAS + FIRST_EXPONENT) * PER_DOUBLING - 1;

/** Greatest relative distance between a duration and the middle of its bucket. */
export const HISTOGRAM_RELATIVE_ERROR: number = 1 / (2 * PER_DOUBLING);

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
float[0] = 1;
const HIGH_WORD = words[1] === 0 ? 0 : 1;

export function durationBucket(ms: number): number {
  if (!(ms >= FIRST_MS)) return 0;
  float[0] = ms;
  return (words[HIGH_WORD] >>> SHIFT) - BASE;
}

/** The middle of a bucket, in milliseconds. */
export function bucketMiddleMs(bucket: number): number {
  if (bucket === 0) return 0;
  const raw = bucket + BASE;
  const exponent = Math.floor(raw / PER_DOUBLING) - EXPONENT_BIAS;
  return 2 ** exponent * (1 + ((raw % PER_DOUBLING) + 0.5) / PER_DOUBLING);
}

export interface GrowingHistogram extends Histogram {
  count: number;
  minMs: number;
  maxMs: number;
  readonly buckets: Map<number, number>;
}

export function emptyHistogram(): GrowingHistogram {
  return {
    count: 0,
    minMs: Number.POSITIVE_INFINITY,
    maxMs: Number.NEGATIVE_INFINITY,
    buckets: new Map(),
  };
}

/** Two machines may disagree by this much and still be told in order. */
const CLOCK_SLACK_MS = 1000;

/**
 * What a duration counts as. One that is slightly negative counts as none; where time runs
 * backwards by more (another zone, a clock that is off), nothing was measured.
 */
export function countedDuration(ms: number): number | undefined {
  if (ms > 0) return ms;
  return ms < -CLOCK_SLACK_MS ? undefined : 0;
}

export function countDuration(into: GrowingHistogram, ms: number): void {
  const duration = countedDuration(ms);
  if (duration === undefined) return;
  const bucket = durationBucket(duration);
  into.count++;
  into.buckets.set(bucket, (into.buckets.get(bucket) ?? 0) + 1);
  if (duration < into.minMs) into.minMs = duration;
  if (duration > into.maxMs) into.maxMs = duration;
}

export function absorbHistogram(into: GrowingHistogram, from: Histogram): void {
  into.count += from.count;
  into.minMs = Math.min(into.minMs, from.minMs);
  into.maxMs = Math.max(into.maxMs, from.maxMs);
  for (const [bucket, count] of from.buckets)
    into.buckets.set(bucket, (into.buckets.get(bucket) ?? 0) + count);
}

/**
 * The duration that a share `q` (0–1) of all does not exceed, by nearest rank.
 * @returns milliseconds, within {@link HISTOGRAM_RELATIVE_ERROR}; undefined when nothing was counted.
 */
export function quantileMs(histogram: Histogram, q: number): number | undefined {
  if (histogram.count === 0) return undefined;
  let remaining = Math.max(1, Math.ceil(q * histogram.count));
  for (const bucket of ascending(histogram)) {
    remaining -= histogram.buckets.get(bucket)!;
    if (remaining <= 0)
      return Math.min(Math.max(bucketMiddleMs(bucket), histogram.minMs), histogram.maxMs);
  }
  return histogram.maxMs;
}

/** The mean in milliseconds, within {@link HISTOGRAM_RELATIVE_ERROR}; undefined when empty. */
export function meanMs(histogram: Histogram): number | undefined {
  if (histogram.count === 0) return undefined;
  let sum = 0;
  // Summed in the order of buckets, so that the order of flows cannot show in the last digit.
  for (const bucket of ascending(histogram))
    sum += bucketMiddleMs(bucket) * histogram.buckets.get(bucket)!;
  return sum / histogram.count;
}

function ascending(histogram: Histogram): number[] {
  return [...histogram.buckets.keys()].sort((a, b) => a - b);
}
