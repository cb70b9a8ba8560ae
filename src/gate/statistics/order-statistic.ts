import { bucketMiddleMs } from '../../aggregate/index.ts';
import type { Histogram } from '../../model/index.ts';
import type { Estimate } from './estimate.ts';
import { binomialCdf } from './incomplete-beta.ts';

/**
 * The ranks (1-based) of `count` values between which their quantile `q` lies with at least
 * `confidence`, two-sided, whatever the distribution (David & Nagaraja 2003, §7.1).
 * @returns `low` may be 0 and `high` count + 1: then the values say nothing on that side.
 */
export function quantileRanks(
  count: number,
  q: number,
  confidence: number,
): { readonly low: number; readonly high: number } {
  const alpha = (1 - confidence) / 2;
  return {
    // The last rank that at most α of all samples have above the quantile,
    low: firstFrom(0, count, (r) => binomialCdf(r, count, q) > alpha),
    // and the first that at most α have below it.
    high: firstFrom(1, count + 1, (s) => 1 - binomialCdf(s - 1, count, q) <= alpha),
  };
}

/** The first whole number from `low` at which `holds`, which never ceases to once it does. */
function firstFrom(low: number, high: number, holds: (at: number) => boolean): number {
  let from = low;
  let to = high;
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}

/**
 * A quantile of durations by nearest rank, with bounds from order statistics, two-sided.
 * Every figure is the middle of a bucket, 1.6 % wide. Flows count as independent.
 * @returns milliseconds; undefined when nothing was counted.
 */
export function quantileEstimate(
  histogram: Histogram,
  q: number,
  confidence = 0.95,
): Estimate | undefined {
  const { count } = histogram;
  if (count === 0) return undefined;
  const ranks = quantileRanks(count, q, confidence);
  const value = durationAt(histogram, Math.max(1, Math.ceil(q * count)));
  return {
    value,
    low: ranks.low < 1 ? 0 : Math.min(value, durationAt(histogram, ranks.low)),
    high:
      ranks.high > count
        ? Number.POSITIVE_INFINITY
        : Math.max(value, durationAt(histogram, ranks.high)),
  };
}

/** The duration of a rank, in milliseconds. */
function durationAt({ buckets, minMs, maxMs }: Histogram, rank: number): number {
  let remaining = rank;
  for (const bucket of [...buckets.keys()].sort((a, b) => a - b)) {
    remaining -= buckets.get(bucket)!;
    if (remaining <= 0) return Math.min(Math.max(bucketMiddleMs(bucket), minMs), maxMs);
  }
  return maxMs;
}
