import { logFactorial } from './log-gamma.ts';
import type { TwoSamples } from './sample.ts';

/** Tables as likely as the observed one, but for rounding, count as no likelier. */
const TIE = 1 + 1e-7;

/**
 * Fisher's exact test of two rates, for whole counts.
 * `greater` is the probability of at least so many events of the candidate, given all events;
 * `twoSided` sums the tables that are no likelier than this one.
 */
export function fisherExact({ candidate, baseline }: TwoSamples): {
  readonly greater: number;
  readonly less: number;
  readonly twoSided: number;
} {
  const events = candidate.events + baseline.events;
  const first = Math.max(0, events - baseline.trials);
  const last = Math.min(events, candidate.trials);
  const observed = candidate.events;
  const fixed =
    logFactorial(candidate.trials) +
    logFactorial(baseline.trials) +
    logFactorial(events) +
    logFactorial(candidate.trials + baseline.trials - events) -
    logFactorial(candidate.trials + baseline.trials);
  const likelihood = (k: number) =>
    Math.exp(
      fixed -
        logFactorial(k) -
        logFactorial(candidate.trials - k) -
        logFactorial(events - k) -
        logFactorial(baseline.trials - events + k),
    );
  const limit = likelihood(observed) * TIE;
  let greater = 0;
  let less = 0;
  let twoSided = 0;
  for (let k = first; k <= last; k++) {
    const p = likelihood(k);
    if (k >= observed) greater += p;
    if (k <= observed) less += p;
    if (p <= limit) twoSided += p;
  }
  return {
    greater: Math.min(1, greater),
    less: Math.min(1, less),
    twoSided: Math.min(1, twoSided),
  };
}
