import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDecoder, type Decoder, orderFreeLines, PathTree } from '../../src/decode/index.ts';
import type { RecordBatch, Rejected } from '../../src/model/index.ts';
import { runs } from '../fuzz.ts';
import { newKernel } from '../kernel.ts';
import { utf8 } from './decoded.ts';
import { entriesOf } from './decoder-suite.ts';

const json = JSON.stringify;
const kernel = newKernel();

test.each([
  [
    'records',
    '{"level":"info","line":42,"msg":"\\"log\\":\\"x\\""}\r\n\n{"log":{"level":"info"}}\n',
    3,
  ],
  ['a line without end', '{"a":1}\r\n\r\r\n{"b":1}', 2],
  ['nothing', '', 0],
])('parts of %s may be decoded apart', (_, text, lines) => {
  expect(orderFreeLines(utf8(text))).toBe(lines);
  expect(orderFreeLines(utf8(text), kernel)).toBe(lines);
});

test.each([
  ['text', '{"a":1}\n\tat x\n'],
  ['an array', '[{"a":1}]\n'],
  ['docker', json({ log: 'x\n', stream: 'stdout', time: 'x' })],
  ['docker with blanks', '{"a":1}\n{"log" : "x"}'],
  ['journald', json({ MESSAGE: [1, 2], _HOSTNAME: 'x' })],
  ['stern', json({ message: 'x', podName: 'p', containerName: 'c' })],
  ['cloudwatch', json({ message: 'x', timestamp: 1, ingestionTime: 2 })],
  ['loki', json({ line: 'x', labels: { a: 'b' } })],
  ['gcp', json({ textPayload: 'x', timestamp: 'x' })],
  ['sls', json({ __time__: 1, content: 'x' })],
  ['kafka', json({ topic: 't', partition: 0, offset: 1, value: 'x' })],
  ['shippers', json({ message: 'x', kubernetes: { pod: { name: 'p' } } })],
  ['filebeat', json({ message: 'x', log: { offset: 1, file: { path: '/a' } } })],
  ['filebeat without an offset', json({ message: 'x', log: { file: { path: '/a' } } })],
  ['filebeat, flat below log', json({ message: 'x', log: { 'file.path': '/a' } })],
  ['fluent-bit, flat', json({ message: 'x', 'kubernetes.pod_name': 'p' })],
  ['a container told by a number', json({ message: 'x', container_id: 7 })],
  ['an answer of loki', json({ stream: { app: 'a' }, values: [] })],
  ['a name with a letter as its code', '{"\\u006cog":"x\\n"}'],
  ['a name with a dot as its code', '{"log\\u002Eoffset":1,"message":"x"}'],
  ['elasticsearch', json({ _index: 'i', _source: { message: 'x', stream: 's' } })],
])('parts of %s may run on into each other', (_, text) => {
  expect(orderFreeLines(utf8(text))).toBeUndefined();
  expect(orderFreeLines(utf8(text), kernel)).toBeUndefined();
});

test('whoever looks, and wherever a marker stands, the answer is the same', () => {
  const near = fc.constantFrom(
    '"log":"',
    '"log" : "',
    '"loc":"',
    '"kubernetes": {',
    '"line":',
    '\n',
    '{',
    'x',
    ' ',
    '"',
  );
  const filler = fc.nat(70).map((length) => 'y'.repeat(length));
  const text = fc
    .array(fc.oneof(near, filler), { maxLength: 12 })
    .map((parts) => `{${parts.join('')}\n`);
  fc.assert(
    fc.property(text, (some) => {
      expect(orderFreeLines(utf8(some), kernel)).toBe(orderFreeLines(utf8(some)));
    }),
    { numRuns: runs(2000) },
  );
});

test('more lines than the kernel has room for', () => {
  const free = utf8(`${json({ msg: 'x'.repeat(999) })}\n`.repeat(3000));
  expect(orderFreeLines(free, kernel)).toBe(3000);
  expect(orderFreeLines(utf8(`${json({ msg: 'x'.repeat(3 << 20) })}\n`), kernel)).toBe(1);
  const last = utf8(`${json({ log: 'x' })}\n`);
  expect(orderFreeLines(Buffer.concat([free, last]), kernel)).toBeUndefined();
});

const TIME = '2026-11-26T10:00:00Z';
const line = fc.oneof(
  fc.nat(9).map((n) => `{"n":${n}}`),
  fc.constantFrom(
    '2026-11-26 10:00:00 ERROR x',
    '\tat x',
    'words',
    '',
    '{"broken',
    ...['stdout', 'stderr'].flatMap((stream) =>
      ['2026-11-26 10:00:00 ERROR y', '\tat y', '{"n":1}'].flatMap((log) => [
        json({ log: `${log}\n`, stream, time: TIME }),
        `${TIME} ${stream} P ${log}`,
        `${TIME} ${stream} F ${log}`,
      ]),
    ),
  ),
);

test('lines before the first that may run on, read apart, give the same records', () => {
  fc.assert(
    fc.property(fc.array(fc.array(line, { maxLength: 4 }), { maxLength: 8 }), (parts) => {
      const texts = parts.map((lines) => lines.map((one) => `${one}\n`).join(''));
      const firstBound = texts.findIndex((text) => orderFreeLines(utf8(text)) === undefined);
      const free = firstBound === -1 ? texts : texts.slice(0, firstBound);
      const rest = texts.slice(free.length).join('');
      expect(decodeParts([...free, rest])).toEqual(decodeParts([texts.join('')]));
    }),
    { numRuns: runs(1000) },
  );
});

test('one part that may run on, between parts that may not, gives the same records', () => {
  const begun = fc.constantFrom('{', '"a": 1', '}', '[', `{"b": {`);
  const bound = fc.array(fc.oneof(line, begun), { maxLength: 6 });
  const free = fc.array(
    fc.nat(9).map((n) => `{"n":${n}}`),
    { maxLength: 3 },
  );
  fc.assert(
    fc.property(
      fc.array(free, { maxLength: 3 }),
      bound,
      fc.array(free, { maxLength: 3 }),
      (...all) => {
        const [before, middle, after] = all;
        const texts = [...before, middle, ...after].map((lines) =>
          lines.map((one) => `${one}\n`).join(''),
        );
        expect(decodeParts(texts)).toEqual(decodeParts([texts.join('')]));
      },
    ),
    { numRuns: runs(1000) },
  );
});

/** Decodes parts of one source by a decoder each. */
function decodeParts(texts: readonly string[]) {
  const paths = new PathTree(() => true);
  const found: unknown[] = [];
  let linesBefore = 0;
  const sink = {
    records(batch: RecordBatch) {
      for (let row = 0; row < batch.rows; row += 1) {
        const line = linesBefore + batch.line[row]!;
        found.push({ line, entries: entriesOf(batch, row, paths) });
      }
    },
    rejected: (rejected: Rejected) =>
      found.push({ ...rejected, line: linesBefore + rejected.line }),
  };
  const decoders: Decoder[] = [];
  for (const text of texts) {
    const decoder = createDecoder('auto', paths, { maxLineBytes: 1000, form: 'lines' });
    decoder.feed(utf8(text), sink);
    decoder.end(sink);
    linesBefore += decoder.lines;
    decoders.push(decoder);
  }
  const sum = (of: (decoder: Decoder) => number) => decoders.reduce((n, one) => n + of(one), 0);
  return {
    found: found.map((one) => JSON.stringify(one)).sort(),
    lines: sum((one) => one.lines),
    blank: sum((one) => one.blank),
    joined: sum((one) => one.joined),
  };
}
