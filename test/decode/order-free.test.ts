import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDecoder, type Decoder, isOrderFree, PathTree } from '../../src/decode/index.ts';
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
  ],
  ['nothing', ''],
])('parts of %s may be decoded apart', (_, text) => {
  expect(isOrderFree(utf8(text))).toBe(true);
  expect(isOrderFree(utf8(text), kernel)).toBe(true);
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
  ['elasticsearch', json({ _index: 'i', _source: { message: 'x', stream: 's' } })],
])('parts of %s may run on into each other', (_, text) => {
  expect(isOrderFree(utf8(text))).toBe(false);
  expect(isOrderFree(utf8(text), kernel)).toBe(false);
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
      expect(isOrderFree(utf8(some), kernel)).toBe(isOrderFree(utf8(some)));
    }),
    { numRuns: runs(2000) },
  );
});

test('more lines than the kernel has room for', () => {
  const free = utf8(`${json({ msg: 'x'.repeat(999) })}\n`.repeat(3000));
  expect(isOrderFree(free, kernel)).toBe(true);
  expect(isOrderFree(utf8(`${json({ msg: 'x'.repeat(3 << 20) })}\n`), kernel)).toBe(true);
  const last = utf8(`${json({ log: 'x' })}\n`);
  expect(isOrderFree(Buffer.concat([free, last]), kernel)).toBe(false);
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

test('parts that are order-free, and the others by one decoder, give the same records', () => {
  fc.assert(
    fc.property(fc.array(fc.array(line, { maxLength: 4 }), { maxLength: 8 }), (parts) => {
      const texts = parts.map((lines) => lines.map((one) => `${one}\n`).join(''));
      const whole = decodeParts([texts.join('')], () => false);
      const apart = decodeParts(texts, (text) => isOrderFree(utf8(text)));
      expect(apart).toEqual(whole);
    }),
    { numRuns: runs(1000) },
  );
});

/** Decodes parts of one source, those that may be decoded apart by a decoder each. */
function decodeParts(texts: readonly string[], isApart: (text: string) => boolean) {
  const paths = new PathTree(() => true);
  const decoderFrom = (linesBefore: number) =>
    createDecoder('auto', paths, { maxLineBytes: 1000, form: 'lines', linesBefore });
  const found: unknown[] = [];
  const sink = {
    records(batch: RecordBatch) {
      for (let row = 0; row < batch.rows; row += 1) {
        found.push({ line: batch.line[row], entries: entriesOf(batch, row, paths) });
      }
    },
    rejected: (rejected: Rejected) => found.push(rejected),
  };
  const inOrder = decoderFrom(0);
  const decoders = [inOrder];
  let lines = 0;
  let elsewhere = 0;
  for (const text of texts) {
    const linesHere = text.split('\n').length - 1;
    if (isApart(text)) {
      const decoder = decoderFrom(lines);
      decoder.feed(utf8(text), sink);
      decoder.end(sink);
      decoders.push(decoder);
      elsewhere += linesHere;
    } else {
      if (elsewhere > 0) inOrder.gap?.(elsewhere, sink);
      elsewhere = 0;
      inOrder.feed(utf8(text), sink);
    }
    lines += linesHere;
  }
  inOrder.end(sink);
  const sum = (of: (decoder: Decoder) => number) => decoders.reduce((n, one) => n + of(one), 0);
  return {
    found: found.map((one) => JSON.stringify(one)).sort(),
    lines: sum((one) => one.lines),
    blank: sum((one) => one.blank),
    joined: sum((one) => one.joined),
  };
}
