import type { EventBatch } from '../model/index.ts';
import { CellKey, isStepKey, isTextKey, isThirdKey } from './cell-key.ts';
import type { IdTable } from './id-table.ts';
import { PackedTimes, type TimeContext } from './packed-times.ts';
import { offsetOf, PAGE_WORDS, PagedWords } from './paged-words.ts';
import { NONE } from './slot-table.ts';
import type { TextTable } from './text-table.ts';

/** Stands for "no hash yet"; real hashes are smaller. */
export const NO_HASH = 0xffff;

/** The key of an event that names no stage. */
export const NO_STEP = -1;

/** What the pool reads of a batch of events. */
export type FoldedColumns = Pick<EventBatch, 'timeMs' | 'hashLow'>;

/** Words of a cell: the time in one and a half, the key in the other half, then the payload. */
export const CELL_WORDS = 3;
const PAYLOAD = 2;
const LOWER_HALF = 0xffff;

/** A block's first cell has no key: there stand the kinds of flow and the number of cells. */
const CELL_COUNT_BITS = 0xfff;
const KINDS_SHIFT = 12;

/** The pool as plain data, to be sent elsewhere. */
export interface PackedPartials {
  readonly words: Uint32Array[];
  readonly times: TimeContext;
  readonly used: number;
  readonly left: number[];
}

/**
 * The mergeable partials of flows: for each id that events fold at, a block of small cells, one
 * per thing that is remembered. Folding into a cell is commutative, associative and idempotent,
 * and a partial has at most as many cells as there are keys, however many events fold into it.
 *
 * 12 bytes a cell: 48 bits for a time, 16 for the key, 32 whose meaning depends on the key. Of a
 * step they are the two smallest distinct 16-bit hashes of its events, a third has a cell of its
 * own (so counts up to 3 are told apart, two distinct events mistaken for one once in 65,536); of
 * a pod or kept field, the number of the text. The first cell holds the latest time, the kinds of
 * flow that stages spoke of, and how many events were folded, repeats included.
 *
 * A block that is full moves to a larger place and leaves its own to the next block of its size.
 */
export class PartialPool {
  readonly #words: PagedWords;
  readonly #times: PackedTimes;
  readonly #ids: IdTable;
  readonly #texts: TextTable;
  #used: number;
  /** By size in cells: the first of the places that blocks left, each holding the next one. */
  readonly #left: number[];

  constructor(ids: IdTable, texts: TextTable, packed?: PackedPartials) {
    this.#ids = ids;
    this.#texts = texts;
    this.#words = new PagedWords(packed?.words);
    this.#times = new PackedTimes(packed?.times);
    this.#used = packed?.used ?? 0;
    this.#left = packed?.left ?? [];
  }

  pack(): PackedPartials {
    return {
      words: this.#words.pages,
      times: this.#times.pack(),
      used: this.#used,
      left: this.#left,
    };
  }

  /** The first cell of an id's partial, or {@link NONE}. */
  firstOf(node: number): number {
    return this.#ids.partialOf(node);
  }

  /** The end of the cells of the partial that begins at `first`; each is `CELL_WORDS` further. */
  endOf(first: number): number {
    return first + this.#cellsOf(first) * CELL_WORDS;
  }

  /** Of a partial's first cell the latest time, of all others the earliest; infinite for none. */
  timeAt(cell: number): number {
    return this.#times.read(this.#words.pageOf(cell), offsetOf(cell));
  }

  /** Of all cells but the first one of a partial. */
  keyAt(cell: number): number {
    return this.#words.get(cell + 1) & LOWER_HALF;
  }

  payloadAt(cell: number): number {
    return this.#words.get(cell + PAYLOAD);
  }

  /** A bit for each kind of flow that the stages of the partial spoke of. */
  kindsAt(first: number): number {
    return this.keyAt(first) >>> KINDS_SHIFT;
  }

  /** Events folded at an id, repeats included. */
  eventsAt(node: number): number {
    const first = this.firstOf(node);
    return first === NONE ? 0 : this.payloadAt(first);
  }

