import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runs } from '../../fuzz.ts';
import type { Row } from '../decode-rows.ts';
import { decodeRows } from '../decode-rows.ts';
import { logRequest, traceRequest } from './arbitrary-request.ts';
import { decodeDocument, decodeProto, makeProto } from './decode-otlp.ts';
import {
  type AnyValue,
  type KeyValue,
  type LogRequest,
  protobufOf,
  type TraceRequest,
} from './otlp-messages.ts';

type Entries = (readonly [string, unknown])[];

/** What a reader that builds the whole request first would make of a value. */
function flattened(path: string, value: AnyValue | undefined): Entries {
  if (value === undefined) return [];
  if ('stringValue' in value) return [[path, value.stringValue]];
  if ('boolValue' in value) return [[path, value.boolValue]];
  if ('intValue' in value) return [[path, Number(value.intValue)]];
  if ('doubleValue' in value) return [[path, value.doubleValue]];
  if ('arrayValue' in value) {
    return (value.arrayValue as { values: AnyValue[] }).values.flatMap((v) => flattened(path, v));
  }
  if ('kvlistValue' in value) {
    const { values } = value.kvlistValue as { values: KeyValue[] };
    return values.flatMap(({ key, value: member }) => flattened(`${path}.${key}`, member));
  }
  return [];
}

const attributesOf = (attributes: readonly KeyValue[] | undefined): Entries =>
  (attributes ?? []).flatMap(({ key, value }) => flattened(key, value));

const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];

const id = (path: string, hex: string | undefined): Entries =>
  hex === undefined || /^0*$/.test(hex) ? [] : [[path, hex]];

const said = (path: string, text: string | undefined): Entries => (text ? [[path, text]] : []);

/** The rows that the rules of the format ask for, times and durations aside. */
function expectedOfTraces(request: TraceRequest): Entries[] {
  return request.resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) => {
      const shared = [
        ...attributesOf(resource.attributes),
        ...attributesOf(scope.attributes),
        ...said('otel.scope.name', scope.name),
        ...said('otel.scope.version', scope.version),
      ];
      return spans.flatMap((span) => {
        const events = span.events ?? [];
        const isException = ({ name }: { name: string }) => name === 'exception';
        const ids = [...id('trace_id', span.traceId), ...id('span_id', span.spanId)];
        const status = [undefined, 'OK', 'ERROR'][span.status?.code ?? 0];
        return [
          [
            ...shared,
            ...attributesOf(span.attributes),
            ...events.filter(isException).flatMap((event) => attributesOf(event.attributes)),
            ...(span.links ?? []).flatMap((link, i) => id(`link.${i}.trace_id`, link.traceId)),
            ...said('status.message', span.status?.message),
            ...id('parent_span_id', span.parentSpanId),
            ...said('span.name', span.name),
            ...ids,
            ['span.kind', KINDS[span.kind]] as const,
            ...said('otel.status_code', status),
          ],
          ...events
            .filter((event) => !isException(event))
            .map((event) => [
              ...shared,
              ...attributesOf(event.attributes),
              ...said('event.name', event.name),
              ...ids,
            ]),
        ];
      });
    }),
  );
}

function expectedOfLogs(request: LogRequest): Entries[] {
  return request.resourceLogs.flatMap(({ resource, scopeLogs }) =>
    scopeLogs.flatMap(({ scope, logRecords }) =>
      logRecords.map((record) => [
        ...attributesOf(resource.attributes),
        ...attributesOf(scope.attributes),
        ...said('otel.scope.name', scope.name),
        ...said('otel.scope.version', scope.version),
        ...attributesOf(record.attributes),
        ...flattened('body', record.body),
        ...said('event.name', record.eventName),
        ...said('severity_text', record.severityText),
        ['severity_number', record.severityNumber ?? 0] as const,
        ...id('trace_id', record.traceId),
        ...id('span_id', record.spanId),
      ]),
    ),
  );
}

/** An attribute may take one of these names; then the last entry is the record's own. */
const TIMES = new Set(['time_unix_nano', 'observed_time_unix_nano', 'duration_ms']);

