import { RecordKind, type RejectCode } from '../model/index.ts';
import type { RecordSink } from './decoder.ts';
import type { PathTree } from './path-tree.ts';
import { RecordColumns } from './record-columns.ts';
import { kindOf } from './row-form.ts';

/**
 * Takes the rows of one source from every reader and hands them on in batches.
 *
 * A row is open from the end of the one before: its entries go to `columns` by {@link RecordColumns.add},
 * then {@link endRow} closes it.
 */
export class RowWriter {
  readonly columns: RecordColumns;
  readonly paths: PathTree;
  /** Lines that only continue a record. */
  joined = 0;
  /** What is rejected from now on is a part of a line that began with something else. */
  within = false;
  /** Whole lines that were rejected. */
  lost = 0;
  #sink: RecordSink | undefined;
  readonly #counts = new Map<string, number>();
  /** The form of the last rows and their number, since one form follows upon itself. */
  #form = '';
  #rowsOfForm = 0;
  #kind: RecordKind = RecordKind.log;

  constructor(paths: PathTree, columns: RecordColumns = new RecordColumns()) {
    this.paths = paths;
    this.columns = columns;
  }

  /** Names the taker of the rows, for as long as its feeding lasts. */
  enter(sink: RecordSink): void {
    this.#sink = sink;
  }

  /**
   * Closes the open row: a record of the form that stands at `start` to `end` of the line's bytes,
   * or of the scratch.
   * @returns true when that handed on the batch: the scratch is empty again.
   */
  endRow(form: string, line: number, start: number, end: number, inScratch: 0 | 1 = 0): boolean {
    const { columns } = this;
    this.countRows(form, 1);
    columns.rowKind[columns.rows] = this.#kind;
    columns.closeRow(line, start, end, inScratch);
    if (!columns.full) return false;
    this.flush();
    return true;
  }

  /** The form of the last rows. */
  get form(): string {
    return this.#form;
  }

  /** Counts rows that were closed in the columns themselves. */
  countRows(form: string, rows: number): void {
    if (form !== this.#form) {
      this.#settleForm();
      this.#form = form;
      this.#kind = kindOf(form);
    }
    this.#rowsOfForm += rows;
  }

  /**
   * Counts a line as lost, or a part of it.
   * @param within the line carries other records.
   */
  reject(line: number, code: RejectCode, reason: string, within: boolean = this.within): void {
    this.columns.dropOpenRow();
    if (!within) this.lost += 1;
    this.#sink?.rejected(within ? { line, code, reason, within } : { line, code, reason });
  }

  /** Counts a part of a line that carries other records as lost. */
  damage(line: number, code: RejectCode, reason: string): void {
    this.reject(line, code, reason, true);
  }

  /** Hands on the closed rows; the entries of an open row must not be there yet. */
  flush(): void {
    const { columns } = this;
    if (columns.rows > 0) this.#sink?.records(columns);
    columns.clear();
  }

  /** Records by form so far. */
  forms(): Record<string, number> {
    this.#settleForm();
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #settleForm(): void {
    if (this.#rowsOfForm === 0) return;
    this.#counts.set(this.#form, (this.#counts.get(this.#form) ?? 0) + this.#rowsOfForm);
    this.#rowsOfForm = 0;
  }
}
