import type { Snapshot } from './snapshot.ts';
import { dispersionOf } from './statistics/dispersion.ts';
import type { Sample } from './statistics/sample.ts';

/** How much failures come in bursts. */
export interface Burstiness {
  /** Failures come together as if `factor` of them were one; at least 1. */
  readonly factor: number;
  /** The buckets at which they do so most. */
  readonly widthMinutes: number;
  readonly buckets: number;
}

/** A burst that lasts longer than a bucket looks like chance from within: several are tried. */
const WIDTHS_MINUTES = [1, 5, 15, 30, 60, 180, 360, 720, 1440];

/** Fewer buckets than this say too little about a width, unless it is the finest there is. */
const ENOUGH_BUCKETS = 8;

/**
 * Over-dispersion of the failure rate from minute to minute, hour to hour: the greatest φ over
 * bucket widths at which enough buckets expect five failures.
 * @returns undefined where no width has two such buckets.
 */
export function burstinessOf({ minutes }: Snapshot): Burstiness | undefined {
  let found: Burstiness | undefined;
  for (const widthMinutes of WIDTHS_MINUTES) {
    const samples = bucketsOf(minutes, widthMinutes);
    if (found !== undefined && samples.length < ENOUGH_BUCKETS) break;
    const factor = dispersionOf(samples);
    if (factor !== undefined && (found === undefined || factor > found.factor))
      found = { factor, widthMinutes, buckets: samples.length };
  }
  return found;
}

function bucketsOf(minutes: Snapshot['minutes'], widthMinutes: number): Sample[] {
  const sums = new Map<number, { events: number; trials: number }>();
  for (const [index, { decided, failed }] of minutes) {
    if (decided === 0) continue;
    const at = Math.floor(index / widthMinutes);
    const sum = sums.get(at);
    if (sum === undefined) sums.set(at, { events: failed, trials: decided });
    else {
      sum.events += failed;
      sum.trials += decided;
    }
  }
  return [...sums.keys()].sort((a, b) => a - b).map((at) => sums.get(at)!);
}
