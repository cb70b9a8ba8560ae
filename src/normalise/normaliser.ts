import type { Kernel, PathTree, RowRepeater } from '../decode/index.ts';
import {
  EntryKind,
  type EventBatch,
  ID_NAMESPACES,
  type RecordBatch,
  RecordKind,
} from '../model/index.ts';
import { Entry, holdsObject } from './entry.ts';
import { EntryReader } from './entry-reader.ts';
import { EventColumns } from './event-columns.ts';
import { EventWriter } from './event-writer.ts';
import { FieldRole } from './field-role.ts';
import { aliasesOf, fieldOf } from './field-use.ts';
import { contentHigh, contentLow } from './hash.ts';
import { KernelRows } from './kernel-rows.ts';
import type { Mapping } from './mapping.ts';
import { PathUses } from './path-uses.ts';
import { Row } from './row.ts';
import { RowDigest } from './row-digest.ts';
import { isLogRecord, marksOfEntry, NO_MARKS, SCHEMAS, schemaOf } from './schema.ts';
import { compileStageRules } from './stage-rules.ts';
import { type ReadRow, TemplateMemo } from './template-memo.ts';
import { TextMask } from './text-mask.ts';
import { type LeafSource, ValueStore, WORDS_FIELD } from './value-store.ts';
import { parseZone } from './zone.ts';

export interface NormaliseOptions {
  /** Parsed mapping files, the user's first. */
  readonly mappings: readonly Mapping[];
  /** Its leaves are put on each value; undefined when no rules are asked. */
  readonly library: LeafSource | undefined;
  /** Fields to keep per flow; `Value.slot` is the index here. */
  readonly keep: readonly string[];
  readonly showIds: boolean;
  /** Fields whose texts are read, beside those that are kept; all by default. */
  readonly inFull?: ReadonlySet<string>;
  /** Digests the rows that stand in its memory. */
  readonly kernel?: Kernel | undefined;
  /** IANA zone or offset of times that name none. Default UTC. */
  readonly zone?: string;
}

/** Turns records into events; see {@link EventBatch} for what is kept. */
export interface Normaliser {
  /** Decides which paths a decoder has to hand on. */
  readonly wants: (segments: readonly string[]) => boolean;
  /** Earliest and latest time of any row so far, kept or not; infinite before the first. */
  readonly minTimeMs: number;
  readonly maxTimeMs: number;
  /** @returns the events of the batch, valid until the next call. */
  normalise(batch: RecordBatch, paths: PathTree): EventBatch;
  /** Rows that loggers wrote by schema so far, the schemas in a fixed order. */
  schemas(): Record<string, number>;
}

/** @throws InputError for an unknown zone. */
export function createNormaliser(options: NormaliseOptions): Normaliser {
  return new RowNormaliser(options);
}

class RowNormaliser implements Normaliser {
  readonly wants: (segments: readonly string[]) => boolean;
  readonly #uses: PathUses;
  readonly #events: EventColumns;
  readonly #entry = new Entry();
  readonly #row: Row;
  readonly #reader: EntryReader;
  readonly #writer: EventWriter;
  readonly #digest: RowDigest;
  /** Undefined where the ids are wanted in clear, which templates do not hold. */
  readonly #memo: TemplateMemo | undefined;
  readonly #repeater: RowRepeater | undefined;
  readonly #kernel: KernelRows | undefined;
  readonly #schemaCounts = new Float64Array(SCHEMAS.length);
  /** The row at which a node was met, so that the last of duplicate keys wins. */
  #metAt = new Int32Array(1 << 10);
  /** Even; the odd number after it marks what the inner record says. */
  #stamp = 0;

  constructor(options: NormaliseOptions) {
    const { library, keep, mappings, showIds } = options;
    const stageRules = compileStageRules(mappings);
    const stageFields = stageRules.index.fields;
    const askedOfIds = new Set([...(library?.fields ?? []), ...keep]);
    const asked = new Set([...askedOfIds, ...stageFields]);
    if (asked.has(WORDS_FIELD)) for (const field of ['message', 'event.name']) asked.add(field);
    const questions = { asked, aliases: aliasesOf(mappings) };
    this.wants = (segments) => fieldOf(segments, questions) !== undefined;
    const values = new ValueStore({
      library,
      stageRules: stageRules.index,
      keep,
      inFull: options.inFull,
    });
    const repeater = showIds ? undefined : options.kernel?.rows;
    const events = new EventColumns(repeater?.home);
    const entry = this.#entry;
    const row = new Row(events, showIds);
    const hasKeywords = library?.hasKeywords ?? false;
    const reader = new EntryReader({ row, entry, events, values, showIds, hasKeywords });
    const presence = ID_NAMESPACES.map((name) =>
      stageFields.has(name) ? values.presence(name) : undefined,
    );
    const zone = parseZone(options.zone ?? 'UTC');
    const writer = { row, entry, events, reader, values, stageRules, presence, zone };
    this.#uses = new PathUses({ questions, askedOfIds, values });
    this.#row = row;
    this.#reader = reader;
    this.#writer = new EventWriter(writer);
    this.#events = events;
    const texts = new TextMask(values, hasKeywords, repeater);
    this.#digest = new RowDigest(entry, this.#uses, texts);
    this.#repeater = repeater;
    this.#kernel = repeater && new KernelRows(repeater, this.#uses);
    this.#memo = showIds
      ? undefined
      : new TemplateMemo({
          digest: this.#digest,
          row,
          events,
          writer: this.#writer,
          kernel: this.#kernel,
        });
  }

  get minTimeMs(): number {
    return this.#writer.minTimeMs;
  }

