import { asciiOf, isBlank } from './letters.ts';

const WORDS =
  'TRACE DEBUG INFO NOTICE WARN WARNING ERROR ERR FATAL CRITICAL CRIT SEVERE ALERT EMERG PANIC DPANIC LOG DETAIL STATEMENT HINT'.split(
    ' ',
  );
/** Right behind a time other words are levels, too, and small letters do. */
const OTHER_WORDS = 'INFORMATION VERBOSE FAIL T D I W E F'.split(' ');

/** By the byte they begin with. */
type Words = readonly (readonly Uint8Array[] | undefined)[];

const UPPER = byFirstByte(WORDS, false);
const ANY = byFirstByte([...WORDS, ...OTHER_WORDS], true);

function byFirstByte(words: readonly string[], isAnyCase: boolean): Words {
  const table: Uint8Array[][] = [];
  for (const word of words) {
    const letters = asciiOf(isAnyCase ? word.toLowerCase() : word);
    for (const first of new Set([letters[0]!, word.charCodeAt(0)])) {
      table[first] = [...(table[first] ?? []), letters];
    }
  }
  return Array.from({ length: 256 }, (_, byte) => table[byte]);
}

/** Behind the level in capital letters that stands as a word of its own; else -1. */
export const afterUpperLevel = (bytes: Uint8Array, at: number, end: number): number =>
  afterLevel(bytes, at, end, UPPER, 0);

/** Behind a level however it is written. */
export const afterAnyLevel = (bytes: Uint8Array, at: number, end: number): number =>
  afterLevel(bytes, at, end, ANY, SMALL);

/** The bit that makes a letter small. */
const SMALL = 0x20;

function afterLevel(
  bytes: Uint8Array,
  at: number,
  end: number,
  words: Words,
  ignored: number,
): number {
  if (at >= end) return -1;
  for (const word of words[bytes[at]!] ?? NONE) {
    const to = at + word.length;
    if (to > end || !endsLevel(bytes, to, end)) continue;
    let i = 1;
    while (i < word.length && (bytes[at + i]! | ignored) === word[i]) i += 1;
    if (i === word.length) return to;
  }
  return -1;
}

const NONE: readonly Uint8Array[] = [];

function endsLevel(bytes: Uint8Array, at: number, end: number): boolean {
  if (at === end) return true;
  const byte = bytes[at]!;
  return isBlank(byte) || byte === 0x3a || byte === 0x5d || byte === 0x7c || byte === 0x2c;
}
