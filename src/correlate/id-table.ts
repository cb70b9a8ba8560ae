import { type EventBatch, STAGES } from '../model/index.ts';
import { BitSet } from './bit-set.ts';
import { offsetOf, PAGE_WORDS, PagedWords } from './paged-words.ts';
import { NONE, type PackedSlots, SlotTable } from './slot-table.ts';

/** Namespace of the nodes that stand for two ids seen together instead of for one id. */
export const PAIR_NAMESPACE = 0xf;

/** The link of an id that was given none. */
export const NO_LINK = -1;

/** Words of an id's record, and what stands in each. */
const WORDS = 3;
const LOW = 0;
const HIGH = 1;
const LINK = 2;
/** A page ends with its last whole record. */
const PER_PAGE = Math.floor(PAGE_WORDS / WORDS);

const MARK_BITS = 16;
const STAGE_BITS = (1 << STAGES.length) - 1;
const REACH_SHIFT = STAGES.length;
const NAMESPACE_SHIFT = 12;

/** Most steps that {@link IdTable.reach} counts. */
export const MAX_REACH = (1 << (NAMESPACE_SHIFT - REACH_SHIFT)) - 1;

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
 * What belongs to an id lies side by side: 12 bytes for its hash and a link, in which the owner of
 * the table keeps what it likes; 2 more bytes hold its namespace, stages and reach, and 5 to 7 its
 * slot.
 */
export class IdTable {
  size: number;
  readonly #records: PagedWords;
  /** Two ids a word: the namespace, the reach, a bit for each stage. */
  readonly #marks: PagedWords;
  readonly #slots: SlotTable;
  #slotsAreLent = false;

  /** @param isShared other threads may look ids up, see {@link PagedWords} */
  constructor(packed?: PackedIds, isShared = false) {
    this.size = packed?.size ?? 0;
    this.#records = new PagedWords(packed?.records, isShared);
    this.#marks = new PagedWords(packed?.marks, isShared);
    this.#slots = new SlotTable(packed?.slots, isShared);
  }

  pack(): PackedIds {
    this.#takeSlotsBack();
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
    this.#takeSlotsBack();
    for (let i = from; i < to; i += 1) {
      const place = this.#search(idHigh[i]! | 0, idLow[i]! | 0);
      const slot = this.#slots.at(place);
      numbers[i] =
        slot === NONE
          ? this.#append(place, idNamespace[i]!, idHigh[i]! | 0, idLow[i]! | 0)
          : this.#slots.numberIn(slot);
    }
  }

  /** Makes room for so many ids at once, instead of step by step. */
  reserve(ids: number): void {
    this.#takeSlotsBack();
    if (this.#slots.isFull(ids)) this.#growSlots(ids);
  }

  add(namespace: number, high: number, low: number): number {
    this.#takeSlotsBack();
    const place = this.#search(high | 0, low | 0);
    const slot = this.#slots.at(place);
    return slot === NONE
      ? this.#append(place, namespace, high | 0, low | 0)
      : this.#slots.numberIn(slot);
  }

  /** The number of a known id, or undefined. */
  find(high: number, low: number): number | undefined {
    if (this.#slotsAreLent) return this.#findWithoutSlots(high, low);
    const slot = this.#slots.at(this.#search(high | 0, low | 0));
    return slot === NONE ? undefined : this.#slots.numberIn(slot);
  }

  /** The ids of this table that stand in one of the others as well, by their numbers here. */
  alsoIn(others: readonly IdTable[]): BitSet {
    const common = new BitSet(this.size);
    for (const other of others) {
      let node = 0;
      for (const page of this.#records.pages) {
        const end = Math.min(PER_PAGE, this.size - node) * WORDS;
        for (let at = 0; at < end; at += WORDS) {
          const place = other.#search(page[at + HIGH]! | 0, page[at + LOW]! | 0);
          if (other.#slots.at(place) !== NONE) common.add(node);
          node += 1;
        }
      }
    }
    return common;
  }

  /**
   * Lends the memory of what ids are found by, one word and more for each id. It may be used until
   * an id is added; till then, to find an id is to go through all.
   */
  lendSlots(): PagedWords {
    this.#slotsAreLent = true;
    return this.#slots.words;
  }

  high(node: number): number {
    return this.#records.get(recordOf(node) + HIGH);
  }

  low(node: number): number {
    return this.#records.get(recordOf(node) + LOW);
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

  /** A number that {@link extendReach} counts up. */
  reach(node: number): number {
    return (this.#marksOf(node) >>> REACH_SHIFT) & MAX_REACH;
  }

  /** The reach must be below {@link MAX_REACH}. */
  extendReach(node: number): void {
    const at = node >>> 1;
    this.#marks.set(at, this.#marks.get(at) + (1 << (REACH_SHIFT + shiftOf(node))));
  }

  /** What {@link setLink} has set, signed; {@link NO_LINK} at first. */
  link(node: number): number {
    return this.#records.get(recordOf(node) + LINK) | 0;
  }

  setLink(node: number, link: number): void {
    this.#records.set(recordOf(node) + LINK, link);
  }

  /** Adds an id whose search ended at an empty slot. */
  #append(place: number, namespace: number, high: number, low: number): number {
    const node = this.size;
    const at = recordOf(node);
    this.#records.reserve(at + WORDS);
    const record = this.#records.pageOf(at);
    const offset = offsetOf(at);
    record[offset + LOW] = low;
    record[offset + HIGH] = high;
    record[offset + LINK] = NO_LINK;
    this.#marks.reserve((node >>> 1) + 1);
    this.#mark(node, namespace << NAMESPACE_SHIFT);
    this.size = node + 1;
    if (this.#slots.isFull(this.size)) this.#growSlots(this.size);
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
        const at = recordOf(slots.numberIn(slot));
        const record = this.#records.pageOf(at);
        const offset = offsetOf(at);
        if ((record[offset + LOW]! | 0) === low && (record[offset + HIGH]! | 0) === high)
          return place;
      }
      place = slots.after(place);
    }
  }

  #findWithoutSlots(high: number, low: number): number | undefined {
    for (let node = 0; node < this.size; node += 1) {
      if (this.low(node) === low >>> 0 && this.high(node) === high >>> 0) return node;
    }
    return undefined;
  }

  #takeSlotsBack(): void {
    if (!this.#slotsAreLent) return;
    this.#slotsAreLent = false;
    this.#slots.words.fill(NONE);
    this.#fillSlots();
  }

  #growSlots(ids: number): void {
    this.#slots.grow(ids);
    this.#fillSlots();
  }

  /** Puts all ids into the empty slots. */
  #fillSlots(): void {
    const slots = this.#slots;
    let node = 0;
    for (const page of this.#records.pages) {
      const end = Math.min(PER_PAGE, this.size - node) * WORDS;
      for (let at = 0; at < end; at += WORDS) {
        slots.putNew(node, page[at + LOW]! | 0, page[at + HIGH]! | 0);
        node += 1;
      }
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

/** The first word of an id's record. */
function recordOf(node: number): number {
  const page = (node / PER_PAGE) | 0;
  return page * PAGE_WORDS + (node - page * PER_PAGE) * WORDS;
}

const hex = (word: number): string => word.toString(16).padStart(8, '0');
const shiftOf = (node: number): number => (node & 1) * MARK_BITS;
