/** Distinct events up to this number are counted exactly; more are estimated, within about 2 %. */
const EXACT = 4096;

const HASHES = 2 ** 53;

/**
 * How many distinct events there were: delivered twice, in any order, they count once. Kept are
 * the smallest hashes; how densely they lie tells how many there are. Plain data, so that it
 * travels between threads.
 */
export interface DistinctCount {
  readonly hashes: Set<number>;
  firstMs: number;
}

export function distinctCount(): DistinctCount {
  return { hashes: new Set(), firstMs: Number.POSITIVE_INFINITY };
}

/** @param timeMs NaN when the event carries no time */
export function noteEvent(count: DistinctCount, hash: number, timeMs: number): void {
  if (timeMs < count.firstMs) count.firstMs = timeMs;
  count.hashes.add(hash);
  if (count.hashes.size < 2 * EXACT) return;
  for (const surplus of smallest(count).slice(EXACT)) count.hashes.delete(surplus);
}

export function absorbCount(count: DistinctCount, other: DistinctCount): void {
  for (const hash of other.hashes) noteEvent(count, hash, other.firstMs);
}

export function countOf(count: DistinctCount): number {
  if (count.hashes.size < EXACT) return count.hashes.size;
  const last = smallest(count)[EXACT - 1]!;
  return Math.round((EXACT - 1) / (last / HASHES));
}

/** 53 bits of an event's 64. */
export function hash53(high: number, low: number): number {
  return (high & 0x1fffff) * 2 ** 32 + low;
}

function smallest({ hashes }: DistinctCount): number[] {
  return [...hashes].sort((a, b) => a - b);
}
