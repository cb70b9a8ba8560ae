import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, run, shellWords } from '../cli/harness.ts';
import { logsOf } from './traffic-log.ts';

/**
 * A story is a folder with `session`, lines as one types them one after the other, and
 * `expected.txt`, what they print and their exit codes. `traffic.yaml` tells the logs they read;
 * whatever else stands in the folder is there as it is. `vitest -u` writes `expected.txt` anew:
 * read the difference before it is committed.
 */
const STORIES = join(ROOT, 'fixtures/gate');

test.each(readdirSync(STORIES).sort())('%s', async (name) => {
  const story = join(STORIES, name);
  const folder = mkdtempSync(join(tmpdir(), 'scanlens-gate-'));
  try {
    cpSync(story, folder, { recursive: true });
    const traffic = join(story, 'traffic.yaml');
    if (existsSync(traffic))
      for (const [file, text] of logsOf(readFileSync(traffic, 'utf8')))
        writeFileSync(join(folder, file), text);
    let printed = '';
    for (const line of readFileSync(join(story, 'session'), 'utf8').split('\n')) {
      if (line.trim() === '' || line.startsWith('#')) continue;
      const [program, ...args] = shellWords(line);
      expect(program).toBe('scanlens');
      const { stdout, stderr, code } = await run(args, { cwd: folder });
      printed += `$ ${line}\n${stdout}${stderr}exit ${code}\n\n`;
    }
    // The library's digest changes with every rule.
    printed = printed.replace(/\b[0-9a-f]{64}\b|\b[0-9a-f]{12}$/gm, '<rules>');
    await expect(printed).toMatchFileSnapshot(join(story, 'expected.txt'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
