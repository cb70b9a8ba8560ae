import { OtlpJsonRecords } from '../otlp/json-records.ts';
import type { RowWriter } from '../row-writer.ts';
import type { DocumentKind } from '../telemetry/document-kind.ts';
import type { JsonReader } from '../telemetry/json-reader.ts';
import { type NestedDocument, SpanRows } from '../telemetry/span-rows.ts';
import { ClickhouseRecords } from './clickhouse-records.ts';
import { JaegerRecords } from './jaeger-records.ts';
import { ZipkinRecords } from './zipkin-records.ts';

/** Reads documents of one kind into rows. */
interface Records {
  readonly json: JsonReader;
  /** Records of the document so far. */
  readonly records: number;
  read(bytes: Uint8Array, start: number, end: number, line: number): void;
}

/**
 * Reads the JSON value of the kind that stands from `start` up to `end`, and begins on `line`.
 * Rows tell the line on which each record begins. Of a document that breaks off in the middle the
 * records before the break are kept and the rest is told of as lost.
 * @param bytes the same as the columns' bytes, or any other: then the rows before are handed on first
 * @returns false when the value holds no record of the kind; nothing is written then
 */
export type DocumentReader = (
  kind: DocumentKind,
  bytes: Uint8Array,
  start: number,
  end: number,
  line: number,
) => boolean;

const FAULT_WORDS = {
  'not-json': 'the document is no valid JSON',
  'too-deep': 'objects or arrays are nested deeper than 64 levels',
} as const;

/** Reads requests that stood in log records: what of them is lost, is a part of their line. */
export function readNested(
  documents: readonly NestedDocument[],
  out: RowWriter,
  read: DocumentReader,
): void {
  if (documents.length === 0) return;
  const { within } = out;
  out.within = true;
  for (const { bytes, line } of documents) read('otlp-json', bytes, 0, bytes.length, line);
  out.within = within;
}

export function createDocumentReader(out: RowWriter): DocumentReader {
  const rows = new SpanRows(out);
  const readers: Readonly<Record<DocumentKind, Records>> = {
    'otlp-json': new OtlpJsonRecords(rows),
    jaeger: new JaegerRecords(rows),
    zipkin: new ZipkinRecords(rows),
    clickhouse: new ClickhouseRecords(rows),
  };
  const { columns } = out;

  function read(
    kind: DocumentKind,
    bytes: Uint8Array,
    start: number,
    end: number,
    line: number,
  ): boolean {
    const reader = readers[kind];
    const { json } = reader;
    reader.read(bytes, start, end, line);
    if (json.fault === undefined && json.isAtEnd()) {
      if (reader.records > 0) return true;
      if (kind !== 'otlp-json') return false;
      // A request without records, or of other signals, tells of other matters.
      out.endRow(kind, line, start, end);
      return true;
    }
    columns.dropOpenRow();
    const code = json.fault ?? 'not-json';
    const isCutOff = code === 'not-json' && json.fault !== undefined && json.faultAt >= end;
    const at = (json.fault === undefined ? json.at : json.faultAt) - start;
    const reason = isCutOff
      ? `the document ends too early, at byte ${at}`
      : `${FAULT_WORDS[code]}, at byte ${at}`;
    if (reader.records > 0) out.damage(line, isCutOff ? 'truncated' : code, reason);
    else out.reject(line, isCutOff ? 'truncated' : code, reason);
    return true;
  }

  function readDocument(
    kind: DocumentKind,
    bytes: Uint8Array,
    start: number,
    end: number,
    line: number,
  ): boolean {
    const isElsewhere = bytes !== columns.bytes;
    const before = columns.bytes;
    if (isElsewhere) {
      out.flush();
      columns.bytes = bytes.slice(start, end);
    }
    const isKind = isElsewhere
      ? read(kind, columns.bytes, 0, end - start, line)
      : read(kind, bytes, start, end, line);
    readNested(rows.takeNested(), out, readDocument);
    if (isElsewhere) {
      out.flush();
      columns.bytes = before;
    }
    return isKind;
  }

  return readDocument;
}
