import type { Interval } from '../../aggregate/index.ts';
import { normalQuantile } from '../../aggregate/index.ts';
import { upperGamma } from './incomplete-gamma.ts';
import { type Sample, sumOf, type TwoSamples } from './sample.ts';

export interface ChiSquare {
  readonly statistic: number;
  readonly degrees: number;
  readonly p: number;
}

/** P(X > statistic) for X chi-square; 1 without a degree of freedom. */
export function chiSquareSurvival(statistic: number, degrees: number): number {
  return degrees > 0 ? upperGamma(degrees / 2, statistic / 2) : 1;
}

/**
 * Pearson's test that all samples have one rate. Samples without trials do not count; where all
 * or none of the trials were events, nothing differs.
 */
export function homogeneity(samples: readonly Sample[]): ChiSquare {
  const used = samples.filter(({ trials }) => trials > 0);
  const { events, trials } = sumOf(used);
  const rate = events / trials;
  const degrees = Math.max(0, used.length - 1);
  if (degrees === 0 || !(rate > 0 && rate < 1)) return { statistic: 0, degrees, p: 1 };
  let statistic = 0;
  for (const sample of used)
    statistic += (sample.events - sample.trials * rate) ** 2 / (sample.trials * rate * (1 - rate));
  return { statistic, degrees, p: chiSquareSurvival(statistic, degrees) };
}

/**
 * Pearson's test of two rates with Yates's correction, and Wald's interval of their difference
 * with the same correction. The textbook form, as a yardstick: the gate judges by
 * {@link differenceInterval}.
 */
export function yates(
  { candidate, baseline }: TwoSamples,
  confidence = 0.95,
): ChiSquare & { readonly interval: Interval } {
  const p1 = candidate.events / candidate.trials;
  const p2 = baseline.events / baseline.trials;
  const difference = p1 - p2;
  const inverse = 1 / candidate.trials + 1 / baseline.trials;
  const correction = Math.min(0.5 * inverse, Math.abs(difference));
  const { events, trials } = sumOf([candidate, baseline]);
  const pooled = events / trials;
  const variance = pooled * (1 - pooled) * inverse;
  const statistic = variance > 0 ? (Math.abs(difference) - correction) ** 2 / variance : 0;
  const spread =
    normalQuantile(0.5 + confidence / 2) *
      Math.sqrt((p1 * (1 - p1)) / candidate.trials + (p2 * (1 - p2)) / baseline.trials) +
    correction;
  return {
    statistic,
    degrees: 1,
    p: chiSquareSurvival(statistic, 1),
    interval: {
      low: Math.max(-1, difference - spread),
      high: Math.min(1, difference + spread),
    },
  };
}

/** z of the score test that the candidate's rate is the baseline's; 0 when nothing can differ. */
export function scoreZ({ candidate, baseline }: TwoSamples): number {
  const { events, trials } = sumOf([candidate, baseline]);
  const pooled = events / trials;
  const variance = pooled * (1 - pooled) * (1 / candidate.trials + 1 / baseline.trials);
  if (!(variance > 0) || variance === Number.POSITIVE_INFINITY) return 0;
  return (
    (candidate.events / candidate.trials - baseline.events / baseline.trials) / Math.sqrt(variance)
  );
}
