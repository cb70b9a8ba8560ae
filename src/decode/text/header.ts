import { keepBracketIds } from './bracket-ids.ts';
import {
  afterBlanks,
  afterDigits,
  afterRun,
  afterWord,
  asciiOf,
  isBlank,
  isDigit,
  isHexDigit,
  isLetter,
  wordsAnd,
} from './letters.ts';
import { afterAnyLevel, afterUpperLevel } from './levels.ts';
import { readPeculiarHeader } from './peculiar-headers.ts';
import type { Head, TextField, TextStart } from './text-field.ts';
import { timeAt } from './times.ts';

const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_PARENTHESIS, CLOSE_PARENTHESIS] = [0x5b, 0x5d, 0x28, 0x29];
const [DASH, BAR, COLON, GREATER, DOT, SLASH] = [0x2d, 0x7c, 0x3a, 0x3e, 0x2e, 0x2f];
const [SPACE, TAB, UNDERSCORE, DOLLAR] = [0x20, 0x09, 0x5f, 0x24];

const THREAD_LETTERS = wordsAnd('.#:/ -');
const CHANNEL_LETTERS = wordsAnd('-');
const MODULE_LETTERS = wordsAnd('.');
const NAME_LETTERS = wordsAnd('$-');
const PART_LETTERS = wordsAnd('$<>-');
const PLAIN_LOGGER_LETTERS = wordsAnd('$.:-');
const DASHES = asciiOf('---');
/** Separators of more bytes than one. */
const EN_DASH = asciiOf('–');
const GUILLEMET = asciiOf('»');

/** More words than these are no header. */
const MAX_TOKENS = 10;
/** A longer word is none of a header. */
const MAX_TOKEN_BYTES = 240;
const MAX_BRACKET_BYTES = 200;
const MAX_THREAD_BYTES = 80;
const MAX_CHANNEL_BYTES = 64;
const MAX_LOGGER_BYTES = 81;

/** What a word turned out to be for the header: none of it, a part, or its last part. */
const Step = { none: 0, part: 1, last: 2 } as const;
type Step = (typeof Step)[keyof typeof Step];

/** Reads the time, level, thread, logger and trace that most loggers print before the words. */
export function readHeader(head: Head): TextStart | undefined {
  return readPeculiarHeader(head) ?? new CommonHeader(head).read();
}

/** The header of a line, read word by word. */
class CommonHeader {
  readonly #bytes: Uint8Array;
  readonly #start: number;
  readonly #end: number;
  #at: number;
  readonly #fields: TextField[] = [];
  #hasLevel = false;
  #hasTime = false;
  #hasThread = false;
  #hasLogger = false;

  constructor({ bytes, start, end }: Head) {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.#at = start;
  }

  read(): TextStart | undefined {
    if (!this.#takeTime()) {
      const step = this.#takeFirstLevel();
      if (step === Step.none) return undefined;
      if (step === Step.last) return this.#closed();
    }
    for (let token = 0; token < MAX_TOKENS; token += 1) {
      this.#at = afterSpaces(this.#bytes, this.#at, this.#end);
      if (this.#takeToken(token === 0) !== Step.part) break;
    }
    return this.#closed();
  }

  #takeToken(isFirst: boolean): Step {
    const limit = Math.min(this.#end, this.#at + MAX_TOKEN_BYTES);
    return (
      this.#takeBrackets(limit) ||
      this.#takeSeparator(limit) ||
      this.#takeChannel(limit) ||
      this.#takeLevel(limit, isFirst) ||
      this.#takeProcess(limit) ||
      this.#takeThread(limit) ||
      this.#takeLogger(limit)
    );
  }

  #keep(name: string, from: number, to: number): void {
    this.#fields.push({ name, start: from - this.#start, end: to - this.#start });
  }

  #takeTime(): boolean {
    const time = timeAt(this.#bytes, this.#at, this.#end);
    if (time === undefined) return false;
    if (time.end > time.start) this.#keep('time', time.start, time.end);
    this.#at = time.after;
    this.#hasTime = true;
    return true;
  }

