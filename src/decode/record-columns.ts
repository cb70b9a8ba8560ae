import type { RecordBatch } from '../model/index.ts';

/** Rows after which a batch is handed on. */
export const ROWS_PER_BATCH = 1 << 12;

/** The arrays that columns begin with. */
type Home = Pick<
  RecordBatch,
  | 'scratch'
  | 'line'
  | 'rowStart'
  | 'rowEnd'
  | 'rowInScratch'
  | 'rowKind'
  | 'entryStart'
  | 'path'
  | 'kind'
  | 'inScratch'
  | 'inner'
  | 'start'
  | 'end'
>;

function newHome(): Home {
  return {
    scratch: new Uint8Array(1 << 14),
    line: new Uint32Array(ROWS_PER_BATCH),
    rowStart: new Uint32Array(ROWS_PER_BATCH),
    rowEnd: new Uint32Array(ROWS_PER_BATCH),
    rowInScratch: new Uint8Array(ROWS_PER_BATCH),
    rowKind: new Uint8Array(ROWS_PER_BATCH),
    entryStart: new Uint32Array(ROWS_PER_BATCH + 1),
    path: new Uint32Array(1 << 14),
    kind: new Uint8Array(1 << 14),
    inScratch: new Uint8Array(1 << 14),
    inner: new Uint8Array(1 << 14),
    start: new Uint32Array(1 << 14),
    end: new Uint32Array(1 << 14),
  };
}

/**
 * The growing columns behind a {@link RecordBatch}. What has grown is given up by {@link clear}, so
 * that one huge record does not keep its memory, and that columns return to where they began.
 */
export class RecordColumns implements RecordBatch {
  bytes: Uint8Array = new Uint8Array(0);
  scratch: Uint8Array;
  rows = 0;
  entries = 0;
  scratchUsed = 0;
  /** Grows when the columns are cleared: what was put into the scratch before is gone. */
  batch = 0;
  readonly line: Uint32Array;
  readonly rowStart: Uint32Array;
  readonly rowEnd: Uint32Array;
  readonly rowInScratch: Uint8Array;
  readonly rowKind: Uint8Array;
  readonly entryStart: Uint32Array;
  path: Uint32Array;
  kind: Uint8Array;
  inScratch: Uint8Array;
  inner: Uint8Array;
  start: Uint32Array;
  end: Uint32Array;
  readonly #home: Home;

  constructor(home: Home = newHome()) {
    this.#home = home;
    this.scratch = home.scratch;
    this.line = home.line;
    this.rowStart = home.rowStart;
    this.rowEnd = home.rowEnd;
    this.rowInScratch = home.rowInScratch;
    this.rowKind = home.rowKind;
    this.entryStart = home.entryStart;
    this.path = home.path;
    this.kind = home.kind;
    this.inScratch = home.inScratch;
    this.inner = home.inner;
    this.start = home.start;
    this.end = home.end;
  }

  /** True while none of the arrays had to grow. */
  get isAtHome(): boolean {
    return this.path === this.#home.path && this.scratch === this.#home.scratch;
  }

  get full(): boolean {
    return this.rows === ROWS_PER_BATCH;
  }

  clear(): void {
    this.batch += 1;
    this.rowKind.fill(0, 0, this.rows);
    this.rows = 0;
    this.entries = 0;
    this.scratchUsed = 0;
    if (!this.isAtHome) this.#returnHome();
  }

  #returnHome(): void {
    const home = this.#home;
    this.scratch = home.scratch;
    this.path = home.path;
    this.kind = home.kind;
    this.inScratch = home.inScratch;
    this.inner = home.inner;
    this.start = home.start;
    this.end = home.end;
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

  /** Copies bytes to the end of the scratch. @returns where they begin there */
  addToScratch(bytes: Uint8Array, start: number, end: number): number {
    this.reserveScratch(end - start);
    const from = this.scratchUsed;
    this.scratch.set(bytes.subarray(start, end), from);
    this.scratchUsed = from + end - start;
    return from;
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
