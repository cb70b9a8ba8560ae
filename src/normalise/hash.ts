/**
 * A 64-bit hash as two 32-bit lanes, so that the hot path makes no objects and no BigInts.
 * The lanes are signed, which V8 keeps unboxed; columns and callers outside take them unsigned.
 * It is no cryptographic hash: it tells equal from different, it hides nothing.
 */
export class Hash64 {
  high = 0;
  low = 0;

  /** Hashes the bytes from `start` up to `end`. */
  ofBytes(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    let a = (0x9e3779b9 | 0) ^ length;
    let b = (0x7f4a7c15 + length) | 0;
    let at = start;
    for (const wordsEnd = end - 3; at < wordsEnd; at += 4) {
      const word = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
      a = Math.imul(a ^ word, 0x85ebca6b);
      a = (a << 13) | (a >>> 19);
      b = Math.imul((b + word) | 0, 0xc2b2ae35);
      b = (b << 17) | (b >>> 15);
    }
    if (at < end) {
      let word = bytes[at];
      if (at + 1 < end) word |= bytes[at + 1] << 8;
      if (at + 2 < end) word |= bytes[at + 2] << 16;
      a = Math.imul(a ^ word, 0x85ebca6b);
      b = Math.imul((b + word) | 0, 0xc2b2ae35);
    }
    this.mix(a, b);
  }

  ofText(text: string): void {
    const bytes = utf8.encode(text);
    this.ofBytes(bytes, 0, bytes.length);
  }

  /** Replaces this hash by one of itself under `salt`; different salts give unrelated hashes. */
  salt(salt: number): void {
    this.mix(this.high ^ Math.imul(salt, 0x9e3779b1), (this.low + Math.imul(salt, 0x85ebca77)) | 0);
  }

  /** Spreads two lanes over each other. */
  mix(a: number, b: number): void {
    let x = a ^ (a >>> 16);
    x = Math.imul(x, 0x7feb352d) ^ b;
    x ^= x >>> 15;
    x = Math.imul(x, 0x846ca68b);
    let y = b ^ (b >>> 16) ^ x;
    y = Math.imul(y, 0x2c1b3c6d);
    y ^= y >>> 13;
    y = Math.imul(y, 0x297a2d39);
    this.high = x ^ (x >>> 16) ^ y;
    this.low = y ^ (y >>> 15);
  }
}

/**
 * What an entry adds to the content hash of its event: a sum, because the order of keys means
 * nothing. The salt is that of its path.
 */
export function contentHigh(high: number, salt: number): number {
  return Math.imul(high ^ salt, 0x9e3779b1);
}

export function contentLow(low: number, salt: number): number {
  return Math.imul(low + salt, 0x85ebca77);
}

const utf8 = new TextEncoder();
