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
import type { UnixTime } from '../telemetry/unix-time.ts';

const FORM = 'otlp-json';

const Key = {
  spans: 1,
  logs: 2,
  others: 3,
  wrapper: 4,
  resource: 5,
  scopes: 6,
  scope: 7,
  records: 8,
  attributes: 9,
  name: 10,
  version: 11,
  traceId: 12,
  spanId: 13,
  parentSpanId: 14,
  kind: 15,
  startTime: 16,
  endTime: 17,
  events: 18,
  links: 19,
  status: 20,
  code: 21,
  message: 22,
  time: 23,
  observedTime: 24,
  severityNumber: 25,
  severityText: 26,
  body: 27,
  eventName: 28,
  key: 29,
  value: 30,
  string: 31,
  bool: 32,
  integer: 33,
  double: 34,
  array: 35,
  map: 36,
  bytes: 37,
  values: 38,
} as const;

/**
 * Keys of OTLP/JSON in both spellings: the format wants camel case, the Collector takes either.
 * Scopes were instrumentation libraries once.
 */
const KEYS = new KeyTable({
  [Key.spans]: 'resourceSpans resource_spans batches',
  [Key.logs]: 'resourceLogs resource_logs',
  [Key.others]:
    'resourceMetrics resource_metrics resourceProfiles resource_profiles partialSuccess partial_success',
  [Key.wrapper]: 'trace result',
  [Key.resource]: 'resource',
  [Key.scopes]: `scopeSpans scope_spans scopeLogs scope_logs instrumentationLibrarySpans
    instrumentation_library_spans instrumentationLibraryLogs instrumentation_library_logs`,
  [Key.scope]: 'scope instrumentationLibrary instrumentation_library',
  [Key.records]: 'spans logRecords log_records logs',
  [Key.attributes]: 'attributes',
  [Key.name]: 'name',
  [Key.version]: 'version',
  [Key.traceId]: 'traceId trace_id',
  [Key.spanId]: 'spanId span_id',
  [Key.parentSpanId]: 'parentSpanId parent_span_id',
  [Key.kind]: 'kind',
  [Key.startTime]: 'startTimeUnixNano start_time_unix_nano',
  [Key.endTime]: 'endTimeUnixNano end_time_unix_nano',
  [Key.events]: 'events',
  [Key.links]: 'links',
  [Key.status]: 'status',
  [Key.code]: 'code',
  [Key.message]: 'message',
  [Key.time]: 'timeUnixNano time_unix_nano',
  [Key.observedTime]: 'observedTimeUnixNano observed_time_unix_nano',
  [Key.severityNumber]: 'severityNumber severity_number',
  [Key.severityText]: 'severityText severity_text',
  [Key.body]: 'body',
  [Key.eventName]: 'eventName event_name',
  [Key.key]: 'key',
  [Key.value]: 'value',
  [Key.string]: 'stringValue string_value',
  [Key.bool]: 'boolValue bool_value',
  [Key.integer]: 'intValue int_value',
  [Key.double]: 'doubleValue double_value',
  [Key.array]: 'arrayValue array_value',
  [Key.map]: 'kvlistValue kvlist_value',
  [Key.bytes]: 'bytesValue bytes_value',
  [Key.values]: 'values',
});

/** Kinds of objects, by which the first key is guessed; numbers beside those of the keys. */
const In = {
  document: 101,
  resourceRecords: 102,
  scopeRecords: 103,
  holder: 104,
  span: 105,
  event: 106,
  link: 107,
  state: 108,
  log: 109,
  keyValue: 110,
  anyValue: 111,
  list: 112,
} as const;

/**
 * Reads OTLP/JSON documents into rows: requests of traces and logs, and the answers of trace
 * stores that wrap them.
 */
export class OtlpJsonRecords {
  /** Records of the document so far. */
  records = 0;
  readonly json: JsonReader = new JsonReader();
  readonly #rows: SpanRows;
  readonly #values: JsonValues;
  readonly #lines = new LineCounter();

  constructor(rows: SpanRows) {
    this.#rows = rows;
    this.#values = new JsonValues(this.json, this.#rows);
  }

