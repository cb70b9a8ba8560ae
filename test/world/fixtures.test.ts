import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FIXTURES, filesOf } from './fixtures.ts';

const root = new URL('../../', import.meta.url);

test.each(FIXTURES)('$logs is what its world writes', (fixture) => {
  const texts = filesOf(fixture);
  for (const [path, text] of texts) {
    expect(readFileSync(new URL(path, root), 'utf8') === text, path).toBe(true);
  }
  const logs = [...texts.keys()].filter((path) => path !== fixture.truth);
  const present = readdirSync(new URL(`${fixture.logs}/`, root)).map(
    (name) => `${fixture.logs}/${name}`,
  );
  expect(present.filter((path) => path.endsWith('.log')).sort()).toEqual(logs.sort());
});

test('the demo is small enough to come with the package', () => {
  const demo = FIXTURES.find(({ logs }) => logs === 'fixtures/demo');
  const texts = demo === undefined ? [] : [...filesOf(demo).values()];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  expect(bytes).toBeGreaterThan(1e6);
  expect(bytes).toBeLessThan(3e6);
});
