/** Whether lines run on into each other, as `isOrderFree` of the host tells it. */

import { input } from './memory';
import { key } from './paths';

const NEWLINE: u8 = 0x0a;
const RETURN: u8 = 0x0d;
const QUOTE: u8 = 0x22;
const BLANK: u8 = 0x20;
const OPEN_BRACE: u8 = 0x7b;

/** Markers without their opening quotes, each with its length before it. */
const MARKER_BYTES: i32 = 64;
const MAX_MARKERS: i32 = 32;
const markers: usize = heap.alloc(MAX_MARKERS * MARKER_BYTES);
let markerCount: i32 = 0;
/** 1 for the two bytes that a marker begins with. */
const begins: usize = heap.alloc(1 << 16);
memory.fill(begins, 0, 1 << 16);

/** Learns the marker in the first bytes of `key`. */
export function learnMarker(length: i32): void {
  if (markerCount == MAX_MARKERS || length >= MARKER_BYTES) return;
  const at = markers + markerCount * MARKER_BYTES;
  store<u8>(at, <u8>length);
  memory.copy(at + 1, key, length);
  store<u8>(begins + load<u16>(key), 1);
  markerCount++;
}

/** True when no line in the first bytes of the input may run on into another. */
export function isOrderFree(length: i32): bool {
  const to = input + length;
  let at = input;
  while (at < to) {
    const byte = load<u8>(at);
    if (byte == NEWLINE || byte == RETURN) {
      at++;
      continue;
    }
    if (byte != OPEN_BRACE) return false;
    at = afterLine(at + 1, to);
    if (at == 0) return false;
  }
  return true;
}

/** Newlines in the first bytes of the input. */
export function countNewlines(length: i32): i32 {
  const to = input + length;
  let at = input;
  let count = 0;
  for (; at + 16 <= to; at += 16) {
    count += popcnt(i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(NEWLINE))));
  }
  for (; at < to; at++) if (load<u8>(at) == NEWLINE) count++;
  return count;
}

/** @returns the place behind the newline that ends the line, or 0 when a marker stands in it */
function afterLine(from: usize, to: usize): usize {
  let at = from;
  while (at < to) {
    const bytes = v128.load(at);
    const found = v128.or(
      i8x16.eq(bytes, i8x16.splat(QUOTE)),
      i8x16.eq(bytes, i8x16.splat(NEWLINE)),
    );
    let mask = i8x16.bitmask(found);
    while (mask != 0) {
      const place = at + ctz(mask);
      mask &= mask - 1;
      if (place >= to) return to;
      if (load<u8>(place) == NEWLINE) return place + 1;
      if (load<u8>(begins + load<u16>(place + 1)) == 1 && isMarker(place + 1)) return 0;
    }
    at += 16;
  }
  return to;
}

/** Blanks may stand around the colon. */
function isMarker(start: usize): bool {
  for (let i = 0; i < markerCount; i++) {
    const marker = markers + i * MARKER_BYTES;
    const end = marker + 1 + load<u8>(marker);
    let at = start;
    let wanted = marker + 1;
    for (; wanted < end; wanted++) {
      const byte = load<u8>(wanted);
      while (load<u8>(at) == BLANK && byte != BLANK) at++;
      if (load<u8>(at) != byte) break;
      at++;
    }
    if (wanted == end) return true;
  }
  return false;
}