  /**
   * Reads the document whose value stands from `start` up to `end`. A fault is left in `json`; the
   * records before it have become rows.
   */
  read(bytes: Uint8Array, start: number, end: number, line: number): void {
    const { json } = this;
    this.records = 0;
    this.#rows.enter();
    this.#lines.enter(bytes, start, end, line);
    json.enter(bytes, start, end);
    this.#readDocument();
  }

  #readDocument(): void {
    const { json } = this;
    if (json.peek() === 0x5b) {
      json.enterArray();
      while (json.nextItem()) this.#readDocument();
      return;
    }
    if (!json.enterObject()) return;
    for (let key = this.#next(In.document); key >= 0; key = this.#next(key)) {
      switch (key) {
        case Key.spans:
          this.#readResources(true);
          break;
        case Key.logs:
          this.#readResources(false);
          break;
        case Key.wrapper:
          this.#readDocument();
          break;
        default:
          json.skip();
      }
    }
  }

  #next(before: number): number {
    return this.json.nextMeaning(KEYS, before);
  }

  #readResources(areSpans: boolean): void {
    const { json } = this;
    if (!json.enterArray()) return;
    while (json.nextItem()) this.#readResource(areSpans);
  }

  #readResource(areSpans: boolean): void {
    const { json } = this;
    const rows = this.#rows;
    rows.resource.clear();
    rows.scope.clear();
    /** Scopes that stand before their resource. */
    const early: Place[] = [];
    let isKnown = false;
    if (!json.enterObject()) return;
    for (let key = this.#next(In.resourceRecords); key >= 0; key = this.#next(key)) {
      switch (key) {
        case Key.resource: {
          const from = rows.columns.entries;
          this.#readHolder();
          rows.resource.take(rows.columns, from);
          isKnown = true;
          break;
        }
        case Key.scopes:
          if (isKnown) this.#readScopes(areSpans);
          else early.push(passOver(json));
          break;
        default:
          json.skip();
      }
    }
    returnTo(json, early, () => this.#readScopes(areSpans));
  }

  #readScopes(areSpans: boolean): void {
    const { json } = this;
    if (!json.enterArray()) return;
    while (json.nextItem()) this.#readScope(areSpans);
  }

  #readScope(areSpans: boolean): void {
    const { json } = this;
    const rows = this.#rows;
    rows.scope.clear();
    const early: Place[] = [];
    let isKnown = false;
    if (!json.enterObject()) return;
    for (let key = this.#next(In.scopeRecords); key >= 0; key = this.#next(key)) {
      switch (key) {
        case Key.scope: {
          const from = rows.columns.entries;
          this.#readHolder();
          rows.scope.take(rows.columns, from);
          isKnown = true;
          break;
        }
        case Key.records:
          if (isKnown) this.#readRecords(areSpans);
          else early.push(passOver(json));
          break;
        default:
          json.skip();
      }
    }
    returnTo(json, early, () => this.#readRecords(areSpans));
  }

  /** A resource or scope: attributes, and the name and version of a scope. */
  #readHolder(): void {
    const { json } = this;
    const { nodes } = this.#rows;
    if (!json.enterObject()) return;
    for (let key = this.#next(In.holder); key >= 0; key = this.#next(key)) {
      switch (key) {
        case Key.attributes:
          this.#readAttributes(0);
          break;
        case Key.name:
          this.#values.readText(nodes.scopeName);
          break;
        case Key.version:
          this.#values.readText(nodes.scopeVersion);
          break;
        default:
          json.skip();
      }
    }
  }

  #readRecords(areSpans: boolean): void {
    const { json } = this;
    if (!json.enterArray()) return;
    while (json.nextItem()) {
      if (areSpans) this.#readSpan();
      else this.#readLogRecord();
      if (json.fault !== undefined) this.#rows.columns.dropOpenRow();
    }
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
    rows.open();
    if (!json.enterObject()) return;
    for (let key = this.#next(In.span); key >= 0; key = this.#next(key)) {
      switch (key) {
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
          if (json.readText()) rows.kind = enumOf(json, spanKindOf);
          break;
        case Key.startTime:
          this.#readTime(rows.start);
          break;
        case Key.endTime:
          this.#readTime(rows.end);
          break;
        case Key.attributes:
          this.#readAttributes(0);
          break;
        case Key.events:
          this.#readEvents();
          break;
        case Key.links:
          this.#readLinks();
          break;
        case Key.status:
          this.#readStatus();
          break;
        default:
          json.skip();
      }
    }
    if (json.fault !== undefined) return;
    const ids = rows.columns.entries;
    rows.addIdText(nodes.traceId, traceStart, traceStop);
    rows.addIdText(nodes.spanId, spanStart, spanStop);
    this.records += 1;
    rows.closeSpan(FORM, this.#lines.lineOf(start), ids, start, json.at);
  }

  #readEvents(): void {
    const { json } = this;
    const rows = this.#rows;
    const { columns, nodes } = rows;
    if (!json.enterArray()) return;
    while (json.nextItem()) {
      const start = json.at;
      const from = columns.entries;
      let nameStart = 0;
      let nameStop = 0;
      let isEscaped = false;
      rows.eventTime.clear();
      if (!json.enterObject()) continue;
      for (let key = this.#next(In.event); key >= 0; key = this.#next(key)) {
        switch (key) {
          case Key.time:
            this.#readTime(rows.eventTime);
            break;
          case Key.name:
            if (json.readText()) {
              nameStart = json.start;
              nameStop = json.stop;
              isEscaped = json.isEscaped;
            }
            break;
          case Key.attributes:
            this.#readAttributes(0);
            break;
          default:
            json.skip();
        }
      }
      if (isExceptionEvent(json.bytes, nameStart, nameStop)) continue;
      if (nameStop > nameStart)
        this.#values.addText(nodes.eventName, nameStart, nameStop, isEscaped);
      rows.addTime(nodes.time, rows.eventTime);
      rows.holdEvent(from, start, json.at);
    }
  }

  #readLinks(): void {
    const { json } = this;
    if (!json.enterArray()) return;
    while (json.nextItem()) {
      if (!json.enterObject()) continue;
      for (let key = this.#next(In.link); key >= 0; key = this.#next(key)) {
        if (key === Key.traceId) {
          if (json.readText()) this.#rows.addLinkText(json.start, json.stop);
        } else json.skip();
      }
    }
  }

  #readStatus(): void {
    const { json } = this;
    const rows = this.#rows;
    if (!json.enterObject()) return;
    for (let key = this.#next(In.state); key >= 0; key = this.#next(key)) {
      switch (key) {
        case Key.code:
          if (json.readText()) rows.status = enumOf(json, spanStatusOf);
          break;
        case Key.message:
          this.#values.readText(rows.nodes.statusMessage);
          break;
        default:
          json.skip();
      }
    }
  }

  #readLogRecord(): void {
    const { json } = this;
    const rows = this.#rows;
    const { nodes } = rows;
    const start = json.at;
    rows.open();
    let hasSeverity = false;
    if (!json.enterObject()) return;
    for (let key = this.#next(In.log); key >= 0; key = this.#next(key)) {
      switch (key) {
        case Key.time:
          this.#readTime(rows.start);
          break;
        case Key.observedTime:
          this.#readTime(rows.end);
          break;
        case Key.severityNumber:
          hasSeverity = this.#readSeverityNumber();
          break;
        case Key.severityText:
          this.#values.readText(nodes.severityText);
          break;
        case Key.body:
          this.#readAnyValue(nodes.body);
          break;
        case Key.attributes:
          this.#readAttributes(0);
          break;
        case Key.traceId:
          if (json.readText()) rows.addIdText(nodes.traceId, json.start, json.stop);
          break;
        case Key.spanId:
          if (json.readText()) rows.addIdText(nodes.spanId, json.start, json.stop);
          break;
        case Key.eventName:
          this.#values.readText(nodes.eventName);
          break;
        default:
          json.skip();
      }
    }
    if (json.fault !== undefined) return;
    if (!hasSeverity) rows.addInteger(nodes.severityNumber, 0, 0);
    rows.addTime(nodes.time, rows.start);
    rows.addTime(nodes.observedTime, rows.end);
    this.records += 1;
    rows.closeLogRecord(FORM, this.#lines.lineOf(start), start, json.at);
  }

  /** @returns whether it is a number; the names of the enum go the way of texts. */
  #readSeverityNumber(): boolean {
    const { json } = this;
    const { nodes } = this.#rows;
    if (!json.readText()) return false;
    const digit = json.bytes[json.start]!;
    if (digit >= 0x30 && digit <= 0x39) {
      this.#rows.add(nodes.severityNumber, EntryKind.number, 0, json.start, json.stop);
      return true;
    }
    const from = json.start + 'SEVERITY_NUMBER_'.length;
    let to = json.stop;
    // DEBUG2 to DEBUG4 are shades of DEBUG.
    if (to > from && json.bytes[to - 1]! <= 0x39) to -= 1;
    if (from < to) this.#rows.addText(nodes.severityText, from, to);
    return false;
  }

  #readTime(time: UnixTime): void {
    const { json } = this;
    if (json.readText()) time.setText(json.bytes, json.start, json.stop);
  }

  /** A list of keys with values; some write an object instead. */
  #readAttributes(parent: number): void {
    const { json } = this;
    if (json.peek() === 0x7b) {
      this.#values.readValue(parent);
      return;
    }
    this.#readKeyValues(parent);
  }

  #readKeyValues(parent: number): void {
    const { json } = this;
    if (!json.enterArray()) return;
    for (let before = 0; json.nextItem(); ) before = this.#readKeyValue(parent, before);
  }

  /**
   * @param before node of the key before, behind which the same one comes again as a rule
   * @returns the node of the key
   */
  #readKeyValue(parent: number, before: number): number {
    const { json } = this;
    let node = -1;
    let early: Place | undefined;
    if (!json.enterObject()) return 0;
    for (let key = this.#next(In.keyValue); key >= 0; key = this.#next(key)) {
      switch (key) {
        case Key.key:
          node = this.#values.readName(parent, before);
          break;
        case Key.value:
          if (node >= 0) this.#readAnyValue(node);
          else early = passOver(json);
          break;
        default:
          json.skip();
      }
    }
    if (early !== undefined && node >= 0) returnTo(json, [early], () => this.#readAnyValue(node));
    return Math.max(0, node);
  }

  #readAnyValue(node: number): void {
    const { json } = this;
    const rows = this.#rows;
    if (!json.enterObject()) return;
    for (let key = this.#next(In.anyValue); key >= 0; key = this.#next(key)) {
      switch (key) {
        case Key.string: {
          const kind = json.readScalar();
          if (kind === EntryKind.string) this.#values.add(node, kind);
          else if (kind < 0) json.skip();
          break;
        }
        case Key.bool: {
          const kind = json.readScalar();
          if (kind === EntryKind.true || kind === EntryKind.false) this.#values.add(node, kind);
          else if (kind < 0) json.skip();
          break;
        }
        case Key.integer:
        case Key.double:
          if (json.readText()) rows.add(node, numberKind(json), 0, json.start, json.stop);
          break;
        case Key.array:
          this.#readArray(node);
          break;
        case Key.map:
          this.#readMap(node);
          break;
        default:
          json.skip();
      }
    }
  }

  #readArray(node: number): void {
    const { json } = this;
    if (!json.enterObject()) return;
    for (let key = this.#next(In.list); key >= 0; key = this.#next(key)) {
      if (key !== Key.values) json.skip();
      else if (json.enterArray()) while (json.nextItem()) this.#readAnyValue(node);
    }
  }

  #readMap(node: number): void {
    const { json } = this;
    if (!json.enterObject()) return;
    for (let key = this.#next(In.list); key >= 0; key = this.#next(key)) {
      if (key === Key.values) this.#readKeyValues(node);
      else json.skip();
    }
  }
}

/** A member of an enum: the number of a digit, or what its name says. */
function enumOf(
  { bytes, start, stop }: JsonReader,
  named: (bytes: Uint8Array, start: number, stop: number) => number,
): number {
  const digit = bytes[start]! - 0x30;
  return stop - start === 1 && digit >= 0 && digit <= 9 ? digit : named(bytes, start, stop);
}

/** `NaN` and `Infinity` are numbers that JSON cannot write as such. */
function numberKind({ bytes, stop }: JsonReader): EntryKind {
  const last = bytes[stop - 1]!;
  return last >= 0x30 && last <= 0x39 ? EntryKind.number : EntryKind.string;
}
