import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createDecoder,
  createNdjsonDecoder,
  type Decoder,
  type DecoderOptions,
  PathTree,
} from '../../src/decode/index.ts';
import type { RecordBatch } from '../../src/model/index.ts';
import { runs } from '../fuzz.ts';
import { newKernel } from '../kernel.ts';
import { generateWorld } from '../world/index.ts';
import { cutAt, decoderSuite } from './decoder-suite.ts';

/** One for all decoders here, as in a run of many sources. */
const kernel = newKernel();

decoderSuite('NDJSON decoder with kernel', (paths, options) =>
  createNdjsonDecoder(paths, { ...options, kernel }),
);

const utf8 = new TextEncoder();
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

type Make = (paths: PathTree, options: DecoderOptions) => Decoder;

/** Lines of JSON alone, and lines of every form side by side. */
const DECODERS: readonly Make[] = [
  createNdjsonDecoder,
  (paths, options) => createDecoder('auto', paths, { ...options, form: 'lines' }),
];

/** Everything that a decoder says about some chunks. */
function said(make: Make, chunks: readonly Uint8Array[], options: DecoderOptions) {
  const paths = new PathTree(wants);
  const decoder = make(paths, options);
  const rows: string[] = [];
  const rejected: string[] = [];
  const sink = {
    records(batch: RecordBatch) {
      for (let row = 0; row < batch.rows; row += 1) rows.push(rowOf(batch, row, paths));
    },
    rejected: (line: object) => rejected.push(JSON.stringify(line)),
  };
  for (const chunk of chunks) decoder.feed(chunk, sink);
  decoder.end(sink);
  return {
    rows,
    rejected,
    lines: decoder.lines,
    blank: decoder.blank,
    joined: decoder.joined,
    forms: decoder.forms(),
  };
}

/** Some paths are unwanted, at the top and below. */
const wants = (path: readonly string[]) => !path.includes('unwanted');

function rowOf(batch: RecordBatch, row: number, paths: PathTree): string {
  const source = batch.rowInScratch[row] === 1 ? batch.scratch : batch.bytes;
  const parts = [
    `${batch.line[row]} ${text(source.subarray(batch.rowStart[row], batch.rowEnd[row]))}`,
  ];
  for (let e = batch.entryStart[row]; e < batch.entryStart[row + 1]; e += 1) {
    const bytes = batch.inScratch[e] === 1 ? batch.scratch : batch.bytes;
    const value = text(bytes.subarray(batch.start[e], batch.end[e]));
    const path = paths.segments(batch.path[e]).join('.');
    parts.push(`${path} ${batch.kind[e]} ${batch.inner[e]} ${value}`);
  }
  return parts.join('\n');
}

function expectSame(chunks: readonly Uint8Array[], maxLineBytes = 1 << 20): void {
  for (const make of DECODERS) {
    const plain = said(make, chunks, { maxLineBytes });
    expect(said(make, chunks, { maxLineBytes, kernel })).toEqual(plain);
  }
}

const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

