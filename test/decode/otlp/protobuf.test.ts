import { describe, expect, test } from 'vitest';
import { protoFraming } from '../../../src/decode/otlp/index.ts';
import { ProtobufReader } from '../../../src/decode/otlp/protobuf-reader.ts';
import { decodeRows, fieldsOf } from '../decode-rows.ts';
import { decodeProto, makeProto } from './decode-otlp.ts';
import { PLAIN_SPAN, protobufOf, requestOf, text } from './otlp-messages.ts';

const bytesOf = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(' ', ''), 'hex');

/** A length-delimited field. */
function field(number: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  return Buffer.concat([varint((number << 3) | 2), varint(content.length), content]);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest & 0x7f) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}

const IDS = bytesOf('0a10 0af7651916cd43dd8448eb211c80319c 1208 b7ad6b7169203331');
const TIMES = bytesOf('39 0000000000000010 41 0000000000000010');

/** A request with the spans given as they stand, tags included. */
const spansOf = (...spans: readonly Uint8Array[]): Uint8Array =>
  field(1, field(2, ...spans.map((span) => field(2, span))));

const GOOD = Buffer.concat([IDS, TIMES]);

describe('a walk over fields', () => {
  test.each([
    ['one byte', '08 96 01', 0, 150],
    ['the largest number', '08 ff ff ff ff ff ff ff ff ff 01', 0xffffffff, 0xffffffff],
    ['five bytes', '08 80 80 80 80 10', 1, 0],
    ['more bytes than needed', '08 81 80 80 80 80 80 80 80 80 00', 0, 1],
    ['eight bytes, the lowest first', '09 01 02 03 04 05 06 07 08', 0x08070605, 0x04030201],
    ['four bytes', '0d 01 02 03 ff', 0, 0xff030201],
  ])('reads a number of %s', (_, hex, high, low) => {
    const reader = new ProtobufReader();
    const bytes = bytesOf(hex);
    reader.enter(bytes, 0);
    expect(reader.next(bytes.length)).toBe(true);
    expect([reader.field, reader.high, reader.low]).toEqual([1, high, low]);
    expect(reader.next(bytes.length)).toBe(false);
    expect(reader.fault).toBeUndefined();
  });

  test.each([
    ['a varint of eleven bytes', '08 80 80 80 80 80 80 80 80 80 80 01', 'long-varint', 1],
    ['a varint of more than 64 bits', '08 ff ff ff ff ff ff ff ff ff 02', 'long-varint', 1],
    ['a varint that does not end', '08 80 80', 'cut-off', 1],
    ['eight bytes that are seven', '09 01 02 03 04 05 06 07', 'cut-off', 1],
    ['four bytes that are three', '0d 01 02 03', 'cut-off', 1],
    ['a length past the end', '0a 05 61 62', 'past-end', 1],
    ['a length of 2^32 and more', '0a ff ff ff ff 1f 61', 'past-end', 1],
    ['the beginning of a group', '0b', 'wire-type', 0],
    ['the end of a group', '0c', 'wire-type', 0],
    ['wire type 6', '0e 01', 'wire-type', 0],
    ['wire type 7', '0f 01', 'wire-type', 0],
    ['field 0', '00 01', 'field-number', 0],
    ['a field number beyond 32 bits', 'ff ff ff ff ff 1f 01', 'field-number', 0],
  ])('stops at %s', (_, hex, fault, at) => {
    const reader = new ProtobufReader();
    const bytes = bytesOf(hex);
    reader.enter(bytes, 0);
    while (reader.next(bytes.length));
    expect([reader.fault, reader.faultAt]).toEqual([fault, at]);
  });

  test('never looks behind the end it is given', () => {
    const bytes = bytesOf('0a 02 61 62 63');
    const reader = new ProtobufReader();
    reader.enter(bytes, 0);
    expect(reader.next(3)).toBe(false);
    expect(reader.fault).toBe('past-end');
  });
});

describe('a broken record', () => {
  test.each([
    ['a length past its end', bytesOf('2a 7f 61'), 'a length leads past the end of its message'],
    ['a wire type that is none', bytesOf('0b'), 'a field has a wire type that does not exist'],
    [
      'a long varint',
      bytesOf('30 80 80 80 80 80 80 80 80 80 80 01'),
      'a number has more than 64 bits',
    ],
    ['a time cut off', bytesOf('49 01 02'), 'a field ends too early'],
  ])('with %s is told of by its byte, the others are read', (_, broken, reason) => {
    const bytes = spansOf(GOOD, Buffer.concat([IDS, broken]), GOOD);
    const { rows, rejected } = decodeProto(bytes);
    expect(rows).toHaveLength(2);
    const start = Buffer.from(bytes).indexOf(Buffer.concat([IDS, broken])) + IDS.length;
    expect(rejected).toHaveLength(1);
    expect(rejected[0]).toMatchObject({ line: 1, code: 'bad-protobuf', within: true });
    const [, words, at] = /^(.*), at byte (\d+)$/.exec(rejected[0]!.reason)!;
    expect(words).toBe(reason);
    expect(Number(at)).toBeGreaterThanOrEqual(start);
    expect(Number(at)).toBeLessThan(start + broken.length);
  });

  test('with values nested a thousand deep is told of', () => {
    let value: Uint8Array = field(1, Buffer.from('x'));
    for (let depth = 0; depth < 1000; depth += 1) value = field(5, field(1, value));
    const deep = field(9, field(1, Buffer.from('deep')), field(2, value));
    const bytes = spansOf(Buffer.concat([GOOD, deep]));
    const { rows, rejected } = decodeProto(bytes);
    expect(rows).toEqual([]);
    expect(rejected.map(({ code }) => code)).toEqual(['too-deep']);
  });

  test('in the attributes of a resource costs only these', () => {
    const bytes = field(1, field(1, bytesOf('0b')), field(2, field(2, GOOD)));
    const { rows, rejected } = decodeProto(bytes);
    expect(rows).toHaveLength(1);
    expect(rejected).toHaveLength(1);
  });

  test('is not told of endlessly', () => {
    const bytes = spansOf(GOOD, ...Array.from({ length: 5000 }, () => bytesOf('0b')));
    expect(decodeProto(bytes).rejected.length).toBeLessThanOrEqual(101);
  });
});

