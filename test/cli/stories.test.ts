import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, run, shellWords } from './harness.ts';

/**
 * A story is a folder with `cmd`, a line as one types it (`scanlens … [< file]`) in that folder,
 * and `expected.txt`, what it prints and its exit code. `vitest -u` writes the latter anew: read
 * the difference before it is committed.
 */
const FIXTURES = join(ROOT, 'fixtures');
const stories = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' })
  .filter((name) => basename(name) === 'cmd')
  .map(dirname)
  .sort();

test.each(stories)('%s', async (name) => {
  const folder = join(FIXTURES, name);
  const [program, ...words] = shellWords(readFileSync(join(folder, 'cmd'), 'utf8').trim());
  expect(program).toBe('scanlens');
  const redirect = words.indexOf('<');
  const args = redirect < 0 ? words : words.slice(0, redirect);
  const stdin = redirect < 0 ? {} : { stdin: readFileSync(join(folder, words[redirect + 1])) };
  const { stdout, stderr, code } = await run(args, { cwd: folder, ...stdin });
  await expect(`${steady(stdout)}${stderr}exit ${code}\n`).toMatchFileSnapshot(
    join(folder, 'expected.txt'),
  );
});

/** The digest changes with every word of every rule: stories are about other things. */
function steady(text: string): string {
  return text.replace(/("rulesDigest": )"[0-9a-f]{64}"/, '$1"…"');
}
