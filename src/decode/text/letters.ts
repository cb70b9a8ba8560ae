/** What a byte of a line is. Text is read as its bytes: all that headers are made of is ASCII. */

const Kind = { digit: 1, letter: 2, underscore: 4, blank: 8 } as const;
const KINDS = new Uint8Array(256);
for (let byte = 0x30; byte <= 0x39; byte += 1) KINDS[byte] = Kind.digit;
for (let byte = 0x41; byte <= 0x5a; byte += 1) KINDS[byte] = KINDS[byte + 0x20] = Kind.letter;
KINDS[0x5f] = Kind.underscore;
// Not the last byte of a blank that does not break: 无, 加 and 删 end in it as well.
for (const byte of [0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20]) KINDS[byte] = Kind.blank;

export const isDigit = (byte: number): boolean => KINDS[byte] === Kind.digit;
export const isLetter = (byte: number): boolean => KINDS[byte] === Kind.letter;
export const isBlank = (byte: number): boolean => KINDS[byte] === Kind.blank;
/** A letter, a digit or an underscore. */
export const isWord = (byte: number): boolean =>
  (KINDS[byte]! & (Kind.letter | Kind.digit | Kind.underscore)) !== 0;
export const isHexDigit = (byte: number): boolean =>
  isDigit(byte) || (byte >= 0x61 && byte <= 0x66);

/** 1 for each byte of the set. */
export type ByteSet = Uint8Array;

export function setOf(isIn: (byte: number) => boolean): ByteSet {
  return Uint8Array.from({ length: 256 }, (_, byte) => (isIn(byte) ? 1 : 0));
}

export const byteSet = (letters: string): ByteSet =>
  setOf((byte) => letters.includes(String.fromCharCode(byte)));

/** What {@link isWord} is true of, and some others. */
export const wordsAnd = (others: string): ByteSet =>
  setOf((byte) => isWord(byte) || others.includes(String.fromCharCode(byte)));

/** Behind the longest run of bytes of a set that begins at `at`. */
export function afterRun(bytes: Uint8Array, at: number, end: number, set: ByteSet): number {
  let to = at;
  while (to < end && set[bytes[to]!] === 1) to += 1;
  return to;
}

/** Behind at most `most` digits; -1 when fewer than `least` stand there. */
export function afterDigits(
  bytes: Uint8Array,
  at: number,
  end: number,
  least: number,
  most: number,
): number {
  const limit = Math.min(end, at + most);
  let to = at;
  while (to < limit && isDigit(bytes[to]!)) to += 1;
  return to - at < least ? -1 : to;
}

export function afterBlanks(bytes: Uint8Array, at: number, end: number): number {
  let to = at;
  while (to < end && isBlank(bytes[to]!)) to += 1;
  return to;
}

/** Behind what is made of ASCII, as `asciiOf` gives it; -1 when it does not stand there. */
export function afterWord(bytes: Uint8Array, at: number, end: number, word: Uint8Array): number {
  if (at + word.length > end) return -1;
  for (let i = 0; i < word.length; i += 1) if (bytes[at + i] !== word[i]) return -1;
  return at + word.length;
}

export const asciiOf = (text: string): Uint8Array => new TextEncoder().encode(text);
