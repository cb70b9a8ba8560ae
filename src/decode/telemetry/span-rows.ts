import { EntryKind } from '../../model/index.ts';
import { JsonScanner } from '../json-scanner.ts';
import { hashOfKey } from '../path-tree.ts';
import type { RecordColumns } from '../record-columns.ts';
import { type RowForm, Telemetry } from '../row-form.ts';
import type { RowWriter } from '../row-writer.ts';
import { documentKindOf } from './document-kind.ts';
import { EntryList } from './entry-list.ts';
import { isPlainId, writeIdBytes, writeIdText } from './id-bytes.ts';
import { SPAN_KINDS, SpanStatus } from './span-words.ts';
import { UnixTime } from './unix-time.ts';

/** Fields that the formats give by position; attributes bring their own names. */
const OWN_FIELDS = {
  time: 'time_unix_nano',
  observedTime: 'observed_time_unix_nano',
  traceId: 'trace_id',
  spanId: 'span_id',
  parentSpanId: 'parent_span_id',
  samplingThreshold: 'sampling.threshold',
  droppedAttributes: 'otel.dropped_attributes_count',
  droppedEvents: 'otel.dropped_events_count',
  droppedLinks: 'otel.dropped_links_count',
  spanName: 'span.name',
  spanKind: 'span.kind',
  durationMs: 'duration_ms',
  status: 'otel.status_code',
  statusMessage: 'status.message',
  httpStatus: 'http.response.status_code',
  oldHttpStatus: 'http.status_code',
  eventName: 'event.name',
  severityText: 'severity_text',
  severityNumber: 'severity_number',
  body: 'body',
  scopeName: 'otel.scope.name',
  scopeVersion: 'otel.scope.version',
  serviceName: 'service.name',
  peerService: 'peer.service',
  peerAddress: 'network.peer.address',
  peerPort: 'network.peer.port',
} as const;

export type OwnField = keyof typeof OWN_FIELDS;

/** How a document writes its ids. */
export type IdCoat = 'text' | 'bytes';

/** Forms of the rows of a document. */
const formsOf = (document: RowForm) => ({
  document,
  spans: `${document}${Telemetry.spans}`,
  spanEvents: `${document}${Telemetry.spanEvents}`,
  logs: `${document}${Telemetry.logs}`,
});

/** A request of exporters that was sent on as the text of a log record. */
export interface NestedDocument {
  readonly bytes: Uint8Array;
  readonly line: number;
}

const NONE_NESTED: readonly NestedDocument[] = [];
const REQUEST_START = new TextEncoder().encode('{"resource');

function isRequest(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start <= REQUEST_START.length) return false;
  for (let i = 0; i < REQUEST_START.length; i += 1) {
    if (bytes[start + i] !== REQUEST_START[i]) return false;
  }
  return documentKindOf(bytes, start, end) === 'otlp-json';
}

/** Links beyond these join nothing: a span that hangs on so many traces is a batch job's. */
const MAX_LINKS = 16;

/**
 * Writes spans and log records as rows, whatever format they come in.
 *
 * A row begins with what its resource and scope say, goes on with attributes and ends with its
 * own fields: where names meet, the last one counts. Events of a span become rows of their own
 * behind the span's.
 */
export class SpanRows {
  readonly out: RowWriter;
  readonly columns: RecordColumns;
  /** Attributes that stand in every row until they are replaced. */
  readonly resource: EntryList = new EntryList();
  readonly scope: EntryList = new EntryList();
  /** Times of the span or log record that is being read. */
  readonly start: UnixTime = new UnixTime();
  readonly end: UnixTime = new UnixTime();
  /** What formats give instead of the end. */
  readonly duration: UnixTime = new UnixTime();
  readonly eventTime: UnixTime = new UnixTime();
  kind = 0;
  status = 0;
  readonly nodes: Record<OwnField, number>;
  readonly #idsAre: IdCoat;
  #forms = formsOf('');
  /** Where the ids of the span or log record stand. */
  #traceStart = 0;
  #traceStop = 0;
  #spanStart = 0;
  #spanStop = 0;
  readonly #scanner: JsonScanner;
  readonly #nested: NestedDocument[] = [];
  readonly #linkNodes: number[] = [];
  #links = 0;
  #generation = -1;
  readonly #ids = new EntryList();
  /** Entries of events that wait for their span's row to be closed; `#eventEnd[i]` ends event i. */
  readonly #events = new EntryList();
  readonly #eventEnd: number[] = [];
  readonly #eventFrom: number[] = [];
  readonly #eventTo: number[] = [];
  /** The first entry of the event that is being read. */
  #eventEntries = 0;

