import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const DEPLOY = fileURLToPath(new URL('../../deploy', import.meta.url));

export const HAS_PROMTOOL = spawnSync('promtool', ['--version']).error === undefined;

export const rulesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yml'))
    .map((name) => `${folder}/${name}`);

/**
 * @param input for commands that read: as standard input, or as the file named last
 * @throws {Error} with promtool's own words where it is not content
 */
export function promtool(args: readonly string[], input?: string): string {
  const run = (more: readonly string[] = []) =>
    execFileSync('promtool', [...args, ...more], { encoding: 'utf8', stdio: 'pipe', input });
  if (input === undefined || args[1] === 'metrics') return run();
  const folder = mkdtempSync(join(tmpdir(), 'promtool-'));
  try {
    const file = join(folder, 'rules.yml');
    writeFileSync(file, input);
    return run([file]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
