import { type EventBatch, STAGES } from '../model/index.ts';
import { offsetOf, PagedWords } from './paged-words.ts';
import { NONE, type PackedSlots, SlotTable } from './slot-table.ts';

/** Namespace of the nodes that stand for two ids seen together instead of for one id. */
export const PAIR_NAMESPACE = 0xf;

/** Words of an id's record, and what stands in each. */
const WORDS = 4;
const LOW = 0;
const HIGH = 1;
const OLDER = 2;
const PARTIAL = 3;

const MARK_BITS = 16;
const NAMESPACE_SHIFT = STAGES.length;
const STAGE_BITS = (1 << NAMESPACE_SHIFT) - 1;

/** Ids as the columns of an event batch. */
export type IdColumns = Pick<EventBatch, 'idNamespace' | 'idHigh' | 'idLow'>;

/** The table as plain data, to be sent elsewhere. */
export interface PackedIds {
  readonly size: number;
  readonly records: Uint32Array[];
  readonly marks: Uint32Array[];
  readonly slots: PackedSlots;
}

/**
 * Every id seen, as a dense number, found by its 64-bit hash. The hash is salted by namespace,
 * so equal texts of two namespaces are two ids.
 *
 * What belongs to an id lies side by side: 16 bytes for its hash, one edge and the place of its
 * partial; 2 more bytes hold its namespace and stages, and about 6 its slot.
 */
export class IdTable {
  size: number;
  readonly #records: PagedWords;
  /** Two ids a word: the namespace above a bit for each stage. */
  readonly #marks: PagedWords;
  readonly #slots: SlotTable;

  constructor(packed?: PackedIds) {
    this.size = packed?.size ?? 0;
    this.#records = new PagedWords(packed?.records);
    this.#marks = new PagedWords(packed?.marks);
    this.#slots = new SlotTable(packed?.slots);
  }

  pack(): PackedIds {
    return {
      size: this.size,
      records: this.#records.pages,
      marks: this.#marks.pages,
      slots: this.#slots.pack(),
    };
  }

  /**
   * The numbers of the ids from `from` up to `to` of some columns, where new ones are added.
   * @param numbers takes the numbers, at the places of the ids
   */
  addAll(ids: IdColumns, from: number, to: number, numbers: Uint32Array): void {
    const { idNamespace, idHigh, idLow } = ids;
    for (let i = from; i < to; i += 1) {
      const place = this.#search(idHigh[i]! | 0, idLow[i]! | 0);
      const slot = this.#slots.at(place);
      numbers[i] =
        slot === NONE
          ? this.#append(place, idNamespace[i]!, idHigh[i]! | 0, idLow[i]! | 0)
          : this.#slots.numberIn(slot);
    }
  }

  add(namespace: number, high: number, low: number): number {
    const place = this.#search(high | 0, low | 0);
    const slot = this.#slots.at(place);
    return slot === NONE
      ? this.#append(place, namespace, high | 0, low | 0)
      : this.#slots.numberIn(slot);
  }

  /** The number of a known id, or undefined. */
  find(high: number, low: number): number | undefined {
    const slot = this.#slots.at(this.#search(high | 0, low | 0));
    return slot === NONE ? undefined : this.#slots.numberIn(slot);
  }

  high(node: number): number {
    return this.#records.get(node * WORDS + HIGH);
  }

  low(node: number): number {
    return this.#records.get(node * WORDS + LOW);
  }

  /** The hash in 16 hex digits. */
  hashText(node: number): string {
    return hex(this.high(node)) + hex(this.low(node));
  }

  compareHashes(a: number, b: number): number {
    return this.high(a) - this.high(b) || this.low(a) - this.low(b);
  }

  namespace(node: number): number {
    return this.#marksOf(node) >>> NAMESPACE_SHIFT;
  }

  /** Bit `s` is set when {@link addStages} was told of stage `s`. */
  stages(node: number): number {
    return this.#marksOf(node) & STAGE_BITS;
  }

  addStages(node: number, stages: number): void {
    this.#mark(node, stages);
  }

  /** An id with a smaller number that stood in one event with this one, or {@link NONE}. */
  olderOf(node: number): number {
    return this.#records.get(node * WORDS + OLDER);
  }

  setOlder(node: number, older: number): void {
    this.#records.set(node * WORDS + OLDER, older);
  }

  /** Where the partial of the id stands, or {@link NONE}. */
  partialOf(node: number): number {
    return this.#records.get(node * WORDS + PARTIAL);
  }

  setPartial(node: number, partial: number): void {
    this.#records.set(node * WORDS + PARTIAL, partial);
  }

  /** Adds an id whose search ended at an empty slot. */
  #append(place: number, namespace: number, high: number, low: number): number {
    const node = this.size;
    const at = node * WORDS;
    this.#records.reserve(at + WORDS);
    const record = this.#records.pageOf(at);
    const offset = offsetOf(at);
    record[offset + LOW] = low;
    record[offset + HIGH] = high;
    record[offset + OLDER] = NONE;
    record[offset + PARTIAL] = NONE;
    this.#marks.reserve((node >>> 1) + 1);
    this.#mark(node, namespace << NAMESPACE_SHIFT);
    this.size = node + 1;
    if (this.#slots.isFull(this.size)) this.#growSlots();
    else this.#slots.put(place, node, high);
    return node;
  }

  /**
   * Where the slot of an id is, or the empty one that it would take.
   * @param high signed, as all numbers that are handed around often: others would be boxed
   */
  #search(high: number, low: number): number {
    const slots = this.#slots;
    let place = slots.placeOf(low);
    for (;;) {
      const slot = slots.at(place);
      if (slot === NONE) return place;
      if (slots.fits(slot, high)) {
        const at = slots.numberIn(slot) * WORDS;
        const record = this.#records.pageOf(at);
        const offset = offsetOf(at);
        if ((record[offset + LOW]! | 0) === low && (record[offset + HIGH]! | 0) === high)
          return place;
      }
      place = slots.after(place);
    }
  }

  #growSlots(): void {
    const slots = this.#slots;
    slots.grow();
    for (let node = 0; node < this.size; node += 1) {
      const record = this.#records.pageOf(node * WORDS);
      const offset = offsetOf(node * WORDS);
      slots.putNew(node, record[offset + LOW]!, record[offset + HIGH]!);
    }
  }

  #marksOf(node: number): number {
    return (this.#marks.get(node >>> 1) >>> shiftOf(node)) & ((1 << MARK_BITS) - 1);
  }

  #mark(node: number, bits: number): void {
    const at = node >>> 1;
    this.#marks.set(at, this.#marks.get(at) | (bits << shiftOf(node)));
  }
}

const hex = (word: number): string => word.toString(16).padStart(8, '0');
const shiftOf = (node: number): number => (node & 1) * MARK_BITS;
