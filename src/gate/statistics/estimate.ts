import type { Interval } from '../../aggregate/index.ts';

/** A figure and the bounds it was measured within. */
export interface Estimate extends Interval {
  readonly value: number;
}

/**
 * Bounds of `a − factor·b` from the bounds of both: the distances to the ends are squared and
 * added (Zou & Donner 2008, MOVER; with Wilson's bounds it is Newcombe 1998b, method 10).
 */
export function differenceOf(a: Estimate, b: Estimate, factor = 1): Estimate {
  const value = a.value - factor * b.value;
  return {
    value,
    low: value - Math.hypot(a.value - a.low, factor * (b.high - b.value)),
    high: value + Math.hypot(a.high - a.value, factor * (b.value - b.low)),
  };
}

/**
 * Bounds of `a ÷ b`, neither of them negative, from the bounds of both (Donner & Zou 2012,
 * MOVER-R): the factors at which {@link differenceOf} ends at zero.
 * @returns `high` is Infinity where `b` may be zero; `value` is NaN for 0 ÷ 0.
 */
export function ratioOf(a: Estimate, b: Estimate): Estimate {
  const product = a.value * b.value;
  const lowEnd = a.low * (2 * a.value - a.low);
  const below = product + spread(product, b.high * (2 * b.value - b.high), lowEnd);
  const divisor = b.low * (2 * b.value - b.low);
  const above = product + spread(product, divisor, a.high * (2 * a.value - a.high));
  return {
    value: a.value / b.value,
    // The form with the root below the line: it stays finite where the leading term vanishes.
    low: below > 0 ? Math.max(0, lowEnd / below) : 0,
    high: divisor > 0 ? above / divisor : Number.POSITIVE_INFINITY,
  };
}

function spread(product: number, leading: number, constant: number): number {
  return Math.sqrt(Math.max(0, product * product - leading * constant));
}
