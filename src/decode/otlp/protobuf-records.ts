import type { RejectCode } from '../../model/index.ts';
import type { RowWriter } from '../row-writer.ts';
import { type NestedDocument, SpanRows } from '../telemetry/span-rows.ts';
import { isExceptionEvent } from '../telemetry/span-words.ts';
import { AnyValueReader } from './any-value.ts';
import { type ProtobufFault, ProtobufReader, Wire } from './protobuf-reader.ts';

/** Form of the rows, as the report names it. */
const FORM = 'otlp-proto';

/** What follows behind so many faults of one message is not read. */
const MAX_FAULTS = 100;

const FAULT_WORDS: Readonly<Record<ProtobufFault, string>> = {
  'cut-off': 'a field ends too early',
  'past-end': 'a length leads past the end of its message',
  'long-varint': 'a number has more than 64 bits',
  'wire-type': 'a field has a wire type that does not exist',
  'field-number': 'a field has a number that no field may have',
  'too-deep': 'values are nested deeper than 64 levels',
};

/** What the records of a scope are; `other` are metrics and profiles. */
type Signal = 'spans' | 'logs' | 'other';

export interface MessagePlace {
  /** Number of the message in its source. */
  readonly line: number;
  /** Offset in the source of the byte that stands first in the buffer. */
  readonly origin: number;
  /** The source ended in the middle of the message. */
  readonly isCutOff: boolean;
}

/**
 * Reads the messages of OTLP requests into rows. Requests of traces and of logs have the same
 * outer layers; which one it is shows in the records themselves.
 *
 * A record that is broken is left out and told of; those before and behind it are read.
 */
export class ProtobufRecords {
  readonly #out: RowWriter;
  readonly #reader = new ProtobufReader();
  readonly #rows: SpanRows;
  readonly #values: AnyValueReader;
  #place: MessagePlace = { line: 0, origin: 0, isCutOff: false };
  /** Records of the message so far, those of other signals included. */
  #records = 0;
  readonly #faults: { readonly code: RejectCode; readonly reason: string }[] = [];

  constructor(out: RowWriter) {
    this.#out = out;
    this.#rows = new SpanRows(out, 'bytes');
    this.#values = new AnyValueReader(this.#reader, this.#rows);
  }

  /** As {@link SpanRows.takeNested}. */
  takeNested(): readonly NestedDocument[] {
    return this.#rows.takeNested();
  }

  /** Reads a whole request, or some resources of one with their tags, from `start` up to `end`. */
  readRequest(bytes: Uint8Array, start: number, end: number, place: MessagePlace): void {
    const reader = this.#reader;
    this.#place = place;
    this.#records = 0;
    this.#faults.length = 0;
    this.#rows.enter(FORM);
    this.#out.columns.bytes = bytes;
    reader.enter(bytes, start, place.isCutOff ? end : -1);
    while (reader.next(end)) {
      if (reader.field !== 1 || reader.wire !== Wire.bytes) continue;
      const { stop } = reader;
      this.#readResource(reader.start, stop);
      this.#goOn(stop);
    }
    this.#noteFault();
    this.#settle(end);
  }

