import { HeldBytes } from '../held-bytes.ts';
import type { RowWriter } from '../row-writer.ts';

/** Entries that outlive their batch: what a wrapper says of a record that is not whole yet. */
export class CarriedEntries {
  readonly #bytes = new HeldBytes();
  readonly #names: string[] = [];
  readonly #kinds: number[] = [];
  readonly #ends: number[] = [];

  /** Takes the entries of the open row away. */
  take({ columns, paths }: RowWriter): void {
    this.clear();
    for (let entry = columns.entryStart[columns.rows]!; entry < columns.entries; entry += 1) {
      const bytes = columns.inScratch[entry] === 1 ? columns.scratch : columns.bytes;
      this.#bytes.add(bytes, columns.start[entry]!, columns.end[entry]!);
      this.#names.push(paths.name(columns.path[entry]!));
      this.#kinds.push(columns.kind[entry]!);
      this.#ends.push(this.#bytes.length);
    }
    columns.dropOpenRow();
  }

  /** Adds what was taken to the open row. */
  putBack({ columns, paths }: RowWriter): void {
    if (this.#names.length === 0) return;
    let start = columns.addToScratch(this.#bytes.bytes, 0, this.#bytes.length);
    const base = start;
    this.#names.forEach((name, i) => {
      const end = base + this.#ends[i]!;
      columns.add(paths.named(name), this.#kinds[i]!, 1, 0, start, end);
      start = end;
    });
  }

  clear(): void {
    this.#bytes.clear();
    this.#names.length = 0;
    this.#kinds.length = 0;
    this.#ends.length = 0;
  }
}
