import { homogeneity } from './chi-square.ts';
import { type Sample, sumOf } from './sample.ts';

/** Buckets need this many expected events for Pearson's statistic to be chi-square. */
const EXPECTED_EVENTS = 5;

/**
 * How much more the rate moves from bucket to bucket than chance alone would move it:
 * φ = max(1, χ²/(k−1)) over buckets (McCullagh & Nelder 1989, §4.5).
 * @returns undefined when fewer than two buckets expect five events: then nothing is known.
 */
export function dispersionOf(buckets: readonly Sample[]): number | undefined {
  const { events, trials } = sumOf(buckets);
  const usable = buckets.filter((b) => (b.trials * events) / trials >= EXPECTED_EVENTS);
  if (usable.length < 2) return undefined;
  const { statistic, degrees } = homogeneity(usable);
  return Math.max(1, statistic / degrees);
}
