import { PagedWords } from './paged-words.ts';

/** No number. */
export const NONE = 0xffffffff;

const MAX_LOAD = 0.85;
const GROWTH = 1.5;
const FIRST_SLOTS = 1 << 8;

/** The table as plain data, to be sent elsewhere. */
export interface PackedSlots {
  readonly count: number;
  readonly slots: Uint32Array[];
}

/**
 * A hash table of numbers; what they stand for is kept elsewhere, in the order of the numbers.
 * A slot holds a number and, in the bits that numbers leave free, some of its hash, so that a
 * search seldom looks at what stands elsewhere. The table grows in place: all slots are emptied
 * and filled again.
 */
export class SlotTable {
  readonly #slots: PagedWords;
  #count: number;
  #perHash: number;
  #tagBits: number;
  /** Where the last search ended. */
  #at = 0;

  constructor(packed?: PackedSlots) {
    this.#slots = new PagedWords(packed?.slots);
    this.#count = packed?.count ?? FIRST_SLOTS;
    this.#perHash = this.#count / 2 ** 32;
    this.#tagBits = tagBitsOf(this.#count);
    if (packed === undefined) this.#slots.fill(NONE);
  }

  pack(): PackedSlots {
    return { count: this.#count, slots: this.#slots.pages };
  }

  /**
   * The first number that may have this hash, or {@link NONE}.
   * @param hash 32 bits that say where the search begins
   * @param tag 32 further bits
   */
  first(hash: number, tag: number): number {
    this.#at = Math.floor(hash * this.#perHash);
    return this.#search(tag);
  }

  /** The next number that may have the hash last searched for, or {@link NONE}. */
  next(tag: number): number {
    this.#at = this.#at + 1 === this.#count ? 0 : this.#at + 1;
    return this.#search(tag);
  }

  /** Puts a number where the last search ended with {@link NONE}. */
  put(number: number, tag: number): void {
    this.#slots.set(this.#at, (tag & this.#tagBits) | number);
  }

  /** True when so many numbers need more slots: call {@link grow} and put all of them anew. */
  isFull(numbers: number): boolean {
    return numbers > this.#count * MAX_LOAD;
  }

  grow(): void {
    this.#count = Math.ceil(this.#count * GROWTH);
    this.#perHash = this.#count / 2 ** 32;
    this.#tagBits = tagBitsOf(this.#count);
    this.#slots.reserve(this.#count);
    this.#slots.fill(NONE);
  }

  /** Puts a number that is not in the table. */
  putNew(number: number, hash: number, tag: number): void {
    this.#at = Math.floor(hash * this.#perHash);
    while (this.#slots.get(this.#at) !== NONE) {
      this.#at = this.#at + 1 === this.#count ? 0 : this.#at + 1;
    }
    this.put(number, tag);
  }

  #search(tag: number): number {
    const slots = this.#slots;
    const tagBits = this.#tagBits;
    for (;;) {
      const slot = slots.get(this.#at);
      if (slot === NONE) return NONE;
      if (((slot ^ tag) & tagBits) === 0) return slot & ~tagBits;
      this.#at = this.#at + 1 === this.#count ? 0 : this.#at + 1;
    }
  }
}

/** The bits above those that numbers below `count` need; a slot of ones only is none. */
function tagBitsOf(count: number): number {
  return -1 << (32 - Math.clz32(count));
}
