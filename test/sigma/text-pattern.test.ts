import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fold } from '../../src/sigma/fold.ts';
import {
  ANY_CHARACTER,
  ANY_TEXT,
  compilePattern,
  matchesPattern,
  parsePattern,
  type TextPattern,
} from '../../src/sigma/text-pattern.ts';
import { runs } from '../fuzz.ts';
import { holds } from './rules.ts';

const S: typeof ANY_TEXT = ANY_TEXT;
const Q: typeof ANY_CHARACTER = ANY_CHARACTER;

test.each<[string, TextPattern]>([
  ['', []],
  ['plain', ['plain']],
  ['wild*cards?contained', ['wild', S, 'cards', Q, 'contained']],
  [String.raw`escaped\*\?\\*?`, ['escaped*?\\', S, Q]],
  [String.raw`escaped\nonspecial`, [String.raw`escaped\nonspecial`]],
  [String.raw`final\ `.trimEnd(), ['final\\']],
  [String.raw`a\*b`, ['a*b']],
  [String.raw`a\\*b`, ['a\\', S, 'b']],
  [String.raw`a\\\*b`, ['a\\*b']],
  [String.raw`a\\b`, [String.raw`a\b`]],
  [String.raw`a\\\b`, [String.raw`a\\b`]],
  [String.raw`a\\\\b`, [String.raw`a\\b`]],
  [String.raw`\\\\*`, [String.raw`\\`, S]],
  ['***', [S]],
  ['??', [Q, Q]],
  ['*?*', [S, Q, S]],
])('%j is read as its pieces', (source, pieces) => {
  expect(parsePattern(source)).toEqual(pieces);
});

describe('the whole value has to fit', () => {
  test.each<[string, string, boolean]>([
    ['abc', 'abc', true],
    ['abc', 'ABC', true],
    ['abc', 'abcd', false],
    ['abc', 'xabc', false],
    ['', '', true],
    ['', ' ', false],
    ['*', '', true],
    ['*', 'a\nb', true],
    ['?', '', false],
    ['?', 'a', true],
    ['?', '扫', true],
    ['?', '😀', true],
    ['??', '😀', false],
    ['?😀?', 'a😀b', true],
    ['a*c', 'ac', true],
    ['a*c', 'abbbc', true],
    ['a*c', 'abcd', false],
    ['a*b*c', 'a-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['*aa*aa*', 'aaa', false],
    ['*aa*aa*', 'aaaa', true],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['*ab?', 'xabc', true],
    ['*ab?', 'xab', false],
    ['?b*', 'abc', true],
    ['*?a?*', 'a', false],
    ['*?a?*', 'bab', true],
    [String.raw`c:\*\x`, String.raw`C:*\X`, true],
    [String.raw`c:\\*\x`, String.raw`C:\some\X`, true],
    [String.raw`a\?`, 'a?', true],
    [String.raw`a\?`, 'ab', false],
    ['ΟΔΟΣ', 'οδος', true],
    ['straße', 'STRASSE', false],
    ['K', '\u212a', true],
    ['登录失败', '登录失败', true],
  ])('%j and %j: %s', (value, actual, expected) => {
    expect(holds('', value, actual)).toBe(expected);
  });
});

test.each<[string, unknown, unknown, boolean]>([
  ['a number by its text', 40163, '40163', true],
  ['a text by its number', '40163', 40163, true],
  ['a negative number', -1, '-1', true],
  ['no number inside another', 4016, 40163, false],
  ['true', true, 'TRUE', true],
  ['false', 'False', false, true],
  ['a number beyond doubles', '12345678901234567890', '12345678901234567890', true],
])('values compare by their text: %s', (_, value, actual, expected) => {
  expect(holds('', value, actual)).toBe(expected);
});

/** Says the same, by trying every split. */
function fits(pattern: TextPattern, text: readonly string[]): boolean {
  if (pattern.length === 0) return text.length === 0;
  const [first, ...rest] = pattern;
  if (first === S) {
    return text.some((_, i) => fits(rest, text.slice(i))) || fits(rest, []);
  }
  if (first === Q) return text.length > 0 && fits(rest, text.slice(1));
  const literal = [...(first as string)];
  return literal.every((c, i) => c === text[i]) && fits(rest, text.slice(literal.length));
}

test('patterns match as trying every split would', () => {
  const piece = fc.oneof(
    fc.constantFrom(S, Q),
    fc.string({ unit: fc.constantFrom('a', 'b', '😀'), minLength: 1, maxLength: 3 }),
  );
  const text = fc.array(fc.constantFrom('a', 'b', '😀'), { maxLength: 8 });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), text, (pattern, characters) => {
      const compiled = compilePattern(pattern, true);
      expect(matchesPattern(compiled, characters.join(''))).toBe(fits(pattern, characters));
    }),
    { numRuns: runs(2000) },
  );
});

test('folding is the same for a part as for the whole', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      expect(fold(a + b)).toBe(fold(a) + fold(b));
      expect(fold(fold(a))).toBe(fold(a));
      expect(fold(a)).toHaveLength(a.length);
    }),
    { numRuns: runs(1000) },
  );
});

test('a pattern with many stars takes bounded time on a long text', () => {
  const pattern = compilePattern(parsePattern(`${'*a'.repeat(50)}*b`), false);
  const text = 'a'.repeat(1_000_000);
  expect(matchesPattern(pattern, text)).toBe(false);
});
