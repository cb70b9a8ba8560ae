import { EntryKind } from '../../model/index.ts';
import { hex4, isSimpleEscape } from '../escapes.ts';
import type { Key, KeyTable } from './key-table.ts';

/** Objects and arrays nested deeper than this are refused. */
const MAX_DEPTH = 64;

/** 1 for bytes that end a string, begin an escape, or may not stand in one. */
const SPECIAL = new Uint8Array(256).fill(1, 0, 0x20);
SPECIAL[0x22] = 1;
SPECIAL[0x5c] = 1;

export type JsonFault = 'not-json' | 'too-deep';

/**
 * Walks a JSON value in the order in which its reader asks for it, as strictly as `JSON.parse`
 * where it passes over what nobody asks for. Whatever does not hold stops the walk and leaves its
 * fault with the byte where it stands.
 *
 * ```ts
 * if (json.enterObject()) while (json.nextKey()) this.readValue(json.start, json.stop);
 * ```
 */
export class JsonReader {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  fault: JsonFault | undefined;
  faultAt = 0;
  /** The key or scalar just read: a string without its quotes. */
  start = 0;
  stop = 0;
  /** It has escapes to be resolved. */
  isEscaped = false;
  #end = 0;
  #depth = 0;
  /** An object or array was just entered. */
  #isFirst = false;

  enter(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.#end = end;
    this.#depth = 0;
    this.#isFirst = false;
    this.fault = undefined;
    this.at = start;
    this.#skipBlank();
  }

  /** True at the end of the bytes, where only blanks may follow the value. */
  isAtEnd(): boolean {
    this.#skipBlank();
    return this.at >= this.#end;
  }

  /** How deep the walk is; to be handed back to {@link goBack}. */
  get depth(): number {
    return this.#depth;
  }

  /** Returns to a value that was passed over. */
  goBack(at: number, depth: number): void {
    this.at = at;
    this.#depth = depth;
    this.#isFirst = false;
    this.fault = undefined;
  }

  /** Enters the object that stands here; anything else is passed over. */
  enterObject(): boolean {
    return this.#enter(0x7b);
  }

  enterArray(): boolean {
    return this.#enter(0x5b);
  }

  /** The first byte of the value that stands here; 0 at the end. */
  peek(): number {
    return this.at < this.#end ? this.bytes[this.at]! : 0;
  }

  /** Goes to the value of the next key, which is `start` to `stop`. @returns false behind the last */
  nextKey(): boolean {
    return this.#next(0x7d) && this.#key();
  }

