const HEX = new Int8Array(128).fill(-1);
for (let digit = 0; digit < 10; digit += 1) HEX[0x30 + digit] = digit;
for (let digit = 0; digit < 6; digit += 1) {
  HEX[0x41 + digit] = 10 + digit;
  HEX[0x61 + digit] = 10 + digit;
}

/** The byte that the letter after a backslash stands for; 0 where JSON knows no such escape. */
const SIMPLE = new Uint8Array(128);
for (const [letter, character] of [
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
] as const) {
  SIMPLE[letter.charCodeAt(0)] = character.charCodeAt(0);
}

/** The four hex digits at `at`, or -1 when they are no hex digits. */
export function hex4(bytes: Uint8Array, at: number): number {
  let code = 0;
  for (let i = at; i < at + 4; i += 1) {
    const digit = bytes[i]! < 128 ? HEX[bytes[i]!]! : -1;
    if (digit < 0) return -1;
    code = (code << 4) | digit;
  }
  return code;
}

/** True for a byte that may follow a backslash in JSON, `u` aside. */
export function isSimpleEscape(byte: number): boolean {
  return byte < 128 && SIMPLE[byte] !== 0;
}

/**
 * Resolves the escapes of a checked JSON string into UTF-8.
 * A lone surrogate becomes U+FFFD, as it does wherever JavaScript encodes it.
 * @returns the position after the last byte written; at most `end - start` bytes are written.
 */
export function resolveEscapes(
  bytes: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  targetStart: number,
): number {
  let out = targetStart;
  for (let i = start; i < end; i += 1) {
    const byte = bytes[i]!;
    if (byte !== 0x5c) {
      target[out++] = byte;
      continue;
    }
    i += 1;
    const letter = bytes[i]!;
    if (letter !== 0x75) {
      target[out++] = SIMPLE[letter]!;
      continue;
    }
    let code = hex4(bytes, i + 1);
    i += 4;
    if (code >= 0xd800 && code <= 0xdfff) {
      const low =
        code < 0xdc00 && bytes[i + 1] === 0x5c && bytes[i + 2] === 0x75 && i + 6 < end
          ? hex4(bytes, i + 3)
          : -1;
      if (low >= 0xdc00 && low <= 0xdfff) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        i += 6;
      } else {
        code = 0xfffd;
      }
    }
    if (code < 0x80) {
      target[out++] = code;
    } else if (code < 0x800) {
      target[out++] = 0xc0 | (code >> 6);
      target[out++] = 0x80 | (code & 0x3f);
    } else if (code < 0x10000) {
      target[out++] = 0xe0 | (code >> 12);
      target[out++] = 0x80 | ((code >> 6) & 0x3f);
      target[out++] = 0x80 | (code & 0x3f);
    } else {
      target[out++] = 0xf0 | (code >> 18);
      target[out++] = 0x80 | ((code >> 12) & 0x3f);
      target[out++] = 0x80 | ((code >> 6) & 0x3f);
      target[out++] = 0x80 | (code & 0x3f);
    }
  }
  return out;
}
