import type { Interval } from '../../aggregate/index.ts';
import { betaQuantile } from './incomplete-beta.ts';
import type { Sample } from './sample.ts';

/**
 * The exact interval (Clopper & Pearson 1934), two-sided: it covers at least as often as it says,
 * however small the sample.
 */
export function clopperPearson({ events, trials }: Sample, confidence = 0.95): Interval {
  if (trials <= 0) return { low: 0, high: 1 };
  const alpha = (1 - confidence) / 2;
  const others = trials - events;
  return {
    low: events <= 0 ? 0 : betaQuantile(alpha, events, others + 1),
    high: others <= 0 ? 1 : betaQuantile(1 - alpha, events + 1, others),
  };
}
