/** From here on Stirling's series with the terms below is exact to the last digits of a double. */
const STIRLING_FROM = 10;

const HALF_LOG_2PI = 0.9189385332046727;

/**
 * ln Γ(x) for x > 0: Stirling's series (Abramowitz & Stegun 6.1.41), reached by the recurrence
 * Γ(x+1) = xΓ(x) where x is small.
 */
export function logGamma(x: number): number {
  let shift = 1;
  let at = x;
  for (; at < STIRLING_FROM; at++) shift *= at;
  const r = 1 / (at * at);
  const series =
    (1 / 12 -
      r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r * (1 / 1188 - (r * 691) / 360360))))) /
    at;
  return (at - 0.5) * Math.log(at) - at + HALF_LOG_2PI + series - Math.log(shift);
}

/** ln n!, for n ≥ 0. */
export function logFactorial(n: number): number {
  return logGamma(n + 1);
}
