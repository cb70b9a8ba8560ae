/** What follows from texts that were met before, by their path and hash. */

const BITS: i32 = 13;

@unmanaged
class Known {
  node: i32;
  high: i32;
  low: i32;
  effectHigh: i32;
  effectLow: i32;
}

const table: usize = heap.alloc((2 << BITS) * offsetof<Known>());

export let effectHigh: i32 = 0;
export let effectLow: i32 = 0;

export function clearTexts(): void {
  memory.fill(table, 0, (2 << BITS) * offsetof<Known>());
}

@inline
function placeOf(node: i32, low: i32): usize {
  const place = (low ^ (node << 5)) & ((1 << BITS) - 1);
  return table + (<usize>place << 1) * offsetof<Known>();
}

/** @returns false for a text that is not known; otherwise what follows from it now stands. */
export function findText(node: i32, high: i32, low: i32): bool {
  const place = placeOf(node, low);
  if (isAt(place, node, high, low)) return true;
  const recent = place + offsetof<Known>();
  if (!isAt(recent, node, high, low)) return false;
  // One that was found twice is kept; see `ValueStore`.
  memory.copy(recent, place, offsetof<Known>());
  put(place, node, high, low, effectHigh, effectLow);
  return true;
}

function isAt(place: usize, node: i32, high: i32, low: i32): bool {
  const known = changetype<Known>(place);
  if (known.low != low || known.high != high || known.node != node) return false;
  effectHigh = known.effectHigh;
  effectLow = known.effectLow;
  return true;
}

function put(place: usize, node: i32, high: i32, low: i32, eHigh: i32, eLow: i32): void {
  const known = changetype<Known>(place);
  known.node = node;
  known.high = high;
  known.low = low;
  known.effectHigh = eHigh;
  known.effectLow = eLow;
}

export function learnText(node: i32, high: i32, low: i32, eHigh: i32, eLow: i32): void {
  put(placeOf(node, low) + offsetof<Known>(), node, high, low, eHigh, eLow);
}
