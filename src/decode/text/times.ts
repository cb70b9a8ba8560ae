import { afterDigits, afterWord, asciiOf, isBlank, isDigit } from './letters.ts';

const [DASH, SLASH, COLON, COMMA, DOT, SPACE] = [0x2d, 0x2f, 0x3a, 0x2c, 0x2e, 0x20];
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_PARENTHESIS, BAR, PLUS] = [0x5b, 0x5d, 0x28, 0x7c, 0x2b];
const [LETTER_T, LETTER_Z] = [0x54, 0x5a];

const DATE_AND_CLOCK = '0000-00-00 00:00:00';
const CLOCK = '00:00:00';

/** A time at the beginning of a line or behind its level. */
export interface FoundTime {
  /** The time itself, without brackets; empty for a clock without a date, which says nothing. */
  readonly start: number;
  readonly end: number;
  /** Behind its bracket. */
  readonly after: number;
}

/**
 * `2026-11-26 10:00:00.123`, `[2026/11/26T10:00:00+08:00]` or `10:00:00.123`. A fraction and a zone
 * belong to it where something that ends a time stands behind them.
 */
export function timeAt(bytes: Uint8Array, at: number, end: number): FoundTime | undefined {
  const start = bytes[at] === OPEN_BRACKET ? at + 1 : at;
  if (start >= end || !isDigit(bytes[start]!)) return undefined;
  const clock = afterShape(bytes, start, end, CLOCK);
  if (clock !== -1) {
    const fraction = afterFraction(bytes, clock, end, 6);
    const after = fraction === clock ? -1 : behindTime(bytes, fraction, end);
    return after === -1 ? undefined : { start, end: start, after };
  }
  const seconds = afterShape(bytes, start, end, DATE_AND_CLOCK);
  if (seconds === -1) return undefined;
  const fraction = afterFraction(bytes, seconds, end, 9);
  for (const to of [afterZone(bytes, fraction, end), fraction, seconds]) {
    const after = behindTime(bytes, to, end);
    if (after !== -1) return { start, end: to, after };
  }
  return undefined;
}

/** Behind `2026-11-26T10:00:00`, then a fraction and a zone, of which the latter must be there; else -1. */
export function afterZonedTime(bytes: Uint8Array, at: number, end: number): number {
  const seconds = bytes[at + 10] === LETTER_T ? afterShape(bytes, at, end, DATE_AND_CLOCK) : -1;
  if (seconds === -1 || bytes[at + 4] !== DASH || bytes[at + 7] !== DASH) return -1;
  const fraction = bytes[seconds] === DOT ? afterFraction(bytes, seconds, end, 9) : seconds;
  const zone = afterOffset(bytes, fraction, end);
  return zone === fraction ? -1 : zone;
}

/**
 * Behind a time that is written in a shape: in it `0` is a digit, a blank both a `T` and a blank, a
 * dash both `-` and `/`, any other letter itself. -1 when it does not stand there.
 */
export function afterShape(bytes: Uint8Array, at: number, end: number, shape: string): number {
  if (at + shape.length > end) return -1;
  for (let i = 0; i < shape.length; i += 1) {
    const byte = bytes[at + i]!;
    const letter = shape.charCodeAt(i);
    switch (letter) {
      case 0x30:
        if (!isDigit(byte)) return -1;
        break;
      case SPACE:
        if (byte !== SPACE && byte !== LETTER_T) return -1;
        break;
      case DASH:
        if (byte !== DASH && byte !== SLASH) return -1;
        break;
      default:
        if (byte !== letter) return -1;
    }
  }
  return at + shape.length;
}

function afterFraction(bytes: Uint8Array, at: number, end: number, most: number): number {
  if (at >= end || (bytes[at] !== DOT && bytes[at] !== COMMA)) return at;
  const to = afterDigits(bytes, at + 1, end, 1, most);
  return to === -1 ? at : to;
}

const ZONE_NAMES = ['UTC', 'GMT'].map(asciiOf);

/** A blank may stand before it. */
function afterZone(bytes: Uint8Array, at: number, end: number): number {
  const from = bytes[at] === SPACE ? at + 1 : at;
  for (const name of ZONE_NAMES) {
    const after = afterWord(bytes, from, end, name);
    if (after !== -1) return after;
  }
  const to = afterOffset(bytes, from, end);
  return to === from ? at : to;
}

/** Behind `Z`, `+0800` or `+08:00`; `at` where none stands. */
function afterOffset(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) return at;
  if (bytes[at] === LETTER_Z) return at + 1;
  if (bytes[at] !== PLUS && bytes[at] !== DASH) return at;
  const hours = afterDigits(bytes, at + 1, end, 2, 2);
  if (hours === -1) return at;
  const minutes = afterDigits(bytes, bytes[hours] === COLON ? hours + 1 : hours, end, 2, 2);
  return minutes === -1 ? at : minutes;
}

/** Behind the bracket that may close a time; -1 where what follows ends no time. */
function behindTime(bytes: Uint8Array, at: number, end: number): number {
  const to = at < end && bytes[at] === CLOSE_BRACKET ? at + 1 : at;
  if (to === end) return to;
  const byte = bytes[to]!;
  const ends =
    isBlank(byte) ||
    byte === BAR ||
    byte === COLON ||
    byte === COMMA ||
    byte === OPEN_BRACKET ||
    byte === OPEN_PARENTHESIS ||
    byte === DASH;
  return ends ? to : -1;
}
