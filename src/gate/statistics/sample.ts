/**
 * Events among trials. Counts may be fractions: over-dispersed counts are divided by their
 * dispersion before they are judged.
 */
export interface Sample {
  readonly events: number;
  readonly trials: number;
}

/** A candidate and what it is held against. */
export interface TwoSamples {
  readonly candidate: Sample;
  readonly baseline: Sample;
}

/** @returns undefined without trials: not 0, which reads as healthy. */
export function rateOf({ events, trials }: Sample): number | undefined {
  return trials > 0 ? events / trials : undefined;
}

/**
 * The sample as if its events were independent: `dispersion` events that come together tell no
 * more than one (quasi-binomial; McCullagh & Nelder 1989, §4.5).
 */
export function deflate(sample: Sample, dispersion: number): Sample {
  return { events: sample.events / dispersion, trials: sample.trials / dispersion };
}

export function sumOf(samples: Iterable<Sample>): Sample {
  let events = 0;
  let trials = 0;
  for (const sample of samples) {
    events += sample.events;
    trials += sample.trials;
  }
  return { events, trials };
}
