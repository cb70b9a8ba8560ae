export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Wilson's score interval for `x` of `n` (Wilson 1927; Newcombe 1998, method 3), two-sided.
 * @returns ratios 0–1; the whole range when `n` is 0, since nothing is known then.
 */
export function wilsonInterval(x: number, n: number, confidence = 0.95): Interval {
  if (n === 0) return { low: 0, high: 1 };
  const z = normalQuantile(0.5 + confidence / 2);
  const z2 = z * z;
  const p = x / n;
  const centre = p + z2 / (2 * n);
  const spread = z * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  const scale = 1 + z2 / n;
  return {
    // The ends are exact where no event, or no other, was seen; rounding would leave 1e-18.
    low: x === 0 ? 0 : Math.max(0, (centre - spread) / scale),
    high: x === n ? 1 : Math.min(1, (centre + spread) / scale),
  };
}

/**
 * The value below which a standard normal variable falls with probability `p`.
 * Algorithm AS 241, PPND16 (Wichura 1988): relative accuracy about 1e-16.
 * @returns -Infinity at 0, Infinity at 1, NaN outside.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0) return Number.NEGATIVE_INFINITY;
  if (p === 1) return Number.POSITIVE_INFINITY;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(CENTRE.above, r)) / polynomial(CENTRE.below, r);
  }
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const { above, below, at } = r <= 5 ? SHOULDER : TAIL;
  const size = polynomial(above, r - at) / polynomial(below, r - at);
  return q < 0 ? -size : size;
}

/** Coefficients from the highest power down. */
function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (const coefficient of coefficients) sum = sum * x + coefficient;
  return sum;
}

const CENTRE = {
  above: [
    2.509080928730122e3, 3.343057558358813e4, 6.72657709270087e4, 4.592195393154987e4,
    1.373169376550946e4, 1.9715909503065513e3, 1.3314166789178438e2, 3.3871328727963665,
  ],
  below: [
    5.226495278852854e3, 2.8729085735721943e4, 3.930789580009271e4, 2.1213794301586597e4,
    5.394196021424751e3, 6.871870074920579e2, 4.231333070160091e1, 1,
  ],
} as const;

const SHOULDER = {
  at: 1.6,
  above: [
    7.745450142783414e-4, 2.2723844989269184e-2, 2.417807251774506e-1, 1.2704582524523684,
    3.6478483247632045, 5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ],
  below: [
    1.0507500716444169e-9, 5.475938084995345e-4, 1.5198666563616457e-2, 1.4810397642748008e-1,
    6.897673349851e-1, 1.6763848301838038, 2.053191626637759, 1,
  ],
} as const;

const TAIL = {
  at: 5,
  above: [
    2.0103343992922881e-7, 2.7115555687434876e-5, 1.2426609473880784e-3, 2.6532189526576124e-2,
    2.9656057182850487e-1, 1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  below: [
    2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 7.868691311456133e-4,
    1.4875361290850615e-2, 1.369298809227358e-1, 5.99832206555888e-1, 1,
  ],
} as const;
