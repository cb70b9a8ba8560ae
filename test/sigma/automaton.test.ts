import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAutomaton, unitClasses } from '../../src/sigma/automaton.ts';
import { fold } from '../../src/sigma/fold.ts';

const letters = (maxLength: number) =>
  fc.string({ unit: fc.constantFrom('a', 'b', 'c', '中'), minLength: 1, maxLength });

test('finds every place of every needle', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(letters(7), { minLength: 1, maxLength: 12 }),
      fc.string({ unit: fc.constantFrom('a', 'b', 'c', '中', 'A', 'x'), maxLength: 40 }),
      (needles, text) => {
        const automaton = createAutomaton(needles, unitClasses(needles));
        const found: string[] = [];
        automaton.scan(text, (needle, end) => found.push(`${needles[needle]} ${end}`));
        const folded = fold(text);
        const expected = needles.flatMap((needle) =>
          Array.from({ length: text.length + 1 }, (_, end) => end)
            .filter((end) => end >= needle.length && folded.endsWith(needle, end))
            .map((end) => `${needle} ${end}`),
        );
        expect(found.sort()).toEqual(expected.sort());
      },
    ),
    { numRuns: 1000 },
  );
});

test('several automata share one map of classes', () => {
  const classes = unitClasses(['abc', 'xyz']);
  const found: number[] = [];
  createAutomaton(['abc'], classes).scan('zabcx ABC', (_, end) => found.push(end));
  expect(found).toEqual([4, 9]);
});
