import type { Entry } from './entry.ts';
import { Hash64 } from './hash.ts';
import { NAMESPACE } from './namespace.ts';

/** Values that say "none" or hide what they were, by their letters and digits. */
const NONE = words(`
  null nil none undefined nan na unknown empty false true notset unset notavailable notfound
  redacted masked hidden secret removed filtered omitted default objectobject sensitive
`);

/** What `state`, `code` and the like say where they are no ids. */
const STATUS_WORDS = words(`
  waiting wait pending new init initial created ready active inactive scanned scan scanning confirmed
  confirm confirming authorized authorised authorization loggedin success succeeded successful ok
  done finished complete completed fail failed failure error invalid expired expire timeout timedout
  cancelled canceled cancel denied deny rejected refused open opened opening closed closing halfopen
  connected connecting connection disconnected running run stopped stopping started starting start stop
  up down enabled disabled on off online offline idle busy healthy unhealthy processing processed
  queued sent received used unused valid consumed issued revoked locked unlocked normal abnormal
  established listening polled polling callback exchange userinfo persist session missing mismatch
`);

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** No id is longer than this many bytes; the counts below have ten bits each. */
export const MAX_ID_BYTES = 1000;

/**
 * What each byte adds to the counts of an id, ten bits a count: a sum needs no branches, which
 * random text would make the processor guess wrong every other time.
 */
const LETTERS_AND_DIGITS = new Int32Array(256);
const OTHERS = new Int32Array(256).fill(1);
const ZERO_COUNT = 1 << 10;
const MARK_COUNT = 1 << 20;
for (let byte = 0x30; byte <= 0x39; byte += 1) {
  LETTERS_AND_DIGITS[byte] = 1;
  OTHERS[byte] = byte === 0x30 ? ZERO_COUNT : 0;
}
for (let byte = 0x61; byte <= 0x7a; byte += 1) {
  LETTERS_AND_DIGITS[byte] = 1 << 10;
  LETTERS_AND_DIGITS[byte - 0x20] = 1 << 20;
  OTHERS[byte] = 0;
  OTHERS[byte - 0x20] = 0;
}
for (const mark of '_-.:~+/=%@|*') OTHERS[mark.charCodeAt(0)] = MARK_COUNT;

/** Value of a hex digit; 255 for any other byte. */
const HEX = new Uint8Array(256).fill(255);
for (let digit = 0; digit < 10; digit += 1) HEX[0x30 + digit] = digit;
for (let digit = 0; digit < 6; digit += 1) {
  HEX[0x41 + digit] = 10 + digit;
  HEX[0x61 + digit] = 10 + digit;
}

const HEX_DIGITS = new Uint8Array([
  0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66,
]);

const ZERO = 0x30;
const DASH = 0x2d;
const UNDERSCORE = 0x5f;
const COLON = 0x3a;
const STAR = 0x2a;
const SLASH = 0x2f;

/**
 * Reads ids from bytes. The last id read stands in the fields: where its text is, and the
 * counts of its characters by kind.
 */
export class IdReader {
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  readonly hash: Hash64 = new Hash64();
  #digits = 0;
  #lowers = 0;
  #uppers = 0;
  #others = 0;
  #zeros = 0;
  #stars = 0;
  #marks = 0;
  /** Of the marks, dashes and underscores. */
  #joiners = 0;
  readonly #trace = new Uint8Array(64);

