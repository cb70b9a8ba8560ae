import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fold } from '../../src/sigma/fold.ts';
import { compileRegex } from '../../src/sigma/regex.ts';
import { requirementOf } from '../../src/sigma/required-literal.ts';
import { runs } from '../fuzz.ts';

test.each<[pattern: string, caseless: boolean, literals: string[] | undefined]>([
  ['timeout', false, ['timeout']],
  ['TimeOut', false, ['timeout']],
  ['^a.*exhausted$', false, ['exhausted']],
  ['connection (refused|reset)', false, ['connection refused', 'connection reset']],
  ['(refused|reset) by peer', false, ['refused by peer', 'reset by peer']],
  ['foo|ba+r', false, ['foo', 'b']],
  ['foo|.*', false, undefined],
  ['colou?r', false, ['color', 'colour']],
  ['a{2,}bcd', false, ['bcd']],
  ['(abc){0,3}d', false, ['d']],
  ['(?:abc)+', false, ['abc']],
  ['[Tt]imed[ _]out', false, ['timed out', 'timed_out']],
  ['[^a]bc', false, ['bc']],
  ['\\d+ms', false, ['ms']],
  ['a\\.b\\/c', false, ['a.b/c']],
  ['\\x41bc', false, ['abc']],
  ['(?i)Kiss', false, ['kiss']],
  ['(?i:Ab)C', false, ['abc']],
  ['(?i)Ärger', false, ['rger']],
  ['Ärger', false, ['ärger']],
  ['二维码(已)?过期', false, ['二维码过期', '二维码已过期']],
  ['\\p{Han}登录', false, undefined],
  ['😀登录', false, ['登录']],
  ['[[:alpha:]]xyz', false, ['xyz']],
  ['.*', false, undefined],
  ['', false, undefined],
  ['(?P<name>abc)', false, ['abc']],
  // The rarer of two: these words stand in every other line of a log of logins.
  ['callback state .* bad', false, [' bad']],
  ['qrcode\\w+失败', false, ['失败']],
  // A single character is not looked for.
  ['qr\\d+码', false, ['qr']],
])('/%s/ needs one of %j', (pattern, caseless, literals) => {
  const found = requirementOf(pattern, caseless).needles;
  expect(found && [...found].sort()).toEqual(literals?.sort());
});

test.each<[pattern: string, also: string[][]]>([
  ['(invalid|wrong) \\w+ state', [[' state']]],
  ['state .* (not|un)known', [['state ']]],
  ['a(foo.*bar)+baz', [['bar'], ['baz']]],
  ['(foo.*bar)?baz', []],
  ['(foo.*bar|baz)qux', [['qux']]],
])('/%s/ needs %j as well', (pattern, also) => {
  expect(requirementOf(pattern, false).also).toEqual(also);
});

const { node } = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(
      'a',
      'B',
      'k',
      'S',
      'ß',
      'Σ',
      '中',
      '.',
      '[ab]',
      '[^a]',
      '\\d',
      '\\.',
      '^',
      '$',
    ),
    fc.tuple(tie('node'), tie('node')).map(([a, b]) => a + b),
    fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(?:${a}|${b})`),
    fc
      .tuple(tie('node'), fc.constantFrom('*', '+', '?', '{2}', '{0,2}', '{1,}?', '*?'))
      .map(([a, times]) => `(${a})${times}`),
    tie('node').map((a) => `(?i)${a}`),
    tie('node').map((a) => `(?i:${a})`),
  ),
}));
const text = fc.string({
  unit: fc.constantFrom(
    'a',
    'A',
    'b',
    'k',
    '\u212a',
    's',
    '\u017f',
    'ß',
    'σ',
    'ς',
    'Σ',
    '中',
    '.',
    '1',
  ),
  maxLength: 12,
});

test('whatever matches has one of the literals', () => {
  fc.assert(
    fc.property(
      node,
      fc.boolean(),
      fc.array(text, { maxLength: 20 }),
      (pattern, caseless, texts) => {
        const regex = compileRegex(pattern, { caseless, multiline: false, dotAll: false });
        if (!('test' in regex) || regex.needles === undefined) return;
        for (const one of texts) {
          if (!regex.test(one)) continue;
          const folded = fold(one);
          expect(
            regex.needles.some((needle) => folded.includes(needle)),
            one,
          ).toBe(true);
          for (const set of regex.also) {
            expect(
              set.some((literal) => folded.includes(literal)),
              one,
            ).toBe(true);
          }
        }
      },
    ),
    { numRuns: runs(3000) },
  );
});
