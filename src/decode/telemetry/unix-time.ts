/** A Unix time, or a length of time, of nanoseconds that a double could not tell apart. */
export class UnixTime {
  seconds = 0;
  /** 0 to 999,999,999. */
  nanos = 0;
  /** Where the input holds the same number of nanoseconds as decimal digits; both 0 if nowhere. */
  textStart = 0;
  textEnd = 0;

  clear(): void {
    this.seconds = 0;
    this.nanos = 0;
    this.textStart = 0;
    this.textEnd = 0;
  }

  /** Formats write the absence of a time as zero. */
  get isAbsent(): boolean {
    return this.seconds === 0 && this.nanos === 0;
  }

  /** From the halves of an unsigned 64-bit number of nanoseconds. */
  setWords(high: number, low: number): void {
    this.clear();
    // Long division by 16-bit digits: no step leaves the range in which doubles are exact.
    let rest = high >>> 16;
    let cipher = rest * 0x1_0000 + (high & 0xffff);
    let quotient = Math.floor(cipher / NANOS);
    rest = cipher - quotient * NANOS;
    cipher = rest * 0x1_0000 + (low >>> 16);
    let digit = Math.floor(cipher / NANOS);
    quotient = quotient * 0x1_0000 + digit;
    rest = cipher - digit * NANOS;
    cipher = rest * 0x1_0000 + (low & 0xffff);
    digit = Math.floor(cipher / NANOS);
    this.seconds = quotient * 0x1_0000 + digit;
    this.nanos = cipher - digit * NANOS;
  }

  /**
   * From the text of a number of nanoseconds: decimal digits, or a double that has lost the last
   * ones. What is no number, or a negative one, counts as absent.
   */
  setText(bytes: Uint8Array, start: number, end: number): void {
    this.clear();
    // Ten digits at most are read as whole numbers of 32 bits, five at a time.
    let hundredThousands = 0;
    let rest = 0;
    let nanos = 0;
    const cut = end - 9;
    const middle = cut - 5;
    for (let at = start; at < end; at += 1) {
      const digit = bytes[at]! - 0x30;
      if (digit < 0 || digit > 9 || at > start + 20) {
        this.setNanos(end - start > 40 ? 0 : Number(ascii.decode(bytes.subarray(start, end))));
        return;
      }
      if (at >= cut) nanos = (nanos * 10 + digit) | 0;
      else if (at >= middle) rest = (rest * 10 + digit) | 0;
      else hundredThousands = (hundredThousands * 10 + digit) | 0;
    }
    const seconds = hundredThousands * 100_000 + rest;
    if (seconds >= MAX_SECONDS) return;
    this.seconds = seconds;
    this.nanos = nanos;
    this.textStart = start;
    this.textEnd = end;
  }

  /**
   * From a date and time of UTC as databases print it, `2026-11-20 01:02:03.123456789`, or from a
   * number of seconds.
   */
  setDate(bytes: Uint8Array, start: number, end: number): void {
    this.clear();
    const text = ascii.decode(bytes.subarray(start, Math.min(end, start + 64)));
    const parts = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z?$/.exec(text);
    if (parts !== null) {
      const ms = Date.parse(`${parts[1]}T${parts[2]}Z`);
      if (!(ms > 0)) return;
      this.seconds = ms / 1000;
      this.nanos = Number((parts[3] ?? '').padEnd(9, '0'));
    } else this.setNanos(Number(text) * NANOS);
  }

  setNanos(nanos: number): void {
    this.clear();
    if (!(nanos > 0 && nanos < MAX_SECONDS * NANOS)) return;
    this.seconds = Math.floor(nanos / NANOS);
    this.nanos = Math.floor(nanos % NANOS);
  }

  setMicros(micros: number): void {
    this.clear();
    if (!(micros > 0 && micros < MAX_SECONDS * 1e6)) return;
    this.seconds = Math.floor(micros / 1e6);
    this.nanos = Math.floor(micros % 1e6) * 1000;
  }

  /** The time that lies a length of time behind another; absent where that is. */
  setSum(from: UnixTime, length: UnixTime): void {
    this.clear();
    if (from.isAbsent) return;
    const nanos = from.nanos + length.nanos;
    this.seconds = from.seconds + length.seconds + (nanos < NANOS ? 0 : 1);
    this.nanos = nanos < NANOS ? nanos : nanos - NANOS;
  }
}

const NANOS = 1e9;
/** An unsigned 64-bit number of nanoseconds has no more. */
const MAX_SECONDS = 18_446_744_074;

const ascii = new TextDecoder();
