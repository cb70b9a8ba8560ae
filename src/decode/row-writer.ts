import { RecordKind, type RejectCode } from '../model/index.ts';
import type { RecordSink } from './decoder.ts';
import type { PathTree } from './path-tree.ts';
import { RecordColumns } from './record-columns.ts';
import { kindOf } from './row-form.ts';

/** The rows of one form so far. */
interface FormCount {
  readonly form: string;
  readonly kind: RecordKind;
  rows: number;
}

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
  readonly #counts = new Map<string, FormCount>();
  /** That of the last rows, since one form follows upon itself. */
  #last: FormCount = { form: '', kind: RecordKind.log, rows: 0 };

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
    columns.rowKind[columns.rows] = this.#last.kind;
    columns.closeRow(line, start, end, inScratch);
    if (!columns.full) return false;
    this.flush();
    return true;
  }

  /** The form of the last rows. */
  get form(): string {
    return this.#last.form;
  }

  /** Counts rows that were closed in the columns themselves. */
  countRows(form: string, rows: number): void {
    if (form !== this.#last.form) this.#last = this.#countOf(form);
    this.#last.rows += rows;
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
    const counts = [...this.#counts.values()].filter(({ rows }) => rows > 0);
    counts.sort((a, b) => (a.form < b.form ? -1 : 1));
    return Object.fromEntries(counts.map(({ form, rows }) => [form, rows]));
  }

  #countOf(form: string): FormCount {
    let count = this.#counts.get(form);
    if (count === undefined) {
      count = { form, kind: kindOf(form), rows: 0 };
      this.#counts.set(form, count);
    }
    return count;
  }
}
