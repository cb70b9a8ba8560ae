import { CellKey, isStepKey, isTextKey, isThirdKey } from './cell-key.ts';
import { CELL_WORDS, NO_HASH, type PartialPool } from './partial-pool.ts';
import { NONE } from './slot-table.ts';
import type { TextTable } from './text-table.ts';

/**
 * The partials of one flow merged into one, cell by cell: the same folds as the pool's, with a
 * place for every key. One is made and cleared for each flow, since millions of flows pass.
 */
export class MergedPartial {
  /** Of all that was folded; infinite when nothing carried a time. */
  firstMs = Number.POSITIVE_INFINITY;
  lastMs = Number.NEGATIVE_INFINITY;
  /** A bit for each kind of flow. */
  kinds = 0;
  /** Where the lists of signals begin, one for each id that has signals. */
  readonly signalLists: number[] = [];
  /** A bit for each step that is known, in two words. */
  readonly #steps = new Uint32Array(2);
  /** Other keys that are known. */
  readonly #known: Uint8Array;
  readonly #time: Float64Array;
  /** Number of a text. */
  readonly #text: Uint32Array;
  /** The three smallest hashes of each step, sorted. */
  readonly #hashes = new Uint16Array(CellKey.steps * 3);
  readonly #textTable: TextTable;

  constructor(textTable: TextTable, keptFields: number) {
    const keys = CellKey.count(keptFields);
    this.#known = new Uint8Array(keys);
    this.#time = new Float64Array(keys);
    this.#text = new Uint32Array(keys);
    this.#textTable = textTable;
  }

  clear(): void {
    this.firstMs = Number.POSITIVE_INFINITY;
    this.lastMs = Number.NEGATIVE_INFINITY;
    this.kinds = 0;
    if (this.signalLists.length > 0) this.signalLists.length = 0;
    this.#steps[0] = 0;
    this.#steps[1] = 0;
    this.#known.fill(0);
  }

  add(pool: PartialPool, node: number): void {
    const block = pool.blockOf(node);
    if (block === NONE) return;
    this.kinds |= pool.kindsAt(block);
    const lastMs = pool.timeAt(block);
    if (lastMs > this.lastMs) this.lastMs = lastMs;
    if (lastMs > Number.NEGATIVE_INFINITY && lastMs < this.firstMs) this.firstMs = lastMs;
    const end = pool.endOf(block);
    for (let cell = pool.cellsOf(block); cell < end; cell += CELL_WORDS) {
      const key = pool.keyAt(cell);
      if (isThirdKey(key)) this.#foldHash(key - CellKey.third(0), pool.payloadAt(cell));
      else if (isStepKey(key)) this.#foldStep(key, pool.timeAt(cell), pool.payloadAt(cell));
      else if (isTextKey(key)) this.#foldText(key, pool.timeAt(cell), pool.payloadAt(cell));
      else this.signalLists.push(pool.payloadAt(cell));
    }
  }

  /** Calls `visit` with the key of each step of which there were events, ascending. */
  forEachStep(visit: (key: number) => void): void {
    for (let word = 0; word < 2; word += 1) {
      for (let bits = this.#steps[word]!; bits !== 0; bits &= bits - 1) {
        visit(word * 32 + 31 - Math.clz32(bits & -bits));
      }
    }
  }

  /** Whether a text was folded into a key. */
  has(key: number): boolean {
    return this.#known[key] === 1;
  }

  timeOf(step: number): number {
    return this.#time[step]!;
  }

  /** Distinct events of a step, up to three. */
  countOf(step: number): number {
    const at = step * 3;
    if (this.#hashes[at + 1] === NO_HASH) return 1;
    return this.#hashes[at + 2] === NO_HASH ? 2 : 3;
  }

  textOf(key: number): string {
    return this.#textTable.text(this.#text[key]!);
  }

  #foldStep(key: number, timeMs: number, hashes: number): void {
    const bit = 1 << (key & 31);
    if ((this.#steps[key >>> 5]! & bit) === 0) {
      this.#steps[key >>> 5]! |= bit;
      this.#time[key] = timeMs;
      this.#hashes[key * 3] = NO_HASH;
      this.#hashes[key * 3 + 1] = NO_HASH;
      this.#hashes[key * 3 + 2] = NO_HASH;
    } else if (timeMs < this.#time[key]!) this.#time[key] = timeMs;
    if (timeMs < this.firstMs) this.firstMs = timeMs;
    this.#foldHash(key, hashes & 0xffff);
    this.#foldHash(key, hashes >>> 16);
  }

  #foldHash(step: number, hash: number): void {
    const hashes = this.#hashes;
    const at = step * 3;
    const first = hashes[at]!;
    const second = hashes[at + 1]!;
    if (hash >= hashes[at + 2]! || hash === first || hash === second) return;
    hashes[at + 2] = Math.max(hash, second);
    hashes[at + 1] = Math.min(Math.max(hash, first), second);
    hashes[at] = Math.min(hash, first);
  }

  #foldText(key: number, timeMs: number, text: number): void {
    if (timeMs < this.firstMs) this.firstMs = timeMs;
    if (this.#known[key] === 0) {
      this.#known[key] = 1;
    } else {
      const own = this.#time[key]!;
      const isEarlier =
        timeMs < own || (timeMs === own && this.#textTable.isBefore(text, this.#text[key]!));
      if (!isEarlier) return;
    }
    this.#time[key] = timeMs;
    this.#text[key] = text;
  }
}