  /**
   * Takes any text that says something: not empty, `-`, `null`, only zeros, or blacked out.
   * A partly masked id needs eight clear characters.
   */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    this.#trim(bytes, start, end);
    const length = this.end - this.start;
    if (length === 0 || length > MAX_ID_BYTES) return false;
    this.#count();
    const clear = this.#digits + this.#lowers + this.#uppers + this.#others;
    if (clear === 0 || this.#zeros === clear) return false;
    if (this.#stars > 0 && clear < 8) return false;
    return !(this.#digits === 0 && length <= 20 && NONE.has(this.#plain()));
  }

  /** As {@link read}, for names that leave doubt: only what looks like a random or counted token. */
  readToken(bytes: Uint8Array, start: number, end: number, minLength: number): boolean {
    if (!this.read(bytes, start, end)) return false;
    const length = this.end - this.start;
    if (length < minLength || this.#others > 0 || this.#stars > 0) return false;
    const letters = this.#lowers + this.#uppers;
    if (this.#digits === 0) return this.#looksRandom(length);
    return letters > 0 || this.#digits >= 12;
  }

  /**
   * A token under a name that means an id in some logs only.
   * @param namespace index into `ID_NAMESPACES`, that of traces excepted
   */
  readWeakToken(namespace: number, bytes: Uint8Array, start: number, end: number): boolean {
    const minLength = namespace === NAMESPACE['login.ticket'] ? 16 : 8;
    return (
      this.readToken(bytes, start, end, minLength) && indexOf(bytes, SLASH, start, end) === end
    );
  }

  /**
   * Letters alone: many of them, and each case makes a fifth at least. Long words written
   * together have fewer capitals; half of random letters are.
   */
  #looksRandom(length: number): boolean {
    return length >= 16 && this.#uppers * 5 >= length && this.#lowers * 5 >= length;
  }

  /** An OAuth `code` under that bare name, which error codes and answers share. */
  readBareCode(bytes: Uint8Array, start: number, end: number): boolean {
    if (!this.readToken(bytes, start, end, 10)) return false;
    // ERR_HTTP2_STREAM_ERROR and its like shout.
    return this.#lowers > 0 || (this.#marks === 0 && this.#digits >= 4);
  }

  /** True for what a `state` or `status` says of a login or a connection. */
  isStatusWord(bytes: Uint8Array, start: number, end: number): boolean {
    if (!this.read(bytes, start, end)) return true;
    // Chinese words; ids are plain ASCII.
    if (this.#others > 0) return true;
    return this.#digits === 0 && this.end - this.start <= 24 && STATUS_WORDS.has(this.#plain());
  }

  /** True when the last id read is so short that only its own process can know it apart. */
  isCounter(): boolean {
    const length = this.end - this.start;
    return length < 8 || (this.#lowers + this.#uppers === 0 && length < 12) || this.#isPrefixed();
  }

  hasDigit(): boolean {
    return this.#digits > 0;
  }

  /** True when the last id read is long and says nothing beside its being unique. */
  isRandom(): boolean {
    return (
      this.end - this.start >= 16 &&
      this.#digits > 0 &&
      this.#others === 0 &&
      this.#marks === this.#joiners
    );
  }

  /** Digits and letters of both cases and nothing else, twenty or more: what an OAuth server issues. */
  isMixed(): boolean {
    return (
      this.end - this.start >= 20 &&
      this.#digits > 0 &&
      this.#lowers > 0 &&
      this.#uppers > 0 &&
      this.#others === 0 &&
      this.#marks === 0
    );
  }

  /** The literal `STATE` of the documentation, or a number of six digits and more. */
  isPlaceholderOrNumber(): boolean {
    const length = this.end - this.start;
    return this.#digits === length ? length >= 6 : length === 5 && this.#plain() === 'state';
  }

  /** `req-1f`: a word, a dash, and a short count. */
  #isPrefixed(): boolean {
    for (let at = this.end - 1; at >= this.start && this.end - at <= 7; at -= 1) {
      const byte = this.bytes[at];
      if (byte === DASH) {
        for (let before = this.start; before < at; before += 1) {
          if (HEX[this.bytes[before]] <= 9) return false;
        }
        return true;
      }
    }
    return false;
  }

  /**
   * Reads a trace id in the forms of W3C, B3, Jaeger, X-Ray, Google Cloud, Datadog or a UUID.
   * Its text becomes 32 lower-case hex digits, padded with zeros; other tokens are taken as
   * they stand, in lower case. The hash is that of the low 64 bits, because half the
   * world's tracers pass on no more.
   */
  readTrace(bytes: Uint8Array, start: number, end: number, strict = false): boolean {
    this.#trim(bytes, start, end);
    let from = this.start;
    let to = this.end;
    if (to - from !== 32 && to - from !== 16) {
      [from, to] = this.#traceWithin(from, to);
    }
    const digits = this.#collectHex(from, to);
    if (digits < 0) return !strict && this.#opaqueTrace();
    if (digits === 0 || (digits !== 32 && strict)) return false;
    // Decimal ids are Datadog's and Jaeger's short forms; anything shorter says too little.
    if (digits < 8) return false;
    const target = this.#trace;
    target.copyWithin(32 - digits, 0, digits);
    target.fill(ZERO, 0, 32 - digits);
    const lowIsZero = isZero(target, 16, 32);
    if (lowIsZero && isZero(target, 0, 16)) return false;
    this.#digits = 32;
    this.#others = 0;
    this.#marks = 0;
    this.#joiners = 0;
    this.bytes = target;
    this.start = 0;
    this.end = 32;
    if (lowIsZero) this.hash.ofBytes(target, 0, 32);
    else this.hash.ofBytes(target, 16, 32);
    return true;
  }

  /** Finds the id inside a propagation header. */
  #traceWithin(start: number, end: number): [number, number] {
    const bytes = this.bytes;
    // x-amzn-trace-id: Self=…;Root=1-5759e988-bd862e3fe1be46a994272793;Parent=…
    for (let at = start; at + 5 < end; at += 1) {
      if (bytes[at] === 0x52 && bytes[at + 1] === 0x6f && bytes[at + 4] === 0x3d) {
        const close = indexOf(bytes, 0x3b, at, end);
        return [at + 7, close];
      }
    }
    if (bytes[start] === 0x31 && bytes[start + 1] === DASH) return [start + 2, end];
    // projects/P/traces/HEX
    const slash = lastIndexOf(bytes, SLASH, start, end);
    if (slash >= start && bytes[start] === 0x70) return [slash + 1, end];
    // x-cloud-trace-context: HEX/SPAN;o=1
    if (slash - start === 32) return [start, slash];
    // traceparent: 00-HEX-SPAN-01
    if (end - start >= 55 && bytes[start + 2] === DASH && bytes[start + 35] === DASH) {
      return [start + 3, start + 35];
    }
    // b3: HEX-SPAN-1
    if (bytes[start + 32] === DASH && end - start >= 49) return [start, start + 32];
    if (bytes[start + 16] === DASH && end - start >= 33 && end - start !== 36) {
      return [start, start + 16];
    }
    // uber-trace-id: HEX:SPAN:PARENT:FLAGS, its colons perhaps percent-encoded
    const colon = indexOf(bytes, COLON, start, end);
    if (colon < end && colon > start) return [start, colon];
    const percent = indexOf(bytes, 0x25, start, end);
    if (percent < end && bytes[percent + 1] === 0x33) return [start, percent];
    return [start, end];
  }

  /** @returns the number of hex digits now in `#trace`, or -1 when other characters stand there. */
  #collectHex(start: number, end: number): number {
    const bytes = this.bytes;
    const target = this.#trace;
    const length = end - start;
    if (length > 36) return -1;
    let digits = 0;
    /** Negative once a letter was met. */
    let letters = 0;
    for (let at = start; at < end; at += 1) {
      const value = HEX[bytes[at]];
      if (value === 255) {
        if (bytes[at] === DASH && at > start && (length === 36 || length === 33)) continue;
        return -1;
      }
      letters |= 9 - value;
      target[digits++] = HEX_DIGITS[value];
    }
    if (digits > 32) return -1;
    if (letters >= 0 && digits >= 17 && digits <= 20) return this.#decimal(digits);
    return digits;
  }

  /** Turns the decimal digits in `#trace` into 16 hex digits. */
  #decimal(digits: number): number {
    const target = this.#trace;
    let high = 0;
    let low = 0;
    for (let at = 0; at < digits; at += 1) {
      low = low * 10 + target[at] - ZERO;
      high = high * 10 + Math.floor(low / 0x1_0000_0000);
      low %= 0x1_0000_0000;
    }
    if (high > 0xffff_ffff) return -1;
    for (let nibble = 0; nibble < 8; nibble += 1) {
      target[nibble] = HEX_DIGITS[(high >>> (28 - nibble * 4)) & 15];
      target[8 + nibble] = HEX_DIGITS[(low >>> (28 - nibble * 4)) & 15];
    }
    return 16;
  }

  #opaqueTrace(): boolean {
    if (!this.readToken(this.bytes, this.start, this.end, 8)) return false;
    const lower = this.bytes.slice(this.start, this.end);
    for (let at = 0; at < lower.length; at += 1) {
      if (lower[at] >= 0x41 && lower[at] <= 0x5a) lower[at] |= 0x20;
    }
    this.bytes = lower;
    this.start = 0;
    this.end = lower.length;
    this.hash.ofBytes(lower, 0, lower.length);
    return true;
  }

