import type { Histogram } from '../model/index.ts';
import { countedDuration, durationBucket, PER_DOUBLING } from './histogram.ts';

/** Up to 2^30 ms, or twelve days; beyond that there is room when it is needed. */
const FIRST_DOUBLINGS = 40;

const NOTHING = new Uint32Array(0);

/** A histogram that grows by millions of durations: a counter for each bucket, in a row. */
export class DurationCounts {
  #counts: Uint32Array = NOTHING;
  #count = 0;
  #minMs = Number.POSITIVE_INFINITY;
  #maxMs = Number.NEGATIVE_INFINITY;

  /** Counts a duration as `countDuration` does. */
  add(ms: number): void {
    const duration = countedDuration(ms);
    if (duration === undefined) return;
    const bucket = durationBucket(duration);
    if (bucket >= this.#counts.length) this.#grow(bucket);
    this.#counts[bucket]++;
    this.#count++;
    if (duration < this.#minMs) this.#minMs = duration;
    if (duration > this.#maxMs) this.#maxMs = duration;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  histogram(): Histogram {
    const buckets = new Map<number, number>();
    for (const [bucket, count] of this.#counts.entries()) if (count > 0) buckets.set(bucket, count);
    return { count: this.#count, minMs: this.#minMs, maxMs: this.#maxMs, buckets };
  }

  #grow(bucket: number): void {
    const larger = new Uint32Array(Math.max(FIRST_DOUBLINGS * PER_DOUBLING, (bucket + 1) * 2));
    larger.set(this.#counts);
    this.#counts = larger;
  }
}
