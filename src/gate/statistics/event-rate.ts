import { normalQuantile } from '../../aggregate/index.ts';
import type { Estimate } from './estimate.ts';

/**
 * How often something happened in a time, with score bounds for a Poisson count, two-sided.
 * @param dispersion of the count; see {@link countDispersion}.
 * @returns per unit of `time`; undefined without time.
 */
export function eventRateEstimate(
  count: number,
  time: number,
  confidence = 0.95,
  dispersion = 1,
): Estimate | undefined {
  if (!(time > 0)) return undefined;
  const z = normalQuantile(0.5 + confidence / 2);
  const events = count / dispersion;
  const centre = events + (z * z) / 2;
  const spread = z * Math.sqrt(events + (z * z) / 4);
  const scale = dispersion / time;
  return {
    value: count / time,
    low: Math.max(0, (centre - spread) * scale),
    high: (centre + spread) * scale,
  };
}

/**
 * How much more counts of equal times vary than Poisson counts do: φ = max(1, χ²/(k−1)).
 * @returns undefined for fewer than two counts.
 */
export function countDispersion(counts: readonly number[]): number | undefined {
  if (counts.length < 2) return undefined;
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  if (mean === 0) return 1;
  const squares = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0);
  return Math.max(1, squares / mean / (counts.length - 1));
}
