import { FIRST_OWN_KEY, JsonRecords, SpanKey } from '../telemetry/json-records.ts';
import { KeyTable } from '../telemetry/key-table.ts';
import type { SpanRows } from '../telemetry/span-rows.ts';
import { SpanStatus, spanStatusOf } from '../telemetry/span-words.ts';

const Key = {
  ...SpanKey,
  timestamp: FIRST_OWN_KEY,
  duration: FIRST_OWN_KEY + 1,
  local: FIRST_OWN_KEY + 2,
  remote: FIRST_OWN_KEY + 3,
  tags: FIRST_OWN_KEY + 4,
  annotations: FIRST_OWN_KEY + 5,
  serviceName: FIRST_OWN_KEY + 6,
  ip: FIRST_OWN_KEY + 7,
  port: FIRST_OWN_KEY + 8,
  value: FIRST_OWN_KEY + 9,
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
export class ZipkinRecords extends JsonRecords {
  constructor(rows: SpanRows) {
    super('zipkin', rows);
  }

  protected override readObject(): void {
    this.#readSpan();
    if (this.json.fault !== undefined) this.rows.columns.dropOpenRow();
  }

  #key(): number {
    const { json } = this;
    return KEYS.find(json.bytes, json.start, json.stop);
  }

  #readSpan(): void {
    const { json, rows } = this;
    const { nodes } = rows;
    const start = json.at;
    rows.open();
    if (!json.enterObject()) return;
    while (json.nextKey()) {
      const key = this.#key();
      switch (key) {
        case Key.timestamp:
          this.readMicros(rows.start);
          break;
        case Key.duration:
          this.readMicros(rows.duration);
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
          this.readSpanField(key);
      }
    }
    rows.end.setSum(rows.start, rows.duration);
    this.closeSpan(start);
  }

  /** @param address node of its address, and of its port; -1 for those that nobody needs */
  #readEndpoint(service: number, address: number, port: number): void {
    const { json } = this;
    if (!json.enterObject()) return;
    while (json.nextKey()) {
      const key = this.#key();
      if (key === Key.serviceName) this.values.readText(service);
      else if (key === Key.ip && address >= 0) this.values.readText(address);
      else if (key === Key.port && port >= 0) this.values.readNumber(port);
      else json.skip();
    }
  }

  #readTags(): void {
    const { json, rows } = this;
    if (!json.enterObject()) return;
    while (json.nextKey()) {
      const tag = TAGS.find(json.bytes, json.start, json.stop);
      const node = this.values.node(0);
      if (tag === 0) this.values.readValue(node);
      else if (tag === Tag.statusMessage) this.values.readText(rows.nodes.statusMessage);
      else if (tag === Tag.status) {
        if (!json.readText()) continue;
        rows.status = spanStatusOf(json.bytes, json.start, json.stop);
      } else {
        // Its presence is the error; what it says is the reason, or no more than `true`.
        const said = json.readText() ? this.text() : '';
        if (said === 'false') continue;
        rows.status = SpanStatus.error;
        if (said !== 'true' && said !== '') {
          this.values.addText(node, json.start, json.stop, json.isEscaped);
        }
      }
    }
  }

  /** Annotations have a time and a text. */
  #readAnnotations(): void {
    const { json, rows } = this;
    const { nodes } = rows;
    if (!json.enterArray()) return;
    while (json.nextItem()) {
      const start = json.at;
      rows.beginEvent();
      if (!json.enterObject()) continue;
      while (json.nextKey()) {
        const key = this.#key();
        if (key === Key.timestamp) this.readMicros(rows.eventTime);
        else if (key === Key.value) this.values.readText(nodes.eventName);
        else json.skip();
      }
      rows.holdEvent(start, json.at);
    }
  }
}
