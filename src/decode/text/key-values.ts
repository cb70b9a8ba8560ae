import { afterRun, afterWord, asciiOf, isBlank, isLetter, setOf, wordsAnd } from './letters.ts';
import type { Head, TextStart } from './text-field.ts';

const [EQUALS, QUOTE, BACKSLASH, COMMA, SEMICOLON] = [0x3d, 0x22, 0x5c, 0x2c, 0x3b];
const [AT_SIGN, UNDERSCORE, LINE_FEED, RETURN] = [0x40, 0x5f, 0x0a, 0x0d];

/** Pairs that many loggers put first on a line of nothing but pairs. */
const FIRST_NAMES = ['time', 'ts', 't', 'at', 'timestamp', 'level', 'lvl', 'severity', 'msg'].map(
  (name) => asciiOf(`${name}=`),
);
const NAME_LETTERS = wordsAnd('.@/-');
const MAX_NAME_BYTES = 64;
/** What ends no value: neither blanks nor quotes, and no comma or semicolon, which may. */
const BARE_LETTERS = setOf((byte) => byte !== QUOTE && !partsPairs(byte));

/** A line with more pairs is a dump, of which the first are kept. */
const MAX_PAIRS = 128;

/** Places of `name=value` pairs, quotes around the values left out. Used again and again. */
export class Pairs {
  count = 0;
  readonly nameStart: Uint32Array = new Uint32Array(MAX_PAIRS);
  readonly nameEnd: Uint32Array = new Uint32Array(MAX_PAIRS);
  readonly start: Uint32Array = new Uint32Array(MAX_PAIRS);
  readonly end: Uint32Array = new Uint32Array(MAX_PAIRS);
  /** 1 for a value that stood in quotes, with backslashes before what could not stand there. */
  readonly isEscaped: Uint8Array = new Uint8Array(MAX_PAIRS);
  /** Where something stood that is no pair. */
  #stoppedAt = 0;

  /** Reads the pairs from a place to the end. @returns false when something else stands there. */
  read(bytes: Uint8Array, from: number, end: number): boolean {
    this.count = 0;
    let at = from;
    while (at < end && this.count < MAX_PAIRS) {
      const equals = nameEndAt(bytes, at, end);
      this.#stoppedAt = equals === -1 ? at : equals;
      if (equals === -1) return false;
      const isQuoted = equals + 1 < end && bytes[equals + 1] === QUOTE;
      const after = isQuoted
        ? this.#quotedEnd(bytes, equals + 2, end)
        : bareEnd(bytes, equals + 1, end);
      if (after === -1) return false;
      const pair = this.count;
      this.nameStart[pair] = at;
      this.nameEnd[pair] = equals;
      this.start[pair] = isQuoted ? equals + 2 : equals + 1;
      this.end[pair] = isQuoted ? after - 1 : after;
      if (!isQuoted) this.isEscaped[pair] = 0;
      this.count = pair + 1;
      at = after;
      while (at < end && partsPairs(bytes[at]!)) at += 1;
    }
    return true;
  }

  /**
   * Reads the pairs behind the words of a message, when they go on to the end.
   * @returns where the words end; -1 when no pairs stand behind them.
   */
  readBehindWords(bytes: Uint8Array, from: number, end: number): number {
    for (let tries = 0, at = from; tries < MAX_TRIES; tries += 1) {
      const start = firstName(bytes, at, end);
      if (start === -1) return -1;
      if (this.read(bytes, start, end)) return start === from ? start : start - 1;
      // Whatever pair is begun before, it is the same place that stops it.
      at = this.#stoppedAt;
    }
    return -1;
  }

  /** Behind the quote that closes the open pair, where the pair ends there; else -1. */
  #quotedEnd(bytes: Uint8Array, from: number, end: number): number {
    let isEscaped = 0;
    for (let at = from; at < end; at += 1) {
      const byte = bytes[at]!;
      if (byte === QUOTE) {
        this.isEscaped[this.count] = isEscaped;
        return at + 1 === end || partsPairs(bytes[at + 1]!) ? at + 1 : -1;
      }
      if (byte !== BACKSLASH) continue;
      isEscaped = 1;
      at += 1;
      if (bytes[at] === RETURN || bytes[at] === LINE_FEED) return -1;
    }
    return -1;
  }
}

/** Words like `state=3` may stand in a sentence; so many are looked past. */
const MAX_TRIES = 4;

const logfmt = new Pairs();

/** Reads a line of nothing but `name=value` pairs, as logrus and slog write them. */
export function readLogfmt({ bytes, start, end }: Head): TextStart | undefined {
  if (!FIRST_NAMES.some((name) => afterWord(bytes, start, end, name) !== -1)) return undefined;
  if (!logfmt.read(bytes, start, end) || logfmt.count < 2) return undefined;
  return { form: 'logfmt', fields: [], message: end - start, pairs: 'alone', goesOn: 'never' };
}

/** The first name before an equals sign, at `from` or behind a blank; else -1. */
function firstName(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end; at += 1) {
    if ((at === from || isBlank(bytes[at - 1]!)) && nameEndAt(bytes, at, end) !== -1) return at;
  }
  return -1;
}

/** Where the name that begins at `at` ends in an equals sign; -1 where none stands. */
function nameEndAt(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at]!;
  if (!isLetter(first) && first !== UNDERSCORE && first !== AT_SIGN) return -1;
  const to = afterRun(bytes, at + 1, Math.min(end, at + MAX_NAME_BYTES), NAME_LETTERS);
  return to < end && bytes[to] === EQUALS ? to : -1;
}

/** Behind a value without quotes; where a quote stands in it, it ends before the last comma. */
function bareEnd(bytes: Uint8Array, from: number, end: number): number {
  let lastComma = -1;
  for (let at = from; ; at += 1) {
    at = afterRun(bytes, at, end, BARE_LETTERS);
    if (at === end || isBlank(bytes[at]!)) return at;
    if (bytes[at] === QUOTE) return lastComma;
    lastComma = at;
  }
}

function partsPairs(byte: number): boolean {
  return isBlank(byte) || byte === COMMA || byte === SEMICOLON;
}
