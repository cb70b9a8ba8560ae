/** A time of our century is a whole number of these parts of a millisecond. */
const PARTS = 4096;
const WORD = 2 ** 32;
/**
 * The count begins at a multiple of this, two of them before the first time seen at least: 48 bits
 * span four. So the times of two tables about the same days are counted alike.
 */
const ORIGIN_STEP_MS = 2 ** 34;

/** Upper 16 bits of a time that is not counted; the lower word tells which. */
const SPECIAL = 0xffff;
const NEVER = 0xffffffff;
const ALWAYS = 0xfffffffe;

const NOTHING_YET: TimeContext = { originMs: Number.NaN, listed: [], free: [] };

/** What is needed beside the words to read the times in them. */
export interface TimeContext {
  readonly originMs: number;
  readonly listed: number[];
  readonly free: number[];
}

/**
 * Times in 48 bits each, without loss: a word, and the upper half of the next. They are counted
 * from near the first one seen. The few that lie too far from it, or between the parts of a
 * millisecond, stand in a list of their own.
 */
export class PackedTimes {
  #originMs: number;
  readonly #listed: number[];
  /** Places of the list that hold no time any more. */
  readonly #free: number[];
  /** The time taken, and the words that stand for it: signed, since such numbers cost nothing. */
  #taken = Number.NaN;
  #high = SPECIAL;
  #low = 0;

  constructor({ originMs, listed, free }: TimeContext = NOTHING_YET) {
    this.#originMs = originMs;
    this.#listed = [...listed];
    this.#free = [...free];
  }

  pack(): TimeContext {
    return { originMs: this.#originMs, listed: this.#listed, free: this.#free };
  }

  /** Whether a time of `other` is the same here, word for word, unless it stands in a list. */
  countsAs(other: PackedTimes): boolean {
    return this.#originMs === other.#originMs;
  }

  /** Whether a time stands in the list of this table. */
  isListed(page: Uint32Array, offset: number): boolean {
    return page[offset + 1]! >>> 16 === SPECIAL && page[offset]! < ALWAYS;
  }

  /** The time that stands in a page, in Unix milliseconds; infinite for no time. */
  read(page: Uint32Array, offset: number): number {
    const high = page[offset + 1]! >>> 16;
    const low = page[offset]!;
    if (high !== SPECIAL) return this.#originMs + (high * WORD + low) / PARTS;
    if (low === NEVER) return Number.POSITIVE_INFINITY;
    return low === ALWAYS ? Number.NEGATIVE_INFINITY : this.#listed[low]!;
  }

  /** Takes the time that {@link compare} and {@link write} are about. */
  take(timeMs: number): void {
    if (timeMs === this.#taken) return;
    this.#taken = timeMs;
    if (Number.isNaN(this.#originMs) && Number.isFinite(timeMs)) {
      this.#originMs = (Math.floor(timeMs / ORIGIN_STEP_MS) - 2) * ORIGIN_STEP_MS;
    }
    const parts = (timeMs - this.#originMs) * PARTS;
    const high = Math.floor(parts / WORD);
    const low = parts - high * WORD;
    const isCounted = high >= 0 && high < SPECIAL && low === low >>> 0;
    this.#high = isCounted ? high : SPECIAL;
    this.#low = isCounted ? low | 0 : 0;
  }

  /**
   * Below 0 when the time taken comes before the one that stands in a page, above 0 when after.
   * @param offset of the time in its page
   */
  compare(page: Uint32Array, offset: number): number {
    const high = page[offset + 1]! >>> 16;
    if (high === SPECIAL || this.#high === SPECIAL) {
      const time = this.read(page, offset);
      return this.#taken < time ? -1 : this.#taken > time ? 1 : 0;
    }
    return high === this.#high ? (this.#low >>> 0) - page[offset]! : this.#high - high;
  }

  /** Writes the time taken where none stood before. */
  write(page: Uint32Array, offset: number): void {
    const isListed = this.#high === SPECIAL;
    page[offset] = isListed ? this.#numberOf(this.#taken) : this.#low;
    page[offset + 1] = (this.#high << 16) | (page[offset + 1]! & 0xffff);
  }

  /** Writes the time taken over the one that stands there. */
  replace(page: Uint32Array, offset: number): void {
    const low = page[offset]!;
    if (this.isListed(page, offset)) this.#free.push(low);
    this.write(page, offset);
  }

  #numberOf(timeMs: number): number {
    if (timeMs === Number.POSITIVE_INFINITY) return NEVER;
    if (timeMs === Number.NEGATIVE_INFINITY) return ALWAYS;
    const number = this.#free.pop() ?? this.#listed.length;
    this.#listed[number] = timeMs;
    return number;
  }
}
