import type { RecordColumns } from '../record-columns.ts';

/**
 * Entries set aside to stand in rows that come later: what many rows share, such as the
 * attributes of a resource, or what was met before its row could be opened.
 *
 * Entries are read into the open row first, as all are, and moved here from its end. Their bytes
 * stay where they are, in the decoder's input, or are kept here if they stood in the scratch,
 * which is emptied whenever a batch is handed on.
 */
export class EntryList {
  size = 0;
  #path = new Uint32Array(64);
  #kind = new Uint8Array(64);
  #inScratch = new Uint8Array(64);
  #start = new Uint32Array(64);
  #end = new Uint32Array(64);
  #bytes = new Uint8Array(256);
  #used = 0;
  /** Where the kept bytes were put in the columns' scratch, and into which batch. */
  #putAt = 0;
  #putInto = -1;

  clear(): void {
    this.size = 0;
    this.#used = 0;
    this.#putInto = -1;
  }

  /** Moves the entries of the open row from `from` on to the end of this list. */
  take(columns: RecordColumns, from: number): void {
    for (let entry = from; entry < columns.entries; entry += 1) {
      const at = this.size;
      if (at === this.#path.length) this.#grow();
      const start = columns.start[entry]!;
      const end = columns.end[entry]!;
      this.#path[at] = columns.path[entry]!;
      this.#kind[at] = columns.kind[entry]!;
      this.#inScratch[at] = columns.inScratch[entry]!;
      if (columns.inScratch[entry] === 0) {
        this.#start[at] = start;
        this.#end[at] = end;
      } else {
        this.#start[at] = this.#keep(columns.scratch, start, end);
        this.#end[at] = this.#used;
      }
      this.size = at + 1;
    }
    columns.entries = from;
    this.#putInto = -1;
  }

  /** Adds the entries from `from` up to `to` to the open row. */
  put(columns: RecordColumns, from: number = 0, to: number = this.size): void {
    if (from === to) return;
    if (this.#used > 0 && this.#putInto !== columns.batch) this.#putBytes(columns);
    for (let at = from; at < to; at += 1) {
      const inScratch = this.#inScratch[at]!;
      const base = inScratch === 1 ? this.#putAt : 0;
      columns.add(
        this.#path[at]!,
        this.#kind[at]!,
        inScratch,
        0,
        base + this.#start[at]!,
        base + this.#end[at]!,
      );
    }
  }

  #putBytes(columns: RecordColumns): void {
    columns.reserveScratch(this.#used);
    columns.scratch.set(this.#bytes.subarray(0, this.#used), columns.scratchUsed);
    this.#putAt = columns.scratchUsed;
    this.#putInto = columns.batch;
    columns.scratchUsed += this.#used;
  }

  /** @returns where the bytes stand now. */
  #keep(bytes: Uint8Array, start: number, end: number): number {
    const at = this.#used;
    const length = end - start;
    if (at + length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, at + length));
      grown.set(this.#bytes.subarray(0, at));
      this.#bytes = grown;
    }
    for (let i = 0; i < length; i += 1) this.#bytes[at + i] = bytes[start + i]!;
    this.#used = at + length;
    return at;
  }

  #grow(): void {
    this.#path = doubled(this.#path);
    this.#kind = doubled(this.#kind);
    this.#inScratch = doubled(this.#inScratch);
    this.#start = doubled(this.#start);
    this.#end = doubled(this.#end);
  }
}

function doubled<T extends Uint8Array | Uint32Array>(column: T): T {
  const grown = new (column.constructor as new (length: number) => T)(column.length * 2);
  grown.set(column);
  return grown;
}
