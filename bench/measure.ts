import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';

export interface Usage {
  /** User and system time of all threads and children. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** Largest resident set. */
  readonly peakBytes: number;
  readonly stdout: string;
}

/**
 * Runs a program in a process of its own, under GNU time.
 * @param feed writes its standard input; without it there is none.
 * @throws Error when it fails.
 */
export async function measure(
  command: string,
  args: readonly string[],
  feed?: (stdin: Writable) => Promise<void>,
): Promise<Usage> {
  const folder = mkdtempSync(join(tmpdir(), 'scanlens-bench-'));
  const usageFile = join(folder, 'usage');
  try {
    const child = spawn('/usr/bin/time', ['-o', usageFile, '-f', '%U %S %e %M', command, ...args], {
      stdio: [feed === undefined ? 'ignore' : 'pipe', 'pipe', 'inherit'],
    });
    let stdout = '';
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    const closed = new Promise((resolve, reject) => {
      child.once('close', resolve).once('error', reject);
    });
    if (feed !== undefined && child.stdin !== null) {
      await feed(child.stdin);
      child.stdin.end();
    }
    const code = await closed;
    if (code !== 0) throw new Error(`${command} ${args.join(' ')} exited ${code}`);
    const [user, system, wall, peakKib] = readFileSync(usageFile, 'utf8').split(' ').map(Number);
    return {
      cpuSeconds: user + system,
      wallSeconds: wall,
      peakBytes: peakKib * 1024,
      stdout,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
