/** Width of the time buckets in which occurrences are kept. */
const BUCKET_MS = 1000;

/** By explanation and key, then by second. */
export type PackedCauseTimes = Map<string, Map<number, { first: number; last: number }>>;

/**
 * When a cause was seen, by explanation and key (such as the pod), whether or not the event
 * belongs to a flow. Kept are the first and last time of each second: memory follows time, not
 * events, and a window of whole seconds is answered exactly.
 */
export class CauseTimes {
  readonly #buckets: PackedCauseTimes;

  constructor(packed: PackedCauseTimes = new Map()) {
    this.#buckets = packed;
  }

  pack(): PackedCauseTimes {
    return this.#buckets;
  }

  add(explanation: number, key: string, timeMs: number): void {
    this.#widen(seriesOf(explanation, key), timeMs, timeMs);
  }

  /** True when the cause was seen at a time from `fromMs` to `toMs`, both included. */
  seen(explanation: number, key: string, fromMs: number, toMs: number): boolean {
    const buckets = this.#buckets.get(seriesOf(explanation, key));
    if (buckets === undefined) return false;
    const firstBucket = Math.floor(fromMs / BUCKET_MS);
    const lastBucket = Math.floor(toMs / BUCKET_MS);
    for (let bucket = firstBucket; bucket <= lastBucket; bucket += 1) {
      const times = buckets.get(bucket);
      if (times === undefined) continue;
      if (times.first >= fromMs && times.first <= toMs) return true;
      if (times.last >= fromMs && times.last <= toMs) return true;
    }
    return false;
  }

  absorb(other: CauseTimes): void {
    for (const [series, buckets] of other.#buckets) {
      for (const { first, last } of buckets.values()) this.#widen(series, first, last);
    }
  }

  #widen(series: string, first: number, last: number): void {
    let buckets = this.#buckets.get(series);
    if (buckets === undefined) {
      buckets = new Map();
      this.#buckets.set(series, buckets);
    }
    const bucket = Math.floor(first / BUCKET_MS);
    const times = buckets.get(bucket);
    if (times === undefined) buckets.set(bucket, { first, last });
    else {
      times.first = Math.min(times.first, first);
      times.last = Math.max(times.last, last);
    }
  }
}

function seriesOf(explanation: number, key: string): string {
  return `${explanation} ${key}`;
}
