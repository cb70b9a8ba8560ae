import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { run } from './harness.ts';

const folder = mkdtempSync(join(tmpdir(), 'scanlens-pager-'));
afterAll(() => rmSync(folder, { recursive: true }));

const LOG = 'fixtures/stories/own-names/app.log';
const MAPPING = ['--mapping', 'fixtures/stories/own-names/my-service.yaml'];

/** What a shell needs to find commands. */
const ENV = { PATH: process.env.PATH ?? '' };

const args = [LOG, ...MAPPING, '-q', '--color', 'never'];
const direct = run(args).then(({ stdout }) => stdout);

test('a report longer than the screen goes through the pager', async () => {
  const seen = join(folder, 'seen.txt');
  const env = { ...ENV, PAGER: `cat > '${seen}'` };
  const { stdout, code } = await run(args, { terminal: true, columns: 100, rows: 10, env });
  expect(code).toBe(0);
  expect(stdout).toBe('');
  expect(readFileSync(seen, 'utf8')).toBe(await direct);
});

test.each([
  ['it fits the screen', { terminal: true, rows: 200 }, []],
  ['standard output is no terminal', { terminal: false, rows: 10 }, []],
  ['the user says so', { terminal: true, rows: 10 }, ['--no-pager']],
])('a report is printed at once when %s', async (_, screen, more) => {
  const env = { ...ENV, PAGER: 'exit 1' };
  const { stdout } = await run([...args, ...more], { ...screen, columns: 100, env });
  expect(stdout).toBe(await direct);
});

test('a pager that does not exist loses nothing', async () => {
  const env = { ...ENV, PAGER: 'no-such-pager-here 2>/dev/null' };
  const { stdout, code } = await run(args, { terminal: true, columns: 100, rows: 10, env });
  expect(code).toBe(0);
  expect(stdout).toBe(await direct);
});

test('a pager that is left early is no error', async () => {
  const env = { ...ENV, PAGER: 'true' };
  const screen = { terminal: true, columns: 100, rows: 10, env };
  expect(await run(args, screen)).toMatchObject({ stdout: '', stderr: '', code: 0 });
});
