/** Width of the buckets in which occurrences are kept. */
const BUCKET_MS = 1000;

/**
 * The first and last time of each second in which something was seen, by second: memory follows
 * time, not events. Plain data, so that it travels between threads.
 */
export type SecondTimes = Map<number, { first: number; last: number }>;

export function noteSecond(times: SecondTimes, timeMs: number): void {
  const second = Math.floor(timeMs / BUCKET_MS);
  const known = times.get(second);
  if (known === undefined) times.set(second, { first: timeMs, last: timeMs });
  else {
    known.first = Math.min(known.first, timeMs);
    known.last = Math.max(known.last, timeMs);
  }
}

export function absorbSeconds(times: SecondTimes, other: SecondTimes): void {
  for (const { first, last } of other.values()) {
    noteSecond(times, first);
    noteSecond(times, last);
  }
}

/** Every time that is kept, ascending. */
export function timesOf(times: SecondTimes): number[] {
  const all = new Set<number>();
  for (const { first, last } of times.values()) all.add(first).add(last);
  return [...all].sort((a, b) => a - b);
}
