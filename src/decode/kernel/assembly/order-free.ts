/** Whether lines run on into each other, as `orderFreeLines` of the host tells it. */

import { input } from './memory';
import { key } from './paths';

const NEWLINE: u8 = 0x0a;
const RETURN: u8 = 0x0d;
const QUOTE: u8 = 0x22;
const BLANK: u8 = 0x20;
const OPEN_BRACE: u8 = 0x7b;
const BACKSLASH: u8 = 0x5c;

/** Markers without their opening quotes, each with its length before it. */
const MARKER_BYTES: i32 = 64;
const MAX_MARKERS: i32 = 32;
const markers: usize = heap.alloc(MAX_MARKERS * MARKER_BYTES);
let markerCount: i32 = 0;

/**
 * Which bytes a marker may begin with: for each of its first bytes, by the lower and by the upper
 * half of a byte, the groups of markers in which such a byte stands there. There are eight groups, a
 * bit for each. Where all tables agree on a group, `isMarker` looks closer.
 */
const FIRST_BYTES: i32 = 4;
const TABLE_BYTES: i32 = 16;
const byLower: usize = heap.alloc(FIRST_BYTES * TABLE_BYTES);
const byUpper: usize = heap.alloc(FIRST_BYTES * TABLE_BYTES);
memory.fill(byLower, 0, FIRST_BYTES * TABLE_BYTES);
memory.fill(byUpper, 0, FIRST_BYTES * TABLE_BYTES);

/** Learns the marker in the first bytes of `key`. */
export function learnMarker(length: i32): void {
  if (markerCount == MAX_MARKERS || length >= MARKER_BYTES) return;
  const at = markers + markerCount * MARKER_BYTES;
  store<u8>(at, <u8>length);
  memory.copy(at + 1, key, length);
  markerCount++;
  // Markers that begin alike share a group.
  const group = <u8>(1 << (load<u8>(key) & 7));
  for (let place = 0; place < FIRST_BYTES; place++) {
    const byte = load<u8>(key + place);
    addGroup(byLower + place * TABLE_BYTES + (byte & 0xf), group);
    addGroup(byUpper + place * TABLE_BYTES + (byte >> 4), group);
  }
}

function addGroup(at: usize, group: u8): void {
  store<u8>(at, load<u8>(at) | group);
}

/** @returns how many lines end in the first bytes of the input; -1 when one may run on into another */
export function orderFreeLines(length: i32): i32 {
  const to = input + length;
  if (!beginsFreely(input, to)) return -1;
  let lines = 0;
  for (let at = input; at < to; at += 16) {
    const bytes = v128.load(at);
    let newlines = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(NEWLINE)));
    let quotes = i8x16.bitmask(
      v128.and(i8x16.eq(bytes, i8x16.splat(QUOTE)), i8x16.ne(groupsAt(at + 1), i8x16.splat(0))),
    );
    let backslashes = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(BACKSLASH)));
    if (at + 16 > to) {
      const inside = (1 << <i32>(to - at)) - 1;
      newlines &= inside;
      quotes &= inside;
      backslashes &= inside;
    }
    lines += popcnt(newlines);
    for (; newlines != 0; newlines &= newlines - 1) {
      if (!beginsFreely(at + ctz(newlines) + 1, to)) return -1;
    }
    for (; quotes != 0; quotes &= quotes - 1) {
      if (isMarker(at + ctz(quotes) + 1)) return -1;
    }
    for (; backslashes != 0; backslashes &= backslashes - 1) {
      if (hidesLetter(at + ctz(backslashes) + 1)) return -1;
    }
  }
  return lines;
}

/** Whether a line is empty or the beginning of an object. */
@inline
function beginsFreely(start: usize, to: usize): bool {
  let at = start;
  while (at < to && load<u8>(at) == RETURN) at++;
  const byte = load<u8>(at);
  return at >= to || byte == OPEN_BRACE || byte == NEWLINE;
}

/** For each of 16 bytes, the groups whose markers may begin there. */
@inline
function groupsAt(at: usize): v128 {
  return v128.and(
    v128.and(groupsOf(v128.load(at), 0), groupsOf(v128.load(at + 1), 1)),
    v128.and(groupsOf(v128.load(at + 2), 2), groupsOf(v128.load(at + 3), 3)),
  );
}

@inline
function groupsOf(bytes: v128, place: i32): v128 {
  return v128.and(
    i8x16.swizzle(
      v128.load(byLower + place * TABLE_BYTES),
      v128.and(bytes, i8x16.splat(0xf)),
    ),
    i8x16.swizzle(v128.load(byUpper + place * TABLE_BYTES), i8x16.shr_u(bytes, 4)),
  );
}

/** Whether a letter or dot stands as its code behind a backslash. */
function hidesLetter(at: usize): bool {
  if (load<u8>(at) != 0x75 || load<u16>(at + 1) != 0x3030) return false;
  const upper = load<u8>(at + 3);
  return (upper >= 0x34 && upper <= 0x37) || (upper == 0x32 && (load<u8>(at + 4) | 0x20) == 0x65);
}

/** Blanks may stand around the colon. */
function isMarker(start: usize): bool {
  for (let i = 0; i < markerCount; i++) {
    const marker = markers + i * MARKER_BYTES;
    if (load<u16>(marker + 1) != load<u16>(start)) continue;
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