const sorted = (entries: Iterable<readonly [string, unknown]>): string[] =>
  [...entries]
    .filter(([path]) => !TIMES.has(path))
    .map((entry) => JSON.stringify(entry))
    .sort();

const contentOf = (rows: readonly Row[]): string[][] => rows.map((row) => sorted(row.entries));

const timesOf = (rows: readonly Row[]): string[][] =>
  rows.map((row) =>
    row.entries
      .filter(([path]) => TIMES.has(path))
      .map((entry) => JSON.stringify(entry))
      .sort(),
  );

const isOther = (rows: readonly Row[]): boolean =>
  rows.every(({ entries }) => entries.length === 0);

describe('a request says the same', () => {
  test('of traces in JSON, in protobuf and to the letter of the format', () => {
    fc.assert(
      fc.property(traceRequest, (request) => {
        const json = decodeDocument('otlp-json', request);
        const protobuf = decodeProto(protobufOf(request));
        expect(json.rejected).toEqual([]);
        expect(protobuf.rejected).toEqual([]);
        const expected = expectedOfTraces(request);
        if (expected.length === 0) {
          expect(isOther(json.rows) && isOther(protobuf.rows)).toBe(true);
          return;
        }
        const rows = protobuf.rows.filter(({ entries }) => entries.length > 0);
        expect(contentOf(json.rows)).toEqual(expected.map(sorted));
        expect(contentOf(rows)).toEqual(expected.map(sorted));
        expect(timesOf(rows)).toEqual(timesOf(json.rows));
      }),
      { numRuns: runs(600) },
    );
  });

  test('of logs in JSON, in protobuf and to the letter of the format', () => {
    fc.assert(
      fc.property(logRequest, (request) => {
        const json = decodeDocument('otlp-json', request);
        const protobuf = decodeProto(protobufOf(request));
        expect(json.rejected).toEqual([]);
        expect(protobuf.rejected).toEqual([]);
        const expected = expectedOfLogs(request);
        if (expected.length === 0) return;
        const rows = protobuf.rows.filter(({ entries }) => entries.length > 0);
        expect(contentOf(json.rows)).toEqual(expected.map(sorted));
        expect(contentOf(rows)).toEqual(expected.map(sorted));
        expect(timesOf(rows)).toEqual(timesOf(json.rows));
      }),
      { numRuns: runs(600) },
    );
  });

  test('however its JSON is ordered and spaced', () => {
    fc.assert(
      fc.property(traceRequest, (request) => {
        const plain = decodeDocument('otlp-json', request);
        const reversed = decodeDocument(
          'otlp-json',
          JSON.stringify(withKeysReversed(request), null, 2),
        );
        expect(reversed.rejected).toEqual([]);
        expect(contentOf(reversed.rows)).toEqual(contentOf(plain.rows));
        expect(timesOf(reversed.rows)).toEqual(timesOf(plain.rows));
      }),
      { numRuns: runs(300) },
    );
  });

  test('wherever the chunks of a stream are cut', () => {
    fc.assert(
      fc.property(
        fc.array(traceRequest, { maxLength: 3 }),
        fc.constantFrom('bare' as const, 'length32' as const, 'varint' as const),
        fc.array(fc.nat()),
        (requests, framing, cuts) => {
          const bytes = Buffer.concat(
            requests.map((request) => framed(protobufOf(request), framing)),
          );
          const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort(
            (a, b) => a - b,
          );
          const chunks = [...places, bytes.length].map((place, i) =>
            bytes.subarray(i === 0 ? 0 : places[i - 1], place),
          );
          const whole = decodeRows(makeProto(framing), [bytes]);
          expect(decodeRows(makeProto(framing), chunks)).toEqual(whole);
          expect(whole.rejected).toEqual([]);
        },
      ),
      { numRuns: runs(300) },
    );
  });
});

function withKeysReversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withKeysReversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => [key, withKeysReversed(member)] as const)
      .reverse(),
  );
}

function framed(message: Uint8Array, framing: 'bare' | 'length32' | 'varint'): Uint8Array {
  if (framing === 'bare') return message;
  if (framing === 'length32') {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(message.length);
    return Buffer.concat([head, message]);
  }
  const head: number[] = [];
  let rest = message.length;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) head.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([...head, rest]), message]);
}
