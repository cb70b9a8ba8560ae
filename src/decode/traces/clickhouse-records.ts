import { EntryKind } from '../../model/index.ts';
import { JsonReader } from '../telemetry/json-reader.ts';
import { JsonValues } from '../telemetry/json-values.ts';
import { KeyTable } from '../telemetry/key-table.ts';
import { LineCounter } from '../telemetry/line-counter.ts';
import { type Place, passOver, returnTo } from '../telemetry/place.ts';
import {
  isExceptionEvent,
  type SpanRows,
  spanKindOf,
  spanStatusOf,
} from '../telemetry/span-rows.ts';
import { UnixTime } from '../telemetry/unix-time.ts';

const FORM = 'clickhouse';

const Key = {
  timestamp: 1,
  traceId: 2,
  spanId: 3,
  parentSpanId: 4,
  spanName: 5,
  spanKind: 6,
  serviceName: 7,
  resource: 8,
  scopeName: 9,
  scopeVersion: 10,
  scope: 11,
  attributes: 12,
  duration: 13,
  statusCode: 14,
  statusMessage: 15,
  eventTimes: 16,
  eventNames: 17,
  eventAttributes: 18,
  linkTraces: 19,
  severityText: 20,
  severityNumber: 21,
  body: 22,
  eventName: 23,
} as const;

const KEYS = new KeyTable({
  [Key.timestamp]: 'Timestamp',
  [Key.traceId]: 'TraceId',
  [Key.spanId]: 'SpanId',
  [Key.parentSpanId]: 'ParentSpanId',
  [Key.spanName]: 'SpanName',
  [Key.spanKind]: 'SpanKind',
  [Key.serviceName]: 'ServiceName',
  [Key.resource]: 'ResourceAttributes',
  [Key.scopeName]: 'ScopeName',
  [Key.scopeVersion]: 'ScopeVersion',
  [Key.scope]: 'ScopeAttributes',
  [Key.attributes]: 'SpanAttributes LogAttributes',
  [Key.duration]: 'Duration',
  [Key.statusCode]: 'StatusCode',
  [Key.statusMessage]: 'StatusMessage',
  [Key.eventTimes]: 'Events.Timestamp',
  [Key.eventNames]: 'Events.Name',
  [Key.eventAttributes]: 'Events.Attributes',
  [Key.linkTraces]: 'Links.TraceId',
  [Key.severityText]: 'SeverityText',
  [Key.severityNumber]: 'SeverityNumber',
  [Key.body]: 'Body',
  [Key.eventName]: 'EventName',
});

/**
 * Reads rows of the tables `otel_traces` and `otel_logs` that the Collector fills in ClickHouse,
 * printed as JSON objects. Their times are UTC, their durations nanoseconds.
 */