/** Lines that mutations begin from: each construct of JSON in some place. */
const LINES: readonly string[] = [
  '{"level":"info","ts":1794969025.050230,"msg":"qrcode created","trace_id":"b8c33804f71b966b"}',
  '{"time":"2026-11-18T14:32:55+08:00","level":"INFO","source":{"function":"main","line":42},"msg":"ok"}',
  '{"message":"换取access_token失败","level_value":40000,"unwanted":"x","tags":["a","b",["c",1,null]]}',
  String.raw`{"stack":"java.io.IOException: x\n\tat com.example.A.b(A.java:1)\u0000","a":"\"\\\/\b\f\r"}`,
  String.raw`{"url":"/cb?code=1\u0026state=2","emoji":"\ud83d\ude00 \ud83d x \udc00","u":"\u00e9\u4e2d"}`,
  String.raw`{"tr\u0061ce":1,"k\"ey":2,"trace":3}`,
  '{"a":-0.5e+10,"b":0,"c":[1,2.5,-3E-2],"d":true,"e":false,"f":null}',
  '{"a":{"b":{"c":{"unwanted":{"d":"e","f":[{"g":1}]}}}},"a":2,"a":{"b":3}}',
  '{}',
  '{"a":{},"b":[],"c":[[],{}],"":"empty key","long key with spaces and more than sixteen bytes":1}',
  '{"message":"{\\"event\\":\\"issued\\",\\"qrcode_id\\":\\"q-1\\"}","level":"info"}',
  '{"log":"{\\"msg\\":\\"broken\\"","stream":"stdout"}',
  '{"msg": " {} ", "body" : "\\u007b\\"a\\":1}"}',
  ' \t{ "a" : 1 , "b" : "x" }\r',
  '',
  '   ',
  'no json at all',
  '2026-11-18 09:19:41,129 ERROR [main] com.example.Login - login failed',
  '\tat com.example.Login.run(Login.java:96)',
  'Caused by: java.io.IOException: broken pipe',
  '2026-11-18T09:19:41.129Z stdout P {"msg":"the first half of a line ',
  '2026-11-18T09:19:41.129Z stdout F and the second","level":"info"}',
  '{"log":"{\\"msg\\":\\"created\\",\\"level\\":\\"info\\"}\\n","stream":"stdout","time":"2026-11-18T09:19:41Z"}',
  '{"log":"plain text in docker\\n","stream":"stderr","time":"2026-11-18T09:19:41Z"}',
  '{"message":"x","podName":"p","containerName":"c","namespace":"n"}',
  '{"message":"logback","podName":"p","level":"INFO","@timestamp":"2026-11-18T17:20:42.048+08:00"}',
  '{"jsonPayload":{"message":"m","unwanted":1},"timestamp":"2026-11-18T09:19:41Z","insertId":"i"}',
  '{"traceID":"x","msg":"no document"}',
  '{"data":[{"traceID":"x","spans":[]}]}',
  '[1,2,3]',
  '"text"',
  '{"unfinished":"',
  '{"a":01}',
  '{"a":1,}',
  '\ufeff{"a":1}',
  deep(63),
  deep(64),
  deep(65),
  `{"a":${'['.repeat(70)}${']'.repeat(70)}}`,
  `{"a":"${'x'.repeat(300)}","b":"${'y'.repeat(63)}\\n${'z'.repeat(64)}"}`,
  `{"n":${'9'.repeat(400)},"m":1e${'9'.repeat(30)}}`,
];

const PIECES: readonly string[] = [
  '"',
  '\\',
  '\\"',
  '\\\\',
  '\\u',
  '\\u00',
  '\\ud83d',
  '\\ude00',
  '\\x',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '{"message":"{',
  '"k":',
  '\n',
  '\r\n',
  '\r',
  '\t',
  ' ',
  '\u0000',
  '\u001f',
  '-',
  '0',
  '1e5',
  '.',
  'true',
  'nul',
  '\u007f',
  '二维码',
  'x'.repeat(16),
  'y'.repeat(63),
];

const bytesOf = (piece: string) => utf8.encode(piece);

/** Bytes that are no UTF-8 are among them. */
const piece = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...PIECES).map(bytesOf) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 3 }) },
);

type Mutation = (line: Uint8Array) => Uint8Array;

const at = (line: Uint8Array, place: number) => Math.floor(place * (line.length + 1));

const joined = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

const mutation: fc.Arbitrary<Mutation> = fc
  .tuple(
    fc.constantFrom('insert', 'replace', 'delete', 'repeat'),
    piece,
    fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    fc.integer({ min: 1, max: 40 }),
  )
  .map(([kind, bytes, place, length]) => (line) => {
    const from = at(line, place);
    const head = line.subarray(0, from);
    switch (kind) {
      case 'insert':
        return joined(head, bytes, line.subarray(from));
      case 'replace':
        return joined(head, bytes, line.subarray(from + bytes.length));
      case 'delete':
        return joined(head, line.subarray(from + length));
      default:
        return joined(line.subarray(0, from + length), line.subarray(from));
    }
  });

/** Shifts what follows against the borders of 16 and 64 bytes. */
const filler = fc
  .nat({ max: 80 })
  .map((length) => (length < 4 ? [] : [bytesOf(`{"pad":"${'p'.repeat(length)}"}`)]));

const mutated = fc
  .tuple(fc.constantFrom(...LINES), fc.array(mutation, { maxLength: 3 }))
  .map(([line, mutations]) =>
    mutations.reduce((bytes: Uint8Array, mutate) => mutate(bytes), bytesOf(line)),
  );

const log = fc
  .array(fc.tuple(filler, mutated), { minLength: 1, maxLength: 4 })
  .map((parts) =>
    joined(
      ...parts.flatMap(([pad, line]) => [...pad, line].flatMap((one) => [one, bytesOf('\n')])),
    ),
  );

