import { type Interval, wilsonInterval } from '../../aggregate/index.ts';
import { clopperPearson } from './clopper-pearson.ts';
import { differenceOf, type Estimate } from './estimate.ts';
import type { Sample, TwoSamples } from './sample.ts';

/**
 * `wilson` for samples of any usual size; `exact` (Clopper-Pearson) for small ones, where
 * Wilson's lower bound covers too seldom.
 */
export type RateMethod = 'wilson' | 'exact';

/**
 * A rate with its bounds, two-sided.
 * @returns undefined without trials: not 0, which reads as healthy.
 */
export function rateEstimate(
  { events, trials }: Sample,
  confidence = 0.95,
  method: RateMethod = 'wilson',
): Estimate | undefined {
  if (trials <= 0) return undefined;
  const interval =
    method === 'wilson'
      ? wilsonInterval(events, trials, confidence)
      : clopperPearson({ events, trials }, confidence);
  return { value: events / trials, ...interval };
}

/**
 * Newcombe's hybrid score interval of candidate − baseline (1998b, method 10), two-sided.
 * @returns ratios from −1 to 1; the whole range when one side has no trials.
 */
export function differenceInterval(
  { candidate, baseline }: TwoSamples,
  confidence = 0.95,
  method: RateMethod = 'wilson',
): Interval {
  const one = rateEstimate(candidate, confidence, method);
  const two = rateEstimate(baseline, confidence, method);
  if (one === undefined || two === undefined) return { low: -1, high: 1 };
  const { low, high } = differenceOf(one, two);
  return { low: Math.max(-1, low), high: Math.min(1, high) };
}
