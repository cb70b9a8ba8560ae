import { STAGES, STEP_OUTCOMES } from '../model/index.ts';
import { grown } from './grow.ts';

/** End of a list of cells. */
export const END = 0xffffffff;

/** Stands for "no hash yet"; real hashes are smaller. */
export const NO_HASH = 0xffff;

/** What a cell remembers, coded in 16 bits. */
export const CellKey = {
  /** Latest time of the partial and the kinds of flow its stages spoke of. */
  span: 0,
  /** First time and distinct count of one stage with one outcome. */
  step: (stage: number, outcome: number): number => 1 + stage * STEP_OUTCOMES.length + outcome,
  /** Pod at the first event of a stage. */
  pod: (stage: number): number => FIRST_POD + stage,
  /** Earliest value of a kept field. */
  kept: (slot: number): number => FIRST_KEPT + slot,
} as const;

const STEP_COUNT = STAGES.length * STEP_OUTCOMES.length;
const FIRST_POD = 1 + STEP_COUNT;
const FIRST_KEPT = FIRST_POD + STAGES.length;

export type Cell =
  | { readonly kind: 'span' }
  | { readonly kind: 'step'; readonly stage: number; readonly outcome: number }
  | { readonly kind: 'pod'; readonly stage: number }
  | { readonly kind: 'kept'; readonly slot: number };

export function cellOf(key: number): Cell {
  if (key === CellKey.span) return { kind: 'span' };
  if (key < FIRST_POD) {
    const step = key - 1;
    const stage = Math.floor(step / STEP_OUTCOMES.length);
    return { kind: 'step', stage, outcome: step % STEP_OUTCOMES.length };
  }
  if (key < FIRST_KEPT) return { kind: 'pod', stage: key - FIRST_POD };
  return { kind: 'kept', slot: key - FIRST_KEPT };
}

/**
 * The mergeable partials of flows: each id heads a list of small cells, one per thing that is
 * remembered. Folding into a cell is commutative, associative and idempotent, and a partial
 * has at most as many cells as there are keys, however many events fold into it.
 *
 * 20 bytes a cell: a time and 48 bits whose meaning depends on the key. Of a step they are its
 * three smallest distinct 16-bit event hashes (so counts up to 3 are told apart, two distinct
 * events mistaken for one once in 65,536); of a pod or kept field, the number of the text; of
 * a span, the kinds as a bit set and how many events were folded, repeats included.
 */
export class PartialPool {
  size = 0;
  next = new Uint32Array(1 << 12);
  key = new Uint16Array(1 << 12);
  /** Infinity for a first time, -Infinity for a last time, when no event carried a time. */
  time = new Float64Array(1 << 12);
  a = new Uint32Array(1 << 12);
  b = new Uint16Array(1 << 12);
  /** First cell of each id. */
  #head = new Uint32Array(1 << 10).fill(END);
  readonly #texts: TextTable;

  constructor(texts: TextTable) {
    this.#texts = texts;
  }

  headOf(node: number): number {
    return node < this.#head.length ? this.#head[node]! : END;
  }

  foldSpan(node: number, lastMs: number, kinds: number, events = 1): void {
    const cell = this.#cellOf(node, CellKey.span, Number.NEGATIVE_INFINITY, 0, 0);
    if (lastMs > this.time[cell]!) this.time[cell] = lastMs;
    this.a[cell] = this.a[cell]! + events;
    this.b[cell] = this.b[cell]! | kinds;
  }

  /** Events folded at an id, repeats included. */
  eventsAt(node: number): number {
    for (let cell = this.headOf(node); cell !== END; cell = this.next[cell]!) {
      if (this.key[cell] === CellKey.span) return this.a[cell]!;
    }
    return 0;
  }

  foldStep(node: number, key: number, timeMs: number, hash: number): void {
    const cell = this.#cellOf(node, key, Number.POSITIVE_INFINITY, 0xffffffff, NO_HASH);
    if (timeMs < this.time[cell]!) this.time[cell] = timeMs;
    foldHash(this, cell, hash % NO_HASH);
  }

  /** Pod or kept field: the text at the smallest time, of several at one time the smallest text. */
  foldText(node: number, key: number, timeMs: number, text: number): void {
    const cell = this.#cellOf(node, key, Number.NaN, 0, 0);
    const time = this.time[cell]!;
    const earlier =
      Number.isNaN(time) ||
      timeMs < time ||
      (timeMs === time && this.#texts.isBefore(text, this.a[cell]!));
    if (!earlier) return;
    this.time[cell] = timeMs;
    this.a[cell] = text;
  }

  /** Folds every cell of `other`'s id into `node`. */
  absorb(node: number, other: PartialPool, otherNode: number): void {
    for (let cell = other.headOf(otherNode); cell !== END; cell = other.next[cell]!) {
      const key = other.key[cell]!;
      const time = other.time[cell]!;
      const what = cellOf(key);
      if (what.kind === 'span') this.foldSpan(node, time, other.b[cell]!, other.a[cell]!);
      else if (what.kind === 'step') {
        const own = this.#cellOf(node, key, Number.POSITIVE_INFINITY, 0xffffffff, NO_HASH);
        if (time < this.time[own]!) this.time[own] = time;
        for (const hash of [other.a[cell]! & 0xffff, other.a[cell]! >>> 16, other.b[cell]!]) {
          foldHash(this, own, hash);
        }
      } else this.foldText(node, key, time, this.#texts.add(other.#texts.text(other.a[cell]!)));
    }
  }

  #cellOf(node: number, key: number, time: number, a: number, b: number): number {
    if (node >= this.#head.length) {
      const before = this.#head.length;
      this.#head = grown(this.#head, node + 1);
      this.#head.fill(END, before);
    }
    for (let cell = this.#head[node]!; cell !== END; cell = this.next[cell]!) {
      if (this.key[cell] === key) return cell;
    }
    const cell = this.size;
    this.#reserve(cell + 1);
    this.next[cell] = this.#head[node]!;
    this.#head[node] = cell;
    this.key[cell] = key;
    this.time[cell] = time;
    this.a[cell] = a;
    this.b[cell] = b;
    this.size = cell + 1;
    return cell;
  }

  #reserve(length: number): void {
    if (length <= this.next.length) return;
    this.next = grown(this.next, length);
    this.key = grown(this.key, length);
    this.time = grown(this.time, length);
    this.a = grown(this.a, length);
    this.b = grown(this.b, length);
  }
}

/** Keeps the three smallest distinct hashes of a step, sorted, in its `a` and `b`. */
export function foldHash(
  cells: { readonly a: Uint32Array; readonly b: Uint16Array },
  cell: number,
  hash: number,
): void {
  let first = cells.a[cell]! & 0xffff;
  let second = cells.a[cell]! >>> 16;
  let third = cells.b[cell]!;
  if (hash >= third || hash === first || hash === second) return;
  third = hash;
  if (third < second) [second, third] = [third, second];
  if (second < first) [first, second] = [second, first];
  cells.a[cell] = ((second << 16) | first) >>> 0;
  cells.b[cell] = third;
}

/** Texts that cells refer to, each kept once. */
export class TextTable {
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [];

  add(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#texts.length;
      this.#texts.push(text);
      this.#numbers.set(text, number);
    }
    return number;
  }

  text(number: number): string {
    return this.#texts[number]!;
  }

  isBefore(a: number, b: number): boolean {
    return this.#texts[a]! < this.#texts[b]!;
  }
}
