import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseConfig } from '../../src/gate/index.ts';
import { ROOT, run, shellWords } from '../cli/harness.ts';
import { logsOf } from './traffic-log.ts';

/** What docs/gate.md says one can do is done. */
const page = readFileSync(join(ROOT, 'docs/gate.md'), 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, text]) => text);
const commands = blocks('sh').flatMap((text) => text.trim().split('\n'));

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'scanlens-docs-'));
  const logs = logsOf(
    JSON.stringify(
      Object.fromEntries(
        ['last-week', 'today'].map((name, i) => [
          name,
          {
            from: `2026-11-2${i}T00:00:00Z`,
            hours: 3,
            groups: [{ fields: { region: 'sh' }, flows: 900, failed: { 40029: 20, timeout: 9 } }],
          },
        ]),
      ),
    ),
  );
  for (const [name, text] of logs) writeFileSync(join(folder, name), text);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('its commands run, one after the other', async () => {
  expect(commands.length).toBeGreaterThan(8);
  for (const command of commands) {
    const [program, ...args] = shellWords(command);
    expect(program).toBe('scanlens');
    const { code, stderr } = await run(args, { cwd: folder });
    expect({ command, code, stderr }).toEqual({ command, code: 0, stderr: '' });
  }
});

test('its configuration is understood', () => {
  const [text] = blocks('yaml');
  const { config, problems } = parseConfig('scanlens.yaml', text, ['upstream_timeout']);
  expect(problems).toEqual([]);
  expect(config?.checks).toHaveLength(10);
});
