import type { IdTable } from './id-table.ts';
import { offsetOf, PagedWords } from './paged-words.ts';
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
 * itself, which is where most searches end; the others stand in a list of 8 bytes an edge.
 */
export class EdgeSet {
  readonly #ids: IdTable;
  readonly #others: PagedWords;
  readonly #slots: SlotTable;
  #otherCount: number;

  constructor(ids: IdTable, packed?: PackedEdges) {
    this.#ids = ids;
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

  add(a: number, b: number): void {
    const newer = Math.max(a, b);
    const older = Math.min(a, b);
    if (newer === older) return;
    const own = this.#ids.olderOf(newer);
    if (own === older) return;
    if (own === NONE) this.#ids.setOlder(newer, older);
    else this.#addOther(newer, older);
  }

  /** Calls `visit` with the two ids of every edge. */
  forEach(visit: (newer: number, older: number) => void): void {
    const ids = this.#ids;
    for (let node = 0; node < ids.size; node += 1) {
      const older = ids.olderOf(node);
      if (older !== NONE) visit(node, older);
    }
    for (let edge = 0; edge < this.#otherCount; edge += 1) {
      visit(this.#others.get(edge * 2), this.#others.get(edge * 2 + 1));
    }
  }

  #addOther(newer: number, older: number): void {
    const slots = this.#slots;
    const others = this.#others;
    const hash = hashOf(newer, older);
    const tag = tagOf(hash);
    let place = slots.placeOf(hash);
    for (;;) {
      const slot = slots.at(place);
      if (slot === NONE) break;
      if (slots.fits(slot, tag)) {
        const at = slots.numberIn(slot) * WORDS;
        const edge = others.pageOf(at);
        if (edge[offsetOf(at)] === newer && edge[offsetOf(at) + 1] === older) return;
      }
      place = slots.after(place);
    }
    const number = this.#otherCount;
    const at = number * WORDS;
    others.reserve(at + WORDS);
    const edge = others.pageOf(at);
    edge[offsetOf(at)] = newer;
    edge[offsetOf(at) + 1] = older;
    this.#otherCount = number + 1;
    if (slots.isFull(this.#otherCount)) this.#growSlots();
    else slots.put(place, number, tag);
  }

  #growSlots(): void {
    this.#slots.grow();
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
