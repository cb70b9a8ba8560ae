import type { RowForm } from '../row-form.ts';
import { JsonReader } from './json-reader.ts';
import { JsonValues } from './json-values.ts';
import { LineCounter } from './line-counter.ts';
import type { SpanRows } from './span-rows.ts';
import { spanKindOf } from './span-words.ts';
import type { UnixTime } from './unix-time.ts';

/** Meanings of the keys that spans have in every format, however it spells them. */
export const SpanKey = { traceId: 1, spanId: 2, parentSpanId: 3, name: 4, kind: 5 } as const;

/** Formats number the meanings of keys of their own from here on. */
export const FIRST_OWN_KEY = 6;

/** Reads JSON documents of one format into rows: what all formats do alike. */
export abstract class JsonRecords {
  /** Records of the document so far. */
  records = 0;
  readonly json: JsonReader = new JsonReader();
  protected readonly rows: SpanRows;
  protected readonly values: JsonValues;
  readonly #form: RowForm;
  readonly #lines = new LineCounter();

  constructor(form: RowForm, rows: SpanRows) {
    this.#form = form;
    this.rows = rows;
    this.values = new JsonValues(this.json, rows);
  }

  /**
   * Reads the document whose value stands from `start` up to `end`. A fault is left in `json`; the
   * records before it have become rows.
   */
  read(bytes: Uint8Array, start: number, end: number, line: number): void {
    this.records = 0;
    this.rows.enter(this.#form);
    this.#lines.enter(bytes, start, end, line);
    this.json.enter(bytes, start, end);
    this.readDocument();
  }

  /** An object that the format makes its documents of; in place of one, a list of them may stand. */
  protected abstract readObject(): void;

  protected readDocument(): void {
    const { json } = this;
    if (json.peek() !== 0x5b) this.readObject();
    else if (json.enterArray()) while (json.nextItem()) this.readDocument();
  }

  /** Reads the value of a key that may be one of {@link SpanKey}; any other is passed over. */
  protected readSpanField(key: number): void {
    const { json, rows } = this;
    switch (key) {
      case SpanKey.traceId:
        if (json.readText()) rows.noteTraceId(json.start, json.stop);
        break;
      case SpanKey.spanId:
        if (json.readText()) rows.noteSpanId(json.start, json.stop);
        break;
      case SpanKey.parentSpanId:
        if (json.readText()) rows.addId(rows.nodes.parentSpanId, json.start, json.stop);
        break;
      case SpanKey.name:
        this.values.readText(rows.nodes.spanName);
        break;
      case SpanKey.kind:
        if (json.readText()) rows.kind = spanKindOf(json.bytes, json.start, json.stop);
        break;
      default:
        json.skip();
    }
  }

  /** Reads a number of microseconds. */
  protected readMicros(time: UnixTime): void {
    if (this.json.readText()) time.setMicros(Number(this.text()));
  }

  /** What was just read. */
  protected text(): string {
    const { bytes, start, stop } = this.json;
    return utf8.decode(bytes.subarray(start, stop));
  }

  /** Closes the row of the span that began at `start` and ends here, unless it broke off. */
  protected closeSpan(start: number): void {
    const { json, rows } = this;
    if (json.fault !== undefined) return;
    this.records += 1;
    rows.closeSpan(this.#lines.lineOf(start), start, json.at);
  }

  protected closeLogRecord(start: number): void {
    const { json, rows } = this;
    if (json.fault !== undefined) return;
    this.records += 1;
    rows.closeLogRecord(this.#lines.lineOf(start), start, json.at);
  }
}

const utf8 = new TextDecoder();
