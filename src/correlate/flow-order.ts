/** What flows are ordered by: their start, then their id. */
export interface FlowOrder {
  /** Unix milliseconds; infinite for a flow without a time. */
  readonly startOf: (head: number) => number;
  /** The order of flows that start at the same time. */
  readonly compareIds: (a: number, b: number) => number;
}

const PAIR_BYTES = 8;
/** Place of the word of a 64-bit number that counts most. */
const UPPER = new Uint32Array(BigUint64Array.of(1n).buffer)[0] === 1 ? 1 : 0;
const LAST_KEY = 0xffffffff;

/**
 * Sorts flows by start and id with 8 bytes for each: numbers made of the start, rounded down to
 * one of 2^32 steps, and the flow sort without a comparison of ours. Only flows within one step
 * are compared then.
 * @param heads every call goes through the flows in the same order
 */
export function inOrder(
  count: number,
  heads: () => Iterable<number>,
  { startOf, compareIds }: FlowOrder,
): Iterable<number> {
  const buffer = new ArrayBuffer(count * PAIR_BYTES);
  const starts = new Float64Array(buffer);
  let earliest = Number.POSITIVE_INFINITY;
  let latest = Number.NEGATIVE_INFINITY;
  let i = 0;
  for (const head of heads()) {
    const start = startOf(head);
    starts[i++] = start;
    if (start < earliest) earliest = start;
    if (start > latest && start < Number.POSITIVE_INFINITY) latest = start;
  }
  const steps = (LAST_KEY - 1) / Math.max(latest - earliest, 1);
  const words = new Uint32Array(buffer);
  i = 0;
  for (const head of heads()) {
    const start = starts[i]!;
    const isTimeless = start === Number.POSITIVE_INFINITY;
    words[i * 2 + UPPER] = isTimeless ? LAST_KEY : Math.floor((start - earliest) * steps);
    words[i * 2 + 1 - UPPER] = head;
    i += 1;
  }
  new BigUint64Array(buffer).sort();
  sortWithinSteps(words, count, (a, b) => {
    const x = startOf(a);
    const y = startOf(b);
    return x === y ? compareIds(a, b) : x - y;
  });
  return headsIn(words, count);
}

function sortWithinSteps(
  words: Uint32Array,
  count: number,
  compare: (a: number, b: number) => number,
): void {
  let from = 0;
  while (from < count) {
    let to = from + 1;
    while (to < count && words[to * 2 + UPPER] === words[from * 2 + UPPER]) to += 1;
    if (to - from > 1) {
      const run = Uint32Array.from(
        { length: to - from },
        (_, k) => words[(from + k) * 2 + 1 - UPPER]!,
      );
      run.sort(compare);
      for (let k = from; k < to; k += 1) words[k * 2 + 1 - UPPER] = run[k - from]!;
    }
    from = to;
  }
}

function* headsIn(words: Uint32Array, count: number): Generator<number> {
  for (let i = 0; i < count; i += 1) yield words[i * 2 + 1 - UPPER]!;
}
