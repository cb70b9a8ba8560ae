import { JsonReader } from '../telemetry/json-reader.ts';
import { JsonValues } from '../telemetry/json-values.ts';
import { KeyTable } from '../telemetry/key-table.ts';
import { LineCounter } from '../telemetry/line-counter.ts';
import { type SpanRows, SpanStatus, spanKindOf, spanStatusOf } from '../telemetry/span-rows.ts';
import { UnixTime } from '../telemetry/unix-time.ts';

const FORM = 'zipkin';

const Key = {
  traceId: 1,
  spanId: 2,
  parentSpanId: 3,
  name: 4,
  kind: 5,
  timestamp: 6,
  duration: 7,
  local: 8,
  remote: 9,
  tags: 10,
  annotations: 11,
  serviceName: 12,
  ip: 13,
  port: 14,
  value: 15,
} as const;

const KEYS = new KeyTable({
  [Key.traceId]: 'traceId',
  [Key.spanId]: 'id',
  [Key.parentSpanId]: 'parentId',
  [Key.name]: 'name',
  [Key.kind]: 'kind',
  [Key.timestamp]: 'timestamp',
  [Key.duration]: 'duration',
  [Key.local]: 'localEndpoint',
  [Key.remote]: 'remoteEndpoint',
  [Key.tags]: 'tags',
  [Key.annotations]: 'annotations',
  [Key.serviceName]: 'serviceName',
  [Key.ip]: 'ipv4 ipv6',
  [Key.port]: 'port',
  [Key.value]: 'value',
});

/** Tags that say what a span is. */
const Tag = { error: 1, status: 2, statusMessage: 3 } as const;

const TAGS = new KeyTable({
  [Tag.error]: 'error',
  [Tag.status]: 'otel.status_code',
  [Tag.statusMessage]: 'otel.status_description',
});

/** Reads the JSON of Zipkin's second version into rows: spans, alone or in lists of lists. */
export class ZipkinRecords {
  /** Spans of the document so far. */
  records = 0;
  readonly json: JsonReader = new JsonReader();
  readonly #rows: SpanRows;
  readonly #values: JsonValues;
  readonly #lines = new LineCounter();
  readonly #duration = new UnixTime();

  constructor(rows: SpanRows) {
    this.#rows = rows;
    this.#values = new JsonValues(this.json, this.#rows);
  }

  /** As `OtlpJsonRecords.read`. */
  read(bytes: Uint8Array, start: number, end: number, line: number): void {
    this.records = 0;
    this.#rows.enter();
    this.#lines.enter(bytes, start, end, line);
    this.json.enter(bytes, start, end);
    this.#readDocument();
  }

  #readDocument(): void {
    const { json } = this;
    if (json.peek() === 0x5b) {
      json.enterArray();
      while (json.nextItem()) this.#readDocument();
      return;
    }
    this.#readSpan();
    if (json.fault !== undefined) this.#rows.columns.dropOpenRow();
  }

  #key(): number {
    const { json } = this;
    return KEYS.find(json.bytes, json.start, json.stop);
  }

  #text(): string {
    const { bytes, start, stop } = this.json;
    return utf8.decode(bytes.subarray(start, stop));
  }

  #readSpan(): void {
    const { json } = this;
    const rows = this.#rows;
    const { nodes } = rows;
    const start = json.at;
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
        case Key.kind:
          if (json.readText()) rows.kind = spanKindOf(json.bytes, json.start, json.stop);
          break;
        case Key.timestamp:
          if (json.readText()) rows.start.setMicros(Number(this.#text()));
          break;
        case Key.duration:
          if (json.readText()) duration.setMicros(Number(this.#text()));
          break;
        case Key.local:
          this.#readEndpoint(nodes.serviceName, -1, -1);
          break;
        case Key.remote:
          this.#readEndpoint(nodes.peerService, nodes.peerAddress, nodes.peerPort);
          break;
        case Key.tags:
          this.#readTags();
          break;
        case Key.annotations:
          this.#readAnnotations();
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

  /** @param address node of its address, and of its port; -1 for those that nobody needs */
  #readEndpoint(service: number, address: number, port: number): void {
    const { json } = this;
    if (!json.enterObject()) return;
    while (json.nextKey()) {
      const key = this.#key();
      if (key === Key.serviceName) this.#values.readText(service);
      else if (key === Key.ip && address >= 0) this.#values.readText(address);
      else if (key === Key.port && port >= 0) this.#values.readNumber(port);
      else json.skip();
    }
  }

  #readTags(): void {
    const { json } = this;
    const rows = this.#rows;
    if (!json.enterObject()) return;
    while (json.nextKey()) {
      const tag = TAGS.find(json.bytes, json.start, json.stop);
      const node = this.#values.node(0);
      if (tag === 0) this.#values.readValue(node);
      else if (tag === Tag.statusMessage) this.#values.readText(rows.nodes.statusMessage);
      else if (tag === Tag.status) {
        if (!json.readText()) continue;
        rows.status = spanStatusOf(json.bytes, json.start, json.stop);
      } else {
        // Its presence is the error; what it says is the reason, or no more than `true`.
        const said = json.readText() ? this.#text() : '';
        if (said === 'false') continue;
        rows.status = SpanStatus.error;
        if (said !== 'true' && said !== '') {
          this.#values.addText(node, json.start, json.stop, json.isEscaped);
        }
      }
    }
  }

  /** Annotations have a time and a text. */
  #readAnnotations(): void {
    const { json } = this;
    const rows = this.#rows;
    const { columns, nodes } = rows;
    if (!json.enterArray()) return;
    while (json.nextItem()) {
      const start = json.at;
      const from = columns.entries;
      rows.eventTime.clear();
      if (!json.enterObject()) continue;
      while (json.nextKey()) {
        const key = this.#key();
        if (key === Key.timestamp) {
          if (json.readText()) rows.eventTime.setMicros(Number(this.#text()));
        } else if (key === Key.value) this.#values.readText(nodes.eventName);
        else json.skip();
      }
      rows.addTime(nodes.time, rows.eventTime);
      rows.holdEvent(from, start, json.at);
    }
  }
}

const utf8 = new TextDecoder();
