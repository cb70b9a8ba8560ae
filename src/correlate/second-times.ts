/** Width of the spans in which occurrences are kept. */
const SPAN_MS = 1000;

/** Numbers of a slot: the first and the last time of a second. */
const SLOT = 2;
const FIRST_SLOTS = 4;
const MAX_LOAD = 0.75;

/**
 * The first and last time of each second in which something was seen: memory follows time, not
 * events. Plain data, so that it travels between threads: a hash table by second, of a power of two
 * slots, with NaN in those that are empty.
 */
export interface SecondTimes {
  seconds: number;
  slots: Float64Array;
}

export function secondTimes(): SecondTimes {
  return { seconds: 0, slots: emptySlots(FIRST_SLOTS) };
}

/** @param timeMs not NaN */
export function noteSecond(times: SecondTimes, timeMs: number): void {
  const { slots } = times;
  const at = slotOf(slots, secondOf(timeMs));
  if (!Number.isNaN(slots[at]!)) {
    slots[at] = Math.min(slots[at]!, timeMs);
    slots[at + 1] = Math.max(slots[at + 1]!, timeMs);
    return;
  }
  slots[at] = timeMs;
  slots[at + 1] = timeMs;
  times.seconds += 1;
  if (times.seconds > (slots.length / SLOT) * MAX_LOAD) grow(times);
}

export function absorbSeconds(times: SecondTimes, { slots }: SecondTimes): void {
  for (const time of slots) if (!Number.isNaN(time)) noteSecond(times, time);
}

/** Every time that is kept, ascending. */
export function timesOf({ slots }: SecondTimes): number[] {
  return [...new Set(slots.filter((time) => !Number.isNaN(time)))].sort((a, b) => a - b);
}

/**
 * True when something was seen at a time from `fromMs` to `toMs`, both included. Only where both lie
 * within one second may something be missed, between the first and the last time of that.
 */
export function wasSeen({ slots }: SecondTimes, fromMs: number, toMs: number): boolean {
  for (let second = secondOf(fromMs); second <= secondOf(toMs); second += 1) {
    const at = slotOf(slots, second);
    // Neither holds for NaN.
    if (slots[at]! >= fromMs && slots[at]! <= toMs) return true;
    if (slots[at + 1]! >= fromMs && slots[at + 1]! <= toMs) return true;
  }
  return false;
}

const secondOf = (timeMs: number): number => Math.floor(timeMs / SPAN_MS);

/** Where the times of a second stand, or would. */
function slotOf(slots: Float64Array, second: number): number {
  const mask = slots.length / SLOT - 1;
  const hash = Math.imul(second, 0x9e3779b1);
  let slot = (hash ^ (hash >>> 15)) & mask;
  for (;;) {
    const first = slots[slot * SLOT]!;
    if (Number.isNaN(first) || secondOf(first) === second) return slot * SLOT;
    slot = (slot + 1) & mask;
  }
}

function grow(times: SecondTimes): void {
  const { slots } = times;
  const larger = emptySlots((slots.length / SLOT) * 2);
  for (let at = 0; at < slots.length; at += SLOT) {
    if (!Number.isNaN(slots[at]!)) {
      larger.set(slots.subarray(at, at + SLOT), slotOf(larger, secondOf(slots[at]!)));
    }
  }
  times.slots = larger;
}

const emptySlots = (slots: number): Float64Array => new Float64Array(slots * SLOT).fill(Number.NaN);
