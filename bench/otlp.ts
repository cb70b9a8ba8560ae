/**
 * `npm run bench:otlp [-- --spans 200000] [--rounds 5]`: decoding of the same spans from OTLP/JSON and
 * from OTLP in protobuf beside `JSON.parse` with a projection onto the same fields, in turns, in one
 * process. Figures of one run compare with each other, not with those of another machine.
 */

import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { PathTree, type RecordSink } from '../src/decode/index.ts';
import { createOtlpProtoDecoder } from '../src/decode/otlp/index.ts';
import { RowWriter } from '../src/decode/row-writer.ts';
import { createDocumentReader } from '../src/decode/traces/index.ts';
import { createNormaliser } from '../src/normalise/index.ts';
import {
  type KeyValue,
  protobufOf,
  type Span,
  type TraceRequest,
} from '../test/decode/otlp/otlp-messages.ts';
import { builtInLibrary } from './library.ts';
import { median } from './measure.ts';

const { values } = parseArgs({
  options: {
    spans: { type: 'string', default: '200000' },
    rounds: { type: 'string', default: '5' },
  },
});
const SPANS = Number(values.spans);
const ROUNDS = Number(values.rounds);
/** As batch processors export them. */
const SPANS_A_REQUEST = 512;

const text = (key: string, stringValue: string): KeyValue => ({ key, value: { stringValue } });
const whole = (key: string, number: number): KeyValue => ({
  key,
  value: { intValue: String(number) },
});

const hex = (number: number, length: number): string =>
  (Math.imul(number + 1, 0x9e3779b1) >>> 0)
    .toString(16)
    .padStart(8, '0')
    .repeat(4)
    .slice(0, length);

/** Spans of a login service as its instrumentations write them: requests, calls, statements, steps. */
function spanOf(number: number): Span {
  const startNanos = 1_795_145_821_000_000_000n + BigInt(number) * 3_141_592n;
  const base = {
    traceId: hex(number >> 2, 32),
    spanId: hex(number, 16),
    parentSpanId: hex(number - 1, 16),
    startTimeUnixNano: String(startNanos),
    endTimeUnixNano: String(startNanos + BigInt((number % 97) + 1) * 1_234_567n),
  };
  const flow = text('login.flow.id', `f-${hex(number >> 2, 16)}`);
  switch (number % 4) {
    case 0:
      return {
        ...base,
        name: 'GET /callback',
        kind: 2,
        attributes: [
          text('http.request.method', 'GET'),
          text('url.path', '/callback'),
          text('url.scheme', 'https'),
          text('http.route', '/callback'),
          whole('http.response.status_code', number % 40 === 0 ? 500 : 303),
          text('server.address', 'login.example.com'),
          text(
            'user_agent.original',
            'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1.15',
          ),
          flow,
          text('login.kind', 'website'),
        ],
        links: [{ traceId: hex(number >> 3, 32), spanId: hex(number, 16) }],
        status: {},
      };
    case 1:
      return {
        ...base,
        name: 'GET',
        kind: 3,
        attributes: [
          text('http.request.method', 'GET'),
          text('url.full', 'https://api.weixin.qq.com/sns/oauth2/access_token'),
          text('url.path', '/sns/oauth2/access_token'),
          text('server.address', 'api.weixin.qq.com'),
          whole('server.port', 443),
          text('network.protocol.version', '1.1'),
          whole('http.response.status_code', 200),
        ],
        status: {},
      };
    case 2:
      return {
        ...base,
        name: 'wechat.login.exchange',
        kind: 1,
        attributes: [
          flow,
          text('login.kind', 'website'),
          text('login.stage', 'exchange'),
          ...(number % 30 === 2
            ? [
                text('error.type', 'WechatError'),
                text('error.message', '40029 invalid code, rid: 6affc065-c005942b-99f06022'),
                whole('wechat.errcode', 40029),
              ]
            : []),
        ],
        events: [
          {
            timeUnixNano: String(startNanos + 1_000_000n),
            name: 'wechat.login.token.exchanged',
            attributes: [flow, text('login.stage', 'exchange'), whole('duration_ms', number % 97)],
          },
        ],
        status: number % 30 === 2 ? { code: 2, message: '40029 invalid code' } : {},
      };
    default:
      return {
        ...base,
        name: 'postgresql INSERT',
        kind: 3,
        attributes: [
          text('db.system.name', 'postgresql'),
          text('db.operation.name', 'INSERT'),
          text(
            'db.query.text',
            'INSERT INTO users (app_id, openid, unionid, nickname) VALUES ($1, $2, $3, $4) ON CONFLICT (app_id, openid) DO UPDATE SET nickname = excluded.nickname RETURNING id',
          ),
        ],
        status: {},
      };
  }
}

function requests(): TraceRequest[] {
  const made: TraceRequest[] = [];
  for (let from = 0; from < SPANS; from += SPANS_A_REQUEST) {
    const count = Math.min(SPANS_A_REQUEST, SPANS - from);
    made.push({
      resourceSpans: [
        {
          resource: {
            attributes: [
              text('service.name', 'scan-login'),
              text('service.version', '8.0.1'),
              text('k8s.pod.name', `scan-login-7d9f8b6c5-${hex(from, 5)}`),
              text('cloud.region', 'ap-shanghai'),
              whole('process.pid', 1000 + (from % 100)),
            ],
          },
          scopeSpans: [
            {
              scope: { name: 'scan-login', version: '1.0.0' },
              spans: Array.from({ length: count }, (_, i) => spanOf(from + i)),
            },
          ],
        },
      ],
    });
  }
  return made;
}

