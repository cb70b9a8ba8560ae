import type { EntryKind } from '../../model/index.ts';
import { JsonReader } from '../telemetry/json-reader.ts';
import { JsonValues } from '../telemetry/json-values.ts';
import { KeyTable } from '../telemetry/key-table.ts';
import { LineCounter } from '../telemetry/line-counter.ts';
import { type Place, passOver, returnTo } from '../telemetry/place.ts';
import {
  isExceptionEvent,
  type SpanRows,
  SpanStatus,
  spanKindOf,
  spanStatusOf,
} from '../telemetry/span-rows.ts';
import { UnixTime } from '../telemetry/unix-time.ts';

const FORM = 'jaeger';

const Key = {
  data: 1,
  spans: 2,
  processes: 3,
  traceId: 4,
  spanId: 5,
  parentSpanId: 6,
  name: 7,
  references: 8,
  startTime: 9,
  duration: 10,
  tags: 11,
  logs: 12,
  processId: 13,
  process: 14,
  serviceName: 15,
  key: 16,
  value: 17,
  timestamp: 18,
  fields: 19,
} as const;

const KEYS = new KeyTable({
  [Key.data]: 'data',
  [Key.spans]: 'spans',
  [Key.processes]: 'processes',
  [Key.traceId]: 'traceID',
  [Key.spanId]: 'spanID',
  [Key.parentSpanId]: 'parentSpanID',
  [Key.name]: 'operationName',
  [Key.references]: 'references',
  [Key.startTime]: 'startTime',
  [Key.duration]: 'duration',
  [Key.tags]: 'tags',
  [Key.logs]: 'logs',
  [Key.processId]: 'processID',
  [Key.process]: 'process',
  [Key.serviceName]: 'serviceName',
  [Key.key]: 'key',
  [Key.value]: 'value',
  [Key.timestamp]: 'timestamp',
  [Key.fields]: 'fields',
});

/** Tags that OpenTracing and the exporters of OpenTelemetry give a meaning of their own. */
const Tag = { kind: 1, error: 2, status: 3, statusMessage: 4, event: 5 } as const;

const TAGS = new KeyTable({
  [Tag.kind]: 'span.kind',
  [Tag.error]: 'error',
  [Tag.status]: 'otel.status_code',
  [Tag.statusMessage]: 'otel.status_description',
  [Tag.event]: 'event',
});

/** Reads the JSON of Jaeger's UI and query API into rows: traces, or a span alone. */
export class JaegerRecords {
  /** Spans of the document so far. */
  records = 0;
  readonly json: JsonReader = new JsonReader();
  readonly #rows: SpanRows;
  readonly #values: JsonValues;
  readonly #lines = new LineCounter();
  readonly #duration = new UnixTime();
  /** Where the processes of the trace at hand stand, by their ids. */
  readonly #processes = new Map<string, Place>();
  #process = '';
  /** What the fields of an event name it. */
  #nameStart = 0;
  #nameStop = 0;
  #nameIsEscaped = false;

  constructor(rows: SpanRows) {
    this.#rows = rows;
    this.#values = new JsonValues(this.json, this.#rows);
  }

  /** As `OtlpJsonRecords.read`. */
  read(bytes: Uint8Array, start: number, end: number, line: number): void {
    this.records = 0;
    this.#processes.clear();
    this.#process = '';
    this.#rows.enter();
    this.#lines.enter(bytes, start, end, line);
    this.json.enter(bytes, start, end);
    this.#readDocument();
  }

