/** Far beyond what arguments of millions need: convergence takes about the root of the largest. */
const MAX_STEPS = 1_000_000;

const TINY = 1e-300;

/**
 * `b0 + a1/(b1 + a2/(b2 + …))` by Lentz's method as Thompson and Barnett (1986) mended it.
 * @param term gives `[aₙ, bₙ]` for n from 1 on.
 */
export function continuedFraction(
  b0: number,
  term: (n: number) => readonly [a: number, b: number],
): number {
  let value = b0 === 0 ? TINY : b0;
  let c = value;
  let d = 0;
  for (let n = 1; n <= MAX_STEPS; n++) {
    const [a, b] = term(n);
    d = b + a * d;
    if (d === 0) d = TINY;
    c = b + a / c;
    if (c === 0) c = TINY;
    d = 1 / d;
    const factor = c * d;
    value *= factor;
    if (Math.abs(factor - 1) < 1e-16) break;
  }
  return value;
}
