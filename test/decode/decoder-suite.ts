import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Decoder, PathTree } from '../../src/decode/index.ts';
import { EntryKind, type RecordBatch, type Rejected } from '../../src/model/index.ts';
import { runs } from '../fuzz.ts';

export type MakeDecoder = (paths: PathTree, options: { maxLineBytes: number }) => Decoder;

export interface DecodedEntry {
  path: string;
  value: string | number | boolean | null;
  inner: boolean;
}

export interface DecodedRow {
  line: number;
  entries: DecodedEntry[];
}

export interface Decoded {
  rows: DecodedRow[];
  rejected: Rejected[];
  lines: number;
  blank: number;
}

const utf8 = new TextDecoder();

export function entriesOf(batch: RecordBatch, row: number, paths: PathTree): DecodedEntry[] {
  const entries: DecodedEntry[] = [];
  for (let e = batch.entryStart[row]!; e < batch.entryStart[row + 1]!; e += 1) {
    const buffer = batch.inScratch[e] ? batch.scratch : batch.bytes;
    const text = utf8.decode(buffer.subarray(batch.start[e], batch.end[e]));
    const value =
      batch.kind[e] === EntryKind.string
        ? text
        : batch.kind[e] === EntryKind.number
          ? Number(text)
          : batch.kind[e] === EntryKind.null
            ? null
            : batch.kind[e] === EntryKind.true;
    entries.push({
      path: paths.segments(batch.path[e]!).join('.'),
      value,
      inner: batch.inner[e] === 1,
    });
  }
  return entries;
}

/** Decodes the chunks and copies everything out of the batches. */
export function decodeAll(
  make: MakeDecoder,
  chunks: readonly Uint8Array[],
  options: { maxLineBytes?: number; wants?: (path: readonly string[]) => boolean } = {},
): Decoded {
  const paths = new PathTree(options.wants ?? (() => true));
  const decoder = make(paths, { maxLineBytes: options.maxLineBytes ?? 1 << 20 });
  const rows: DecodedRow[] = [];
  const rejected: Rejected[] = [];
  const sink = {
    records(batch: RecordBatch) {
      for (let row = 0; row < batch.rows; row += 1) {
        rows.push({ line: batch.line[row]!, entries: entriesOf(batch, row, paths) });
      }
    },
    rejected: (line: Rejected) => rejected.push(line),
  };
  for (const chunk of chunks) decoder.feed(chunk, sink);
  decoder.end(sink);
  return { rows, rejected, lines: decoder.lines, blank: decoder.blank };
}

const utf8Bytes = (text: string) => new TextEncoder().encode(text);

/** Cuts the bytes at the given places. */
export function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const cuts = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort(
    (a, b) => a - b,
  );
  const chunks: Uint8Array[] = [];
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    chunks.push(bytes.slice(from, cut));
    from = cut;
  }
  return chunks;
}

/** The scalars of a parsed value by dotted path: what a decoder that wants everything must find. */
function flatten(value: unknown, path: readonly string[], into: DecodedEntry[]): DecodedEntry[] {
  if (Array.isArray(value)) for (const item of value) flatten(item, path, into);
  else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) {
      flatten(item, [...path, key], into);
    }
  } else into.push({ path: path.join('.'), value: value as string, inner: false });
  return into;
}

const byPath = (a: DecodedEntry, b: DecodedEntry) =>
  a.path < b.path ? -1 : a.path > b.path ? 1 : 0;