  constructor(out: RowWriter, idsAre: IdCoat = 'text') {
    this.#idsAre = idsAre;
    this.#scanner = new JsonScanner(out.paths, out.columns);
    this.out = out;
    this.columns = out.columns;
    this.nodes = Object.fromEntries(Object.keys(OWN_FIELDS).map((field) => [field, 0])) as Record<
      OwnField,
      number
    >;
  }

  /**
   * To be called before a document is read: numbers of nodes may have changed since.
   * @param form of the document
   */
  enter(form: RowForm): void {
    const { paths } = this.out;
    if (form !== this.#forms.document) this.#forms = formsOf(form);
    this.resource.clear();
    this.scope.clear();
    if (this.#generation === paths.generation) return;
    this.#generation = paths.generation;
    for (const [field, name] of Object.entries(OWN_FIELDS)) {
      this.nodes[field as OwnField] = paths.named(name);
    }
    for (let link = 0; link < MAX_LINKS; link += 1) {
      this.#linkNodes[link] = paths.named(`link.${link}.trace_id`);
    }
  }

  /** Opens a row, or one that is to be taken apart again by {@link EntryList.take}. */
  open(): void {
    this.start.clear();
    this.end.clear();
    this.duration.clear();
    this.#traceStart = 0;
    this.#traceStop = 0;
    this.#spanStart = 0;
    this.#spanStop = 0;
    this.kind = 0;
    this.status = 0;
    this.#links = 0;
    this.#ids.clear();
    this.#events.clear();
    this.#eventEnd.length = 0;
    this.resource.put(this.columns);
    this.scope.put(this.columns);
  }

  /**
   * The node of an attribute's key below `parent`.
   * @param before node of the key before, behind which the same one comes again as a rule
   */
  attribute(parent: number, before: number, bytes: Uint8Array, start: number, end: number): number {
    const { paths } = this.out;
    const guess = paths.guessWhole(parent, before, bytes, start, end);
    if (guess >= 0) return guess;
    const node = paths.child(parent, hashOfKey(bytes, start, end), bytes, start, end);
    paths.learn(parent, before, node);
    return node;
  }

  wants(node: number): boolean {
    return this.out.paths.wanted(node);
  }

  /** Adds text that stands in the input. */
  addText(node: number, start: number, end: number): void {
    if (this.out.paths.wanted(node)) {
      this.columns.add(node, EntryKind.string, 0, 0, start, end);
    }
  }

  /** Adds the text of an own field, whose absence formats write as an empty one. */
  addOwnText(node: number, start: number, end: number): void {
    if (end > start) this.addText(node, start, end);
  }

  /** Adds an entry that stands in the input, or in the scratch. */
  add(node: number, kind: EntryKind, inScratch: 0 | 1, start: number, end: number): void {
    if (this.out.paths.wanted(node)) this.columns.add(node, kind, inScratch, 0, start, end);
  }

  /** Adds an entry whose text the input holds in another form; plain ASCII only. */
  addWritten(node: number, kind: EntryKind, text: string): void {
    if (!this.out.paths.wanted(node)) return;
    const { columns } = this;
    columns.reserveScratch(text.length);
    const from = columns.scratchUsed;
    for (let i = 0; i < text.length; i += 1) columns.scratch[from + i] = text.charCodeAt(i);
    this.#addScratch(node, kind, from, from + text.length);
  }

  addBoolean(node: number, value: boolean): void {
    this.addWritten(node, value ? EntryKind.true : EntryKind.false, value ? 'true' : 'false');
  }

  /** Adds a signed 64-bit number, given by its halves. */
  addInteger(node: number, high: number, low: number): void {
    if (!this.out.paths.wanted(node)) return;
    if (high === 0 && low < 0x8000_0000) this.#addDigits(node, low);
    else if (high === 0xffffffff && low !== 0)
      this.addWritten(node, EntryKind.number, `${low | 0}`);
    else {
      const value = BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low));
      this.addWritten(node, EntryKind.number, String(value));
    }
  }

  /**
   * Adds the threshold that a trace's random number had to reach to be kept, where the state of the
   * trace at `start` to `end` tells one: `ot=th:c` says that three of four are dropped.
   */
  addTraceState(start: number, end: number): void {
    if (end === start || !this.wants(this.nodes.samplingThreshold)) return;
    const text = ascii.decode(this.columns.bytes.subarray(start, end));
    const threshold = /(?:^|,)[ \t]*ot=(?:[^,]*;)?th:[0-9a-f]{1,14}(?=[;,]|$)/.exec(text)?.[0];
    if (threshold === undefined) return;
    const from = start + text.indexOf(threshold) + threshold.lastIndexOf(':') + 1;
    this.addText(
      this.nodes.samplingThreshold,
      from,
      start + text.indexOf(threshold) + threshold.length,
    );
  }

