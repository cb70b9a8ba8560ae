import type { Kernel } from './kernel/kernel.ts';
import { RUN_ON_MARKERS } from './run-on-markers.ts';

const [QUOTE, NEWLINE, RETURN, BRACE, BLANK, BACKSLASH] = [0x22, 0x0a, 0x0d, 0x7b, 0x20, 0x5c];

/** 1 for the two bytes that a marker begins with; few other names begin so. */
const BEGINS = new Uint8Array(1 << 16);
for (const [first, second] of RUN_ON_MARKERS) BEGINS[first! | (second! << 8)] = 1;

/**
 * Counts lines of which every one is a JSON object that neither goes on with a line before it nor is
 * gone on with: such a part of a stream may be decoded apart from the others. A part that could be
 * is now and then held to be none; the reverse never happens.
 * @param bytes whole lines of a stream whose form is `lines`
 * @param kernel looks faster, where there is one
 * @returns undefined when a line may run on into another
 */
export function orderFreeLines(bytes: Uint8Array, kernel?: Kernel): number | undefined {
  if (kernel === undefined) return linesOf(bytes);
  let lines = 0;
  for (let from = 0; from < bytes.length; ) {
    const room = from + kernel.input.length;
    const to = room >= bytes.length ? bytes.length : bytes.lastIndexOf(NEWLINE, room - 1) + 1;
    const part = bytes.subarray(from, to > from ? to : bytes.length);
    const more = to > from ? kernel.orderFreeLines(part) : linesOf(part);
    if (more === undefined) return undefined;
    lines += more;
    from += part.length;
  }
  return lines;
}

function linesOf(bytes: Uint8Array): number | undefined {
  let lines = 0;
  let isLineStart = true;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (byte === NEWLINE) {
      lines += 1;
      isLineStart = true;
    } else if (isLineStart) {
      if (byte === RETURN) continue;
      if (byte !== BRACE) return undefined;
      isLineStart = false;
    } else if (byte === QUOTE) {
      const mayBegin = BEGINS[bytes[at + 1]! | (bytes[at + 2]! << 8)] === 1;
      if (mayBegin && isMarker(bytes, at + 1)) return undefined;
    } else if (byte === BACKSLASH && hidesLetter(bytes, at + 1)) {
      return undefined;
    }
  }
  return lines;
}

/** Whether a letter or dot stands as its code behind a backslash: nobody needs that, but a marker may. */
function hidesLetter(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== 0x75 || bytes[at + 1] !== 0x30 || bytes[at + 2] !== 0x30) return false;
  const upper = bytes[at + 3]!;
  const isDot = upper === 0x32 && (bytes[at + 4]! | 0x20) === 0x65;
  return isDot || (upper >= 0x34 && upper <= 0x37);
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
