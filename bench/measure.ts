import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Usage {
  /** User and system time of all threads. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** Largest resident set. */
  readonly peakBytes: number;
  readonly stdout: string;
}

const PROBE = fileURLToPath(new URL('resource-usage.mjs', import.meta.url));

/** Runs a Node script in a process of its own. @throws Error when it fails. */
export async function measure(script: string, args: readonly string[]): Promise<Usage> {
  const folder = mkdtempSync(join(tmpdir(), 'scanlens-bench-'));
  const usageFile = join(folder, 'usage.json');
  try {
    const startMs = performance.now();
    const child = spawn(process.execPath, ['--import', PROBE, script, ...args], {
      env: { ...process.env, RESOURCE_USAGE: usageFile },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    const wallSeconds = (performance.now() - startMs) / 1000;
    if (code !== 0) throw new Error(`${script} exited ${code}`);
    const usage = JSON.parse(readFileSync(usageFile, 'utf8')) as Pick<
      Usage,
      'cpuSeconds' | 'peakBytes'
    >;
    return { ...usage, wallSeconds, stdout };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
