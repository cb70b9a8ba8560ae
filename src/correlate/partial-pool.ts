import type { EventBatch } from '../model/index.ts';
import { CellKey, isStepKey, isTextKey, isThirdKey } from './cell-key.ts';
import { type IdTable, NO_LINK } from './id-table.ts';
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

/**
 * Words of a block before its cells: the latest time, beside which there stand the kinds of flow
 * and the number of cells; the number of events; an older id.
 */
const HEAD_WORDS = 4;
const EVENTS = 2;
const OLDER = 3;
const CELL_COUNT_BITS = 0xfff;
const KINDS_SHIFT = 12;

/** Tells the place of a block from the number of an older id, in the link of an id. */
const IS_BLOCK = 1 << 31;

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
 * A block begins with 16 bytes: the latest time, the kinds of flow that stages spoke of, how many
 * events were folded, repeats included, and the number of an older id, which stands in the link of
 * the id itself as long as that needs no block.
 *
 * 12 bytes a cell: 48 bits for a time, 16 for the key, 32 whose meaning depends on the key. Of a
 * step they are the two smallest distinct 16-bit hashes of its events, a third has a cell of its
 * own (so counts up to 3 are told apart, two distinct events mistaken for one once in 65,536); of
 * a pod or kept field, the number of the text.
 *
 * A block that is full moves to a larger place and leaves its own to the next block of its room.
 */
export class PartialPool {
  readonly #words: PagedWords;
  readonly #times: PackedTimes;
  readonly #ids: IdTable;
  readonly #texts: TextTable;
  #used: number;
  /** By room in cells: the first of the places that blocks left, each holding the next one. */
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

  /** Where the block of an id begins, or {@link NONE}. */
  blockOf(node: number): number {
    const link = this.#ids.link(node);
    return link < NO_LINK ? link & ~IS_BLOCK : NONE;
  }

  /** An id with a smaller number that stood in one event with this one, or {@link NONE}. */
  olderOf(node: number): number {
    const link = this.#ids.link(node);
    if (link >= 0) return link;
    return link === NO_LINK ? NONE : this.#words.get((link & ~IS_BLOCK) + OLDER);
  }

  setOlder(node: number, older: number): void {
    const link = this.#ids.link(node);
    if (link < NO_LINK) this.#words.set((link & ~IS_BLOCK) + OLDER, older);
    else this.#ids.setLink(node, older);
  }

  /** The first cell of a block; each further one is {@link CELL_WORDS} behind. */
  cellsOf(block: number): number {
    return block + HEAD_WORDS;
  }

  /** The end of the cells of a block. */
  endOf(block: number): number {
    return block + HEAD_WORDS + this.#cellCount(block) * CELL_WORDS;
  }

  /** Of a cell the earliest time, of a block the latest one; infinite for none. */
  timeAt(cell: number): number {
    return this.#times.read(this.#words.pageOf(cell), offsetOf(cell));
  }

  keyAt(cell: number): number {
    return this.#words.get(cell + 1) & LOWER_HALF;
  }

  payloadAt(cell: number): number {
    return this.#words.get(cell + PAYLOAD);
  }

