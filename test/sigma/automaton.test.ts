import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAutomaton } from '../../src/sigma/automaton.ts';
import { fold } from '../../src/sigma/fold.ts';
import { runs } from '../fuzz.ts';

const letters = (maxLength: number) =>
  fc.string({ unit: fc.constantFrom('a', 'b', 'c', '中', '丮', 'é'), minLength: 1, maxLength });

test('finds every place of every needle', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(letters(7), { minLength: 1, maxLength: 12 }),
      fc.string({
        unit: fc.constantFrom('a', 'b', 'c', '中', '丮', 'é', 'É', 'A', 'x'),
        maxLength: 40,
      }),
      (needles, text) => {
        const automaton = createAutomaton(needles);
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
    { numRuns: runs(1000) },
  );
});

test('more states than are kept are forgotten and learned anew', () => {
  const word = (i: number) => Math.imul(i, 2654435761).toString(36).replace('-', '');
  const needles = [...new Set(Array.from({ length: 5000 }, (_, i) => `${word(i)}z`))];
  const automaton = createAutomaton(needles);
  for (let round = 0; round < 2; round += 1) {
    for (const [number, needle] of needles.entries()) {
      const found: number[] = [];
      automaton.scan(`- ${needle} -`, (one) => found.push(one));
      expect(found).toContain(number);
      expect(found.every((one) => needle.includes(needles[one]!))).toBe(true);
    }
  }
});

test('characters of many bytes end where they end', () => {
  const found: string[] = [];
  createAutomaton(['é', '二维码', 'k']).scan('É 二维码 \u212a 维码', (needle, end) =>
    found.push(`${needle} ${end}`),
  );
  expect(found).toEqual(['0 1', '1 5', '2 7']);
});

test('a hundred thousand needles of many scripts take little memory', () => {
  const needles = Array.from({ length: 100_000 }, (_, i) => {
    const head = String.fromCharCode(0x4e00 + (i % 20_000), 0x4e00 + ((i * 7919) % 20_000));
    return `${head} failed ${i}`;
  });
  const before = process.memoryUsage().arrayBuffers;
  const automaton = createAutomaton(needles);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(250_000_000);
  const found: number[] = [];
  automaton.scan(`x ${needles[77_777]} y`, (needle) => found.push(needle));
  expect(found).toContain(77_777);
});
