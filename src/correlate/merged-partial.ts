import {
  CellKey,
  cellOf,
  END,
  foldHash,
  NO_HASH,
  type PartialPool,
  type TextTable,
} from './partial-pool.ts';

/**
 * The partials of one flow merged into one, cell by cell: the same folds as the pool's, with a
 * place for every key. One is made and cleared for each flow, since millions of flows pass.
 */
export class MergedPartial {
  /** Keys that something was folded into. */
  readonly keys: number[] = [];
  readonly time: Float64Array;
  readonly a: Uint32Array;
  readonly b: Uint16Array;
  readonly #known: Uint8Array;
  readonly #texts: TextTable;

  constructor(texts: TextTable, keptFields: number) {
    const keys = CellKey.kept(keptFields);
    this.time = new Float64Array(keys);
    this.a = new Uint32Array(keys);
    this.b = new Uint16Array(keys);
    this.#known = new Uint8Array(keys);
    this.#texts = texts;
  }

  clear(): void {
    for (const key of this.keys) this.#known[key] = 0;
    this.keys.length = 0;
  }

  add(pool: PartialPool, node: number): void {
    for (let cell = pool.headOf(node); cell !== END; cell = pool.next[cell]!) {
      const key = pool.key[cell]!;
      if (this.#known[key]) this.#fold(key, pool, cell);
      else {
        this.#known[key] = 1;
        this.keys.push(key);
        this.time[key] = pool.time[cell]!;
        this.a[key] = pool.a[cell]!;
        this.b[key] = pool.b[cell]!;
      }
    }
  }

  textOf(key: number): string {
    return this.#texts.text(this.a[key]!);
  }

  countOf(key: number): number {
    const low = this.a[key]! & 0xffff;
    const middle = this.a[key]! >>> 16;
    return Number(low !== NO_HASH) + Number(middle !== NO_HASH) + Number(this.b[key] !== NO_HASH);
  }

  #fold(key: number, pool: PartialPool, cell: number): void {
    const time = pool.time[cell]!;
    const own = this.time[key]!;
    const kind = cellOf(key).kind;
    if (kind === 'span') {
      this.time[key] = Math.max(own, time);
      this.b[key] = this.b[key]! | pool.b[cell]!;
    } else if (kind === 'step') {
      this.time[key] = Math.min(own, time);
      foldHash(this, key, pool.a[cell]! & 0xffff);
      foldHash(this, key, pool.a[cell]! >>> 16);
      foldHash(this, key, pool.b[cell]!);
    } else if (time < own || (time === own && this.#texts.isBefore(pool.a[cell]!, this.a[key]!))) {
      this.time[key] = time;
      this.a[key] = pool.a[cell]!;
    }
  }
}
