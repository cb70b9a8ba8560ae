import { EntryKind } from '../../model/index.ts';
import { FIRST_OWN_KEY, JsonRecords, SpanKey } from '../telemetry/json-records.ts';
import { KeyTable } from '../telemetry/key-table.ts';
import { type Place, passOver, returnTo } from '../telemetry/place.ts';
import type { SpanRows } from '../telemetry/span-rows.ts';
import { isExceptionEvent, spanStatusOf } from '../telemetry/span-words.ts';

const Key = {
  ...SpanKey,
  timestamp: FIRST_OWN_KEY,
  serviceName: FIRST_OWN_KEY + 1,
  resource: FIRST_OWN_KEY + 2,
  scopeName: FIRST_OWN_KEY + 3,
  scopeVersion: FIRST_OWN_KEY + 4,
  scope: FIRST_OWN_KEY + 5,
  attributes: FIRST_OWN_KEY + 6,
  duration: FIRST_OWN_KEY + 7,
  statusCode: FIRST_OWN_KEY + 8,
  statusMessage: FIRST_OWN_KEY + 9,
  eventTimes: FIRST_OWN_KEY + 10,
  eventNames: FIRST_OWN_KEY + 11,
  eventAttributes: FIRST_OWN_KEY + 12,
  linkTraces: FIRST_OWN_KEY + 13,
  severityText: FIRST_OWN_KEY + 14,
  severityNumber: FIRST_OWN_KEY + 15,
  body: FIRST_OWN_KEY + 16,
  eventName: FIRST_OWN_KEY + 17,
  traceState: FIRST_OWN_KEY + 18,
} as const;

const KEYS = new KeyTable({
  [Key.timestamp]: 'Timestamp',
  [Key.traceId]: 'TraceId',
  [Key.spanId]: 'SpanId',
  [Key.parentSpanId]: 'ParentSpanId',
  [Key.name]: 'SpanName',
  [Key.kind]: 'SpanKind',
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
  [Key.traceState]: 'TraceState',
});

/**
 * Reads rows of the tables `otel_traces` and `otel_logs` that the Collector fills in ClickHouse,
 * printed as JSON objects. Their times are UTC, their durations nanoseconds.
 */
export class ClickhouseRecords extends JsonRecords {
  constructor(rows: SpanRows) {
    super('clickhouse', rows);
  }

  protected override readObject(): void {
    this.#readRow();
    if (this.json.fault !== undefined) this.rows.columns.dropOpenRow();
  }

  #readRow(): void {
    const { json, rows } = this;
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
        this.values.readValue(0);
        resource.take(columns, from);
      } else if (key === Key.scope) {
        this.values.readValue(0);
        scope.take(columns, from);
      } else json.skip();
    }
    returnTo(json, [{ at: start, depth }], () => this.#readFields(start));
  }

  #readFields(start: number): void {
    const { json, rows } = this;
    const { nodes } = rows;
    const times: Place[] = [];
    const names: Place[] = [];
    const attributes: Place[] = [];
    let isSpan = false;
    rows.open();
    if (!json.enterObject()) return;
    while (json.nextKey()) {
      const key = KEYS.find(json.bytes, json.start, json.stop);
      isSpan ||= key === Key.name;
      switch (key) {
        case Key.timestamp:
          if (json.readText()) rows.start.setDate(json.bytes, json.start, json.stop);
          break;
        case Key.traceState:
          if (json.readText()) rows.addTraceState(json.start, json.stop);
          break;
        case Key.serviceName:
          this.values.readText(nodes.serviceName);
          break;
        case Key.scopeName:
          this.values.readText(nodes.scopeName);
          break;
        case Key.scopeVersion:
          this.values.readText(nodes.scopeVersion);
          break;
        case Key.attributes:
          this.values.readValue(0);
          break;
        case Key.duration:
          if (json.readText()) rows.duration.setText(json.bytes, json.start, json.stop);
          break;
        case Key.statusCode:
          if (json.readText()) rows.status = spanStatusOf(json.bytes, json.start, json.stop);
          break;
        case Key.statusMessage:
          this.values.readText(nodes.statusMessage);
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
            if (json.readText()) rows.addLink(json.start, json.stop);
          }
          break;
        case Key.severityText:
          this.values.readText(nodes.severityText);
          break;
        case Key.severityNumber:
          this.values.readNumber(nodes.severityNumber);
          break;
        case Key.body:
          this.values.readText(nodes.body);
          break;
        case Key.eventName:
          this.values.readText(nodes.eventName);
          break;
        default:
          this.readSpanField(key);
      }
    }
    if (json.fault !== undefined) return;
    for (const [event, name] of names.entries()) {
      this.#readEvent(name, times[event], attributes[event]);
    }
    if (isSpan) {
      rows.end.setSum(rows.start, rows.duration);
      this.closeSpan(start);
    } else this.closeLogRecord(start);
  }

  /** Notes where the elements of an array stand: events are columns side by side. */
  #noteItems(places: Place[]): void {
    const { json } = this;
    if (!json.enterArray()) return;
    while (json.nextItem()) places.push(passOver(json));
  }

  #readEvent(name: Place, time: Place | undefined, attributes: Place | undefined): void {
    const { json, rows } = this;
    const { nodes } = rows;
    rows.beginEvent();
    let isException = false;
    if (attributes !== undefined) returnTo(json, [attributes], () => this.values.readValue(0));
    returnTo(json, [name], () => {
      if (!json.readText()) return;
      isException = isExceptionEvent(json.bytes, json.start, json.stop);
      if (!isException) this.values.add(nodes.eventName, EntryKind.string);
    });
    if (isException) return;
    if (time !== undefined) {
      returnTo(json, [time], () => {
        if (json.readText()) rows.eventTime.setDate(json.bytes, json.start, json.stop);
      });
    }
    rows.holdEvent(name.at, name.at);
  }
}
