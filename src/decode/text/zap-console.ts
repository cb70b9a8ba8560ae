import {
  afterDigits,
  afterRun,
  afterWord,
  asciiOf,
  isBlank,
  isDigit,
  wordsAnd,
} from './letters.ts';
import type { Head, TextField, TextStart } from './text-field.ts';
import { afterZonedTime } from './times.ts';

const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'DPANIC', 'PANIC', 'FATAL']
  .flatMap((level) => [level, level.toLowerCase()])
  .map((level) => asciiOf(`${level}\t`));
const CALLER_LETTERS = wordsAnd('./@-');
const NAME_LETTERS = wordsAnd('.-');
const GO_FILE = asciiOf('.go');
const EXPONENT = asciiOf('e+09');
const MAX_CALLER_BYTES = 256;
const MAX_NAME_BYTES = 128;

const [TAB, COLON, DOT, OPEN_BRACE, CLOSE_BRACE] = [0x09, 0x3a, 0x2e, 0x7b, 0x7d];

/** Reads zap's console encoding: columns with tabs between them, the fields as JSON in the last. */
export function readZapConsole({ bytes, start, end }: Head): TextStart | undefined {
  const time = afterTime(bytes, start, end);
  if (time === -1 || time === end || bytes[time] !== TAB) return undefined;
  const columns = afterLevel(bytes, time + 1, end);
  if (columns === -1) return undefined;
  const fields: TextField[] = [
    { name: 'ts', start: 0, end: time - start },
    { name: 'level', start: time + 1 - start, end: columns - 1 - start },
  ];
  let at = columns;
  let column = columnEnd(bytes, at, end);
  if (column < end && isName(bytes, at, column)) {
    const next = columnEnd(bytes, column + 1, end);
    if (isCaller(bytes, column + 1, next)) {
      fields.push({ name: 'logger', start: at - start, end: column - start });
      at = column + 1;
      column = next;
    }
  }
  if (isCaller(bytes, at, column)) {
    fields.push({ name: 'caller', start: at - start, end: column - start });
    at = Math.min(column + 1, end);
  }
  const json = lastObject(bytes, at, end);
  return {
    form: 'zap-console',
    fields,
    message: at - start,
    ...(json === -1 ? {} : { messageEnd: json - 1 - start, json: json - start }),
    goesOn: 'always',
  };
}

/** Behind a time with a zone, or seconds since 1970 as `1.794969025e+09`; else -1. */
function afterTime(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end || !isDigit(bytes[start]!)) return -1;
  if (bytes[start + 1] !== DOT) return afterZonedTime(bytes, start, end);
  const digits = afterDigits(bytes, start + 2, end, 1, 20);
  return digits === -1 ? -1 : afterWord(bytes, digits, end, EXPONENT);
}

/** Behind a level and its tab. */
function afterLevel(bytes: Uint8Array, at: number, end: number): number {
  for (const level of LEVELS) {
    const after = afterWord(bytes, at, end, level);
    if (after !== -1) return after;
  }
  return -1;
}

function columnEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] !== TAB) at += 1;
  return at;
}

function isName(bytes: Uint8Array, from: number, to: number): boolean {
  return to > from && to - from <= MAX_NAME_BYTES && afterRun(bytes, from, to, NAME_LETTERS) === to;
}

/** `login/handler.go:60`. */
function isCaller(bytes: Uint8Array, from: number, to: number): boolean {
  const colon = afterRun(bytes, from, to, CALLER_LETTERS);
  const name = colon - GO_FILE.length;
  if (name <= from || name - from > MAX_CALLER_BYTES || bytes[colon] !== COLON) return false;
  if (afterWord(bytes, name, colon, GO_FILE) === -1) return false;
  return afterDigits(bytes, colon + 1, to, 1, 7) === to;
}

/** The last column, where it begins as an object and the line ends as one; else -1. */
function lastObject(bytes: Uint8Array, from: number, end: number): number {
  let last = end;
  while (last > from && isBlank(bytes[last - 1]!)) last -= 1;
  if (last === from || bytes[last - 1] !== CLOSE_BRACE) return -1;
  for (let at = end - 1; at > from; at -= 1) {
    if (bytes[at] === OPEN_BRACE && bytes[at - 1] === TAB) return at;
  }
  return -1;
}
