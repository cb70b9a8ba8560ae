/** The paths that the host knows, as far as their keys stand in records byte by byte. */

import { clearShapes } from './shapes';

export const NODES: i32 = 1 << 12;
const SLOTS: i32 = NODES << 2;
const KEY_BYTES: i32 = 1 << 17;

/** What the scanner does with the scalars of a path, as bits. */
export const WANTED: u8 = 1;
/** A string that begins with `{` may hold a record. */
export const HOLDS_OBJECT: u8 = 2;
/** As the first key of a record: it may be a document of many. */
export const OPENS_DOCUMENT: u8 = 4;
/** It may show that the record is a wrapper around another. */
export const TELLS_WRAPPER: u8 = 8;

/** Where the host puts the key of {@link addPath}. */
export const key: usize = heap.alloc(1 << 10);

const flags: usize = heap.alloc(NODES);
const parents: usize = heap.alloc(NODES << 2);
const keyStart: usize = heap.alloc(NODES << 2);
const keyLength: usize = heap.alloc(NODES << 2);
/** The path that last followed this one in its object, and the one that last began its object. */
const successor: usize = heap.alloc(NODES << 2);
const firstChild: usize = heap.alloc(NODES << 2);
/** Open addressing; 0 is an empty slot, for the root is no child. */
const slots: usize = heap.alloc(SLOTS << 2);
const keys: usize = heap.alloc(KEY_BYTES + 16);
let keysUsed: i32 = 0;

export function clearPaths(): void {
  memory.fill(slots, 0, SLOTS << 2);
  memory.fill(successor, 0, NODES << 2);
  memory.fill(firstChild, 0, NODES << 2);
  keysUsed = 0;
  clearShapes();
}

/** Learns a path whose key stands at {@link key}; false when there is no room. */
export function addPath(node: i32, parent: i32, length: i32, flag: i32): bool {
  if (node >= NODES || keysUsed + length > KEY_BYTES) return false;
  const bytes = keys + keysUsed;
  memory.copy(bytes, key, length);
  keysUsed += length;
  store<u8>(flags + node, <u8>flag);
  store<i32>(parents + (node << 2), parent);
  store<u32>(keyStart + (node << 2), <u32>bytes);
  store<i32>(keyLength + (node << 2), length);
  let slot = slotOf(parent, hashOf(bytes, bytes + length));
  while (load<i32>(slots + (slot << 2)) != 0) slot = (slot + 1) & (SLOTS - 1);
  store<i32>(slots + (slot << 2), node);
  return true;
}

@inline
export function flagsOf(node: i32): u8 {
  return load<u8>(flags + node);
}

@inline
export function lengthOf(node: i32): i32 {
  return load<i32>(keyLength + (node << 2));
}

/** The path whose key, with the quote behind it, stands at `at`, guessed from the one before; or 0. */
@inline
export function guess(parent: i32, previous: i32, at: usize): i32 {
  const node =
    previous == 0
      ? load<i32>(firstChild + (parent << 2))
      : load<i32>(successor + (previous << 2));
  if (node == 0) return 0;
  const length = lengthOf(node);
  if (load<u8>(at + length) != 0x22) return 0;
  return isSame(load<u32>(keyStart + (node << 2)), at, length) ? node : 0;
}

/** Finds the path of a key and remembers that it followed `previous`; 0 when it is not known. */
export function find(parent: i32, previous: i32, at: usize, to: usize): i32 {
  const length = <i32>(to - at);
  let slot = slotOf(parent, hashOf(at, to));
  while (true) {
    const node = load<i32>(slots + (slot << 2));
    if (node == 0) return 0;
    if (
      load<i32>(parents + (node << 2)) == parent &&
      lengthOf(node) == length &&
      isSame(load<u32>(keyStart + (node << 2)), at, length)
    ) {
      if (previous == 0) store<i32>(firstChild + (parent << 2), node);
      else store<i32>(successor + (previous << 2), node);
      return node;
    }
    slot = (slot + 1) & (SLOTS - 1);
  }
}

@inline
function isSame(a: usize, b: usize, length: i32): bool {
  let at = 0;
  for (; at + 8 <= length; at += 8) {
    if (load<u64>(a + at) != load<u64>(b + at)) return false;
  }
  const rest = length - at;
  if (rest == 0) return true;
  const mask: u64 = (<u64>1 << (<u64>rest << 3)) - 1;
  return ((load<u64>(a + at) ^ load<u64>(b + at)) & mask) == 0;
}

function hashOf(from: usize, to: usize): i32 {
  let hash: i32 = <i32>0x811c9dc5;
  for (let at = from; at < to; at++) hash = (hash ^ load<u8>(at)) * 0x01000193;
  return hash;
}

@inline
function slotOf(parent: i32, hash: i32): i32 {
  const mixed = (parent * 0x2c1b3c6d) ^ hash;
  return (mixed ^ (mixed >>> 15)) & (SLOTS - 1);
}