  /** A level before anything else, with a time or, as Python writes it, `:logger:` behind it. */
  #takeFirstLevel(): Step {
    const bytes = this.#bytes;
    const isBracketed = bytes[this.#at] === OPEN_BRACKET;
    const from = isBracketed ? this.#at + 1 : this.#at;
    const to = afterUpperLevel(bytes, from, this.#end);
    if (to === -1 || (isBracketed && (to === this.#end || bytes[to] !== CLOSE_BRACKET))) {
      return Step.none;
    }
    const after = isBracketed ? to + 1 : to;
    if (after < this.#end && !isBlank(bytes[after]!) && bytes[after] !== COLON) {
      if (bytes[after] !== BAR) return Step.none;
    }
    this.#keep('level', from, to);
    this.#hasLevel = true;
    this.#at = afterSpaces(bytes, after, this.#end);
    if (this.#takeTime() || after === this.#end || bytes[after] !== COLON) return Step.part;
    const logger = afterRun(bytes, after + 1, Math.min(this.#end, after + 101), MODULE_LETTERS);
    const isLogger =
      logger > after + 1 &&
      logger < Math.min(this.#end, this.#start + MAX_PYTHON_HEADER_BYTES) &&
      bytes[logger] === COLON;
    if (isLogger) this.#keep('logger', after + 1, logger);
    this.#at = (isLogger ? logger : after) + 1;
    return Step.last;
  }

  #takeBrackets(limit: number): Step {
    const bytes = this.#bytes;
    if (this.#at === this.#end || bytes[this.#at] !== OPEN_BRACKET) return Step.none;
    const from = this.#at + 1;
    const to = closingBracket(bytes, from, Math.min(limit, from + MAX_BRACKET_BYTES + 1));
    if (to === -1) return Step.none;
    const word = afterBlanks(bytes, from, to);
    const wordEnd = this.#hasLevel ? -1 : afterAnyLevel(bytes, word, to);
    if (wordEnd !== -1 && afterBlanks(bytes, wordEnd, to) === to) {
      this.#keep('level', word, wordEnd);
      this.#hasLevel = true;
    } else if (
      !keepBracketIds(bytes, from, to, this.#start, this.#fields) &&
      !isBlankOrNumber(bytes, from, to)
    ) {
      if (this.#hasThread && !this.#hasLevel) return Step.last;
      this.#keep('thread', from, to);
      this.#hasThread = true;
    }
    this.#at = to + 1;
    return Step.part;
  }

  #takeSeparator(limit: number): Step {
    const bytes = this.#bytes;
    const at = this.#at;
    const dashes = afterWord(bytes, at, limit, DASHES);
    const after = dashes === -1 ? afterSeparator(bytes, at, limit) : dashes;
    if (after === -1 || (after < limit && !isBlank(bytes[after]!))) return Step.none;
    this.#at = after;
    const isLast = this.#hasLevel && dashes === -1 && bytes[at] !== BAR;
    return isLast ? Step.last : Step.part;
  }

  /** `production.ERROR:`, as Monolog writes it. */
  #takeChannel(limit: number): Step {
    if (this.#hasLevel) return Step.none;
    const bytes = this.#bytes;
    const at = this.#at;
    const dot = afterRun(bytes, at, Math.min(limit, at + MAX_CHANNEL_BYTES), CHANNEL_LETTERS);
    if (dot === at || dot >= limit || bytes[dot] !== DOT) return Step.none;
    const colon = afterUpperLevel(bytes, dot + 1, limit);
    if (colon === -1 || colon + 1 >= limit || bytes[colon] !== COLON) return Step.none;
    if (!isBlank(bytes[colon + 1]!)) return Step.none;
    this.#keep('logger', at, dot);
    this.#keep('level', dot + 1, colon);
    this.#hasLevel = true;
    this.#at = colon + 1;
    return Step.last;
  }

  #takeLevel(limit: number, isFirst: boolean): Step {
    if (this.#hasLevel) return Step.none;
    const isBehindTime = isFirst && this.#hasTime;
    const after = (isBehindTime ? afterAnyLevel : afterUpperLevel)(this.#bytes, this.#at, limit);
    if (after === -1) return Step.none;
    this.#keep('level', this.#at, after);
    this.#hasLevel = true;
    return this.#goBehind(after);
  }

  /** Behind a word, and behind the colon that makes it the last. */
  #goBehind(after: number): Step {
    const isLast = after < this.#end && this.#bytes[after] === COLON;
    this.#at = isLast ? after + 1 : after;
    return isLast ? Step.last : Step.part;
  }

  /** The number of a process, which dashes or a bracket follow. */
  #takeProcess(limit: number): Step {
    const bytes = this.#bytes;
    const after = afterDigits(bytes, this.#at, limit, 1, 10);
    if (after === -1) return Step.none;
    const next = afterBlanks(bytes, after, limit);
    if (next === after || next === limit) return Step.none;
    const isFollowed = bytes[next] === OPEN_BRACKET || afterWord(bytes, next, limit, DASHES) !== -1;
    if (!isFollowed) return Step.none;
    this.#at = after;
    return Step.part;
  }

  /** A thread in parentheses. */
  #takeThread(limit: number): Step {
    const bytes = this.#bytes;
    if (this.#hasThread || this.#at >= limit || bytes[this.#at] !== OPEN_PARENTHESIS) {
      return Step.none;
    }
    const from = this.#at + 1;
    const to = afterRun(bytes, from, Math.min(limit, from + MAX_THREAD_BYTES), THREAD_LETTERS);
    const isClosed = to > from && to + 1 < limit && bytes[to] === CLOSE_PARENTHESIS;
    if (!isClosed || !isBlank(bytes[to + 1]!)) return Step.none;
    this.#keep('thread', from, to);
    this.#hasThread = true;
    this.#at = to + 1;
    return Step.part;
  }

  #takeLogger(limit: number): Step {
    if (this.#hasLogger) return Step.none;
    const after = afterLogger(this.#bytes, this.#at, limit);
    if (after === -1) return Step.none;
    this.#keep('logger', this.#at, after);
    this.#hasLogger = true;
    return this.#goBehind(after);
  }

  #closed(): TextStart {
    const message = afterSpaces(this.#bytes, this.#at, this.#end);
    const isMonitor = isInnodbMonitor(this.#bytes, message, this.#end);
    return {
      form: isMonitor ? 'innodb' : 'text',
      fields: this.#fields,
      message: message - this.#start,
      ...(isMonitor ? {} : { pairs: 'behind-words' }),
      goesOn: isMonitor ? 'to-end-mark' : 'always',
    };
  }
}

const MAX_PYTHON_HEADER_BYTES = 120;

/** The bracket that closes one, with no other between; else -1. */
function closingBracket(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end; at += 1) {
    if (bytes[at] === CLOSE_BRACKET) return at;
    if (bytes[at] === OPEN_BRACKET) return -1;
  }
  return -1;
}

function isBlankOrNumber(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    if (!isBlank(bytes[at]!) && !isDigit(bytes[at]!)) return false;
  }
  return true;
}

function afterSeparator(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) return -1;
  const byte = bytes[at]!;
  if (byte === DASH) return at + 1 < end && bytes[at + 1] === DASH ? at + 2 : at + 1;
  if (byte === BAR || byte === COLON || byte === GREATER) return at + 1;
  const dash = afterWord(bytes, at, end, EN_DASH);
  return dash === -1 ? afterWord(bytes, at, end, GUILLEMET) : dash;
}

/** Behind `com.example.Login`, `login/handler.go:60`, or a plain name that a dash or colon follows. */
function afterLogger(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end || !beginsName(bytes[at]!)) return -1;
  const path = afterPath(bytes, at, end);
  if (path !== -1) return path;
  const to = afterRun(bytes, at, Math.min(end, at + MAX_LOGGER_BYTES), PLAIN_LOGGER_LETTERS);
  const mark = afterBlanks(bytes, to, end);
  if (mark === to || mark + 1 >= end || !isBlank(bytes[mark + 1]!)) return -1;
  const byte = bytes[mark];
  return byte === DASH || byte === COLON || byte === BAR ? to : -1;
}

/** Behind a name of several parts, and the number of a line, that stand as a word of their own. */
function afterPath(bytes: Uint8Array, at: number, end: number): number {
  let to = afterRun(bytes, at, end, NAME_LETTERS);
  const first = to;
  while (to + 1 < end && (bytes[to] === DOT || bytes[to] === SLASH)) {
    const part = afterRun(bytes, to + 1, end, PART_LETTERS);
    if (part === to + 1) break;
    to = part;
  }
  if (to === first) return -1;
  if (to < end && bytes[to] === COLON) {
    const line = afterDigits(bytes, to + 1, end, 1, 6);
    if (line !== -1) to = line;
  }
  return endsPath(bytes, to, end) ? to : -1;
}

function endsPath(bytes: Uint8Array, at: number, end: number): boolean {
  if (at === end || isBlank(bytes[at]!)) return true;
  return bytes[at] === COLON && at + 1 < end && isBlank(bytes[at + 1]!);
}

function beginsName(byte: number): boolean {
  return isLetter(byte) || byte === UNDERSCORE || byte === DOLLAR;
}

const HEX_PREFIX = asciiOf('0x');
const INNODB_MONITOR = asciiOf('INNODB MONITOR OUTPUT');
const MAX_HEX_DIGITS = 16;

/** `0x7f12 INNODB MONITOR OUTPUT`. */
function isInnodbMonitor(bytes: Uint8Array, from: number, end: number): boolean {
  const prefix = afterWord(bytes, from, end, HEX_PREFIX);
  let at = prefix === -1 ? from : prefix;
  const limit = Math.min(end, at + MAX_HEX_DIGITS);
  while (at < limit && isHexDigit(bytes[at]!)) at += 1;
  if (at < end && bytes[at] === SPACE) at += 1;
  return afterWord(bytes, at, end, INNODB_MONITOR) !== -1;
}

function afterSpaces(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at += 1;
  return at;
}
