/**
 * Trace and span ids under the many coats they come in, as lower-case hex.
 *
 * OTLP/JSON wants hex; Tempo writes the base64 of the bytes; and where a hex id was once taken
 * for base64, 32 hex digits became 24 bytes, which stand as 48 hex digits or again as base64.
 */

const HEX_DIGITS = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));

const HEX = new Uint8Array(256).fill(255);
for (let value = 0; value < 16; value += 1) {
  HEX[HEX_DIGITS[value]!] = value;
  if (value > 9) HEX[HEX_DIGITS[value]! - 0x20] = value;
}

const BASE64 = new Uint8Array(256).fill(255);
const BASE64_DIGITS = Uint8Array.from(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  (digit) => digit.charCodeAt(0),
);
for (let value = 0; value < 64; value += 1) BASE64[BASE64_DIGITS[value]!] = value;
// The alphabet for URLs.
BASE64[0x2d] = 62;
BASE64[0x5f] = 63;

/** No id has more bytes or characters. */
const MAX_BYTES = 64;

const raw = new Uint8Array(MAX_BYTES);

/**
 * Writes the bytes of an id as hex into `target`, which must have room for twice as many.
 * @returns the position after the last digit; `at` itself for an id of zeros or none at all.
 */
export function writeIdBytes(
  bytes: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): number {
  const length = end - start;
  if (length === 0 || length > MAX_BYTES || isFilledWith(0, bytes, start, end)) return at;
  if ((length === 16 || length === 32) && isHex(bytes, start, end)) {
    return copyHex(bytes, start, end, target, at);
  }
  if (length === 12 || length === 24) return writeRepaired(bytes, start, end, target, at);
  for (let from = start; from < end; from += 1) {
    target[at] = HEX_DIGITS[bytes[from]! >> 4]!;
    target[at + 1] = HEX_DIGITS[bytes[from]! & 15]!;
    at += 2;
  }
  return at;
}

/**
 * Writes an id that stands as text into `target`, which must have room for twice as many bytes.
 * Text of no known coat is copied.
 * @returns the position after the last byte; `at` itself for an id of zeros or none at all.
 */
export function writeIdText(
  bytes: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): number {
  const length = end - start;
  if (length === 0 || isFilledWith(0x30, bytes, start, end)) return at;
  if ((length === 48 || length === 24) && isHex(bytes, start, end)) {
    for (let i = 0; i < length; i += 2) {
      raw[i >> 1] = (HEX[bytes[start + i]!]! << 4) | HEX[bytes[start + i + 1]!]!;
    }
    return writeRepaired(raw, 0, length >> 1, target, at);
  }
  if (isHex(bytes, start, end)) return copyHex(bytes, start, end, target, at);
  const decoded = length <= MAX_BYTES ? decodeBase64(bytes, start, end) : 0;
  // Bytes of trace and span ids, and the text of their hex digits.
  if (decoded === 8 || decoded === 16 || decoded === 32) {
    return writeIdBytes(raw, 0, decoded, target, at);
  }
  target.set(bytes.subarray(start, end), at);
  return at + length;
}

/** True when {@link writeIdText} would leave the text as it is. */
export function isPlainId(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (length !== 32 && length !== 16) return false;
  let isZero = true;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at]!;
    if (HEX[byte] === 255 || (byte & 0x60) === 0x40) return false;
    if (byte !== 0x30) isZero = false;
  }
  return !isZero;
}

/** Base64 of the bytes, which are hex digits that were once decoded as base64. */
function writeRepaired(
  bytes: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): number {
  for (let from = start; from < end; from += 3) {
    const group = (bytes[from]! << 16) | (bytes[from + 1]! << 8) | bytes[from + 2]!;
    target[at] = BASE64_DIGITS[group >> 18]!;
    target[at + 1] = BASE64_DIGITS[(group >> 12) & 63]!;
    target[at + 2] = BASE64_DIGITS[(group >> 6) & 63]!;
    target[at + 3] = BASE64_DIGITS[group & 63]!;
    at += 4;
  }
  return at;
}

/** @returns the number of bytes now in `raw`; 0 when the text is no base64. */
function decodeBase64(bytes: Uint8Array, start: number, end: number): number {
  let last = end;
  while (last > start && bytes[last - 1] === 0x3d) last -= 1;
  if (end - last > 2) return 0;
  let bits = 0;
  let held = 0;
  let length = 0;
  for (let from = start; from < last; from += 1) {
    const value = BASE64[bytes[from]!]!;
    if (value === 255) return 0;
    held = ((held << 6) | value) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    raw[length] = (held >> bits) & 255;
    length += 1;
  }
  return bits < 6 ? length : 0;
}

function isHex(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (HEX[bytes[at]!] === 255) return false;
  return end > start;
}

function copyHex(
  bytes: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): number {
  for (let from = start; from < end; from += 1, at += 1) {
    target[at] = HEX_DIGITS[HEX[bytes[from]!]!]!;
  }
  return at;
}

function isFilledWith(value: number, bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] !== value) return false;
  return true;
}
