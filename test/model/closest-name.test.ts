import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closestName } from '../../src/model/index.ts';

const FLAGS = ['since', 'until', 'output', 'verdicts', 'rule', 'rules'];

test.each([
  ['sicne', 'since'],
  ['Outptu', 'output'],
  ['rul', 'rule'],
  ['verdict', 'verdicts'],
  ['banana', undefined],
  ['', undefined],
])('%s → %s', (name, expected) => {
  expect(closestName(name, FLAGS)).toBe(expected);
});

test('a name that exists is its own closest', () =>
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (names) => {
      expect(closestName(names[0], names)?.toLowerCase()).toBe(names[0].toLowerCase());
    }),
  ));
