import { type Interval, normalQuantile } from '../../aggregate/index.ts';
import { type ChiSquare, chiSquareSurvival } from './chi-square.ts';
import type { TwoSamples } from './sample.ts';

/** An estimate over strata, with its variance on the scale it is normal on. */
export interface Pooled {
  readonly estimate: number;
  readonly variance: number;
}

/** Strata in which both sides were seen: others compare nothing. */
export function comparable(strata: readonly TwoSamples[]): readonly TwoSamples[] {
  return strata.filter(({ candidate, baseline }) => candidate.trials > 0 && baseline.trials > 0);
}

/**
 * The difference of rates, candidate − baseline, that strata have in common, weighted by
 * Mantel-Haenszel (Greenland & Robins 1985) with Sato's variance (1989), which holds for many
 * thin strata as for a few thick ones.
 * @returns undefined when no stratum was seen on both sides.
 */
export function pooledDifference(strata: readonly TwoSamples[]): Pooled | undefined {
  let weights = 0;
  let sum = 0;
  let p = 0;
  let q = 0;
  for (const { candidate, baseline } of comparable(strata)) {
    const { events: x1, trials: n1 } = candidate;
    const { events: x2, trials: n2 } = baseline;
    const n = n1 + n2;
    weights += (n1 * n2) / n;
    sum += (x1 * n2 - x2 * n1) / n;
    p += (n1 * n1 * x2 - n2 * n2 * x1 + (n1 * n2 * (n2 - n1)) / 2) / (n * n);
    q += (x1 * (n2 - x2) + x2 * (n1 - x1)) / (2 * n);
  }
  if (weights === 0) return undefined;
  const estimate = sum / weights;
  return { estimate, variance: Math.max(0, (estimate * p + q) / (weights * weights)) };
}

/** The variance of the same difference after Greenland and Robins (1985), for comparison. */
export function greenlandRobinsVariance(strata: readonly TwoSamples[]): number {
  let weights = 0;
  let sum = 0;
  for (const { candidate, baseline } of comparable(strata)) {
    const { events: x1, trials: n1 } = candidate;
    const { events: x2, trials: n2 } = baseline;
    const n = n1 + n2;
    weights += (n1 * n2) / n;
    sum += (x1 * (n1 - x1) * n2 ** 3 + x2 * (n2 - x2) * n1 ** 3) / (n1 * n2 * n * n);
  }
  return sum / (weights * weights);
}

/**
 * The ratio of rates, candidate ÷ baseline, that strata have in common, with the variance of its
 * logarithm (Greenland & Robins 1985).
 * @returns undefined when either side has no event at all.
 */
export function pooledRatio(strata: readonly TwoSamples[]): Pooled | undefined {
  let above = 0;
  let below = 0;
  let spread = 0;
  for (const { candidate, baseline } of comparable(strata)) {
    const { events: x1, trials: n1 } = candidate;
    const { events: x2, trials: n2 } = baseline;
    const n = n1 + n2;
    above += (x1 * n2) / n;
    below += (x2 * n1) / n;
    spread += (n1 * n2 * (x1 + x2) - x1 * x2 * n) / (n * n);
  }
  if (above === 0 || below === 0) return undefined;
  return { estimate: above / below, variance: Math.max(0, spread / (above * below)) };
}

/**
 * The odds ratio that strata have in common (Mantel & Haenszel 1959), with the variance of its
 * logarithm (Robins, Breslow & Greenland 1986).
 */
export function pooledOddsRatio(strata: readonly TwoSamples[]): Pooled {
  let r = 0;
  let s = 0;
  let pr = 0;
  let cross = 0;
  let qs = 0;
  for (const { candidate, baseline } of comparable(strata)) {
    const a = candidate.events;
    const b = candidate.trials - a;
    const c = baseline.events;
    const d = baseline.trials - c;
    const n = a + b + c + d;
    const [ri, si, pi, qi] = [(a * d) / n, (b * c) / n, (a + d) / n, (b + c) / n];
    r += ri;
    s += si;
    pr += pi * ri;
    cross += pi * si + qi * ri;
    qs += qi * si;
  }
  return {
    estimate: s === 0 ? (r === 0 ? 1 : Number.POSITIVE_INFINITY) : r / s,
    variance:
      r === 0 || s === 0
        ? Number.POSITIVE_INFINITY
        : pr / (2 * r * r) + cross / (2 * r * s) + qs / (2 * s * s),
  };
}

/**
 * z of the Mantel-Haenszel test that no stratum differs; positive when the candidate fails more.
 * @param continuity 0.5 for the corrected form of textbooks.
 */
export function mantelHaenszelZ(strata: readonly TwoSamples[], continuity: 0 | 0.5 = 0): number {
  let excess = 0;
  let variance = 0;
  for (const { candidate, baseline } of comparable(strata)) {
    const n = candidate.trials + baseline.trials;
    const events = candidate.events + baseline.events;
    if (n <= 1) continue;
    excess += candidate.events - (candidate.trials * events) / n;
    variance += (candidate.trials * baseline.trials * events * (n - events)) / (n * n * (n - 1));
  }
  if (variance <= 0) return 0;
  const size = Math.abs(excess);
  const corrected = size >= continuity ? size - continuity : size;
  return (Math.sign(excess) * corrected) / Math.sqrt(variance);
}

export function mantelHaenszelTest(
  strata: readonly TwoSamples[],
  continuity: 0 | 0.5 = 0,
): ChiSquare {
  const statistic = mantelHaenszelZ(strata, continuity) ** 2;
  return { statistic, degrees: 1, p: chiSquareSurvival(statistic, 1) };
}

/**
 * Woolf's test that the odds ratio is the same in all strata; a half is added to every cell, so
 * that an empty one does no harm.
 */
export function woolfTest(strata: readonly TwoSamples[]): ChiSquare {
  const used = comparable(strata);
  const terms = used.map(({ candidate, baseline }) => {
    const a = candidate.events + 0.5;
    const b = candidate.trials - candidate.events + 0.5;
    const c = baseline.events + 0.5;
    const d = baseline.trials - baseline.events + 0.5;
    return { log: Math.log((a * d) / (b * c)), weight: 1 / (1 / a + 1 / b + 1 / c + 1 / d) };
  });
  const total = terms.reduce((sum, { weight }) => sum + weight, 0);
  const mean = terms.reduce((sum, { log, weight }) => sum + weight * log, 0) / total;
  const degrees = Math.max(0, used.length - 1);
  if (degrees === 0) return { statistic: 0, degrees, p: 1 };
  const statistic = terms.reduce((sum, { log, weight }) => sum + weight * (log - mean) ** 2, 0);
  return { statistic, degrees, p: chiSquareSurvival(statistic, degrees) };
}

/** Normal bounds of a pooled difference, two-sided. */
export function normalInterval({ estimate, variance }: Pooled, confidence = 0.95): Interval {
  const spread = normalQuantile(0.5 + confidence / 2) * Math.sqrt(variance);
  return { low: estimate - spread, high: estimate + spread };
}

/** Bounds of a pooled ratio, normal on its logarithm, two-sided. */
export function logNormalInterval({ estimate, variance }: Pooled, confidence = 0.95): Interval {
  const spread = normalQuantile(0.5 + confidence / 2) * Math.sqrt(variance);
  return { low: estimate * Math.exp(-spread), high: estimate * Math.exp(spread) };
}