  /** Passes over a prefix of the id. */
  dropPrefix(prefix: Uint8Array): void {
    if (this.end - this.start <= prefix.length) return;
    for (let at = 0; at < prefix.length; at += 1) {
      if (this.bytes[this.start + at] !== prefix[at]) return;
    }
    this.start += prefix.length;
  }

  hashText(): void {
    this.hash.ofBytes(this.bytes, this.start, this.end);
  }

  /** As {@link hashText}; an id that is the whole entry has its hash. */
  hashWithin(entry: Entry): void {
    if (this.start === entry.start && this.end === entry.end) {
      this.hash.high = entry.high;
      this.hash.low = entry.low;
    } else {
      this.hashText();
    }
  }

  text(): string {
    return utf8.decode(this.bytes.subarray(this.start, this.end));
  }

  #trim(bytes: Uint8Array, start: number, end: number): void {
    let from = start;
    let to = end;
    while (from < to && isPadding(bytes[from])) from += 1;
    while (to > from && isPadding(bytes[to - 1])) to -= 1;
    this.bytes = bytes;
    this.start = from;
    this.end = to;
  }

  #count(): void {
    const { bytes, start, end } = this;
    let known = 0;
    let rest = 0;
    for (let at = start; at < end; at += 1) {
      known += LETTERS_AND_DIGITS[bytes[at]];
      rest += OTHERS[bytes[at]];
    }
    this.#digits = known & 0x3ff;
    this.#lowers = (known >>> 10) & 0x3ff;
    this.#uppers = known >>> 20;
    this.#others = rest & 0x3ff;
    this.#zeros = (rest >>> 10) & 0x3ff;
    this.#marks = rest >>> 20;
    this.#stars = 0;
    this.#joiners = 0;
    if (this.#marks > 0) this.#countMarks();
  }

  #countMarks(): void {
    for (let at = this.start; at < this.end; at += 1) {
      const byte = this.bytes[at];
      if (byte === DASH || byte === UNDERSCORE) this.#joiners += 1;
      else if (byte === STAR) this.#stars += 1;
    }
  }

  /** The letters and digits, in lower case. */
  #plain(): string {
    return this.text()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]/gu, '');
  }
}

const utf8 = new TextDecoder();

function isPadding(byte: number): boolean {
  return byte <= 0x20 || byte === 0x22 || byte === 0x27;
}

function isZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] !== ZERO) return false;
  return true;
}

/** Position of `byte`, or `end`. */
function indexOf(bytes: Uint8Array, byte: number, start: number, end: number): number {
  for (let at = start; at < end; at += 1) if (bytes[at] === byte) return at;
  return end;
}

/** Last position of `byte`, or -1. */
function lastIndexOf(bytes: Uint8Array, byte: number, start: number, end: number): number {
  for (let at = end - 1; at >= start; at -= 1) if (bytes[at] === byte) return at;
  return -1;
}
