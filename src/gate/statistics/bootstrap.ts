import { bucketMiddleMs, meanMs, normalQuantile } from '../../aggregate/index.ts';
import type { Histogram } from '../../model/index.ts';
import type { Estimate } from './estimate.ts';
import { seeded } from './seeded.ts';

const REPETITIONS = 2000;

/** From here on a Poisson variable is normal enough for a bootstrap. */
const NORMAL_FROM = 100;

/**
 * The mean of durations with percentile bounds of a Poisson bootstrap (Hanley & MacGibbon 2006:
 * each resample counts every bucket anew), two-sided. The same seed gives the same bounds.
 * @returns milliseconds; undefined when nothing was counted.
 */
export function meanEstimate(
  histogram: Histogram,
  { confidence = 0.95, seed = 1 }: { readonly confidence?: number; readonly seed?: number } = {},
): Estimate | undefined {
  const value = meanMs(histogram);
  if (value === undefined) return undefined;
  const random = seeded(seed);
  const counts = [...histogram.buckets]
    .sort(([a], [b]) => a - b)
    .map(([bucket, count]) => ({ ms: bucketMiddleMs(bucket), count }));
  const means = new Float64Array(REPETITIONS);
  for (let i = 0; i < REPETITIONS; i++) {
    let sum = 0;
    let trials = 0;
    for (const { ms, count } of counts) {
      const times = poisson(count, random);
      sum += times * ms;
      trials += times;
    }
    means[i] = trials > 0 ? sum / trials : value;
  }
  means.sort();
  const tail = Math.floor(((1 - confidence) / 2) * REPETITIONS);
  return {
    value,
    low: Math.min(value, means[tail]),
    high: Math.max(value, means[REPETITIONS - 1 - tail]),
  };
}

function poisson(mean: number, random: () => number): number {
  const u = random();
  if (mean >= NORMAL_FROM)
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normalQuantile(Math.max(u, 2 ** -33))));
  let k = 0;
  let term = Math.exp(-mean);
  for (let sum = term; sum < u && k < 1000; sum += term) term *= mean / ++k;
  return k;
}
