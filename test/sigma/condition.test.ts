import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonRecord } from '../../src/sigma/index.ts';
import { runs } from '../fuzz.ts';
import { compile, readDetection } from './rules.ts';

const PARTS = `
a: {f: a}
b: {f: b}
c_1: {f: c1}
c_2: {f: c2}
_d: {f: d}
`;

function matches(condition: string, values: readonly string[]): boolean {
  const index = compile(`${PARTS}condition: ${condition}`);
  return index.match(jsonRecord({ f: values })).length === 1;
}

describe('operators and selectors', () => {
  test.each<[condition: string, values: string[], expected: boolean]>([
    ['a', ['a'], true],
    ['a and b', ['a'], false],
    ['a or b', ['b'], true],
    ['not a', ['b'], true],
    ['not not a', ['a'], true],
    ['a or b and c_1', ['a'], true],
    ['(a or b) and c_1', ['a'], false],
    ['not a and b', ['b'], true],
    ['not (a and b)', ['b'], true],
    ['not a or b', ['a', 'b'], true],
    ['1 of c_*', ['c2'], true],
    ['any of c_*', ['c2'], true],
    ['all of c_*', ['c2'], false],
    ['all of c_*', ['c1', 'c2'], true],
    ['not 1 of c_*', ['c2'], false],
    ['a and not 1 of c_*', ['a'], true],
    ['1 of them', ['d'], false],
    ['1 of them', ['c2'], true],
    ['all of them', ['a', 'b', 'c1', 'c2'], true],
    ['1 of _*', ['d'], true],
    ['1 of *_1', ['c1'], true],
    ['1 of c*1', ['c2'], false],
    ['1 of a', ['a'], true],
    ['[a, b]', ['b'], true],
    ['[a, b]', ['c1'], false],
    ['"\\n  a\\n  or b"', ['b'], true],
  ])('%s on %j: %s', (condition, values, expected) => {
    expect(matches(condition, values)).toBe(expected);
  });
});

describe('what is wrong is reported in its place', () => {
  test.each<[condition: string, column: number, message: string, hint?: string]>([
    [
      'a and c_3',
      18,
      'the condition names "c_3", but there is no such part of the detection',
      'did you mean "c_1"?',
    ],
    ['a AND b', 14, '"AND" cannot follow here', 'did you mean "and"?'],
    [
      'NOT a',
      12,
      'the condition names "NOT", but there is no such part of the detection',
      'operators are written in lower case: "not"',
    ],
    ['a b', 14, '"b" cannot follow here', 'join the parts with "and" or "or"'],
    ['2 of c_*', 12, '"2 of" cannot be counted', 'only "1 of", "any of" and "all of" are known'],
    ['1 of e_*', 17, '"1 of e_*" chooses nothing: no part of the detection has such a name'],
    ['1 of', 14, '"1 of" needs "them" or a name with *'],
    ['c_*', 12, 'pattern "c_*" needs a selector', 'write "1 of c_*" or "all of c_*"'],
    ['(a or b', 12, 'this parenthesis is never closed'],
    ['a or b)', 18, 'this parenthesis was never opened'],
    ['a and', 16, 'the condition ends too early'],
    ['and a', 12, '"and" cannot stand here'],
    ['a and or b', 18, '"or" cannot stand here'],
    ["''", 12, 'the condition is empty'],
    ['a & b', 14, '"&" has no meaning in a condition'],
    [
      'a | count() > 5',
      14,
      'pipe aggregations are not supported',
      'count with a correlation document (type: event_count)',
    ],
    ["'a or zz'", 18, 'the condition names "zz", but there is no such part of the detection'],
    ['[]', 12, 'the list of conditions is empty'],
    ['{a: b}', 12, 'a condition must be a text'],
  ])('%s', (condition, column, message, hint) => {
    const { detection, problems } = readDetection(`${PARTS}condition: ${condition}`);
    const errors = problems.filter(({ severity }) => severity === 'error');
    expect(detection).toBeUndefined();
    expect(errors.map((p) => [p.line, p.column, p.message, p.hint])).toEqual([
      [7, column, message, hint],
    ]);
  });

  test.each<[yaml: string, message: string]>([
    ['a: {f: x}', '"detection" has no condition'],
    ['[a]', '"detection" must be a map of named parts and a condition'],
    ['a: []\ncondition: a', 'the list is empty: it could never match'],
    ['a: {}\ncondition: a', 'the map is empty: it would match everything'],
    ['a: [[b]]\ncondition: a', 'a list cannot stand inside a list'],
    ['a.b: {f: x}\nc: {f: y}\ncondition: c', '"a.b" cannot be named in a condition'],
    ['timeframe: 5m\na: {f: x}\ncondition: a', '"timeframe" is not supported'],
  ])('%j', (yaml, message) => {
    const { problems } = readDetection(yaml);
    const errors = problems.filter(({ severity }) => severity === 'error');
    expect(errors.map((problem) => problem.message)).toEqual([message]);
  });

  test('a part that the condition leaves out is a warning', () => {
    const { detection, problems } = readDetection('a: {f: x}\nb: {f: y}\n_c: {f: z}\ncondition: a');
    expect(detection).toBeDefined();
    expect(problems).toMatchObject([
      { line: 2, column: 1, severity: 'warning', code: 'unused-identifier' },
    ]);
  });

  test('parentheses without end are refused, not followed', () => {
    const { problems } = readDetection(`a: x\ncondition: ${'('.repeat(50_000)}a`);
    expect(problems).toMatchObject([{ message: 'too many parentheses inside each other' }]);
  });
});

type Tree = string | readonly ['and' | 'or', Tree, Tree] | readonly ['not', Tree];

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom('a', 'b', 'c_1'),
    fc.tuple(fc.constantFrom('and', 'or'), tie('tree'), tie('tree')),
    fc.tuple(fc.constant('not'), tie('tree')),
  ),
}));

/** Written with the fewest parentheses that keep its meaning, or with all of them. */
function written(node: Tree, outer: number, everywhere: boolean): string {
  if (typeof node === 'string') return node;
  const strength = { or: 1, and: 2, not: 3 }[node[0]];
  const text =
    node[0] === 'not'
      ? `not ${written(node[1], 3, everywhere)}`
      : [node[1], node[2]].map((part) => written(part, strength, everywhere)).join(` ${node[0]} `);
  return everywhere || strength < outer ? `(${text})` : text;
}

function truth(node: Tree, values: readonly string[]): boolean {
  if (typeof node === 'string') return values.includes(node === 'c_1' ? 'c1' : node);
  if (node[0] === 'not') return !truth(node[1], values);
  const [left, right] = [truth(node[1], values), truth(node[2], values)];
  return node[0] === 'and' ? left && right : left || right;
}

test('conditions mean what they say, however they are parenthesised', () => {
  fc.assert(
    fc.property(tree, fc.subarray(['a', 'b', 'c1']), fc.boolean(), (node, values, everywhere) => {
      expect(matches(written(node, 0, everywhere), values)).toBe(truth(node, values));
    }),
    { numRuns: runs(500) },
  );
});
