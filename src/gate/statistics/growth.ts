import { normalQuantile } from '../../aggregate/index.ts';

/** How many times the data are needed. */
export type Growth =
  | { readonly of: 'candidate' | 'both'; readonly times: number }
  /** The figure lies on the limit itself, as near as can be told. */
  | undefined;

/** Beyond this nobody waits. */
const MOST_TIMES = 100_000;

/**
 * How much more data would decide on which side of a limit a figure lies, if it stays what it is:
 * bounds shrink with the root of the data, and the limit must lie beyond them with `power`.
 * A baseline so small that no candidate could decide has to grow, too.
 */
export function growthToDecide({
  distance,
  candidateSpread,
  baselineSpread,
  confidence,
  power = 0.8,
}: {
  /** From the figure to the limit. */
  readonly distance: number;
  /** From the figure to its bound on the limit's side, as far as each side's data cause it. */
  readonly candidateSpread: number;
  readonly baselineSpread: number;
  /** One-sided, that of the spreads. */
  readonly confidence: number;
  readonly power?: number;
}): Growth {
  const z = normalQuantile(confidence);
  const stretch = (z + normalQuantile(power)) / z;
  const own = (candidateSpread * stretch) ** 2;
  const others = (baselineSpread * stretch) ** 2;
  const square = distance ** 2;
  const alone = square > others ? own / (square - others) : Number.POSITIVE_INFINITY;
  const together = (own + others) / square;
  // A candidate that must outgrow a small baseline many times over is better helped by both.
  const growth: Growth =
    alone <= 4 * together ? { of: 'candidate', times: alone } : { of: 'both', times: together };
  return growth.times <= MOST_TIMES ? { ...growth, times: Math.max(1, growth.times) } : undefined;
}