  /** Adds how much is missing, if anything. */
  addCount(node: number, count: number): void {
    if (count !== 0) this.addInteger(node, 0, count);
  }

  addTime(node: number, time: UnixTime): void {
    if (time.isAbsent || !this.out.paths.wanted(node)) return;
    const { columns } = this;
    if (time.textEnd > time.textStart) {
      columns.add(node, EntryKind.number, 0, 0, time.textStart, time.textEnd);
      return;
    }
    columns.reserveScratch(MAX_DIGITS);
    const from = columns.scratchUsed;
    const high = Math.floor(time.seconds / 100_000);
    let at = high > 0 ? writeDigits(columns.scratch, from, high, 1) : from;
    at = writeDigits(columns.scratch, at, time.seconds - high * 100_000, high > 0 ? 5 : 1);
    at = writeDigits(columns.scratch, at, time.nanos, 9);
    this.#addScratch(node, EntryKind.number, from, at);
  }

  /** Adds a trace or span id that stands in the input, in any of its coats. */
  addId(node: number, start: number, end: number): void {
    if (!this.out.paths.wanted(node) || end - start > MAX_ID_TEXT) return;
    const { columns } = this;
    const areText = this.#idsAre === 'text';
    if (areText && isPlainId(columns.bytes, start, end)) {
      columns.add(node, EntryKind.string, 0, 0, start, end);
      return;
    }
    columns.reserveScratch((end - start) * 2);
    const from = columns.scratchUsed;
    const to = areText
      ? writeIdText(columns.bytes, start, end, columns.scratch, from)
      : writeIdBytes(columns.bytes, start, end, columns.scratch, from);
    if (to > from) this.#addScratch(node, EntryKind.string, from, to);
  }

  /** Notes where the trace id of the span or log record stands. */
  noteTraceId(start: number, end: number): void {
    this.#traceStart = start;
    this.#traceStop = end;
  }

  noteSpanId(start: number, end: number): void {
    this.#spanStart = start;
    this.#spanStop = end;
  }

