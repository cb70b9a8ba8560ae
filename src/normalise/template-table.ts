import type { EventTemplate } from '../model/index.ts';
import type { Zone } from './zone.ts';

/** Templates that last; when there are more, all are forgotten and learned anew. */
export const MAX_TEMPLATES: number = 1 << 14;

/** Where the time of a row stands. Entries are told by their distance from the row's first. */
export interface TimePlan {
  /** Entries that may hold the time, and their ranks: the lowest is believed. */
  readonly entries: readonly number[];
  readonly ranks: readonly number[];
  readonly zone: Zone;
  /** Entry of the nanoseconds beside it; -1 for none. */
  readonly nanos: number;
}

/** An id as events hold it. */
export interface IdHash {
  readonly namespace: number;
  readonly high: number;
  readonly low: number;
}

/** Everything that rows of one digest have in common. */
export interface Template extends EventTemplate {
  /** Its place among the templates. */
  readonly number: number;
  readonly schema: number;
  readonly time: TimePlan;
  /** False for rows that tell of no login: of them, only the time counts. */
  readonly isEvent: boolean;
  readonly severity: number;
  readonly stage: number;
  readonly outcome: number;
  readonly kind: number;
  /** Sums over the entries that are not masked. */
  readonly contentHigh: number;
  readonly contentLow: number;
  /** Ids that the template itself holds. */
  readonly ids: readonly IdHash[];
  /** For each masked entry, whether the row takes its id. */
  readonly takes: readonly boolean[];
  /** Salts the counters. */
  readonly hostHigh: number;
  readonly hostLow: number;
}

const SLOT_BITS = 15;
const SEEN_BITS = 15;

/**
 * Templates by the digest of their rows. A digest has to be met twice before its template is
 * kept: rows that are like no other must not crowd out those that repeat.
 */
export class TemplateTable {
  /** By number; the first `size` are known. */
  readonly #templates: Template[];
  #size = 0;
  readonly #slots = new Int32Array(1 << SLOT_BITS).fill(-1);
  readonly #high = new Int32Array(MAX_TEMPLATES);
  readonly #low = new Int32Array(MAX_TEMPLATES);
  readonly #seenHigh = new Int32Array(1 << SEEN_BITS);
  readonly #seenLow = new Int32Array(1 << SEEN_BITS);

  /** @param templates an array of {@link MAX_TEMPLATES} places to keep them in */
  constructor(templates: EventTemplate[]) {
    this.#templates = templates as Template[];
  }

  get size(): number {
    return this.#size;
  }

  get isFull(): boolean {
    return this.#size === MAX_TEMPLATES;
  }

  find(high: number, low: number): Template | undefined {
    const mask = this.#slots.length - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const number = this.#slots[slot];
      if (number < 0) return undefined;
      if (this.#low[number] === low && this.#high[number] === high) return this.#templates[number];
    }
  }

  /** True when a digest that was not found is to be kept: when it comes again. */
  isWorthKeeping(high: number, low: number): boolean {
    if (this.isFull) return false;
    const place = high & ((1 << SEEN_BITS) - 1);
    if (this.#seenLow[place] === low && this.#seenHigh[place] === high) return true;
    this.#seenLow[place] = low;
    this.#seenHigh[place] = high;
    return false;
  }

  /** Keeps a template under `number`, which has to be {@link size}. */
  add(high: number, low: number, template: Template): void {
    const { number } = template;
    const mask = this.#slots.length - 1;
    let slot = low & mask;
    while (this.#slots[slot] >= 0) slot = (slot + 1) & mask;
    this.#slots[slot] = number;
    this.#high[number] = high;
    this.#low[number] = low;
    this.#templates[number] = template;
    this.#size += 1;
  }

  clear(): void {
    this.#slots.fill(-1);
    this.#size = 0;
  }
}