const made = requests();
const lines = made.map((request) => Buffer.from(JSON.stringify(request)));
const messages = made.map((request) => {
  const message = protobufOf(request);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(message.length);
  return Buffer.concat([head, message]);
});

const { ruleSet, mappings } = builtInLibrary();
const normaliser = createNormaliser({
  mappings,
  library: ruleSet.events,
  keep: [],
  showIds: false,
});
const { wants } = normaliser;

/** Counts what comes out, so that no work can be left out. */
function countingSink() {
  const counts = { rows: 0, entries: 0 };
  const sink: RecordSink = {
    records(batch) {
      counts.rows += batch.rows;
      counts.entries += batch.entryStart[batch.rows]!;
    },
    rejected({ reason }) {
      throw new Error(reason);
    },
  };
  return { counts, sink };
}

/** What the rules ask for, remembered by name: the projection of a reader that parses whole. */
const wanted = new Map<string, boolean>();
function isWanted(key: string): boolean {
  let is = wanted.get(key);
  if (is === undefined) {
    is = wants(key.split('.'));
    wanted.set(key, is);
  }
  return is;
}

/** Rows as flat lists of names and values: the least that a reader after `JSON.parse` has to make. */
function project(row: unknown[], attributes: readonly KeyValue[] | undefined): void {
  for (const { key, value } of attributes ?? []) {
    if (!isWanted(key)) continue;
    const { stringValue, intValue } = value as { stringValue?: string; intValue?: string };
    row.push(key, stringValue ?? intValue);
  }
}

function parseAndProject(): number {
  const rows: unknown[][] = [];
  let count = 0;
  for (const line of lines) {
    const request = JSON.parse(line.toString('utf8')) as TraceRequest;
    for (const { resource, scopeSpans } of request.resourceSpans) {
      const shared: unknown[] = [];
      project(shared, resource.attributes);
      for (const { spans } of scopeSpans) {
        for (const span of spans) {
          const row = shared.slice();
          project(row, span.attributes);
          row.push(span.traceId, span.name, span.kind, span.endTimeUnixNano, span.status?.code);
          for (const { traceId } of span.links ?? []) row.push(traceId);
          rows.push(row);
          for (const event of span.events ?? []) {
            const own = shared.slice();
            project(own, event.attributes);
            own.push(span.traceId, event.name, event.timeUnixNano);
            rows.push(own);
          }
        }
      }
    }
    count += rows.length;
    rows.length = 0;
  }
  return count;
}

function parse(): number {
  for (const line of lines) JSON.parse(line.toString('utf8'));
  return rows;
}

function decodeJson(): number {
  const { counts, sink } = countingSink();
  const out = new RowWriter(new PathTree(wants));
  const read = createDocumentReader(out);
  out.enter(sink);
  for (const line of lines) {
    out.columns.bytes = line;
    read('otlp-json', line, 0, line.length, 1);
    out.flush();
  }
  return counts.rows;
}

function decodeProtobuf(): number {
  const { counts, sink } = countingSink();
  const decoder = createOtlpProtoDecoder('length32', new PathTree(wants));
  for (const message of messages) decoder.feed(message, sink);
  decoder.end(sink);
  return counts.rows;
}

const PROGRAMS = {
  'JSON.parse alone': { run: parse, bytes: sizeOf(lines) },
  'JSON.parse + projection': { run: parseAndProject, bytes: sizeOf(lines) },
  'scanlens, OTLP/JSON': { run: decodeJson, bytes: sizeOf(lines) },
  'scanlens, OTLP protobuf': { run: decodeProtobuf, bytes: sizeOf(messages) },
};

function sizeOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function cpuSecondsOf(run: () => number, expectedRows: number): number {
  const before = process.cpuUsage();
  const rows = run();
  const { user, system } = process.cpuUsage(before);
  if (rows !== expectedRows) throw new Error(`${rows} rows instead of ${expectedRows}`);
  return (user + system) / 1e6;
}

const rows = parseAndProject();
const seconds = new Map<string, number[]>();
for (let round = 0; round <= ROUNDS; round += 1) {
  for (const [name, { run }] of Object.entries(PROGRAMS)) {
    const taken = cpuSecondsOf(run, rows);
    // The first round warms up.
    if (round > 0) seconds.set(name, [...(seconds.get(name) ?? []), taken]);
  }
}

const rateOf = (name: string): number => SPANS / median(seconds.get(name) ?? []);
const baseline = rateOf('JSON.parse + projection');
console.log(`${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}; ${SPANS} spans (${rows} rows), medians of ${ROUNDS} rounds

| program | MB | spans per CPU-second | MB per CPU-second | ratio |
| ---: | ---: | ---: | ---: | ---: |`);
for (const [name, { bytes }] of Object.entries(PROGRAMS)) {
  const rate = rateOf(name);
  const mb = bytes / 1e6;
  console.log(
    `| ${name} | ${mb.toFixed(0)} | ${Math.round(rate).toLocaleString('en')} | ${((mb * rate) / SPANS).toFixed(0)} | ${(rate / baseline).toFixed(2)} |`,
  );
}