  /**
   * Folds event `i` of a batch.
   * @param kinds a bit for the kind of flow that its stage speaks of, or 0
   * @param step key of its stage and outcome, or {@link NO_STEP}
   */
  fold(
    node: number,
    { timeMs, hashLow }: FoldedColumns,
    i: number,
    kinds: number,
    step: number,
  ): void {
    const hash = hashLow[i]! % NO_HASH;
    if (Number.isNaN(timeMs[i]!)) {
      this.foldSpan(node, Number.NEGATIVE_INFINITY, kinds, 1);
      if (step !== NO_STEP) this.foldStep(node, step, Number.POSITIVE_INFINITY, hash);
      return;
    }
    const times = this.#times;
    let first = this.firstOf(node);
    if (first === NONE) first = this.#begin(node);
    times.take(timeMs[i]!);
    const page = this.#words.pageOf(first);
    const at = offsetOf(first);
    if (times.compare(page, at) > 0) times.replace(page, at);
    page[at + 1] = page[at + 1]! | (kinds << KINDS_SHIFT);
    page[at + PAYLOAD] = page[at + PAYLOAD]! + 1;
    if (step === NO_STEP) return;
    const end = at + (page[at + 1]! & CELL_COUNT_BITS) * CELL_WORDS;
    for (let cell = at + CELL_WORDS; cell < end; cell += CELL_WORDS) {
      if ((page[cell + 1]! & LOWER_HALF) !== step) continue;
      if (times.compare(page, cell) < 0) times.replace(page, cell);
      this.#foldHash(node, first - at + cell, hash);
      return;
    }
    this.#writeStep(this.#add(node, step), hash);
  }

  foldSpan(node: number, lastMs: number, kinds: number, events: number): void {
    const times = this.#times;
    let first = this.firstOf(node);
    if (first === NONE) first = this.#begin(node);
    const page = this.#words.pageOf(first);
    const at = offsetOf(first);
    times.take(lastMs);
    if (times.compare(page, at) > 0) times.replace(page, at);
    page[at + 1] = page[at + 1]! | (kinds << KINDS_SHIFT);
    page[at + PAYLOAD] = page[at + PAYLOAD]! + events;
  }

  /**
   * Folds an event into a step; the id must have a span.
   * @param hash 16 bits of the event's
   */
  foldStep(node: number, key: number, timeMs: number, hash: number): void {
    const cell = this.#search(node, key);
    this.#times.take(timeMs);
    if (cell === NONE) this.#writeStep(this.#add(node, key), hash);
    else {
      this.#keepFirstTime(cell);
      this.#foldHash(node, cell, hash);
    }
  }

  /** Pod or kept field: the text at the smallest time, of several at one time the smallest text. */
  foldText(node: number, key: number, timeMs: number, text: number): void {
    const cell = this.#search(node, key);
    this.#times.take(timeMs);
    if (cell === NONE) {
      this.#write(this.#add(node, key), text);
      return;
    }
    const time = this.timeAt(cell);
    const isEarlier =
      timeMs < time || (timeMs === time && this.#texts.isBefore(text, this.payloadAt(cell)));
    if (!isEarlier) return;
    this.#keepFirstTime(cell);
    this.#words.set(cell + PAYLOAD, text);
  }

  /** The number kept for the list of an id's signals, or {@link NONE}. */
  signalsOf(node: number): number {
    const cell = this.#search(node, CellKey.signals);
    return cell === NONE ? NONE : this.payloadAt(cell);
  }

  setSignals(node: number, number: number): void {
    const cell = this.#search(node, CellKey.signals);
    if (cell === NONE) this.#writeTimeless(this.#add(node, CellKey.signals), number);
    else this.#words.set(cell + PAYLOAD, number);
  }

  /**
   * Folds the partial of another pool's id into `node`, but for its signals.
   * @param textOf the number here of a text there
   */
  absorb(
    node: number,
    other: PartialPool,
    otherNode: number,
    textOf: (text: number) => number,
  ): void {
    const first = other.firstOf(otherNode);
    if (first === NONE) return;
    this.foldSpan(node, other.timeAt(first), other.kindsAt(first), other.payloadAt(first));
    for (let cell = first + CELL_WORDS; cell < other.endOf(first); cell += CELL_WORDS) {
      const key = other.keyAt(cell);
      const payload = other.payloadAt(cell);
      if (isStepKey(key)) {
        const time = other.timeAt(cell);
        this.foldStep(node, key, time, payload & LOWER_HALF);
        if (payload >>> 16 !== NO_HASH) this.foldStep(node, key, time, payload >>> 16);
      } else if (isThirdKey(key)) {
        // The step itself stands before its third hash.
        this.#foldHash(node, this.#search(node, key - CellKey.third(0)), payload);
      } else if (isTextKey(key)) {
        this.foldText(node, key, other.timeAt(cell), textOf(payload));
      }
    }
  }

  /** Begins the partial of an id. */
  #begin(node: number): number {
    const first = this.#place(1);
    this.#words.set(first + 1, 1);
    this.#times.take(Number.NEGATIVE_INFINITY);
    this.#write(first, 0);
    this.#ids.setPartial(node, first);
    return first;
  }

