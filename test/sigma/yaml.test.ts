import { describe, expect, test } from 'vitest';
import type { Problem } from '../../src/model/index.ts';
import { createReporter, plainOf, readYaml } from '../../src/sigma/index.ts';

function read(text: string) {
  const problems: Problem[] = [];
  const nodes = readYaml(text, createReporter('f.yml', text, problems));
  return { values: nodes.map(plainOf), problems };
}

test('documents, anchors and scalars of YAML 1.2', () => {
  const { values, problems } = read(`
a: &x [1, 1.5, true, no, null, ~, 0x10, '2026-11-23', 2026-11-23]
b: *x
---
---
c: |
  two
  lines
`);
  const list = [1, 1.5, true, 'no', null, null, 16, '2026-11-23', '2026-11-23'];
  expect(problems).toEqual([]);
  expect(values).toEqual([{ a: list, b: list }, { c: 'two\nlines\n' }]);
});

describe('refused, in bounded time', () => {
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x]',
    ...[...'bcdefghi'].map((name, i) => {
      const before = 'abcdefgh'[i];
      return `${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`;
    }),
  ].join('\n');

  test.each<[name: string, text: string, code: string]>([
    ['billions of laughs', bomb, 'yaml-alias-bomb'],
    ['an anchor in itself', 'a: &a [*a]', 'yaml-too-deep'],
    ['many aliases', `a: &a x\nb: [${Array(200).fill('*a').join(', ')}]`, 'yaml-alias-bomb'],
    ['an unknown alias', 'a: *b', 'yaml-syntax'],
    ['brackets without end', '['.repeat(30_000), 'yaml-too-deep'],
    ['deep brackets', `${'['.repeat(5000)}${']'.repeat(5000)}`, 'yaml-too-deep'],
    ['deep dashes', '- '.repeat(20_000), 'yaml-too-deep'],
    ['deep keys', `${'{a: '.repeat(500)}1${'}'.repeat(500)}`, 'yaml-too-deep'],
    ['a key twice', 'a: 1\na: 2', 'yaml-syntax'],
    ['a tag', 'a: !!js/function x', 'yaml-syntax'],
    ['a merge key', 'a: &a {b: 1}\nc: {<<: *a}', 'yaml-merge-key'],
    ['a map as key', '{[a]: b}', 'yaml-key'],
    ['tabs', 'a:\n\tb: c', 'yaml-syntax'],
    ['an open quote', 'a: "b', 'yaml-syntax'],
    ['over 32 MiB', `a: ${'x'.repeat(33 * 1024 * 1024)}`, 'yaml-too-large'],
  ])('%s', (_, text, code) => {
    const { problems } = read(text);
    expect(problems.map((problem) => problem.code)).toContain(code);
  });
});

test('a broken document does not hide the others', () => {
  const { values, problems } = read('a: [1\n---\nb: 2\n');
  expect(values).toContainEqual({ b: 2 });
  expect(problems).toMatchObject([{ code: 'yaml-syntax' }]);
});

test('keys cannot reach a prototype', () => {
  const { values } = read('__proto__: {polluted: true}\nconstructor: 1');
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(Object.keys(values[0] as object)).toEqual(['__proto__', 'constructor']);
});

describe('snippets', () => {
  const report = (text: string, start: number, end: number) => {
    const problems: Problem[] = [];
    createReporter('f.yml', text, problems).error({ start, end }, 'c', 'm', 'h');
    return problems[0];
  };

  test('a caret stands below the place', () => {
    const text = 'first\nkey: value # note\nlast';
    expect(report(text, 11, 16)).toEqual({
      file: 'f.yml',
      line: 2,
      column: 6,
      severity: 'error',
      code: 'c',
      message: 'm',
      hint: 'h',
      snippet: '2 | key: value # note\n  |      ^^^^^',
    });
  });

  test('wide characters take two columns', () => {
    expect(report('标题: 登录失败', 4, 8).snippet).toBe('1 | 标题: 登录失败\n  |       ^^^^^^^^');
  });

  test('control characters are taken out', () => {
    expect(report('a: \x1b[31m', 3, 4).snippet).toBe('1 | a:  [31m\n  |    ^');
  });

  test('a long line is cut around the place', () => {
    const { snippet, column } = report(`${'x'.repeat(500)}HERE${'y'.repeat(500)}`, 500, 504);
    const [line, carets] = (snippet as string).split('\n');
    expect(column).toBe(501);
    expect(line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('HERE');
    expect(line.length).toBeLessThan(140);
  });
});
