import { offsetOf, type PagedWords } from './paged-words.ts';

/** A time of our century is a whole number of these parts of a millisecond. */
const PARTS = 4096;
const WORD = 2 ** 32;
/** How far before the first time seen the count begins: half of what 48 bits span, or 397 days. */
const BEFORE_MS = 2 ** 35;

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

  constructor({ originMs, listed, free }: TimeContext = NOTHING_YET) {
    this.#originMs = originMs;
    this.#listed = [...listed];
    this.#free = [...free];
  }

  pack(): TimeContext {
    return { originMs: this.#originMs, listed: this.#listed, free: this.#free };
  }

  /** Unix milliseconds; infinite for no time. */
  read(words: PagedWords, at: number): number {
    const page = words.pageOf(at);
    const offset = offsetOf(at);
    const high = page[offset + 1]! >>> 16;
    const low = page[offset]!;
    if (high !== SPECIAL) return this.#originMs + (high * WORD + low) / PARTS;
    if (low === NEVER) return Number.POSITIVE_INFINITY;
    return low === ALWAYS ? Number.NEGATIVE_INFINITY : this.#listed[low]!;
  }

  /** Writes a time where none stood before. */
  write(words: PagedWords, at: number, timeMs: number): void {
    if (Number.isNaN(this.#originMs) && Number.isFinite(timeMs)) {
      this.#originMs = Math.floor(timeMs) - BEFORE_MS;
    }
    const parts = (timeMs - this.#originMs) * PARTS;
    const high = Math.floor(parts / WORD);
    if (high >= 0 && high < SPECIAL && Number.isInteger(parts)) {
      this.#put(words, at, high, parts - high * WORD);
    } else {
      this.#put(words, at, SPECIAL, this.#numberOf(timeMs));
    }
  }

  /** Writes a time over the one that stands there. */
  replace(words: PagedWords, at: number, timeMs: number): void {
    const low = words.get(at);
    if (words.get(at + 1) >>> 16 === SPECIAL && low < ALWAYS) this.#free.push(low);
    this.write(words, at, timeMs);
  }

  #put(words: PagedWords, at: number, high: number, low: number): void {
    const page = words.pageOf(at);
    const offset = offsetOf(at);
    page[offset] = low;
    page[offset + 1] = (high << 16) | (page[offset + 1]! & 0xffff);
  }

  #numberOf(timeMs: number): number {
    if (timeMs === Number.POSITIVE_INFINITY) return NEVER;
    if (timeMs === Number.NEGATIVE_INFINITY) return ALWAYS;
    const number = this.#free.pop() ?? this.#listed.length;
    this.#listed[number] = timeMs;
    return number;
  }
}