  /** Keeps the time last taken, if it is the earlier one. */
  #keepFirstTime(cell: number): void {
    const page = this.#words.pageOf(cell);
    const at = offsetOf(cell);
    if (this.#times.compare(page, at) < 0) this.#times.replace(page, at);
  }

  /** Keeps the smallest distinct hashes of a step: two in its own cell, one more beside it. */
  #foldHash(node: number, cell: number, hash: number): void {
    const hashes = this.payloadAt(cell);
    const first = hashes & LOWER_HALF;
    const second = hashes >>> 16;
    if (hash === first || hash === second) return;
    if (hash > second) {
      this.#foldThird(node, this.keyAt(cell), hash);
      return;
    }
    const low = hash < first ? hash : first;
    const high = hash < first ? first : hash;
    this.#words.set(cell + PAYLOAD, (high << 16) | low);
    if (second !== NO_HASH) this.#foldThird(node, this.keyAt(cell), second);
  }

  #foldThird(node: number, step: number, hash: number): void {
    const key = CellKey.third(step);
    const cell = this.#search(node, key);
    if (cell === NONE) this.#writeTimeless(this.#add(node, key), hash);
    else if (hash < this.payloadAt(cell)) this.#words.set(cell + PAYLOAD, hash);
  }

  #search(node: number, key: number): number {
    const first = this.firstOf(node);
    const end = this.endOf(first);
    for (let cell = first + CELL_WORDS; cell < end; cell += CELL_WORDS) {
      if (this.keyAt(cell) === key) return cell;
    }
    return NONE;
  }

  /** Adds a cell with a key to the partial of an id; what else stands in it is to be written. */
  #add(node: number, key: number): number {
    let first = this.firstOf(node);
    const cells = this.#cellsOf(first);
    if (sizeFor(cells + 1) !== sizeFor(cells)) {
      first = this.#moved(first, cells);
      this.#ids.setPartial(node, first);
    }
    const page = this.#words.pageOf(first);
    const at = offsetOf(first);
    const cell = cells * CELL_WORDS;
    page[at + 1] = page[at + 1]! + 1;
    page[at + cell + 1] = key;
    return first + cell;
  }

  #cellsOf(first: number): number {
    return this.#words.get(first + 1) & CELL_COUNT_BITS;
  }

  /** Writes the time last taken and a payload into a cell without a time. */
  #write(cell: number, payload: number): void {
    const page = this.#words.pageOf(cell);
    const at = offsetOf(cell);
    page[at + PAYLOAD] = payload;
    this.#times.write(page, at);
  }

  /** The payload of a step of which one event is known. */
  #writeStep(cell: number, hash: number): void {
    this.#write(cell, (NO_HASH << 16) | hash);
  }

  #writeTimeless(cell: number, payload: number): void {
    this.#times.take(Number.POSITIVE_INFINITY);
    this.#write(cell, payload);
  }

  #moved(from: number, cells: number): number {
    const to = this.#place(cells + 1);
    const length = cells * CELL_WORDS;
    const source = this.#words.pageOf(from);
    const target = this.#words.pageOf(to);
    for (let i = 0; i < length; i += 1) target[offsetOf(to) + i] = source[offsetOf(from) + i]!;
    const size = sizeFor(cells);
    this.#words.set(from, this.#left[size] ?? NONE);
    this.#left[size] = from;
    return to;
  }

  /** A place for so many cells, and as many more as its size allows; never across two pages. */
  #place(cells: number): number {
    const size = sizeFor(cells);
    const left = this.#left[size] ?? NONE;
    if (left !== NONE) {
      this.#left[size] = this.#words.get(left);
      return left;
    }
    const length = size * CELL_WORDS;
    if (offsetOf(this.#used) + length > PAGE_WORDS) {
      this.#used += PAGE_WORDS - offsetOf(this.#used);
    }
    const place = this.#used;
    this.#used = place + length;
    this.#words.reserve(this.#used);
    return place;
  }
}

/** Cells that a block with so many of them has room for: small ones fit exactly, but the first two. */
function sizeFor(cells: number): number {
  if (cells <= 2) return 2;
  return cells <= 8 ? cells : (cells + 3) & ~3;
}
