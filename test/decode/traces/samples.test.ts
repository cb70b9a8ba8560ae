import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { protoFraming } from '../../../src/decode/otlp/index.ts';
import { documentKindOf } from '../../../src/decode/traces/index.ts';
import type { Decoded } from '../decode-rows.ts';
import { decodeForms } from '../decoded.ts';
import { decodeDocument, decodeProto } from '../otlp/decode-otlp.ts';
import { HAS_SAMPLES, SAMPLES, sampleCounts } from '../samples.ts';

/** Rows of the spans of a line or a document, those of their events aside. */
const spansOf = ({ rows }: Decoded) =>
  rows.filter(({ entries }) => entries.some(([path]) => path === 'span.kind'));

const logsOf = ({ rows }: Decoded) =>
  rows.filter(({ entries }) => entries.some(([path]) => path === 'severity_number'));

/** Reads a sample as the file form says: one document, or one a line. */
function decodeSample(file: string): { kinds: Set<string | undefined>; decoded: Decoded[] } {
  const bytes = readFileSync(SAMPLES + file);
  const framing = protoFraming(bytes, true);
  if (framing !== undefined && framing !== 'no') {
    return { kinds: new Set(['otlp-proto']), decoded: [decodeProto(bytes, framing)] };
  }
  const documents = file.endsWith('.jsonl')
    ? bytes
        .toString()
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => Buffer.from(line))
    : [bytes];
  const kinds = new Set(documents.map((document) => documentKindOf(document, 0, document.length)));
  const decoded = documents.flatMap((document) => {
    const kind = documentKindOf(document, 0, document.length);
    return kind === undefined ? [] : [decodeDocument(kind, document)];
  });
  return { kinds, decoded };
}

describe.skipIf(!HAS_SAMPLES)('files of other projects', () => {
  test('are all here', () => {
    expect(sampleCounts().length).toBe(37);
  });

  test.each(sampleCounts())('$file holds $count $what(s)', ({ file, count, what }) => {
    const { kinds, decoded } = decodeSample(file);
    const rejected = decoded.flatMap((one) => one.rejected);
    expect(rejected).toEqual([]);
    if (what === 'row') {
      expect([...kinds]).toEqual([undefined]);
      return;
    }
    expect(decoded.flatMap(what === 'span' ? spansOf : logsOf)).toHaveLength(count);
  });

  test.each([
    ['spec-trace.json', 'otlp-json'],
    ['jaeger-apiv3-GetTrace.json', 'otlp-json'],
    ['tempo-api-batches.json', 'otlp-json'],
    ['jaeger-otlp2jaeger-out.json', 'jaeger'],
    ['quickwit-jaeger-ui-trace.json', 'jaeger'],
    ['zipkin-oauth-authorization.json', 'zipkin'],
    ['zipkin-chinese.json', 'zipkin'],
    ['duckdb-otlp_traces.pb', 'otlp-proto'],
    ['duckdb-otap-logs-initial.otlp', 'otlp-proto'],
  ])('%s is %s', (file, kind) => {
    expect([...decodeSample(file).kinds]).toEqual([kind]);
  });

  test.each(sampleCounts())('$file is told to hold $count $what(s) and nothing else', (sample) => {
    const { file, count, what } = sample;
    const { forms } = decodeForms([readFileSync(SAMPLES + file)]);
    const told = Object.entries(forms).filter(([form]) => !form.endsWith('/span-events'));
    const holds = what === 'row' ? /^json(-array)?$/ : new RegExp(`/${what}s$`);
    const [others, meant] = [false, true].map((is) =>
      told.filter(([form]) => holds.test(form) === is),
    );
    // One line of this file is JSON of another kind.
    expect(others).toEqual(file === 'duckdb-malformed.jsonl' ? [['json', 1]] : []);
    expect(meant!.map(([, rows]) => rows)).toEqual([count]);
  });

  test('one trace is the same in OTLP and as Jaeger shows it', () => {
    const paths = new Set([
      'trace_id',
      'span_id',
      'span.name',
      'span.kind',
      'time_unix_nano',
      'duration_ms',
      'service.name',
      'http.status_code',
      'otel.status_code',
    ]);
    const of = (file: string) =>
      decodeSample(file)
        .decoded.flatMap(spansOf)
        .map(({ entries }) => Object.fromEntries(entries.filter(([path]) => paths.has(path))))
        .sort((a, b) => String(a.span_id).localeCompare(String(b.span_id)));
    const jaeger = of('jaeger-otlp2jaeger-out.json');
    expect(jaeger).toHaveLength(2);
    expect(jaeger).toEqual(of('jaeger-otlp2jaeger-in.json'));
  });

  test('Tempo’s base64 is the hex of the others', () => {
    const [span] = decodeSample('tempo-servicegraph-failed-requests.json').decoded.flatMap(spansOf);
    expect(Object.fromEntries(span!.entries)).toMatchObject({
      trace_id: Buffer.from('6Lbf+fjUSyjxsivDvS9naA==', 'base64').toString('hex'),
      span_id: Buffer.from('kAf+pIRVStc=', 'base64').toString('hex'),
      'span.kind': 'CLIENT',
      'otel.status_code': 'ERROR',
    });
  });

  test('a time beyond all calendars is handed on as it stands', () => {
    const [row] = decodeSample('duckdb-ts_overflow_logs.jsonl').decoded.flatMap(logsOf);
    expect(Object.fromEntries(row!.entries).time_unix_nano).toBe(2 ** 64);
  });

  test('two hundred names on one span are all there', () => {
    const [row] = decodeSample('duckdb-traces_large_attrs.jsonl').decoded.flatMap(spansOf);
    expect(row!.entries.length).toBeGreaterThan(100);
  });
});
