import type { RecordBatch } from '../model/index.ts';
import { type EventColumns, MAX_IDS } from './event-columns.ts';
import type { EventWriter } from './event-writer.ts';
import type { KernelRows } from './kernel-rows.ts';
import { Mask } from './mask.ts';
import { MAX_FACTS, type Row } from './row.ts';
import type { RowDigest } from './row-digest.ts';
import { type IdHash, type Template, TemplateTable } from './template-table.ts';

/** A row that was just read, and what was concluded. */
export interface ReadRow {
  readonly from: number;
  readonly schema: number;
  readonly innerIsRecord: boolean;
  readonly isEvent: boolean;
}

export interface TemplateMemoOptions {
  readonly digest: RowDigest;
  readonly row: Row;
  readonly events: EventColumns;
  readonly writer: EventWriter;
  /** Told of what is learned. */
  readonly kernel: KernelRows | undefined;
}

/** Remembers what rows of one digest have in common. */
export class TemplateMemo {
  readonly #digest: RowDigest;
  readonly #row: Row;
  readonly #events: EventColumns;
  readonly #writer: EventWriter;
  readonly #table: TemplateTable;
  readonly #kernel: KernelRows | undefined;

  constructor({ digest, row, events, writer, kernel }: TemplateMemoOptions) {
    this.#kernel = kernel;
    this.#digest = digest;
    this.#row = row;
    this.#events = events;
    this.#writer = writer;
    this.#table = new TemplateTable(events.templates);
  }

  /** To be called between batches: it gives the numbers of all templates a new meaning. */
  clear(): void {
    this.#table.clear();
    this.#kernel?.forget();
  }

  get isFull(): boolean {
    return this.#table.isFull;
  }

  /** The template of the row whose digest was read. */
  get template(): Template | undefined {
    return this.#table.find(this.#digest.high, this.#digest.low);
  }

  /** Learns the template of the row that was read last, if rows of its digest come often. */
  learn(batch: RecordBatch, read: ReadRow): void {
    const { high, low } = this.#digest;
    if (!this.#table.isWorthKeeping(high, low)) return;
    // Where something was left out because it was too much, other rows may leave out other things.
    if (this.#events.offered.length > MAX_IDS / 2 || this.#row.offeredFacts > MAX_FACTS) return;
    const template = this.#templateOf(batch, read);
    this.#table.add(high, low, template);
    this.#kernel?.learn({ high, low }, template);
  }

  #templateOf(batch: RecordBatch, { from, schema, innerIsRecord, isEvent }: ReadRow): Template {
    const digest = this.#digest;
    const row = this.#row;
    const events = this.#events;
    const at = events.count - 1;
    return {
      number: this.#table.size,
      values: isEvent ? events.templates[events.template[at]].values : [],
      schema,
      time: this.#writer.timePlan(batch, from, innerIsRecord),
      isEvent,
      severity: isEvent ? events.severity[at] : 0,
      stage: isEvent ? events.stage[at] : 0,
      outcome: isEvent ? events.outcome[at] : 0,
      kind: isEvent ? events.kind[at] : 0,
      contentHigh: (row.contentHigh - digest.contentHigh) | 0,
      contentLow: (row.contentLow - digest.contentLow) | 0,
      ids: this.#idsOfTemplate(),
      takes: this.#takes(),
      hostHigh: row.hostHigh,
      hostLow: row.hostLow,
    };
  }

  #idsOfTemplate(): readonly IdHash[] {
    const masked = new Set(this.#digest.entry.subarray(0, this.#digest.count));
    return this.#events.offered.filter(({ origin }) => !masked.has(origin));
  }

  #takes(): readonly boolean[] {
    const taken = new Set(this.#events.offered.map(({ origin }) => origin));
    const { count, entry, mask } = this.#digest;
    return Array.from({ length: count }, (_, i) => mask[i] === Mask.text || taken.has(entry[i]));
  }
}
