import type { Kernel } from './kernel/kernel.ts';
import { RUN_ON_MARKERS } from './run-on-markers.ts';

const [QUOTE, NEWLINE, BRACE, BLANK] = [0x22, 0x0a, 0x7b, 0x20];

/** 1 for the two bytes that a marker begins with; few other names begin so. */
const BEGINS = new Uint8Array(1 << 16);
for (const [first, second] of RUN_ON_MARKERS) BEGINS[first! | (second! << 8)] = 1;

/**
 * True when every line of the bytes is a JSON object that neither goes on with a line before it
 * nor is gone on with: such a part of a stream may be decoded apart from the others. A part that
 * could be is now and then held to be none; the reverse never happens.
 * @param bytes whole lines of a stream whose form is `lines`
 * @param kernel looks faster, where there is one
 */
export function isOrderFree(bytes: Uint8Array, kernel?: Kernel): boolean {
  if (kernel === undefined) return areOrderFree(bytes);
  let from = 0;
  while (from < bytes.length) {
    const to = from + kernel.input.length;
    const until = to >= bytes.length ? bytes.length : bytes.lastIndexOf(NEWLINE, to - 1) + 1;
    if (until <= from) return areOrderFree(bytes.subarray(from));
    if (!kernel.isOrderFree(bytes.subarray(from, until))) return false;
    from = until;
  }
  return true;
}

function areOrderFree(bytes: Uint8Array): boolean {
  let lineStart = true;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (lineStart) {
      if (byte === NEWLINE || byte === 0x0d) continue;
      if (byte !== BRACE) return false;
      lineStart = false;
    } else if (byte === QUOTE) {
      if (BEGINS[bytes[at + 1]! | (bytes[at + 2]! << 8)] === 1 && isMarker(bytes, at + 1)) {
        return false;
      }
    } else if (byte === NEWLINE) {
      lineStart = true;
    }
  }
  return true;
}

/** Blanks may stand around the colon. */
function isMarker(bytes: Uint8Array, start: number): boolean {
  for (const marker of RUN_ON_MARKERS) {
    let at = start;
    let matched = 0;
    for (; matched < marker.length; matched += 1) {
      const wanted = marker[matched]!;
      while (bytes[at] === BLANK && wanted !== BLANK) at += 1;
      if (bytes[at] !== wanted) break;
      at += 1;
    }
    if (matched === marker.length) return true;
  }
  return false;
}