  #key(): number {
    const { json } = this;
    return KEYS.find(json.bytes, json.start, json.stop);
  }

  /** An answer with traces, one trace, a list of either, or a span. */
  #readDocument(): void {
    const { json } = this;
    if (json.peek() === 0x5b) {
      json.enterArray();
      while (json.nextItem()) this.#readDocument();
      return;
    }
    const start = json.at;
    const { depth } = json;
    /** Spans that stand before the processes they name. */
    const spans: Place[] = [];
    let isSpan = false;
    this.#processes.clear();
    this.#process = '';
    if (!json.enterObject()) return;
    while (json.nextKey()) {
      switch (this.#key()) {
        case Key.data:
          this.#readDocument();
          break;
        case Key.spans:
          spans.push(passOver(json));
          break;
        case Key.processes:
          this.#noteProcesses();
          break;
        case Key.name:
        case Key.spanId:
          isSpan = true;
          json.skip();
          break;
        default:
          json.skip();
      }
    }
    returnTo(json, spans, () => {
      if (json.enterArray()) while (json.nextItem()) this.#readSpan();
    });
    if (isSpan && spans.length === 0 && json.fault === undefined) {
      returnTo(json, [{ at: start, depth }], () => this.#readSpan());
    }
  }

  #noteProcesses(): void {
    const { json } = this;
    if (!json.enterObject()) return;
    while (json.nextKey()) {
      const id = this.#text();
      this.#processes.set(id, passOver(json));
    }
  }

  #text(): string {
    const { bytes, start, stop } = this.json;
    return utf8.decode(bytes.subarray(start, stop));
  }

  #readSpan(): void {
    const { json } = this;
    const rows = this.#rows;
    const start = json.at;
    const { depth } = json;
    const { resource, columns } = rows;
    // What the process says comes first in the row, but its id may stand anywhere in the span.
    let process: Place | undefined;
    let id = '';
    if (!json.enterObject()) return;
    while (json.nextKey()) {
      const key = this.#key();
      if (key === Key.processId) {
        if (json.readText()) id = this.#text();
      } else if (key === Key.process) process = passOver(json);
      else json.skip();
    }
    process ??= this.#processes.get(id);
    if (process === undefined || id === '' || id !== this.#process) {
      resource.clear();
      const from = columns.entries;
      if (process !== undefined) returnTo(json, [process], () => this.#readProcess());
      resource.take(columns, from);
      this.#process = id;
    }
    returnTo(json, [{ at: start, depth }], () => this.#readSpanItself(start));
    if (json.fault !== undefined) columns.dropOpenRow();
  }

  #readProcess(): void {
    const { json } = this;
    const { nodes } = this.#rows;
    if (!json.enterObject()) return;
    while (json.nextKey()) {
      const key = this.#key();
      if (key === Key.serviceName) this.#values.readText(nodes.serviceName);
      else if (key === Key.tags) this.#readTags(false);
      else json.skip();
    }
  }

  #readSpanItself(start: number): void {
    const { json } = this;
    const rows = this.#rows;
    const { nodes } = rows;
    let traceStart = 0;
    let traceStop = 0;
    let spanStart = 0;
    let spanStop = 0;
    const duration = this.#duration;
    duration.clear();
    rows.open();
    if (!json.enterObject()) return;
    while (json.nextKey()) {
      switch (this.#key()) {
        case Key.traceId:
          if (json.readText()) {
            traceStart = json.start;
            traceStop = json.stop;
          }
          break;
        case Key.spanId:
          if (json.readText()) {
            spanStart = json.start;
            spanStop = json.stop;
          }
          break;
        case Key.parentSpanId:
          if (json.readText()) rows.addIdText(nodes.parentSpanId, json.start, json.stop);
          break;
        case Key.name:
          this.#values.readText(nodes.spanName);
          break;
        case Key.startTime:
          if (json.readText()) rows.start.setMicros(Number(this.#text()));
          break;
        case Key.duration:
          if (json.readText()) duration.setMicros(Number(this.#text()));
          break;
        case Key.tags:
          this.#readTags(true);
          break;
        case Key.logs:
          this.#readLogs();
          break;
        case Key.references:
          this.#readReferences();
          break;
        default:
          json.skip();
      }
    }
    if (json.fault !== undefined) return;
    rows.end.setSum(rows.start, duration);
    const ids = rows.columns.entries;
    rows.addIdText(nodes.traceId, traceStart, traceStop);
    rows.addIdText(nodes.spanId, spanStart, spanStop);
    this.records += 1;
    rows.closeSpan(FORM, this.#lines.lineOf(start), ids, start, json.at);
  }

  /** References to the parent are links, too: within the same trace they join nothing new. */
  #readReferences(): void {
    const { json } = this;
    if (!json.enterArray()) return;
    while (json.nextItem()) {
      if (!json.enterObject()) continue;
      while (json.nextKey()) {
        if (this.#key() !== Key.traceId) json.skip();
        else if (json.readText()) this.#rows.addLinkText(json.start, json.stop);
      }
    }
  }

  /** Events of a span: a time and fields, one of which may name the event. */
  #readLogs(): void {
    const { json } = this;
    const rows = this.#rows;
    const { columns, nodes } = rows;
    if (!json.enterArray()) return;
    while (json.nextItem()) {
      const start = json.at;
      const from = columns.entries;
      this.#nameStart = 0;
      this.#nameStop = 0;
      rows.eventTime.clear();
      if (!json.enterObject()) continue;
      while (json.nextKey()) {
        const key = this.#key();
        if (key === Key.timestamp) {
          if (json.readText()) rows.eventTime.setMicros(Number(this.#text()));
        } else if (key === Key.fields) this.#readTags(false);
        else json.skip();
      }
      if (isExceptionEvent(json.bytes, this.#nameStart, this.#nameStop)) continue;
      this.#addEventName();
      rows.addTime(nodes.time, rows.eventTime);
      rows.holdEvent(from, start, json.at);
    }
  }

  #addEventName(): void {
    const start = this.#nameStart;
    const stop = this.#nameStop;
    if (stop === start) return;
    this.#values.addText(this.#rows.nodes.eventName, start, stop, this.#nameIsEscaped);
  }

  /** @param areOfSpan some tags say what a span is */
  #readTags(areOfSpan: boolean): void {
    const { json } = this;
    if (json.peek() === 0x7b) {
      this.#values.readValue(0);
      return;
    }
    if (!json.enterArray()) return;
    while (json.nextItem()) this.#readTag(areOfSpan);
  }

  #readTag(areOfSpan: boolean): void {
    const { json } = this;
    let node = -1;
    let tag = 0;
    let early: Place | undefined;
    if (!json.enterObject()) return;
    while (json.nextKey()) {
      const key = this.#key();
      if (key === Key.key) {
        if (!json.readText()) continue;
        tag = TAGS.find(json.bytes, json.start, json.stop);
        node = this.#values.node(0);
      } else if (key === Key.value) {
        if (node >= 0) this.#readTagValue(node, tag, areOfSpan);
        else early = passOver(json);
      } else json.skip();
    }
    if (early === undefined || node < 0) return;
    returnTo(json, [early], () => this.#readTagValue(node, tag, areOfSpan));
  }

  #readTagValue(node: number, tag: number, areOfSpan: boolean): void {
    const { json } = this;
    const rows = this.#rows;
    const kind = json.readScalar();
    if (kind < 0) {
      this.#values.readValue(node);
      return;
    }
    const { bytes, start, stop } = json;
    if (!areOfSpan && tag === Tag.event) {
      this.#nameStart = start;
      this.#nameStop = stop;
      this.#nameIsEscaped = json.isEscaped;
      return;
    }
    if (areOfSpan && tag === Tag.kind) {
      rows.kind = spanKindOf(bytes, start, stop);
      return;
    }
    if (areOfSpan && tag === Tag.status) {
      rows.status = spanStatusOf(bytes, start, stop);
      return;
    }
    if (areOfSpan && tag === Tag.error && saysWhether(bytes, start, stop)) {
      if (stop - start === 4) rows.status = SpanStatus.error;
      return;
    }
    if (areOfSpan && tag === Tag.statusMessage) node = rows.nodes.statusMessage;
    this.#values.add(node, kind as EntryKind);
  }
}

/** `true` or `false`, bare or quoted: whether there was an error, not what it was. */
function saysWhether(bytes: Uint8Array, start: number, stop: number): boolean {
  const text = ascii.decode(bytes.subarray(start, Math.min(stop, start + 6)));
  return text === 'true' || text === 'false';
}

const utf8 = new TextDecoder();
const ascii = new TextDecoder();