export class ClickhouseRecords {
  /** Rows of the document so far. */
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
    this.#readRow();
    if (json.fault !== undefined) this.#rows.columns.dropOpenRow();
  }

  #readRow(): void {
    const { json } = this;
    const rows = this.#rows;
    const { columns, resource, scope } = rows;
    const start = json.at;
    const { depth } = json;
    // What the resource and the scope say comes first, wherever it stands in the row.
    resource.clear();
    scope.clear();
    if (!json.enterObject()) return;
    while (json.nextKey()) {
      const key = KEYS.find(json.bytes, json.start, json.stop);
      const from = columns.entries;
      if (key === Key.resource) {
        this.#values.readValue(0);
        resource.take(columns, from);
      } else if (key === Key.scope) {
        this.#values.readValue(0);
        scope.take(columns, from);
      } else json.skip();
    }
    returnTo(json, [{ at: start, depth }], () => this.#readFields(start));
  }

  #readFields(start: number): void {
    const { json } = this;
    const rows = this.#rows;
    const { nodes, columns } = rows;
    const times: Place[] = [];
    const names: Place[] = [];
    const attributes: Place[] = [];
    let isSpan = false;
    let traceStart = 0;
    let traceStop = 0;
    let spanStart = 0;
    let spanStop = 0;
    const duration = this.#duration;
    duration.clear();
    rows.open();
    if (!json.enterObject()) return;
    while (json.nextKey()) {
      switch (KEYS.find(json.bytes, json.start, json.stop)) {
        case Key.timestamp:
          if (json.readText()) rows.start.setDate(json.bytes, json.start, json.stop);
          break;
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
        case Key.spanName:
          isSpan = true;
          this.#values.readText(nodes.spanName);
          break;
        case Key.spanKind:
          if (json.readText()) rows.kind = spanKindOf(json.bytes, json.start, json.stop);
          break;
        case Key.serviceName:
          this.#values.readText(nodes.serviceName);
          break;
        case Key.scopeName:
          this.#values.readText(nodes.scopeName);
          break;
        case Key.scopeVersion:
          this.#values.readText(nodes.scopeVersion);
          break;
        case Key.attributes:
          this.#values.readValue(0);
          break;
        case Key.duration:
          if (json.readText()) duration.setText(json.bytes, json.start, json.stop);
          break;
        case Key.statusCode:
          if (json.readText()) rows.status = spanStatusOf(json.bytes, json.start, json.stop);
          break;
        case Key.statusMessage:
          this.#values.readText(nodes.statusMessage);
          break;
        case Key.eventTimes:
          this.#noteItems(times);
          break;
        case Key.eventNames:
          this.#noteItems(names);
          break;
        case Key.eventAttributes:
          this.#noteItems(attributes);
          break;
        case Key.linkTraces:
          if (!json.enterArray()) break;
          while (json.nextItem()) {
            if (json.readText()) rows.addLinkText(json.start, json.stop);
          }
          break;
        case Key.severityText:
          this.#values.readText(nodes.severityText);
          break;
        case Key.severityNumber:
          this.#values.readNumber(nodes.severityNumber);
          break;
        case Key.body:
          this.#values.readText(nodes.body);
          break;
        case Key.eventName:
          this.#values.readText(nodes.eventName);
          break;
        default:
          json.skip();
      }
    }
    if (json.fault !== undefined) return;
    for (const [event, name] of names.entries()) {
      this.#readEvent(name, times[event], attributes[event]);
    }
    rows.end.setSum(rows.start, duration);
    const ids = columns.entries;
    rows.addIdText(nodes.traceId, traceStart, traceStop);
    rows.addIdText(nodes.spanId, spanStart, spanStop);
    this.records += 1;
    const line = this.#lines.lineOf(start);
    if (isSpan) rows.closeSpan(FORM, line, ids, start, json.at);
    else {
      rows.addTime(nodes.time, rows.start);
      rows.closeLogRecord(FORM, line, start, json.at);
    }
  }

  /** Notes where the elements of an array stand: events are columns side by side. */
  #noteItems(places: Place[]): void {
    const { json } = this;
    if (!json.enterArray()) return;
    while (json.nextItem()) places.push(passOver(json));
  }

  #readEvent(name: Place, time: Place | undefined, attributes: Place | undefined): void {
    const { json } = this;
    const rows = this.#rows;
    const { nodes } = rows;
    const from = rows.columns.entries;
    let isException = false;
    if (attributes !== undefined) returnTo(json, [attributes], () => this.#values.readValue(0));
    returnTo(json, [name], () => {
      if (!json.readText()) return;
      isException = isExceptionEvent(json.bytes, json.start, json.stop);
      if (!isException) this.#values.add(nodes.eventName, EntryKind.string);
    });
    if (isException) return;
    rows.eventTime.clear();
    if (time !== undefined) {
      returnTo(json, [time], () => {
        if (json.readText()) rows.eventTime.setDate(json.bytes, json.start, json.stop);
      });
    }
    rows.addTime(nodes.time, rows.eventTime);
    rows.holdEvent(from, name.at, name.at);
  }
}
