import type { BitSet } from './bit-set.ts';
import { type IdTable, MAX_REACH } from './id-table.ts';
import { offsetOf, PagedWords } from './paged-words.ts';
import type { PartialPool } from './partial-pool.ts';
import { NONE, type PackedSlots, SlotTable } from './slot-table.ts';

/** Words of an edge in the list: the newer id and the older one. */
const WORDS = 2;

/** The edges that do not stand with their ids, as plain data. */
export interface PackedEdges {
  readonly count: number;
  readonly others: Uint32Array[];
  readonly slots: PackedSlots;
}

/**
 * The distinct pairs of ids that stood in one event. One edge to an older id is kept with the id
 * itself, and that one's own again leads to a still older one: the reach of an id says how many
 * steps further along these its own edges go. So a clique of new ids, such as those of a request,
 * is a chain and costs nothing. What no chain tells stands in a list of 8 bytes an edge.
 */
export class EdgeSet {
  readonly #ids: IdTable;
  readonly #partials: PartialPool;
  readonly #others: PagedWords;
  readonly #slots: SlotTable;
  #otherCount: number;

  constructor(ids: IdTable, partials: PartialPool, packed?: PackedEdges) {
    this.#ids = ids;
    this.#partials = partials;
    this.#others = new PagedWords(packed?.others);
    this.#slots = new SlotTable(packed?.slots);
    this.#otherCount = packed?.count ?? 0;
  }

  pack(): PackedEdges {
    return {
      count: this.#otherCount,
      others: this.#others.pages,
      slots: this.#slots.pack(),
    };
  }

  /** Most edges become chains when those of an id are added from the newest of the older ids on. */
  add(a: number, b: number): void {
    const partials = this.#partials;
    const newer = a > b ? a : b;
    const older = a > b ? b : a;
    if (newer === older) return;
    let chained = partials.olderOf(newer);
    if (chained === older) return;
    if (chained === NONE) {
      partials.setOlder(newer, older);
      return;
    }
    const reach = this.#ids.reach(newer);
    for (let step = 0; step < reach; step += 1) {
      chained = partials.olderOf(chained);
      if (chained === older) return;
    }
    const place = this.#searchOther(newer, older);
    if (place === NONE) return;
    if (reach < MAX_REACH && partials.olderOf(chained) === older) this.#ids.extendReach(newer);
    else this.#addOther(place, newer, older);
  }

  /**
   * Calls `visit` with the two ids of every edge.
   * @param among edges between these ids are meant; all by default
   */
  forEach(visit: (newer: number, older: number) => void, among?: BitSet): void {
    const ids = this.#ids;
    const partials = this.#partials;
    const visitAmong = (newer: number, older: number): void => {
      if (among?.has(older) !== false) visit(newer, older);
    };
    for (let node = 0; node < ids.size; node += 1) {
      if (among?.has(node) === false) continue;
      let older = partials.olderOf(node);
      if (older === NONE) continue;
      visitAmong(node, older);
      for (let step = ids.reach(node); step > 0; step -= 1) {
        older = partials.olderOf(older);
        visitAmong(node, older);
      }
    }
    for (let edge = 0; edge < this.#otherCount; edge += 1) {
      const newer = this.#others.get(edge * WORDS);
      if (among?.has(newer) !== false) visitAmong(newer, this.#others.get(edge * WORDS + 1));
    }
  }

  /** The empty slot for an edge of the list; {@link NONE} when it is there. */
  #searchOther(newer: number, older: number): number {
    const slots = this.#slots;
    const hash = hashOf(newer, older);
    const tag = tagOf(hash);
    let place = slots.placeOf(hash);
    for (;;) {
      const slot = slots.at(place);
      if (slot === NONE) return place;
      if (slots.fits(slot, tag)) {
        const at = slots.numberIn(slot) * WORDS;
        const edge = this.#others.pageOf(at);
        if (edge[offsetOf(at)] === newer && edge[offsetOf(at) + 1] === older) return NONE;
      }
      place = slots.after(place);
    }
  }

  #addOther(place: number, newer: number, older: number): void {
    const others = this.#others;
    const number = this.#otherCount;
    const at = number * WORDS;
    others.reserve(at + WORDS);
    const edge = others.pageOf(at);
    edge[offsetOf(at)] = newer;
    edge[offsetOf(at) + 1] = older;
    this.#otherCount = number + 1;
    if (this.#slots.isFull(this.#otherCount)) this.#growSlots();
    else this.#slots.put(place, number, tagOf(hashOf(newer, older)));
  }

  #growSlots(): void {
    this.#slots.grow(this.#otherCount);
    for (let edge = 0; edge < this.#otherCount; edge += 1) {
      const at = edge * WORDS;
      const hash = hashOf(this.#others.get(at), this.#others.get(at + 1));
      this.#slots.putNew(edge, hash, tagOf(hash));
    }
  }
}

function hashOf(newer: number, older: number): number {
  let h = Math.imul(newer, 0x9e3779b1) ^ Math.imul(older, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return h ^ (h >>> 15);
}

const tagOf = (hash: number): number => Math.imul(hash, 0x85ebca6b);
