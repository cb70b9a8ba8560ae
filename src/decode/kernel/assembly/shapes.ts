/**
 * Shapes of records that have the look of a wrapper and are none. Whether one is follows from the
 * paths and kinds of its entries alone.
 */

import { kind, path } from './memory';

const PLACES: i32 = 1 << 10;
const known: usize = heap.alloc(PLACES << 3);
/** Of the row that was asked about last. */
let shape: u64 = 0;

export function clearShapes(): void {
  memory.fill(known, 0, PLACES << 3);
}

export function isPlainShape(from: i32, until: i32): bool {
  let hash: u64 = 1;
  for (let entry = from; entry < until; entry++) {
    const what = (<u64>load<i32>(path + (entry << 2)) << 3) | load<u8>(kind + entry);
    hash = rotl<u64>((hash ^ what) * 0x9e3779b97f4a7c15, 29);
  }
  shape = hash;
  return load<u64>(place()) == hash;
}

/** Learns that the row asked about last is no wrapper. */
export function learnPlainShape(): void {
  store<u64>(place(), shape);
}

function place(): usize {
  return known + ((<usize>(shape >> 40) & (PLACES - 1)) << 3);
}
