import type { RecordBatch } from '../model/index.ts';

/** Rows after which a batch is handed on. */
export const ROWS_PER_BATCH = 1 << 12;

/** The growing columns behind a {@link RecordBatch}. */
export class RecordColumns implements RecordBatch {
  bytes: Uint8Array = new Uint8Array(0);
  scratch: Uint8Array = new Uint8Array(1 << 14);
  rows = 0;
  entries = 0;
  scratchUsed = 0;
  /** Grows when the columns are cleared: what was put into the scratch before is gone. */
  batch = 0;
  readonly line = new Uint32Array(ROWS_PER_BATCH);
  readonly rowStart = new Uint32Array(ROWS_PER_BATCH);
  readonly rowEnd = new Uint32Array(ROWS_PER_BATCH);
  readonly rowInScratch = new Uint8Array(ROWS_PER_BATCH);
  readonly entryStart = new Uint32Array(ROWS_PER_BATCH + 1);
  path = new Uint32Array(1 << 14);
  kind = new Uint8Array(1 << 14);
  inScratch = new Uint8Array(1 << 14);
  inner = new Uint8Array(1 << 14);
  start = new Uint32Array(1 << 14);
  end = new Uint32Array(1 << 14);

  get full(): boolean {
    return this.rows === ROWS_PER_BATCH;
  }

  clear(): void {
    this.batch += 1;
    this.rows = 0;
    this.entries = 0;
    this.scratchUsed = 0;
  }

  add(
    path: number,
    kind: number,
    inScratch: number,
    inner: number,
    start: number,
    end: number,
  ): void {
    const at = this.entries;
    if (at === this.path.length) this.#growEntries();
    this.path[at] = path;
    this.kind[at] = kind;
    this.inScratch[at] = inScratch;
    this.inner[at] = inner;
    this.start[at] = start;
    this.end[at] = end;
    this.entries = at + 1;
  }

  /** Closes a row over the entries added since the last one. */
  closeRow(line: number, start: number, end: number, inScratch = 0): void {
    this.line[this.rows] = line;
    this.rowStart[this.rows] = start;
    this.rowEnd[this.rows] = end;
    this.rowInScratch[this.rows] = inScratch;
    this.rows += 1;
    this.entryStart[this.rows] = this.entries;
  }

  /** Forgets the entries added since the last closed row. */
  dropOpenRow(): void {
    this.entries = this.entryStart[this.rows]!;
  }

  /** Makes room for `bytes` more bytes of resolved strings. */
  reserveScratch(bytes: number): void {
    if (this.scratchUsed + bytes <= this.scratch.length) return;
    const grown = new Uint8Array(Math.max(this.scratch.length * 2, this.scratchUsed + bytes));
    grown.set(this.scratch.subarray(0, this.scratchUsed));
    this.scratch = grown;
  }

  #growEntries(): void {
    this.path = doubled(this.path);
    this.kind = doubled(this.kind);
    this.inScratch = doubled(this.inScratch);
    this.inner = doubled(this.inner);
    this.start = doubled(this.start);
    this.end = doubled(this.end);
  }
}

function doubled<T extends Uint8Array | Uint32Array>(column: T): T {
  const grown = new (column.constructor as new (length: number) => T)(column.length * 2);
  grown.set(column);
  return grown;
}
