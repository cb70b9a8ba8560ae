/** Bytes as a text of one character each, the form encodings are chained in. */
export type BinaryText = string;

/** UTF-8 bytes of a text. */
export function utf8(text: string): BinaryText {
  return binaryText(new TextEncoder().encode(text));
}

export function utf16(text: string, order: 'little' | 'big'): BinaryText {
  let bytes = '';
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const low = String.fromCharCode(unit & 0xff);
    const high = String.fromCharCode(unit >> 8);
    bytes += order === 'little' ? low + high : high + low;
  }
  return bytes;
}

/** What `utf16` puts first: the byte order mark of little-endian text. */
export const UTF16_MARK: BinaryText = '\xff\xfe';

function binaryText(bytes: Uint8Array): BinaryText {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function base64(bytes: BinaryText): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const word =
      (bytes.charCodeAt(i) << 16) |
      ((left > 1 ? bytes.charCodeAt(i + 1) : 0) << 8) |
      (left > 2 ? bytes.charCodeAt(i + 2) : 0);
    text += ALPHABET[word >> 18] + ALPHABET[(word >> 12) & 63];
    text += left > 1 ? ALPHABET[(word >> 6) & 63] : '=';
    text += left > 2 ? ALPHABET[word & 63] : '=';
  }
  return text;
}

/** Characters at the start that depend on what stands before, by offset in the group of three. */
const UNSURE_START = [0, 2, 3];
/** Likewise at the end, by the length of offset and bytes modulo three. */
const UNSURE_END = [0, 3, 2];

/**
 * What is sure to stand in the Base64 form of any bytes that contain these, for each of the three
 * places they can take in a group. An entry is empty when the bytes are too few to tell.
 */
export function base64Offsets(bytes: BinaryText): readonly string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = base64(' '.repeat(offset) + bytes);
    const unsure = UNSURE_END[(offset + bytes.length) % 3];
    return encoded.slice(UNSURE_START[offset], encoded.length - unsure);
  });
}

/** What Windows accepts in front of a command-line flag. */
const DASHES = ['-', '/', '\u2013', '\u2014', '\u2015'];
const WORD = /[\p{L}\p{N}_]/u;

/**
 * All forms of a text whose flag dashes are exchanged for each other. A flag dash has a word
 * behind it and none before it: `--x` has one, `a-b` none.
 * @returns undefined when there would be more than `limit` forms.
 */
export function dashForms(text: string, limit: number): readonly string[] | undefined {
  let forms = [''];
  for (let i = 0; i < text.length; i++) {
    const isFlag =
      DASHES.includes(text[i]) &&
      (i === 0 || !WORD.test(text[i - 1])) &&
      i + 1 < text.length &&
      WORD.test(text[i + 1]);
    if (!isFlag) {
      forms = forms.map((form) => form + text[i]);
      continue;
    }
    if (forms.length * DASHES.length > limit) return undefined;
    forms = forms.flatMap((form) => DASHES.map((dash) => form + dash));
  }
  return forms;
}
