import { describe, expect, test } from 'vitest';
import type { Analysis } from '../../../src/analysis/index.ts';
import { protobufOf } from '../../decode/otlp/otlp-messages.ts';
import { generateWorld } from '../../world/index.ts';
import { analyse, bytesOf, oneFile } from '../run.ts';
import { asClickhouse, asClickhouseLogs, asJaeger, asZipkin } from './as-foreign.ts';
import { asOtlpLogs, asOtlpTraces } from './as-otlp.ts';
import { toldLines } from './told-lines.ts';

const world = generateWorld({ seed: 11, flows: 250, failureScale: 4 });
const LINES = world.files.flatMap(({ lines }) => [...lines]);
const TOLD = toldLines(LINES);

/** What became of each flow, whatever the lines were that told of it. */
function verdictsOf(analysis: Analysis): string[] {
  return [...analysis.flows()]
    .map(({ flow, verdict }) => JSON.stringify([flow.id, flow.kind, verdict.outcome]))
    .sort();
}

const EXPECTED = verdictsOf(analyse(oneFile(LINES)));

/** The first few of `all` that `others` lack. */
const without = (all: readonly string[], others: readonly string[]): string[] =>
  all.filter((one) => !others.includes(one)).slice(0, 5);

const utf8 = new TextEncoder();
const json = (value: unknown, indent?: number) => utf8.encode(JSON.stringify(value, null, indent));
const jsonLines = (values: readonly unknown[]) =>
  bytesOf(values.map((value) => JSON.stringify(value)));

function length32(message: Uint8Array): Uint8Array {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(message.length);
  return Buffer.concat([head, message]);
}

function delimited(message: Uint8Array): Uint8Array {
  const head: number[] = [];
  let rest = message.length;
  for (; rest >= 0x80; rest >>>= 7) head.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([...head, rest]), message]);
}

const logs = asOtlpLogs(LINES);
const traces = asOtlpTraces(TOLD);

/** Every form holds the same world. */
const FORMS: readonly (readonly [name: string, form: string, bytes: Uint8Array])[] = [
  ['OTLP logs, one request a line', 'otlp-json/logs', jsonLines(logs)],
  ['OTLP logs, a list of requests', 'otlp-json/logs', json(logs)],
  [
    'OTLP logs, requests spread over lines',
    'otlp-json/logs',
    Buffer.concat(logs.map((log) => json(log, 2))),
  ],
  ['OTLP logs in protobuf, one request', 'otlp-proto/logs', Buffer.concat(logs.map(protobufOf))],
  [
    'OTLP logs in protobuf, lengths of four bytes',
    'otlp-proto/logs',
    Buffer.concat(logs.map(protobufOf).map(length32)),
  ],
  [
    'OTLP logs in protobuf, lengths as varints',
    'otlp-proto/logs',
    Buffer.concat(logs.map(protobufOf).map(delimited)),
  ],
  ['OTLP traces, one request a line', 'otlp-json/spans', jsonLines(traces)],
  [
    'OTLP traces in protobuf',
    'otlp-proto/spans',
    Buffer.concat(traces.map(protobufOf).map(length32)),
  ],
  [
    'OTLP traces as a trace store answers',
    'otlp-json/spans',
    json({ batches: traces.flatMap(({ resourceSpans }) => resourceSpans) }, 1),
  ],
  ['Jaeger', 'jaeger/spans', json(asJaeger(TOLD), 1)],
  ['Zipkin', 'zipkin/spans', json(asZipkin(TOLD))],
  ['rows of ClickHouse, traces', 'clickhouse/spans', jsonLines(asClickhouse(TOLD))],
  ['rows of ClickHouse, logs', 'clickhouse/logs', jsonLines(asClickhouseLogs(LINES))],
];

describe('a world gives the same verdicts', () => {
  test('as it stands, and many of them', () => {
    expect(EXPECTED.length).toBeGreaterThan(200);
    expect(new Set(EXPECTED.map((verdict) => JSON.parse(verdict)[2].cause)).size).toBeGreaterThan(
      20,
    );
  });

  test.each(FORMS)('as %s', (_, form, bytes) => {
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += 50_000) chunks.push(bytes.subarray(at, at + 50_000));
    const analysis = analyse([{ name: 'world', chunks }]);
    const [source] = analysis.input.sources;
    expect(source!.rejected).toEqual({});
    expect(Object.keys(source!.forms)).toEqual([form]);
    const verdicts = verdictsOf(analysis);
    expect({ more: without(verdicts, EXPECTED), fewer: without(EXPECTED, verdicts) }).toEqual({
      more: [],
      fewer: [],
    });
  });
});