describe('a stream', () => {
  const message = protobufOf(requestOf({ attributes: [text('a', 'b')] }));
  const length32 = (bytes: Uint8Array) => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(bytes.length);
    return Buffer.concat([head, bytes]);
  };
  const delimited = (bytes: Uint8Array) => Buffer.concat([varint(bytes.length), bytes]);
  const twice = (bytes: Uint8Array) => Buffer.concat([bytes, bytes]);

  test.each([
    ['a request', message, 'bare'],
    ['two requests behind each other', twice(message), 'bare'],
    ['lengths of four bytes', twice(length32(message)), 'length32'],
    ['lengths as varints', twice(delimited(message)), 'varint'],
    ['one message with its length as varint', delimited(message), 'varint'],
    [
      'a message of ten bytes, whose length looks like a tag',
      delimited(field(1, field(2, bytesOf('1a 04 61 62 63 64')))),
      'varint',
    ],
    ['lines of text', Buffer.from('\n\n2026-11-20 started\n'), 'no'],
    ['empty lines', Buffer.from('\n\n\n\n'), 'no'],
    ['empty lines around a NUL', Buffer.from('\n\0\n\n'), 'no'],
    ['a NUL behind empty lines', Buffer.from('\n\n\n\0\n'), 'no'],
    ['a NUL that looks like part of a length', Buffer.from('\n\0{\n\n'), 'no'],
    ['JSON', Buffer.from('{"resourceSpans":[]}'), 'no'],
    ['zeros', Buffer.alloc(200), 'no'],
    ['gzip', bytesOf('1f8b0800000000000003 0a0a0a'), 'no'],
  ])('of %s is known', (_, bytes, framing) => {
    expect(protoFraming(bytes, true)).toBe(framing);
  });

  test('is not judged by too few bytes', () => {
    expect(protoFraming(message.subarray(0, 10), false)).toBeUndefined();
  });

  test.each(['bare', 'length32', 'varint'] as const)(
    'framed as %s that ends within a message keeps the records before',
    (framing) => {
      const frame = { bare: (b: Uint8Array) => b, length32, varint: delimited }[framing];
      const many = spansOf(GOOD, GOOD, GOOD);
      const bytes = Buffer.concat([frame(message), frame(many)]);
      for (let cut = frame(message).length + 1; cut < bytes.length; cut += 1) {
        const { rows, rejected } = decodeProto(bytes.subarray(0, cut), framing);
        expect(
          rejected.map(({ code, line }) => [code, line]),
          `cut at ${cut}`,
        ).toEqual([['truncated', 2]]);
        expect(rejected[0]!.reason).toContain(`at byte ${cut}`);
        expect(rows.length).toBeGreaterThanOrEqual(1);
        const wholeSpans = Math.floor(
          (cut - (bytes.length - 3 * (GOOD.length + 2))) / (GOOD.length + 2),
        );
        expect(rows.length).toBe(1 + Math.max(0, wholeSpans));
      }
    },
  );

  test('goes on behind a message that is too long', () => {
    const long = protobufOf(requestOf({ name: 'x'.repeat(5000) }));
    const bytes = Buffer.concat([length32(message), length32(long), length32(message)]);
    for (const size of [7, 100, 5000, 100_000]) {
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
      const { rows, rejected, lines } = decodeRows(makeProto('length32', 1000), chunks);
      expect(rows.map(({ line }) => line)).toEqual([1, 3]);
      expect(rejected.map(({ code, line }) => [code, line])).toEqual([['line-too-long', 2]]);
      expect(lines).toBe(3);
    }
  });

  test('of a request without records, or of metrics, is one of other matters', () => {
    const metric = field(1, field(2, field(2, field(1, Buffer.from('http.server.duration')))));
    for (const bytes of [field(1, field(2)), metric]) {
      expect(decodeProto(bytes)).toMatchObject({ rows: [{ entries: [] }], rejected: [] });
    }
  });
});

test('a span whose id was taken for base64 once is repaired', () => {
  const broken = Buffer.from(PLAIN_SPAN.traceId, 'base64').toString('hex');
  expect(broken).toHaveLength(48);
  const { rows } = decodeProto(protobufOf(requestOf({ traceId: broken })));
  expect(fieldsOf(rows[0]!).trace_id).toBe(PLAIN_SPAN.traceId);
});
