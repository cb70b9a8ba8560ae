import { PagedWords } from './paged-words.ts';

/** No number. */
export const NONE = 0xffffffff;

const MAX_LOAD = 0.85;
const FIRST_SLOTS = 1 << 8;
/** From here on the memory of empty slots weighs more than the time that growing takes. */
const MANY_SLOTS = 1 << 20;
const GROWTH = 2;
const GROWTH_OF_MANY = 1.5;

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
 *
 * A search begins at {@link placeOf} and goes on {@link after} each place until it finds its
 * number or an empty slot.
 */
export class SlotTable {
  /** Where the slots stand. */
  readonly words: PagedWords;
  #count: number;
  #perHash: number;
  #tagBits: number;

  constructor(packed?: PackedSlots, isShared = false) {
    this.words = new PagedWords(packed?.slots, isShared);
    this.#count = packed?.count ?? FIRST_SLOTS;
    this.#perHash = this.#count / 2 ** 32;
    this.#tagBits = tagBitsOf(this.#count);
    if (packed === undefined) this.words.fill(NONE);
  }

  pack(): PackedSlots {
    return { count: this.#count, slots: this.words.pages };
  }

  /** Where the search for a hash of 32 bits begins. */
  placeOf(hash: number): number {
    return Math.floor((hash >>> 0) * this.#perHash);
  }

  after(place: number): number {
    return place + 1 === this.#count ? 0 : place + 1;
  }

  /** What stands at a place; {@link NONE} when it is empty. */
  at(place: number): number {
    return this.words.get(place);
  }

  /** Whether a slot that is not empty may hold the number of a hash. */
  fits(slot: number, tag: number): boolean {
    return ((slot ^ tag) & this.#tagBits) === 0;
  }

  numberIn(slot: number): number {
    return slot & ~this.#tagBits;
  }

  /**
   * Puts a number into an empty slot.
   * @param tag 32 further bits of its hash
   */
  put(place: number, number: number, tag: number): void {
    this.words.set(place, (tag & this.#tagBits) | number);
  }

  /** True when so many numbers need more slots: call {@link grow} and put all of them anew. */
  isFull(numbers: number): boolean {
    return numbers > this.#count * MAX_LOAD;
  }

  /** Empties all slots, and makes them enough for so many numbers. */
  grow(numbers: number): void {
    while (this.isFull(numbers)) {
      const growth = this.#count < MANY_SLOTS ? GROWTH : GROWTH_OF_MANY;
      this.#count = Math.ceil(this.#count * growth);
    }
    this.#perHash = this.#count / 2 ** 32;
    this.#tagBits = tagBitsOf(this.#count);
    this.words.reserve(this.#count);
    this.words.fill(NONE);
  }

  /** Puts a number that is not in the table. */
  putNew(number: number, hash: number, tag: number): void {
    let place = this.placeOf(hash);
    while (this.at(place) !== NONE) place = this.after(place);
    this.put(place, number, tag);
  }
}

/** The bits above those that numbers below `count` need; a slot of ones only is none. */
function tagBitsOf(count: number): number {
  return -1 << (32 - Math.clz32(count));
}