  /** A bit for each kind of flow that the stages of a block spoke of. */
  kindsAt(block: number): number {
    return (this.#words.get(block + 1) & LOWER_HALF) >>> KINDS_SHIFT;
  }

  /** Events folded into a block, repeats included. */
  eventsAt(block: number): number {
    return this.#words.get(block + EVENTS);
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
    const link = this.#ids.link(node);
    const block = link < NO_LINK ? link & ~IS_BLOCK : this.#begin(node);
    times.take(timeMs[i]!);
    const page = this.#words.pageOf(block);
    const at = offsetOf(block);
    if (times.compare(page, at) > 0) times.replace(page, at);
    page[at + 1] = page[at + 1]! | (kinds << KINDS_SHIFT);
    page[at + EVENTS] = page[at + EVENTS]! + 1;
    if (step === NO_STEP) return;
    const from = at + HEAD_WORDS;
    const end = from + (page[at + 1]! & CELL_COUNT_BITS) * CELL_WORDS;
    for (let cell = from; cell < end; cell += CELL_WORDS) {
      if ((page[cell + 1]! & LOWER_HALF) !== step) continue;
      if (times.compare(page, cell) < 0) times.replace(page, cell);
      this.#foldHash(node, block - at + cell, hash);
      return;
    }
    this.#writeStep(this.#add(node, step), hash);
  }

  foldSpan(node: number, lastMs: number, kinds: number, events: number): void {
    const times = this.#times;
    let block = this.blockOf(node);
    if (block === NONE) block = this.#begin(node);
    const page = this.#words.pageOf(block);
    const at = offsetOf(block);
    times.take(lastMs);
    if (times.compare(page, at) > 0) times.replace(page, at);
    page[at + 1] = page[at + 1]! | (kinds << KINDS_SHIFT);
    page[at + EVENTS] = page[at + EVENTS]! + events;
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
    const block = other.blockOf(otherNode);
    if (block === NONE) return;
    this.foldSpan(node, other.timeAt(block), other.kindsAt(block), other.eventsAt(block));
    const end = other.endOf(block);
    for (let cell = other.cellsOf(block); cell < end; cell += CELL_WORDS) {
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

  /**
   * Takes over the block of another pool's id for one that has none, without looking at its events.
   * @param textOf the number here of a text there
   * @returns false where that cannot be done: the block is to be absorbed
   */
  adopt(
    node: number,
    other: PartialPool,
    otherNode: number,
    textOf: (text: number) => number,
  ): boolean {
    const from = other.blockOf(otherNode);
    if (from === NONE) return true;
    if (!this.#times.countsAs(other.#times)) return false;
    const source = other.#words.pageOf(from);
    const start = offsetOf(from);
    const cells = other.#cellCount(from);
    const end = start + HEAD_WORDS + cells * CELL_WORDS;
    if (this.#times.isListed(source, start)) return false;
    for (let cell = start + HEAD_WORDS; cell < end; cell += CELL_WORDS) {
      const key = source[cell + 1]! & LOWER_HALF;
      if (key === CellKey.signals || this.#times.isListed(source, cell)) return false;
    }
    const block = this.#place(cells);
    const target = this.#words.pageOf(block);
    const at = offsetOf(block);
    for (let i = start; i < end; i += 1) target[at - start + i] = source[i]!;
    target[at + OLDER] = this.olderOf(node);
    for (let cell = at + HEAD_WORDS; cell < at - start + end; cell += CELL_WORDS) {
      if (isTextKey(target[cell + 1]! & LOWER_HALF)) {
        target[cell + PAYLOAD] = textOf(target[cell + PAYLOAD]!);
      }
    }
    this.#ids.setLink(node, block | IS_BLOCK);
    return true;
  }

  /** Begins the block of an id that has none. */
  #begin(node: number): number {
    const older = this.olderOf(node);
    const block = this.#place(0);
    this.#times.take(Number.NEGATIVE_INFINITY);
    const page = this.#words.pageOf(block);
    const at = offsetOf(block);
    page[at + 1] = 0;
    this.#times.write(page, at);
    page[at + EVENTS] = 0;
    page[at + OLDER] = older;
    this.#ids.setLink(node, block | IS_BLOCK);
    return block;
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
    const block = this.blockOf(node);
    const end = this.endOf(block);
    for (let cell = block + HEAD_WORDS; cell < end; cell += CELL_WORDS) {
      if (this.keyAt(cell) === key) return cell;
    }
    return NONE;
  }

  /** Adds a cell with a key to the block of an id; what else stands in it is to be written. */
  #add(node: number, key: number): number {
    let block = this.blockOf(node);
    const cells = this.#cellCount(block);
    if (roomFor(cells + 1) !== roomFor(cells)) {
      block = this.#moved(block, cells);
      this.#ids.setLink(node, block | IS_BLOCK);
    }
    const page = this.#words.pageOf(block);
    const at = offsetOf(block);
    const cell = HEAD_WORDS + cells * CELL_WORDS;
    page[at + 1] = page[at + 1]! + 1;
    page[at + cell + 1] = key;
    return block + cell;
  }

  #cellCount(block: number): number {
    return this.#words.get(block + 1) & CELL_COUNT_BITS;
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
    const length = HEAD_WORDS + cells * CELL_WORDS;
    const source = this.#words.pageOf(from);
    const target = this.#words.pageOf(to);
    for (let i = 0; i < length; i += 1) target[offsetOf(to) + i] = source[offsetOf(from) + i]!;
    const room = roomFor(cells);
    this.#words.set(from, this.#left[room] ?? NONE);
    this.#left[room] = from;
    return to;
  }

  /** A place for a block with room for so many cells at least; never across two pages. */
  #place(cells: number): number {
    const room = roomFor(cells);
    const left = this.#left[room] ?? NONE;
    if (left !== NONE) {
      this.#left[room] = this.#words.get(left);
      return left;
    }
    const length = HEAD_WORDS + room * CELL_WORDS;
    if (offsetOf(this.#used) + length > PAGE_WORDS) {
      this.#used += PAGE_WORDS - offsetOf(this.#used);
    }
    const place = this.#used;
    this.#used = place + length;
    this.#words.reserve(this.#used);
    return place;
  }
}

/** Cells that a block with so many of them has room for: small ones fit exactly. */
function roomFor(cells: number): number {
  if (cells <= 1) return 1;
  return cells <= 8 ? cells : (cells + 3) & ~3;
}