/** The contract every NDJSON decoder fulfils. */
export function decoderSuite(name: string, make: MakeDecoder): void {
  const decode = (text: string, options = {}) => decodeAll(make, [utf8Bytes(text)], options);
  const firstRow = (text: string) =>
    Object.fromEntries(decode(text).rows[0]!.entries.map((e) => [e.path, e.value]));

  describe(`${name}: records`, () => {
    test.each([
      ['nested objects', '{"a":{"b":{"c":1}}}', { 'a.b.c': 1 }],
      ['flat dotted keys', '{"log.level":"info"}', { 'log.level': 'info' }],
      ['numbers as JSON writes them', '{"a":-1.5e+3,"b":0,"c":1e2}', { a: -1500, b: 0, c: 100 }],
      ['literals', '{"a":true,"b":false,"c":null}', { a: true, b: false, c: null }],
      ['escapes in values', String.raw`{"a":"x\"\\\/\b\f\n\r\té😀"}`, { a: 'x"\\/\b\f\n\r\té😀' }],
      ['escapes in keys', String.raw`{"tr\u0061ce":1}`, { trace: 1 }],
      ['a lone surrogate as U+FFFD', String.raw`{"a":"\ud83dx"}`, { a: '\ufffdx' }],
      ['Chinese text', '{"消息":"二维码已过期"}', { 消息: '二维码已过期' }],
      ['the last of duplicate keys last', '{"a":1,"a":2}', { a: 2 }],
      ['an empty object', '{}', {}],
      ['blanks between tokens', ' { "a" : [ ] , "b" : { } , "c" : 1 } ', { c: 1 }],
    ])('%s', (_, line, expected) => {
      expect(firstRow(line)).toEqual(expected);
    });

    test('array elements share the path of their array', () => {
      expect(
        decode('{"a":[1,[2],{"b":3}]}').rows[0]!.entries.map((e) => [e.path, e.value]),
      ).toEqual([
        ['a', 1],
        ['a', 2],
        ['a.b', 3],
      ]);
    });

    test('only wanted paths are handed on', () => {
      const { rows } = decode('{"a":1,"b":{"c":"x","d":"y"}}', {
        wants: (path: readonly string[]) => path.join('.') === 'b.d',
      });
      expect(rows[0]!.entries).toEqual([{ path: 'b.d', value: 'y', inner: false }]);
    });

    test.each(['message', 'msg', 'log', 'body'])(
      'JSON inside %s is read one level down',
      (field) => {
        const inner = JSON.stringify({ level: 'info', msg: JSON.stringify({ deep: 1 }) });
        const { rows } = decode(`${JSON.stringify({ [field]: inner, outer: 'x' })}\n`);
        expect(rows[0]!.entries).toEqual([
          { path: field, value: inner, inner: false },
          { path: 'outer', value: 'x', inner: false },
          { path: 'level', value: 'info', inner: true },
          { path: 'msg', value: '{"deep":1}', inner: true },
        ]);
      },
    );

    test('a row knows where its record stands', () => {
      const texts: string[] = [];
      const decoder = make(new PathTree(() => true), { maxLineBytes: 100 });
      decoder.feed(utf8Bytes('\ufeff{"a":1}\n\n{"b":"二"}\n'), {
        records(batch) {
          for (let row = 0; row < batch.rows; row += 1) {
            texts.push(utf8.decode(batch.bytes.subarray(batch.rowStart[row], batch.rowEnd[row])));
          }
        },
        rejected() {},
      });
      expect(texts).toEqual(['{"a":1}', '{"b":"二"}']);
    });

    test('text that only looks like JSON stays text', () => {
      expect(firstRow(String.raw`{"message":"{\"a\":1"}`)).toEqual({ message: '{"a":1' });
    });
  });

  describe(`${name}: lines`, () => {
    test('CRLF, a byte order mark, blank lines and a missing last newline', () => {
      const decoded = decode('\ufeff{"a":1}\r\n\r\n  \n{"a":2}');
      expect(decoded.rows.map((row) => row.line)).toEqual([1, 4]);
      expect(decoded).toMatchObject({ lines: 4, blank: 2, rejected: [] });
    });

    test('invalid UTF-8 inside a string reads as U+FFFD', () => {
      const bytes = new Uint8Array([...utf8Bytes('{"a":"x'), 0xff, 0xc3, ...utf8Bytes('"}')]);
      expect(decodeAll(make, [bytes]).rows[0]!.entries[0]!.value).toBe('x\ufffd\ufffd');
    });

    test.each([
      ['plain text', 'starting server', 'not-json'],
      ['an array', '[1,2]', 'not-object'],
      ['a number', '12', 'not-object'],
      ['a cut-off record', '{"a":"b', 'not-json'],
      ['something behind the record', '{"a":1} x', 'not-json'],
      ['a bare key', '{a:1}', 'not-json'],
      ['a trailing comma', '{"a":1,}', 'not-json'],
      ['a leading zero', '{"a":01}', 'not-json'],
      ['a raw control character', '{"a":"\u0001"}', 'not-json'],
      ['an unknown escape', String.raw`{"a":"\x"}`, 'not-json'],
      ['depth over 64', `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`, 'too-deep'],
      ['arrays over 64', `{"a":${'['.repeat(100)}${']'.repeat(100)}}`, 'too-deep'],
    ])('%s is rejected and hides no other line', (_, line, code) => {
      const decoded = decode(`{"n":1}\n${line}\n{"n":3}\n`);
      expect(decoded.rejected.map((r) => [r.line, r.code])).toEqual([[2, code]]);
      expect(decoded.rows.map((row) => row.line)).toEqual([1, 3]);
    });

    test('depth of 64 is read', () => {
      expect(decode(`${'{"a":'.repeat(64)}1${'}'.repeat(64)}`).rows).toHaveLength(1);
    });

    test('a line over the limit is rejected wherever the chunks are cut', () => {
      const bytes = utf8Bytes(`{"n":1}\n{"a":"${'x'.repeat(200)}"}\n{"n":3}\n`);
      for (let cut = 0; cut <= bytes.length; cut += 1) {
        const decoded = decodeAll(make, cutAt(bytes, [cut]), { maxLineBytes: 100 });
        expect(decoded.rejected.map((r) => [r.line, r.code])).toEqual([[2, 'line-too-long']]);
        expect(decoded.rows.map((row) => row.line)).toEqual([1, 3]);
      }
    });
  });

  describe(`${name}: properties`, () => {
    const record = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }));
    const line = fc.oneof(
      { weight: 4, arbitrary: record.map((value) => JSON.stringify(value)) },
      fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\n', '')),
      record.chain((value) => {
        const text = JSON.stringify(value);
        return fc.nat(text.length).map((cut) => text.slice(0, cut));
      }),
    );

    test('accepts and flattens as JSON.parse does', () => {
      fc.assert(
        fc.property(record, (value) => {
          const text = JSON.stringify(value);
          const entries = decode(text).rows[0]!.entries.filter((entry) => !entry.inner);
          const expected = flatten(JSON.parse(text), [], []);
          expect(entries.sort(byPath)).toEqual(expected.sort(byPath));
        }),
        { numRuns: runs(500) },
      );
    });

    test('refuses what JSON.parse refuses', () => {
      fc.assert(
        fc.property(line, fc.nat(), fc.nat(255), (text, place, byte) => {
          const bytes = utf8Bytes(text);
          if (bytes.length > 0) bytes[place % bytes.length] = byte;
          const mutated = utf8.decode(bytes);
          if (bytes.includes(10) || /^\ufeff?[ \t\r]*$/.test(mutated)) return;
          let parsed: unknown;
          try {
            parsed = JSON.parse(mutated.replace(/^\ufeff/, ''));
          } catch {
            parsed = undefined;
          }
          const isRecord = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
          const decoded = decodeAll(make, [bytes]);
          expect(decoded.rows).toHaveLength(isRecord ? 1 : 0);
          expect(decoded.rejected).toHaveLength(isRecord ? 0 : 1);
        }),
        { numRuns: runs(2000) },
      );
    });

    test('where the chunks are cut makes no difference', () => {
      fc.assert(
        fc.property(fc.array(line), fc.array(fc.nat()), (texts, cuts) => {
          const bytes = utf8Bytes(texts.join('\n'));
          expect(decodeAll(make, cutAt(bytes, cuts))).toEqual(decodeAll(make, [bytes]));
        }),
        { numRuns: runs(500) },
      );
    });

    test('every line is a record, rejected or blank', () => {
      fc.assert(
        fc.property(fc.array(line), (texts) => {
          const decoded = decode(texts.join('\n'));
          expect(decoded.rows.length + decoded.rejected.length + decoded.blank).toBe(decoded.lines);
        }),
        { numRuns: runs(500) },
      );
    });
  });
}