test('broken lines of every kind are read as they are without the kernel', () => {
  fc.assert(
    // Twice, for the kernel reads only lines whose keys were met before.
    fc.property(log, fc.array(fc.nat(), { maxLength: 3 }), (bytes, places) => {
      expectSame([bytes, ...cutAt(bytes, places)]);
    }),
    { numRuns: runs(2000) },
  );
});

test('a limit of bytes holds for the same lines', () => {
  const bytes = utf8.encode(
    LINES.map((line) => `${line}\n`)
      .join('')
      .repeat(3),
  );
  for (const limit of [10, 12, 50, 90, 100, 300, 400]) expectSame([bytes], limit);
});

test('pieces, columns and rows that are full are handed on and nothing is lost', () => {
  const many = '{"a":1,"b":"x\\n","c":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]}\n'.repeat(9000);
  expectSame([utf8.encode(many)]);
  const wide = `{"a":[${Array.from({ length: 30_000 }, (_, n) => n).join()}]}\n`;
  const widest = `{"a":[${Array.from({ length: 70_000 }, (_, n) => n).join()}]}\n`;
  const text = `{"a":"${'\\n'.repeat(140_000)}"}\n`;
  expectSame([utf8.encode((wide + many.slice(0, 9000) + widest + text).repeat(3))]);
});

test('lines of any length go on from one chunk to the next', () => {
  // Around what the kernel reads at once, what it holds before that, and its whole input.
  const border = fc.constantFrom(100, 1 << 17, (1 << 20) - (1 << 17), 1 << 20);
  const length = fc
    .tuple(border, fc.integer({ min: -40, max: 40 }))
    .map(([size, more]) => Math.max(0, size + more));
  const line = fc.oneof(
    length.map((size) => `{"a":"${'x'.repeat(size)}"}`),
    fc.constantFrom('', '{"b":1}', '\uFEFF{"a":2}', '{"a":"\\u00e9"}\r', 'no JSON', '{"a":'),
  );
  const limits = fc.constantFrom(10, 100, 1 << 17, 1 << 20, 4 << 20);
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 8 }),
      fc.array(fc.nat(), { maxLength: 6 }),
      limits,
      (lines, cuts, limit) => expectSame(cutAt(utf8.encode(lines.join('\n')), cuts), limit),
    ),
    { numRuns: runs(40) },
  );
});

test('two decoders take turns', () => {
  const options = { maxLineBytes: 1000, kernel };
  const texts = ['{"a":1,"b":"x"}\n'.repeat(5), '{"b":2,"c":"y"}\n'.repeat(5)].map(bytesOf);
  const all = texts.map(() => [] as string[]);
  const decoders = texts.map(() => {
    const paths = new PathTree(wants);
    return { paths, decoder: createNdjsonDecoder(paths, options) };
  });
  for (let turn = 0; turn < 4; turn += 1) {
    decoders.forEach(({ paths, decoder }, i) => {
      decoder.feed(texts[i], {
        records(batch) {
          for (let row = 0; row < batch.rows; row += 1) all[i].push(rowOf(batch, row, paths));
        },
        rejected() {},
      });
    });
  }
  expect(all[0][19]).toBe('20 {"a":1,"b":"x"}\na 1 0 1\nb 0 0 x');
  expect(all[1][19]).toBe('20 {"b":2,"c":"y"}\nb 1 0 2\nc 0 0 y');
});

test('bytes that are no kernel leave the work to the host', async () => {
  const { createKernel } = await import('../../src/decode/index.ts');
  expect(createKernel(new Uint8Array([0, 97, 115, 109, 9]))).toBeUndefined();
});

describe('whole logs', () => {
  test('a generated world', () => {
    const world = generateWorld({ seed: 3, flows: 200, failureScale: 4, brokenRatio: 0.05 });
    const bytes = utf8.encode(world.files.flatMap((file) => [...file.lines, '']).join('\n'));
    expectSame(cutAt(bytes, [1000, 30_000, 100_001, 270_000]));
  });

  const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url));
  const samples = fileURLToPath(new URL('../../../shared/samples/', import.meta.url));
  test.each(['fixtures', 'samples'])('%s', (name) => {
    const folder = name === 'fixtures' ? fixtures : samples;
    if (!existsSync(folder)) return;
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!/\.(?:log|ndjson|jsonl|json)$/.test(file)) continue;
      const bytes = new Uint8Array(readFileSync(`${folder}${file}`));
      expectSame([bytes, ...cutAt(bytes, [bytes.length >> 1])], 1 << 22);
    }
  });
});
