import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formOf } from '../../src/decode/form.ts';
import { runs } from '../fuzz.ts';
import { decodeForms, decodeText, utf8 } from './decoded.ts';
import { cutAt } from './decoder-suite.ts';

describe('the form of a stream', () => {
  test.each([
    ['JSON lines', '{"a":1}\n{"b":2}\n', 'lines'],
    ['text', '2026-11-26 10:00:00 INFO x\n', 'lines'],
    ['text that begins with a bracket', '[2026-11-26 10:00:00] x\n', 'lines'],
    ['a pretty-printed object', '{\n  "a": 1\n}\n', 'values'],
    ['a pretty-printed array', '[\n  {\n    "a": 1\n  }\n]\n', 'values'],
    ['an array on one line', '[{"a":1},{"a":2}]', 'values'],
    ['an object laid out by hand', '{"a": 1,\n "b": 2}', 'values'],
    ['a broken first line of many', '{"a": 1,\n{"b":2}\n', 'lines'],
    ['nothing', '', 'lines'],
    ['a byte order mark and blanks', '\ufeff\r\n \n{\n"a":1}', 'values'],
  ])('%s', (_, text, form) => {
    expect(formOf(utf8(text), true)).toBe(form);
  });

  test('of a few broken lines is never that of a message', () => {
    const lines = ['', '{', '[]', 'null', '{"msg":', '\0', '{"x":1}'];
    let logs = [''];
    for (let length = 1; length <= 5; length += 1) {
      logs = logs.flatMap((log) => lines.map((line) => `${log}${line}\n`));
      expect(logs.filter((log) => formOf(utf8(log), true)?.startsWith('otlp'))).toEqual([]);
    }
  });

  test('never changes when more bytes come', () => {
    const text = fc.stringMatching(/^[{[}\]",:a1 \n\t]{0,40}$/);
    fc.assert(
      fc.property(text, fc.nat(), (head, cut) => {
        const bytes = utf8(head);
        const early = formOf(bytes.subarray(0, cut % (bytes.length + 1)), false);
        if (early !== undefined) expect(formOf(bytes, true)).toBe(early);
      }),
      { numRuns: runs(3000) },
    );
  });
});

const RECORDS = [{ a: 1, b: { c: ['x', '}{]['] } }, { a: 2 }, { a: 3, text: 'quoted \\" \n {' }];

describe('values that are spread over lines', () => {
  test.each([
    [
      'one after the other',
      'json-document',
      RECORDS.map((value) => JSON.stringify(value, null, 2)).join('\n'),
    ],
    ['an array', 'json-array', JSON.stringify(RECORDS, null, 2)],
    [
      'an array of arrays',
      'json-array',
      JSON.stringify([RECORDS.slice(0, 2), RECORDS.slice(2)], null, '\t'),
    ],
    ['an array on one line', 'json-array', JSON.stringify(RECORDS)],
    [
      'several arrays',
      'json-array',
      RECORDS.map((value) => JSON.stringify([value], null, 1)).join('\n'),
    ],
  ])('%s', (_, form, text) => {
    const { rows, rejected, forms, lines, blank, joined } = decodeText(text);
    expect(rows.map(({ fields }) => fields.a)).toEqual([1, 2, 3]);
    expect(rejected).toEqual([]);
    expect(forms).toEqual({ [form]: 3 });
    expect({ lines, blank }).toEqual({ lines: text.split('\n').length, blank: 0 });
    expect(joined).toBeLessThan(lines);
  });

  test('one that is cut off hides no other', () => {
    const [first, second, third] = RECORDS.map((value) => JSON.stringify(value, null, 2));
    const { rows, rejected } = decodeText([first, second!.slice(0, 6), third].join('\n'));
    expect(rows.map(({ fields }) => fields.a)).toEqual([1, 3]);
    expect(rejected).toMatchObject([{ code: 'not-json' }]);
  });

  test('words between them are counted', () => {
    const { rows, rejected } = decodeText('{\n"a":1}\nwords here {"a":9}\n{"a":2}\n');
    expect(rows.map(({ fields }) => fields.a)).toEqual([1, 2]);
    expect(rejected).toMatchObject([{ line: 3, code: 'not-json' }]);
  });

  const text = fc
    .array(
      fc.oneof(
        fc.constantFrom(...RECORDS.map((value) => JSON.stringify(value, null, 2))),
        fc.constantFrom(JSON.stringify(RECORDS, null, 2), JSON.stringify(RECORDS), '', '  ', '[]'),
        fc.stringMatching(/^[{[}\]",:a1 \n]{0,12}$/),
      ),
    )
    .map((parts) => `[\n{\n"a":0}]\n${parts.join('\n')}`);

  test('where the chunks are cut makes no difference', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat()), (whole, cuts) => {
        const bytes = utf8(whole);
        expect(decodeForms(cutAt(bytes, cuts))).toEqual(decodeForms([bytes]));
      }),
      { numRuns: runs(500) },
    );
  });

  test('conserving: no line is counted twice or not at all', () => {
    fc.assert(
      fc.property(text, (whole) => {
        const { lines, blank, joined, rows, rejected } = decodeText(whole);
        const lost = new Set(rejected.filter((one) => one.within !== true).map(({ line }) => line));
        const carrying = new Set(rows.map(({ line }) => line));
        expect(lines).toBe(whole.split('\n').length - (whole.endsWith('\n') ? 1 : 0));
        for (const line of lost) expect(carrying.has(line)).toBe(false);
        expect(blank + joined + lost.size + carrying.size).toBe(lines);
      }),
      { numRuns: runs(2000), examples: [['[\n{\n"a":0}]\n{]{}']] },
    );
  });
});