  /** Adds the trace that a span hangs on beside its own. */
  addLink(start: number, end: number): void {
    if (this.#links < MAX_LINKS) this.addId(this.#linkNodes[this.#links]!, start, end);
    this.#links += 1;
  }

  /** Begins an event of the span: the entries from here on are the event's until it is held. */
  beginEvent(): void {
    this.eventTime.clear();
    this.#eventEntries = this.columns.entries;
  }

  /** Sets the event aside, whose text stands at `start` to `end`; otherwise it is the span's. */
  holdEvent(start: number, end: number): void {
    this.addTime(this.nodes.time, this.eventTime);
    this.#events.take(this.columns, this.#eventEntries);
    this.#eventFrom[this.#eventEnd.length] = start;
    this.#eventTo[this.#eventEnd.length] = end;
    this.#eventEnd.push(this.#events.size);
  }

  /** Closes the row of a span, and those of its events behind it, which carry its ids, too. */
  closeSpan(line: number, start: number, end: number): void {
    const { columns, nodes } = this;
    const ids = columns.entries;
    this.#addIds();
    if (this.#eventEnd.length > 0) {
      this.#ids.take(columns, ids);
      this.#ids.put(columns);
    }
    this.#addSpanTime();
    this.addWritten(nodes.spanKind, EntryKind.string, SPAN_KINDS[this.kind] ?? SPAN_KINDS[0]);
    if (this.status === SpanStatus.error) {
      this.addWritten(nodes.status, EntryKind.string, 'ERROR');
    } else if (this.status === SpanStatus.ok) {
      this.addWritten(nodes.status, EntryKind.string, 'OK');
    }
    this.out.endRow(this.#forms.spans, line, start, end);
    let from = 0;
    for (let event = 0; event < this.#eventEnd.length; event += 1) {
      const to = this.#eventEnd[event]!;
      this.resource.put(columns);
      this.scope.put(columns);
      this.#events.put(columns, from, to);
      this.#ids.put(columns);
      this.out.endRow(this.#forms.spanEvents, line, this.#eventFrom[event]!, this.#eventTo[event]!);
      from = to;
    }
  }

  /**
   * Closes the row of a log record. A body that is JSON text is read as the record of its logger, or,
   * if it is a whole request, kept for {@link takeNested}.
   */
  closeLogRecord(line: number, start: number, end: number): void {
    this.#addIds();
    this.addTime(this.nodes.time, this.start);
    this.addTime(this.nodes.observedTime, this.end);
    this.#readBody(line);
    this.out.endRow(this.#forms.logs, line, start, end);
  }

  #addIds(): void {
    this.addId(this.nodes.traceId, this.#traceStart, this.#traceStop);
    this.addId(this.nodes.spanId, this.#spanStart, this.#spanStop);
  }

  /** Requests that stood as text in bodies of log records since the last call. */
  takeNested(): readonly NestedDocument[] {
    return this.#nested.length === 0 ? NONE_NESTED : this.#nested.splice(0);
  }

  #readBody(line: number): void {
    const { columns, nodes } = this;
    const from = columns.entryStart[columns.rows]!;
    for (let entry = columns.entries - 1; entry >= from; entry -= 1) {
      if (columns.path[entry] !== nodes.body || columns.kind[entry] !== EntryKind.string) continue;
      const textStart = columns.start[entry]!;
      const textEnd = columns.end[entry]!;
      const inScratch = columns.inScratch[entry] === 1 ? 1 : 0;
      // Scratch must not move while it is read from.
      columns.reserveScratch(textEnd - textStart);
      const bytes = inScratch === 1 ? columns.scratch : columns.bytes;
      if (isRequest(bytes, textStart, textEnd)) {
        this.#nested.push({ bytes: bytes.slice(textStart, textEnd), line });
      } else if (bytes[textStart] === OPEN_BRACE) {
        const place = { inScratch, inner: 1, stopAtDocument: false } as const;
        this.#scanner.scan(bytes, textStart, textEnd, place);
      }
      return;
    }
  }

  /**
   * A span tells how something ended, so its time is its end, as that of the log line would be that
   * says so. Only a request that was served well is told of by its arrival: what it led to follows.
   * How long it took is left out then, since a duration counts back from the time.
   */
  #addSpanTime(): void {
    const { start, end, nodes } = this;
    const begins = end.isAbsent || (!start.isAbsent && this.#isServedWell());
    this.addTime(nodes.time, begins ? start : end);
    if (begins || start.isAbsent || !this.out.paths.wanted(nodes.durationMs)) return;
    const nanos = (end.seconds - start.seconds) * 1e9 + (end.nanos - start.nanos);
    if (nanos < 0 || nanos > MAX_DURATION_NANOS) return;
    const { columns } = this;
    columns.reserveScratch(MAX_DIGITS);
    const from = columns.scratchUsed;
    let at = writeDigits(columns.scratch, from, Math.floor(nanos / 1e6), 1);
    const micros = Math.floor((nanos % 1e6) / 1000);
    if (micros > 0) {
      columns.scratch[at] = 0x2e;
      at = writeDigits(columns.scratch, at + 1, micros, 3);
    }
    this.#addScratch(nodes.durationMs, EntryKind.number, from, at);
  }

  #isServedWell(): boolean {
    if (this.kind !== SERVER && this.kind !== CONSUMER) return false;
    if (this.status === SpanStatus.error) return false;
    const { columns, nodes } = this;
    for (let entry = columns.entryStart[columns.rows]!; entry < columns.entries; entry += 1) {
      const node = columns.path[entry];
      if (node !== nodes.httpStatus && node !== nodes.oldHttpStatus) continue;
      const bytes = columns.inScratch[entry] === 1 ? columns.scratch : columns.bytes;
      if (bytes[columns.start[entry]!]! >= 0x34) return false;
    }
    return true;
  }

  #addDigits(node: number, value: number): void {
    const { columns } = this;
    columns.reserveScratch(MAX_DIGITS);
    const from = columns.scratchUsed;
    const to = writeDigits(columns.scratch, from, value, 1);
    this.#addScratch(node, EntryKind.number, from, to);
  }

  #addScratch(node: number, kind: EntryKind, from: number, to: number): void {
    this.columns.scratchUsed = to;
    this.columns.add(node, kind, 1, 0, from, to);
  }
}

const ascii = new TextDecoder('latin1');
const OPEN_BRACE = 0x7b;
const SERVER = SPAN_KINDS.indexOf('SERVER');
const CONSUMER = SPAN_KINDS.indexOf('CONSUMER');
/** Its milliseconds are a number of 31 bits. */
const MAX_DURATION_NANOS = 20 * 86_400e9;
/** Digits of a 64-bit number, and a point. */
const MAX_DIGITS = 40;
/** What is longer is no id. */
const MAX_ID_TEXT = 256;

/** Writes a whole number below 2^31 with at least `width` digits. @returns the position behind it. */
function writeDigits(target: Uint8Array, at: number, value: number, width: number): number {
  let rest = value | 0;
  let digits = 1;
  for (let limit = 10; digits < 10 && limit <= rest; limit *= 10) digits += 1;
  if (digits < width) digits = width;
  for (let to = at + digits - 1; to >= at; to -= 1) {
    const next = (rest / 10) | 0;
    target[to] = 0x30 + rest - next * 10;
    rest = next;
  }
  return at + digits;
}
