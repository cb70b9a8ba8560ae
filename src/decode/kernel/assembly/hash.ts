/** As `Hash64` of the host. Results stand in the two variables, for WebAssembly returns one value. */

export let high: i32 = 0;
export let low: i32 = 0;

@inline
export function setHash(a: i32, b: i32): void {
  high = a;
  low = b;
}

export function hashBytes(from: usize, to: usize): void {
  const length = <i32>(to - from);
  let a: i32 = 0x9e3779b9 ^ length;
  let b: i32 = 0x7f4a7c15 + length;
  let at = from;
  for (; at + 4 <= to; at += 4) {
    const word = load<i32>(at);
    a = rotl<i32>((a ^ word) * 0x85ebca6b, 13);
    b = rotl<i32>((b + word) * 0xc2b2ae35, 17);
  }
  if (at < to) {
    const rest = <i32>(to - at);
    const word = load<i32>(at) & ((1 << (rest << 3)) - 1);
    a = (a ^ word) * 0x85ebca6b;
    b = (b + word) * 0xc2b2ae35;
  }
  mix(a, b);
}

export function mix(a: i32, b: i32): void {
  let x = a ^ (a >>> 16);
  x = (x * 0x7feb352d) ^ b;
  x ^= x >>> 15;
  x *= 0x846ca68b;
  let y = b ^ (b >>> 16) ^ x;
  y *= 0x2c1b3c6d;
  y ^= y >>> 13;
  y *= 0x297a2d39;
  high = x ^ (x >>> 16) ^ y;
  low = y ^ (y >>> 15);
}

@inline
export function salt(by: i32): void {
  mix(high ^ (by * 0x9e3779b1), low + by * 0x85ebca77);
}
