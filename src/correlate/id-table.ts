import { STAGES } from '../model/index.ts';
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

  add(namespace: number, high: number, low: number): number {
    const known = this.#search(high, low);
    if (known !== NONE) return known;
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
    else this.#slots.put(node, high);
    return node;
  }

  /** The number of a known id, or undefined. */
  find(high: number, low: number): number | undefined {
    const node = this.#search(high, low);
    return node === NONE ? undefined : node;
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

  /** Bit `s` is set when the id stood in an event of stage `s`. */
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

  #search(high: number, low: number): number {
    const slots = this.#slots;
    for (let node = slots.first(low, high); ; node = slots.next(high)) {
      if (node === NONE) return NONE;
      const record = this.#records.pageOf(node * WORDS);
      const offset = offsetOf(node * WORDS);
      if (record[offset + LOW] === low && record[offset + HIGH] === high) return node;
    }
  }

  #growSlots(): void {
    this.#slots.grow();
    for (let node = 0; node < this.size; node += 1) {
      this.#slots.putNew(node, this.low(node), this.high(node));
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
