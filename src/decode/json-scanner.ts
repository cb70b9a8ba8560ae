import { EntryKind } from '../model/index.ts';
import { hex4, isSimpleEscape, resolveEscapes } from './escapes.ts';
import type { Kernel } from './kernel/kernel.ts';
import { type PathTree, Payload } from './path-tree.ts';
import type { RecordColumns } from './record-columns.ts';

/** Objects and arrays nested deeper than this are refused. */
export const MAX_DEPTH = 64;

const INVALID = -1;
const TOO_DEEP = -2;
const DOCUMENT = -3;

export type ScanFailure = 'not-json' | 'not-object' | 'too-deep';

/** Where and as what a record is read. */
export interface ScanPlace {
  /** The bytes are those of `columns.scratch`. */
  readonly inScratch: 0 | 1;
  /** The record stands in a string of another record, whose entries are kept beside it. */
  readonly inner: 0 | 1;
  /** Give up at a first key that may begin a document of many records. */
  readonly stopAtDocument: boolean;
}

const ON_A_LINE: ScanPlace = { inScratch: 0, inner: 0, stopAtDocument: false };

/**
 * Walks one JSON record without building it: checks every byte as strictly as `JSON.parse`
 * does and notes the byte ranges of the scalars that somebody wants.
 *
 * Positions are returned; a negative one is a failure. That keeps the walk free of
 * exceptions and allocations.
 */
export class JsonScanner {
  #paths: PathTree;
  #columns: RecordColumns;
  #bytes: Uint8Array = new Uint8Array(0);
  #end = 0;
  #inScratch: 0 | 1 = 0;
  #inner: 0 | 1 = 0;
  #stopAtDocument = false;
  /** Set by a scan: some entry holds a record of its own or shows a wrapper. */
  hasPayload = false;
  /** Set by the string walk: whether the string just read holds a backslash. */
  #escaped = false;
  /** Set by the key walk. */
  #keyHash = 0;

  readonly #kernel: Kernel | undefined;

  /** @param kernel reads what stands in its memory and is not doubtful. */
  constructor(paths: PathTree, columns: RecordColumns, kernel?: Kernel) {
    this.#paths = paths;
    this.#columns = columns;
    this.#kernel = kernel;
  }

  /**
   * Adds the entries of the record in `bytes` from `start` to `end` to the open row.
   * On failure the open row is left as it was before. `document` is told only where `place` asks
   * for it: the first key may begin a document of many records.
   */
  scan(
    bytes: Uint8Array,
    start: number,
    end: number,
    place: ScanPlace = ON_A_LINE,
  ): ScanFailure | 'document' | undefined {
    if (this.#kernel?.scanObject(this.#paths, start, end, place)) {
      this.hasPayload = this.#kernel.tellsWrapper;
      return undefined;
    }
    this.#bytes = bytes;
    this.#end = end;
    this.#inScratch = place.inScratch;
    this.#inner = place.inner;
    this.#stopAtDocument = place.stopAtDocument;
    this.hasPayload = false;
    const before = this.#columns.entries;
    const first = this.#skipBlank(start);
    const isObject = bytes[first] === 0x7b;
    const failure = isObject ? this.#record(first) : this.#otherThanObject(first);
    if (failure !== undefined) this.#columns.entries = before;
    return failure;
  }

  #record(first: number): ScanFailure | 'document' | undefined {
    const after = this.#object(first, 0, 1);
    if (after === DOCUMENT) return 'document';
    if (after === TOO_DEEP) return 'too-deep';
    if (after < 0 || this.#skipBlank(after) !== this.#end) return 'not-json';
    return undefined;
  }

  #otherThanObject(first: number): ScanFailure {
    if (first >= this.#end) return 'not-json';
    const after = this.#value(first, 0, 1);
    if (after === TOO_DEEP) return 'too-deep';
    return after >= 0 && this.#skipBlank(after) === this.#end ? 'not-object' : 'not-json';
  }

