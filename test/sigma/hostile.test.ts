import { describe, expect, test } from 'vitest';
import { jsonRecord } from '../../src/sigma/index.ts';
import { compile, readDetection } from './rules.ts';

// Whatever here took more than its length would run into the limit of every test.

const MEGABYTE = 1_000_000;

describe('regular expressions that make others hang', () => {
  test.each([
    ['^(a+)+$', []],
    ['(a|aa)+$', []],
    ['(a*)*b', []],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', []],
    ['(.*a){20}', [0]],
  ])('%s', (pattern, matching) => {
    const index = compile(JSON.stringify({ s: { 'm|re': pattern }, condition: 's' }));
    const record = jsonRecord({ m: `${'a'.repeat(MEGABYTE)}!` });
    expect(index.match(record)).toEqual(matching);
  });

  test('programs that would be too large are refused', () => {
    for (const pattern of ['((a{0,100}){0,100}){0,100}', '(\\pL{1,500}){2}'.repeat(30)]) {
      const { problems } = readDetection(
        JSON.stringify({ s: { 'm|re': pattern }, condition: 's' }),
      );
      expect(problems).toMatchObject([{ code: 'regex-syntax' }]);
    }
  });
});

test('a message of one megabyte against many kinds of leaves', () => {
  const index = compile(
    JSON.stringify({
      s: {
        'm|contains': Array.from({ length: 1000 }, (_, i) => `needle number ${i}`),
        'm|re': ['timed? out after \\d+ms', '\\d{4}-\\d\\d'],
        'm|startswith': 'x',
      },
      k: ['*a*b*c*d*e*f*g?h*', 'pool?exhausted'],
      condition: 's or k',
    }),
  );
  for (const piece of ['a', 'needle number ', '二维码', 'abcdefg', '\u0130\u03a3']) {
    const text = piece.repeat(MEGABYTE / piece.length);
    expect(index.match(jsonRecord({ m: text }))).toEqual([]);
  }
  const hit = `${'needle number '.repeat(50_000)}POOL-EXHAUSTED`;
  expect(index.match(jsonRecord({ m: hit }))).toEqual([0]);
});

describe('a rule with ten thousand values', () => {
  const list = Array.from({ length: 10_000 }, (_, i) => `value-${i}-${'x'.repeat(i % 20)}`);

  test.each(['f', 'f|contains', 'f|endswith', 'f|cased', 'f|startswith|cased'])('%s', (key) => {
    const yaml = JSON.stringify({ s: { [key]: list }, condition: 's' });
    const index = compile(yaml);
    const last = list[9_999];
    expect(index.match(jsonRecord({ f: last }))).toEqual([0]);
    expect(index.match(jsonRecord({ f: 'value-' }))).toEqual([]);
    for (let i = 0; i < 20_000; i++) index.leavesOf('f', `value-${i} and more of it`);
  });

  test('as a block list', () => {
    const yaml = `s:\n  f:\n${list.map((value) => `    - '${value}'`).join('\n')}\ncondition: s\n`;
    const index = compile(yaml);
    expect(index.match(jsonRecord({ f: list[5000] }))).toEqual([0]);
  });
});

test('needles inside needles do not multiply the work', () => {
  const needles = Array.from({ length: 300 }, (_, i) => 'a'.repeat(i + 1));
  const index = compile(
    ...needles.map((needle) => JSON.stringify({ s: { 'f|contains': needle }, condition: 's' })),
  );
  expect(index.match(jsonRecord({ f: 'a'.repeat(200_000) }))).toHaveLength(300);
});

test('a thousand comparisons and networks on one field', () => {
  const index = compile(
    ...Array.from({ length: 1000 }, (_, i) =>
      JSON.stringify({ s: { 'n|gt': i, 'n|lte': i + 1 }, condition: 's' }),
    ),
    ...Array.from({ length: 256 }, (_, i) =>
      JSON.stringify({ s: { 'a|cidr': `10.${i}.0.0/16` }, condition: 's' }),
    ),
  );
  expect(index.match(jsonRecord({ n: 500, a: '10.9.8.7' }))).toEqual([499, 1009]);
});
