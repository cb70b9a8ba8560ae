/** Events with a number, as many as one sample holds; fewer are all there. */
const SAMPLE_SIZE = 1024;

export interface SampledValue {
  readonly timeMs: number;
  readonly value: number;
  /** The event's hash as a ratio, 0–1: even over events. */
  readonly rank: number;
}

/**
 * The events of a stretch of time with the smallest hashes: all of them while they are few, else a
 * sample that depends neither on the order of events nor on repetition. Plain data, so that it
 * travels between threads.
 */
export type ValueSample = Map<string, SampledValue>;

export function noteValue(sample: ValueSample, event: string, value: SampledValue): void {
  sample.set(event, value);
  if (sample.size < 2 * SAMPLE_SIZE) return;
  for (const [name] of byRank(sample).slice(SAMPLE_SIZE + 1)) sample.delete(name);
}

export function absorbSample(sample: ValueSample, other: ValueSample): void {
  for (const [event, value] of other) noteValue(sample, event, value);
}

/** Values by time, and the share of events below which ranks are complete: 1 when all are there. */
export interface Sampled {
  readonly values: readonly SampledValue[];
  readonly share: number;
}

export function sampled(sample: ValueSample | undefined): Sampled {
  const ranked = sample === undefined ? [] : byRank(sample);
  const cut = ranked[SAMPLE_SIZE];
  const share = cut === undefined ? 1 : cut[1].rank;
  const values = ranked.slice(0, SAMPLE_SIZE).map(([, value]) => value);
  return {
    values: values.sort((a, b) => a.timeMs - b.timeMs || a.rank - b.rank || a.value - b.value),
    share,
  };
}

function byRank(sample: ValueSample): [string, SampledValue][] {
  return [...sample].sort(([a, x], [b, y]) => x.rank - y.rank || (a < b ? -1 : a > b ? 1 : 0));
}
