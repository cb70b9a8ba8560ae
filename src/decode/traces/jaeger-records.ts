import type { EntryKind } from '../../model/index.ts';
import { FIRST_OWN_KEY, JsonRecords, SpanKey } from '../telemetry/json-records.ts';
import { KeyTable } from '../telemetry/key-table.ts';
import { type Place, passOver, returnTo } from '../telemetry/place.ts';
import type { SpanRows } from '../telemetry/span-rows.ts';
import { isExceptionEvent, SpanStatus, spanKindOf, spanStatusOf } from '../telemetry/span-words.ts';

const Key = {
  ...SpanKey,
  data: FIRST_OWN_KEY,
  spans: FIRST_OWN_KEY + 1,
  processes: FIRST_OWN_KEY + 2,
  references: FIRST_OWN_KEY + 3,
  startTime: FIRST_OWN_KEY + 4,
  duration: FIRST_OWN_KEY + 5,
  tags: FIRST_OWN_KEY + 6,
  logs: FIRST_OWN_KEY + 7,
  processId: FIRST_OWN_KEY + 8,
  process: FIRST_OWN_KEY + 9,
  serviceName: FIRST_OWN_KEY + 10,
  key: FIRST_OWN_KEY + 11,
  value: FIRST_OWN_KEY + 12,
  timestamp: FIRST_OWN_KEY + 13,
  fields: FIRST_OWN_KEY + 14,
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
export class JaegerRecords extends JsonRecords {
  /** Where the processes of the trace at hand stand, by their ids. */
  readonly #processes = new Map<string, Place>();
  #process = '';
  /** What the fields of an event name it. */
  #nameStart = 0;
  #nameStop = 0;
  #nameIsEscaped = false;

  constructor(rows: SpanRows) {
    super('jaeger', rows);
  }

  #key(): number {
    const { json } = this;
    return KEYS.find(json.bytes, json.start, json.stop);
  }

  /** An answer with traces, a trace, or a span. */
  protected override readObject(): void {
    const { json } = this;
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
          this.readDocument();
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
      const id = this.text();
      this.#processes.set(id, passOver(json));
    }
  }

  #readSpan(): void {
    const { json, rows } = this;
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
        if (json.readText()) id = this.text();
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
    const { nodes } = this.rows;
    if (!json.enterObject()) return;
    while (json.nextKey()) {
      const key = this.#key();
      if (key === Key.serviceName) this.values.readText(nodes.serviceName);
      else if (key === Key.tags) this.#readTags(false);
      else json.skip();
    }
  }

  #readSpanItself(start: number): void {
    const { json, rows } = this;
    rows.open();
    if (!json.enterObject()) return;
    while (json.nextKey()) {
      const key = this.#key();
      switch (key) {
        case Key.startTime:
          this.readMicros(rows.start);
          break;
        case Key.duration:
          this.readMicros(rows.duration);
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
          this.readSpanField(key);
      }
    }
    rows.end.setSum(rows.start, rows.duration);
    this.closeSpan(start);
  }

  /** References to the parent are links, too: within the same trace they join nothing new. */
  #readReferences(): void {
    const { json } = this;
    if (!json.enterArray()) return;
    while (json.nextItem()) {
      if (!json.enterObject()) continue;
      while (json.nextKey()) {
        if (this.#key() !== Key.traceId) json.skip();
        else if (json.readText()) this.rows.addLink(json.start, json.stop);
      }
    }
  }

  /** Events of a span: a time and fields, one of which may name the event. */
  #readLogs(): void {
    const { json, rows } = this;
    if (!json.enterArray()) return;
    while (json.nextItem()) {
      const start = json.at;
      this.#nameStart = 0;
      this.#nameStop = 0;
      rows.beginEvent();
      if (!json.enterObject()) continue;
      while (json.nextKey()) {
        const key = this.#key();
        if (key === Key.timestamp) this.readMicros(rows.eventTime);
        else if (key === Key.fields) this.#readTags(false);
        else json.skip();
      }
      if (isExceptionEvent(json.bytes, this.#nameStart, this.#nameStop)) continue;
      this.#addEventName();
      rows.holdEvent(start, json.at);
    }
  }

  #addEventName(): void {
    const start = this.#nameStart;
    const stop = this.#nameStop;
    if (stop === start) return;
    this.values.addText(this.rows.nodes.eventName, start, stop, this.#nameIsEscaped);
  }

  /** @param areOfSpan some tags say what a span is */
  #readTags(areOfSpan: boolean): void {
    const { json } = this;
    if (json.peek() === 0x7b) {
      this.values.readValue(0);
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
        node = this.values.node(0);
      } else if (key === Key.value) {
        if (node >= 0) this.#readTagValue(node, tag, areOfSpan);
        else early = passOver(json);
      } else json.skip();
    }
    if (early === undefined || node < 0) return;
    returnTo(json, [early], () => this.#readTagValue(node, tag, areOfSpan));
  }

  #readTagValue(node: number, tag: number, areOfSpan: boolean): void {
    const { json, rows } = this;
    const kind = json.readScalar();
    if (kind < 0) {
      this.values.readValue(node);
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
    this.values.add(node, kind as EntryKind);
  }
}

/** `true` or `false`, bare or quoted: whether there was an error, not what it was. */
function saysWhether(bytes: Uint8Array, start: number, stop: number): boolean {
  const text = ascii.decode(bytes.subarray(start, Math.min(stop, start + 6)));
  return text === 'true' || text === 'false';
}

const ascii = new TextDecoder();