  get maxTimeMs(): number {
    return this.#writer.maxTimeMs;
  }

  schemas(): Record<string, number> {
    const counts: Record<string, number> = {};
    SCHEMAS.forEach((schema, index) => {
      if (this.#schemaCounts[index] > 0) counts[schema] = this.#schemaCounts[index];
    });
    return counts;
  }

  normalise(batch: RecordBatch, paths: PathTree): EventBatch {
    const events = this.#events;
    events.clear();
    const isOtherTree = this.#uses.enter(paths);
    const isOtherOwner = this.#kernel?.enter() ?? false;
    if (isOtherTree || isOtherOwner || this.#memo?.isFull) this.#memo?.clear();
    if (this.#metAt.length < paths.size) this.#metAt = new Int32Array(paths.size * 2);
    this.#entry.enter(batch);
    if (this.#kernel?.take(batch, paths)) this.#takeRows(batch);
    else for (let row = 0; row < batch.rows; row += 1) this.#takeRow(row, batch, false);
    this.#entry.enter(undefined);
    return events;
  }

  /** Takes the rows at which the kernel stops; those between are written by then. */
  #takeRows(batch: RecordBatch): void {
    const repeater = this.#repeater!;
    const { rows } = batch;
    let taught = -1;
    let row = repeater.repeat(0, rows, this.#events);
    while (row < rows) {
      const text = repeater.unknownText;
      if (text > taught && this.#digest.teach(text, batch.path[text])) {
        taught = text;
      } else {
        this.#takeRow(row, batch, repeater.isDigested);
        row += 1;
      }
      row = repeater.repeat(row, rows, this.#events);
    }
    this.#writer.noteTimes(repeater.minTimeMs, repeater.maxTimeMs);
    for (let schema = 0; schema < SCHEMAS.length; schema += 1) {
      this.#schemaCounts[schema] += repeater.rowsBySchema[schema];
    }
    repeater.clearCounts();
  }

  /** Writes what is known of rows like this one, or else reads it. */
  #takeRow(row: number, batch: RecordBatch, isDigested: boolean): void {
    const memo = this.#memo;
    if (isDigested) this.#digest.take(this.#repeater!);
    if (memo === undefined || !(isDigested || this.#digest.read(row, batch))) {
      this.#readRow(row, batch);
      return;
    }
    const { template } = memo;
    if (template === undefined) {
      memo.learn(batch, this.#readRow(row, batch));
      return;
    }
    this.#countSchema(template.schema, row, batch);
    this.#writer.repeat(template, this.#digest, batch, row);
  }

  #countSchema(schema: number, row: number, batch: RecordBatch): void {
    if (batch.rowKind[row] === RecordKind.log) this.#schemaCounts[schema] += 1;
  }

  #readRow(row: number, batch: RecordBatch): ReadRow {
    const known = this.#row;
    known.begin();
    this.#stamp = (this.#stamp + 2) | 0;
    const { path, kind, inner } = batch;
    const uses = this.#uses;
    const metAt = this.#metAt;
    const stamp = this.#stamp;
    const entry = this.#entry;
    const reader = this.#reader;
    const from = batch.entryStart[row];
    const until = batch.entryStart[row + 1];
    let marks = 0;
    let moreMarks = 0;
    let innerMarks = 0;
    let innerMoreMarks = 0;
    const hasInner = until > from && inner[until - 1] === 1;
    // Backwards, because the last of duplicate keys and the inner record win.
    for (let index = until - 1; index >= from; index -= 1) {
      const node = path[index];
      const use = uses.of(node);
      if (use === null) continue;
      const { role } = use;
      const meeting = stamp | inner[index];
      const met = metAt[node];
      const isAgain = met === meeting || (met === (stamp | 1) && SPEAKS_TWICE[role] === 0);
      if (isAgain && role !== FieldRole.text) continue;
      metAt[node] = meeting;
      entry.moveTo(index);
      const isInner = inner[index] === 1;
      if (hasInner && !isInner && role === FieldRole.text && holdsObject(entry)) continue;
      if (use.marks !== NO_MARKS) {
        const entryMarks = marksOfEntry(use.marks, kind[index], entry.bytes[entry.start]);
        if (isInner) {
          innerMarks |= entryMarks;
          innerMoreMarks |= use.marks.anyMore;
        } else {
          marks |= entryMarks;
          moreMarks |= use.marks.anyMore;
        }
      }
      if (kind[index] === EntryKind.null) {
        if (role === FieldRole.code) known.emptyCode = true;
        continue;
      }
      if (role === FieldRole.time) {
        if (entry.isScalar) known.times.add(index, use.rank);
        if (use.alsoValue === undefined) continue;
      }
      entry.hashWith(reader.hash);
      known.contentHigh = (known.contentHigh + contentHigh(entry.high, use.salt)) | 0;
      known.contentLow = (known.contentLow + contentLow(entry.low, use.salt)) | 0;
      reader.read(use);
    }
    const innerIsRecord = hasInner && isLogRecord(innerMarks, innerMoreMarks);
    const schema = innerIsRecord
      ? schemaOf(innerMarks, innerMoreMarks)
      : schemaOf(marks, moreMarks);
    this.#countSchema(schema, row, batch);
    const isEvent = this.#writer.close(batch, row, schema, innerIsRecord);
    return { from, schema, innerIsRecord, isEvent };
  }
}

/** Roles of which the outer record is heard beside the inner one, until it is known which is the log line. */
const SPEAKS_TWICE = Uint8Array.from(Object.values(FieldRole), (role) =>
  role === FieldRole.time || role === FieldRole.severity ? 1 : 0,
);
