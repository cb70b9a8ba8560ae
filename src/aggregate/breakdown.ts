import type { BreakdownTally, Ratio } from '../model/index.ts';

/**
 * Distinct values kept for one field. Those with the smallest hashes stay, so that which values
 * stay, and their counts, are a matter of the values alone and never of their order.
 */
export const VALUES_KEPT = 10_000;

export interface GrowingRatio extends Ratio {
  decided: number;
  failed: number;
}

export interface GrowingBreakdown extends BreakdownTally {
  readonly values: Map<string, GrowingRatio>;
  readonly missing: GrowingRatio;
  readonly other: GrowingRatio;
}

export function emptyRatio(): GrowingRatio {
  return { decided: 0, failed: 0 };
}

export function addRatio(into: GrowingRatio, from: Ratio): void {
  into.decided += from.decided;
  into.failed += from.failed;
}

export function emptyBreakdown(): GrowingBreakdown {
  return { values: new Map(), missing: emptyRatio(), other: emptyRatio() };
}

/** Counts under every value; under `missing` when there is none. */
export function countValues(
  into: GrowingBreakdown,
  values: readonly string[],
  ratio: Ratio,
  kept = VALUES_KEPT,
): void {
  if (values.length === 0) addRatio(into.missing, ratio);
  for (const value of values) countValue(into, value, ratio, kept);
}

export function absorbBreakdown(
  into: GrowingBreakdown,
  from: BreakdownTally,
  kept = VALUES_KEPT,
): void {
  addRatio(into.missing, from.missing);
  addRatio(into.other, from.other);
  for (const [value, ratio] of from.values) countValue(into, value, ratio, kept);
}

/** Folds what lies beyond the cap. Call once all is counted, since growing overshoots the cap. */
export function settleBreakdown(breakdown: GrowingBreakdown, kept = VALUES_KEPT): void {
  const excess = breakdown.values.size - kept;
  if (excess <= 0) return;
  const values = [...breakdown.values.keys()].map((value) => ({ value, hash: hashOf(value) }));
  values.sort((a, b) => b.hash - a.hash || (a.value < b.value ? 1 : -1));
  for (const { value } of values.slice(0, excess)) {
    addRatio(breakdown.other, breakdown.values.get(value)!);
    breakdown.values.delete(value);
  }
}

/**
 * A value dropped at one pruning may come back and be dropped at the next: both times its counts
 * go to `other`, while the smallest hashes of all are never dropped. So pruning now and then
 * gives what pruning once at the end would.
 */
function countValue(into: GrowingBreakdown, value: string, ratio: Ratio, kept: number): void {
  const known = into.values.get(value);
  if (known !== undefined) {
    addRatio(known, ratio);
    return;
  }
  if (into.values.size >= 2 * kept) settleBreakdown(into, kept);
  into.values.set(value, { decided: ratio.decided, failed: ratio.failed });
}

/** FNV-1a with a last mix, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