  /**
   * Goes to the value of the next key and tells what the key means by the table.
   * @param before meaning of the key before; for the first, a number that stands for the kind of
   * object
   * @returns 0 for a key that means nothing; -1 behind the last
   */
  nextMeaning(keys: KeyTable, before: number): number {
    if (!this.#next(0x7d)) return -1;
    const { bytes } = this;
    const expected = keys.expected(before);
    if (expected !== undefined) {
      if (this.#pass(expected)) return expected.meaning;
      // Some keys are left out now and then: then it is the one that came behind them.
      const other = keys.expected(expected.meaning);
      if (other !== undefined && this.#pass(other)) return other.meaning;
    }
    if (!this.#key()) return -1;
    const key = keys.lookUp(bytes, this.start, this.stop);
    if (key === undefined) return 0;
    keys.learn(before, key);
    return key.meaning;
  }

  /**
   * Passes over the string that stands here, whose bytes and closing quote the caller has seen.
   * @returns false when they lie beyond the end
   */
  passText(length: number): boolean {
    const stop = this.at + 1 + length;
    if (stop >= this.#end) return false;
    this.start = this.at + 1;
    this.stop = stop;
    this.at = stop + 1;
    this.isEscaped = false;
    return true;
  }

  /** Goes to the next element of the array. @returns false behind the last */
  nextItem(): boolean {
    return this.#next(0x5d);
  }

  /**
   * Reads the scalar that stands here into `start` and `stop`.
   * @returns its {@link EntryKind}; -1 for an object or array, which is not passed over, or a fault
   */
  readScalar(): number {
    if (this.at >= this.#end) {
      this.#fail('not-json', this.at);
      return -1;
    }
    switch (this.bytes[this.at]) {
      case 0x22:
        return this.#string() ? EntryKind.string : -1;
      case 0x7b:
      case 0x5b:
        return -1;
      case 0x74:
        return this.#literal('true') ? EntryKind.true : -1;
      case 0x66:
        return this.#literal('false') ? EntryKind.false : -1;
      case 0x6e:
        return this.#literal('null') ? EntryKind.null : -1;
      default:
        return this.#number() ? EntryKind.number : -1;
    }
  }

  /** Reads a string or number; anything else is passed over. */
  readText(): boolean {
    const first = this.peek();
    if (first === 0x7b || first === 0x5b) {
      this.skip();
      return false;
    }
    const kind = this.readScalar();
    return kind === EntryKind.string || kind === EntryKind.number;
  }

  /** Passes over the value that stands here. */
  skip(): void {
    const first = this.peek();
    if (first === 0x7b) {
      this.enterObject();
      while (this.nextKey()) this.skip();
    } else if (first === 0x5b) {
      this.enterArray();
      while (this.nextItem()) this.skip();
    } else this.readScalar();
  }

  #enter(open: number): boolean {
    if (this.fault !== undefined) return false;
    if (this.at >= this.#end || this.bytes[this.at] !== open) {
      this.skip();
      return false;
    }
    if (this.#depth === MAX_DEPTH) return this.#fail('too-deep', this.at);
    this.#depth += 1;
    this.#isFirst = true;
    this.at += 1;
    return true;
  }

  #key(): boolean {
    if (this.peek() !== 0x22) return this.#fail('not-json', this.at);
    if (!this.#string()) return false;
    this.#skipBlank();
    if (this.peek() !== 0x3a) return this.#fail('not-json', this.at);
    this.at += 1;
    if (this.bytes[this.at]! <= 0x20) this.#skipBlank();
    return true;
  }

  /** Passes over a key, its colon and blanks behind, if just that key stands here. */
  #pass({ written }: Key): boolean {
    const { bytes, at } = this;
    const { length } = written;
    if (at + length >= this.#end) return false;
    for (let i = 0; i < length; i += 1) if (bytes[at + i] !== written[i]) return false;
    this.at = at + length;
    if (bytes[this.at]! <= 0x20) this.#skipBlank();
    return true;
  }

  #next(close: number): boolean {
    if (this.fault !== undefined) return false;
    const { bytes } = this;
    if (bytes[this.at]! <= 0x20) this.#skipBlank();
    if (this.at >= this.#end) return this.#fail('not-json', this.at);
    const byte = bytes[this.at];
    if (byte === close) {
      this.#depth -= 1;
      this.#isFirst = false;
      this.at += 1;
      return false;
    }
    if (this.#isFirst) {
      this.#isFirst = false;
      return true;
    }
    if (byte !== 0x2c) return this.#fail('not-json', this.at);
    this.at += 1;
    if (bytes[this.at]! <= 0x20) this.#skipBlank();
    return true;
  }

  /** Reads the string whose opening quote stands here. */
  #string(): boolean {
    const { bytes } = this;
    const end = this.#end;
    const start = this.at + 1;
    this.isEscaped = false;
    let at = start;
    for (;;) {
      // Four at a time: most strings are plain, and a branch for each byte costs more than to look.
      const last = end - 4;
      while (
        at <= last &&
        (SPECIAL[bytes[at]!]! |
          SPECIAL[bytes[at + 1]!]! |
          SPECIAL[bytes[at + 2]!]! |
          SPECIAL[bytes[at + 3]!]!) ===
          0
      ) {
        at += 4;
      }
      while (at < end && SPECIAL[bytes[at]!] === 0) at += 1;
      if (at >= end) return this.#fail('not-json', end);
      if (bytes[at] === 0x22) {
        this.start = start;
        this.stop = at;
        this.at = at + 1;
        return true;
      }
      if (bytes[at] !== 0x5c) return this.#fail('not-json', at);
      this.isEscaped = true;
      at = this.#escape(at) + 1;
      if (at <= 0) return false;
    }
  }

  /** @returns the last byte of the escape whose backslash stands at `at`, or -1 */
  #escape(at: number): number {
    const { bytes } = this;
    const end = this.#end;
    if (at + 1 < end) {
      const letter = bytes[at + 1]!;
      if (letter !== 0x75) {
        if (isSimpleEscape(letter)) return at + 1;
      } else if (at + 5 < end && hex4(bytes, at + 2) >= 0) return at + 5;
    }
    this.#fail('not-json', at + 6 < end ? at : end);
    return -1;
  }

  #literal(word: string): boolean {
    const { bytes, at } = this;
    for (let i = 1; i < word.length; i += 1) {
      if (at + i >= this.#end || bytes[at + i] !== word.charCodeAt(i)) {
        return this.#fail('not-json', Math.min(at + i, this.#end));
      }
    }
    this.start = at;
    this.stop = at + word.length;
    this.at = this.stop;
    return true;
  }

  #number(): boolean {
    const { bytes } = this;
    const start = this.at;
    let at = bytes[start] === 0x2d ? start + 1 : start;
    const whole = this.#digits(at);
    if (whole === at) return this.#fail('not-json', at);
    if (bytes[at] === 0x30 && whole > at + 1) return this.#fail('not-json', at + 1);
    at = whole;
    if (at < this.#end && bytes[at] === 0x2e) {
      const digits = this.#digits(at + 1);
      if (digits === at + 1) return this.#fail('not-json', digits);
      at = digits;
    }
    if (at < this.#end && (bytes[at]! | 0x20) === 0x65) {
      at += 1;
      if (at < this.#end && (bytes[at] === 0x2b || bytes[at] === 0x2d)) at += 1;
      const digits = this.#digits(at);
      if (digits === at) return this.#fail('not-json', digits);
      at = digits;
    }
    this.start = start;
    this.stop = at;
    this.at = at;
    return true;
  }

  #digits(start: number): number {
    let at = start;
    while (at < this.#end && this.bytes[at]! >= 0x30 && this.bytes[at]! <= 0x39) at += 1;
    return at;
  }

  #skipBlank(): void {
    const { bytes } = this;
    let { at } = this;
    while (at < this.#end) {
      const byte = bytes[at]!;
      if (byte > 0x20 || (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) break;
      at += 1;
    }
    this.at = at;
  }

  #fail(fault: JsonFault, at: number): false {
    if (this.fault === undefined) {
      this.fault = fault;
      this.faultAt = at;
    }
    return false;
  }
}