  #settle(end: number): void {
    const out = this.#out;
    const faults = this.#faults;
    const { line, origin, isCutOff } = this.#place;
    if (isCutOff) {
      const reason = `the input ends in the middle of a message, at byte ${origin + end}`;
      faults.push({ code: 'truncated', reason });
    }
    if (this.#records > 0) {
      for (const { code, reason } of faults) out.damage(line, code, reason);
    } else if (faults.length > 0) {
      out.reject(line, faults[0]!.code, faults[0]!.reason);
    } else {
      // A request without records, or of other signals, tells of other matters.
      out.endRow(FORM, line, 0, 0);
    }
  }

  #noteFault(): void {
    const { fault, faultAt } = this.#reader;
    if (fault === undefined || this.#faults.length >= MAX_FAULTS) return;
    const code = fault === 'too-deep' ? 'too-deep' : 'bad-protobuf';
    const reason = `${FAULT_WORDS[fault]}, at byte ${this.#place.origin + faultAt}`;
    this.#faults.push({ code, reason });
  }

  /** Notes the fault of a message inside, if there is one, and goes on behind it. */
  #goOn(at: number): void {
    this.#noteFault();
    if (this.#faults.length < MAX_FAULTS) this.#reader.recover(at);
  }

  #readResource(start: number, stop: number): void {
    const reader = this.#reader;
    const { resource, scope, columns } = this.#rows;
    resource.clear();
    scope.clear();
    // The resource counts for all of its scopes, wherever it stands.
    reader.at = start;
    while (reader.next(stop)) {
      if (reader.field !== 1 || reader.wire !== Wire.bytes) continue;
      const end = reader.stop;
      const from = columns.entries;
      this.#readAttributes(reader.start, end, 1);
      resource.take(columns, from);
      this.#goOn(end);
    }
    if (this.#faults.length >= MAX_FAULTS) return;
    reader.recover(start);
    while (reader.next(stop)) {
      if (!isScopes(reader.field) || reader.wire !== Wire.bytes) continue;
      const end = reader.stop;
      this.#readScope(reader.start, end);
      this.#goOn(end);
    }
  }

  #readScope(start: number, stop: number): void {
    const reader = this.#reader;
    const { scope, columns } = this.#rows;
    scope.clear();
    reader.at = start;
    while (reader.next(stop)) {
      if (reader.field !== 1 || reader.wire !== Wire.bytes) continue;
      const end = reader.stop;
      const from = columns.entries;
      this.#readScopeItself(reader.start, end);
      scope.take(columns, from);
      this.#goOn(end);
    }
    if (this.#faults.length >= MAX_FAULTS) return;
    reader.recover(start);
    let signal: Signal | undefined;
    // What is around a record may be clipped while the record is whole.
    for (reader.isClipped = false; reader.next(stop); reader.isClipped = false) {
      if (reader.field !== 2 || reader.wire !== Wire.bytes) continue;
      const { start: from, stop: end } = reader;
      // A scope holds records of one signal.
      signal ??= this.#signalOf(from, end);
      if (signal === 'spans') this.#readSpan(from, end);
      else if (signal === 'logs') this.#readLogRecord(from, end);
      if (reader.fault !== undefined || reader.isClipped) columns.dropOpenRow();
      this.#goOn(end);
    }
  }

  /** `InstrumentationScope`: a name, a version, attributes. */
  #readScopeItself(start: number, stop: number): void {
    const reader = this.#reader;
    const rows = this.#rows;
    this.#readAttributes(start, stop, 3);
    reader.at = start;
    while (reader.next(stop)) {
      if (reader.wire !== Wire.bytes) continue;
      if (reader.field === 1) rows.addOwnText(rows.nodes.scopeName, reader.start, reader.stop);
      else if (reader.field === 2) {
        rows.addOwnText(rows.nodes.scopeVersion, reader.start, reader.stop);
      }
    }
  }

  /** Reads every `KeyValue` at `field` of a message. */
  #readAttributes(start: number, stop: number, field: number): void {
    const reader = this.#reader;
    let before = 0;
    reader.at = start;
    while (reader.next(stop)) {
      if (reader.field !== field || reader.wire !== Wire.bytes) continue;
      const end = reader.stop;
      reader.at = reader.start;
      before = this.#values.readKeyValue(0, before, end, 1);
    }
  }

  /**
   * Tells a span from a log record by the fields they do not share. A record that has none of
   * them passes for a span. Metrics and profiles begin with texts of any length.
   */
  #signalOf(start: number, stop: number): Signal {
    const reader = this.#reader;
    let signal: Signal | undefined;
    reader.at = start;
    while (signal === undefined && reader.next(stop)) {
      const { field, wire } = reader;
      if (wire === Wire.fixed64) {
        if (field === 1 || field === 11) signal = 'logs';
        else if (field === 7 || field === 8) signal = 'spans';
      } else if (wire === Wire.varint) {
        if (field === 2 || field === 7) signal = 'logs';
        else if (field === 6) signal = 'spans';
      } else if (wire === Wire.fixed32) {
        if (field === 8) signal = 'logs';
      } else if (field <= 2) {
        if (!ID_LENGTHS.has(reader.stop - reader.start)) signal = 'other';
      } else if (field === 6) signal = 'logs';
      else if (field === 7) signal = 'other';
    }
    reader.fault = undefined;
    return signal ?? 'spans';
  }

  #readSpan(start: number, stop: number): void {
    const reader = this.#reader;
    const rows = this.#rows;
    const { nodes } = rows;
    let parentStart = 0;
    let parentStop = 0;
    let nameStart = 0;
    let nameStop = 0;
    let before = 0;
    rows.open();
    reader.at = start;
    while (reader.next(stop)) {
      const { field, wire } = reader;
      if (wire === Wire.fixed64) {
        if (field === 7) rows.start.setWords(reader.high, reader.low);
        else if (field === 8) rows.end.setWords(reader.high, reader.low);
      } else if (wire === Wire.varint) {
        if (field === 6) rows.kind = reader.low;
        else if (field === 10) rows.addCount(nodes.droppedAttributes, reader.low);
        else if (field === 12) rows.addCount(nodes.droppedEvents, reader.low);
        else if (field === 14) rows.addCount(nodes.droppedLinks, reader.low);
      } else if (wire === Wire.bytes) {
        const { start: from, stop: to } = reader;
        if (field === 9) {
          reader.at = from;
          before = this.#values.readKeyValue(0, before, to, 1);
        } else if (field === 11) this.#readEvent(from, to);
        else if (field === 13) this.#readLink(from, to);
        else if (field === 15) this.#readStatus(from, to);
        else if (field === 1) rows.noteTraceId(from, to);
        else if (field === 2) rows.noteSpanId(from, to);
        else if (field === 3) rows.addTraceState(from, to);
        else if (field === 4) {
          parentStart = from;
          parentStop = to;
        } else if (field === 5) {
          nameStart = from;
          nameStop = to;
        }
      }
    }
    if (reader.fault !== undefined || reader.isClipped) return;
    rows.addOwnText(nodes.spanName, nameStart, nameStop);
    rows.addId(nodes.parentSpanId, parentStart, parentStop);
    this.#records += 1;
    rows.closeSpan(this.#place.line, 0, 0);
  }

  #readEvent(start: number, stop: number): void {
    const reader = this.#reader;
    const rows = this.#rows;
    const { nodes } = rows;
    let nameStart = 0;
    let nameStop = 0;
    let before = 0;
    rows.beginEvent();
    reader.at = start;
    while (reader.next(stop)) {
      const { field, wire } = reader;
      if (field === 1 && wire === Wire.fixed64) {
        rows.eventTime.setWords(reader.high, reader.low);
      } else if (wire === Wire.bytes) {
        if (field === 2) {
          nameStart = reader.start;
          nameStop = reader.stop;
        } else if (field === 3) {
          const end = reader.stop;
          reader.at = reader.start;
          before = this.#values.readKeyValue(0, before, end, 1);
        }
      }
    }
    if (isExceptionEvent(reader.bytes, nameStart, nameStop)) return;
    rows.addOwnText(nodes.eventName, nameStart, nameStop);
    rows.holdEvent(0, 0);
  }

  #readLink(start: number, stop: number): void {
    const reader = this.#reader;
    reader.at = start;
    while (reader.next(stop)) {
      if (reader.field !== 1 || reader.wire !== Wire.bytes) continue;
      this.#rows.addLink(reader.start, reader.stop);
    }
  }

  #readStatus(start: number, stop: number): void {
    const reader = this.#reader;
    const rows = this.#rows;
    reader.at = start;
    while (reader.next(stop)) {
      if (reader.field === 3 && reader.wire === Wire.varint) rows.status = reader.low;
      else if (reader.field === 2 && reader.wire === Wire.bytes) {
        rows.addOwnText(rows.nodes.statusMessage, reader.start, reader.stop);
      }
    }
  }

  #readLogRecord(start: number, stop: number): void {
    const reader = this.#reader;
    const rows = this.#rows;
    const { nodes } = rows;
    let bodyStart = 0;
    let bodyStop = 0;
    let nameStart = 0;
    let nameStop = 0;
    let textStart = 0;
    let textStop = 0;
    let severity = 0;
    let before = 0;
    rows.open();
    reader.at = start;
    while (reader.next(stop)) {
      const { field, wire } = reader;
      if (wire === Wire.fixed64) {
        if (field === 1) rows.start.setWords(reader.high, reader.low);
        else if (field === 11) rows.end.setWords(reader.high, reader.low);
      } else if (wire === Wire.varint) {
        if (field === 2) severity = reader.low;
        else if (field === 7) rows.addCount(nodes.droppedAttributes, reader.low);
      } else if (wire === Wire.bytes) {
        const { start: from, stop: to } = reader;
        if (field === 6) {
          reader.at = from;
          before = this.#values.readKeyValue(0, before, to, 1);
        } else if (field === 9) rows.noteTraceId(from, to);
        else if (field === 10) rows.noteSpanId(from, to);
        else if (field === 5) {
          bodyStart = from;
          bodyStop = to;
        } else if (field === 12) {
          nameStart = from;
          nameStop = to;
        } else if (field === 3) {
          textStart = from;
          textStop = to;
        }
      }
    }
    reader.at = bodyStart;
    if (reader.fault === undefined) this.#values.readValue(nodes.body, bodyStop, 1);
    if (reader.fault !== undefined || reader.isClipped) return;
    rows.addOwnText(nodes.eventName, nameStart, nameStop);
    rows.addOwnText(nodes.severityText, textStart, textStop);
    rows.addInteger(nodes.severityNumber, 0, severity);
    this.#records += 1;
    rows.closeLogRecord(this.#place.line, 0, 0);
  }
}

/** Lengths of trace and span ids, those included that were decoded as what they are not. */
const ID_LENGTHS: ReadonlySet<number> = new Set([0, 8, 12, 16, 24, 32]);

/** Field 1000 is what the scopes were before they had that name. */
function isScopes(field: number): boolean {
  return field === 2 || field === 1000;
}