  #object(open: number, node: number, depth: number): number {
    if (depth > MAX_DEPTH) return TOO_DEEP;
    const bytes = this.#bytes;
    let at = this.#skipBlank(open + 1);
    if (bytes[at] === 0x7d && at < this.#end) return at + 1;
    let child = 0;
    for (;;) {
      if (at >= this.#end || bytes[at] !== 0x22) return INVALID;
      const guess = this.#paths.guess(node, child, bytes, at + 1);
      let keyEnd = at + 1 + (guess < 0 ? 0 : this.#paths.plainLength(guess));
      if (guess >= 0 && keyEnd < this.#end) {
        child = guess;
      } else {
        keyEnd = this.#key(at + 1);
        if (keyEnd < 0) return INVALID;
        const previous = child;
        child = this.#childOf(node, at + 1, keyEnd);
        this.#paths.learn(node, previous, child);
      }
      if (this.#stopAtDocument) {
        if (this.#paths.opensDocument(child)) return DOCUMENT;
        this.#stopAtDocument = false;
      }
      at = this.#skipBlank(keyEnd + 1);
      if (at >= this.#end || bytes[at] !== 0x3a) return INVALID;
      at = this.#value(this.#skipBlank(at + 1), child, depth);
      if (at < 0) return at;
      at = this.#skipBlank(at);
      if (at >= this.#end) return INVALID;
      if (bytes[at] === 0x7d) return at + 1;
      if (bytes[at] !== 0x2c) return INVALID;
      at = this.#skipBlank(at + 1);
    }
  }

  #array(open: number, node: number, depth: number): number {
    if (depth > MAX_DEPTH) return TOO_DEEP;
    const bytes = this.#bytes;
    let at = this.#skipBlank(open + 1);
    if (at < this.#end && bytes[at] === 0x5d) return at + 1;
    for (;;) {
      at = this.#value(at, node, depth);
      if (at < 0) return at;
      at = this.#skipBlank(at);
      if (at >= this.#end) return INVALID;
      if (bytes[at] === 0x5d) return at + 1;
      if (bytes[at] !== 0x2c) return INVALID;
      at = this.#skipBlank(at + 1);
    }
  }

  #value(at: number, node: number, depth: number): number {
    if (at >= this.#end) return INVALID;
    switch (this.#bytes[at]) {
      case 0x22: {
        const close = this.#string(at + 1);
        if (close >= 0 && this.#paths.wanted(node)) this.#addString(node, at + 1, close);
        return close < 0 ? close : close + 1;
      }
      case 0x7b:
        return this.#object(at, node, depth + 1);
      case 0x5b:
        return this.#array(at, node, depth + 1);
      case 0x74:
        return this.#literal(at, 'true', node, EntryKind.true);
      case 0x66:
        return this.#literal(at, 'false', node, EntryKind.false);
      case 0x6e:
        return this.#literal(at, 'null', node, EntryKind.null);
      default: {
        const after = this.#number(at);
        if (after >= 0 && this.#paths.wanted(node)) {
          if (this.#paths.payload(node) === Payload.always) this.hasPayload = true;
          this.#columns.add(node, EntryKind.number, this.#inScratch, this.#inner, at, after);
        }
        return after;
      }
    }
  }

  /** @returns the position of the closing quote. */
  #string(start: number): number {
    const bytes = this.#bytes;
    const end = this.#end;
    this.#escaped = false;
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at]!;
      if (byte === 0x22) return at;
      if (byte === 0x5c) {
        this.#escaped = true;
        at = this.#escape(at);
        if (at < 0) return INVALID;
      } else if (byte < 0x20) {
        return INVALID;
      }
    }
    return INVALID;
  }

  /** As {@link #string}, with the FNV-1a hash of the bytes. */
  #key(start: number): number {
    const bytes = this.#bytes;
    const end = this.#end;
    let hash = 0x811c9dc5;
    this.#escaped = false;
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at]!;
      if (byte === 0x22) {
        this.#keyHash = hash;
        return at;
      }
      if (byte === 0x5c) {
        this.#escaped = true;
        at = this.#escape(at);
        if (at < 0) return INVALID;
      } else if (byte < 0x20) {
        return INVALID;
      }
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    return INVALID;
  }

  /** @returns the last byte of the escape that starts at the backslash `at`. */
  #escape(at: number): number {
    if (at + 1 >= this.#end) return INVALID;
    const letter = this.#bytes[at + 1]!;
    if (letter === 0x75)
      return at + 5 < this.#end && hex4(this.#bytes, at + 2) >= 0 ? at + 5 : INVALID;
    return isSimpleEscape(letter) ? at + 1 : INVALID;
  }

  #childOf(node: number, start: number, end: number): number {
    if (!this.#escaped) return this.#paths.child(node, this.#keyHash, this.#bytes, start, end);
    const key = new Uint8Array(end - start);
    const length = resolveEscapes(this.#bytes, start, end, key, 0);
    let hash = 0x811c9dc5;
    for (let at = 0; at < length; at += 1) hash = Math.imul(hash ^ key[at]!, 0x01000193);
    return this.#paths.child(node, hash, key, 0, length);
  }

  #addString(node: number, start: number, end: number): void {
    const columns = this.#columns;
    const payload = this.#paths.payload(node);
    if (payload !== Payload.none && (payload === Payload.always || this.#holdsObject(start))) {
      this.hasPayload = true;
    }
    if (!this.#escaped) {
      columns.add(node, EntryKind.string, this.#inScratch, this.#inner, start, end);
      return;
    }
    columns.reserveScratch(end - start);
    const from = columns.scratchUsed;
    const to = resolveEscapes(this.#bytes, start, end, columns.scratch, from);
    columns.scratchUsed = to;
    columns.add(node, EntryKind.string, 1, this.#inner, from, to);
  }

  #literal(at: number, word: string, node: number, kind: number): number {
    if (at + word.length > this.#end) return INVALID;
    for (let i = 1; i < word.length; i += 1) {
      if (this.#bytes[at + i] !== word.charCodeAt(i)) return INVALID;
    }
    if (this.#paths.wanted(node)) {
      this.#columns.add(node, kind, this.#inScratch, this.#inner, at, at + word.length);
    }
    return at + word.length;
  }

  #holdsObject(start: number): boolean {
    return this.#bytes[this.#skipBlank(start)] === 0x7b;
  }

  #number(start: number): number {
    const bytes = this.#bytes;
    let at = bytes[start] === 0x2d ? start + 1 : start;
    if (bytes[at] === 0x30) at += 1;
    else {
      const digits = this.#digits(at);
      if (digits === at) return INVALID;
      at = digits;
    }
    if (at < this.#end && bytes[at] === 0x2e) {
      const digits = this.#digits(at + 1);
      if (digits === at + 1) return INVALID;
      at = digits;
    }
    if (at < this.#end && (bytes[at]! | 0x20) === 0x65) {
      const sign = bytes[at + 1] === 0x2b || bytes[at + 1] === 0x2d ? at + 2 : at + 1;
      const digits = this.#digits(sign);
      if (digits === sign) return INVALID;
      at = digits;
    }
    return at <= this.#end ? at : INVALID;
  }

  #digits(start: number): number {
    let at = start;
    while (at < this.#end && this.#bytes[at]! >= 0x30 && this.#bytes[at]! <= 0x39) at += 1;
    return at;
  }

  #skipBlank(start: number): number {
    const bytes = this.#bytes;
    let at = start;
    while (at < this.#end) {
      const byte = bytes[at]!;
      if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d && byte !== 0x0a) break;
      at += 1;
    }
    return at;
  }
}
