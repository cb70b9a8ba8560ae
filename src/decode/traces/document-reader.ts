import { OtlpJsonRecords } from '../otlp/json-records.ts';
import type { RowWriter } from '../row-writer.ts';
import type { JsonReader } from '../telemetry/json-reader.ts';
import { ClickhouseRecords } from './clickhouse-records.ts';
import type { DocumentKind } from './document-kind.ts';
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

export function createDocumentReader(out: RowWriter): DocumentReader {
  const readers: Readonly<Record<DocumentKind, Records>> = {
    'otlp-json': new OtlpJsonRecords(out),
    jaeger: new JaegerRecords(out),
    zipkin: new ZipkinRecords(out),
    clickhouse: new ClickhouseRecords(out),
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

  return (kind, bytes, start, end, line) => {
    if (bytes === columns.bytes) return read(kind, bytes, start, end, line);
    const before = columns.bytes;
    out.flush();
    columns.bytes = bytes.slice(start, end);
    const isKind = read(kind, columns.bytes, 0, end - start, line);
    out.flush();
    columns.bytes = before;
    return isKind;
  };
}
