import { appendFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { generateWorld } from '../world/index.ts';
import { type RunOptions, run } from './harness.ts';

vi.setConfig({ testTimeout: 120_000 });

const LINES = generateWorld({ seed: 3, flows: 60 }).files.flatMap((file) => [...file.lines]);
const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scanlens-follow-'));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (name: string) => join(folder, name);

/** A run that goes on until it is interrupted. */
function begin(args: readonly string[], options: RunOptions = {}) {
  let interrupt = () => {};
  let result: ReturnType<typeof run> | undefined;
  const begun = new Promise<void>((resolve) => {
    result = run(args, {
      cwd: folder,
      now: () => performance.now(),
      ...options,
      interruptible: (stop) => {
        interrupt = stop;
        resolve();
      },
    });
  });
  return { result: result!, begun, interrupt: () => interrupt() };
}

/** Long enough for the slowest machine to see what changed in a file. */
const SEEN_MS = 2000;

async function reportOf(result: ReturnType<typeof run>) {
  const { stdout, stderr, code } = await result;
  expect(stderr).toBe('');
  return { report: JSON.parse(stdout), code };
}

async function expected(lines: readonly string[]) {
  await writeFile(at('whole.txt'), textOf(lines));
  const { stdout } = await run(['whole.txt', '-o', 'json'], { cwd: folder });
  return JSON.parse(stdout);
}

const JSON_OUT = ['-o', 'json', '--quiet'];

describe('following files', () => {
  test('loses nothing when they grow, are renamed, emptied or cut in the middle of a line', async () => {
    const [a, b, c, d, e] = [0, 1, 2, 3, 4].map((i) =>
      LINES.slice((i * LINES.length) / 5, ((i + 1) * LINES.length) / 5),
    ) as [string[], string[], string[], string[], string[]];
    await writeFile(at('app.log'), textOf(a));
    const { result, begun, interrupt } = begin(['watch', 'app.log', ...JSON_OUT]);
    await begun;
    await pause(SEEN_MS);
    // A line that is written in two goes.
    const half = textOf(b);
    await appendFile(at('app.log'), half.slice(0, half.length - 40));
    await pause(SEEN_MS);
    await appendFile(at('app.log'), half.slice(half.length - 40));
    // Renamed and made anew; the old file ends within a line.
    await appendFile(at('app.log'), textOf(c) + c[0]!.slice(0, 20));
    await rename(at('app.log'), at('app.log.1'));
    await pause(100);
    await writeFile(at('app.log'), textOf(d));
    await pause(SEEN_MS);
    // Copied away and emptied where it stands.
    await truncate(at('app.log'), 0);
    await pause(SEEN_MS);
    await appendFile(at('app.log'), textOf(e));
    await pause(SEEN_MS);
    interrupt();
    const { report, code } = await reportOf(result);
    expect(code).toBe(130);
    expect(report.input.partial).toBe(true);
    const { input, ...facts } = await expected([...a, ...b, ...c, ...d, ...e]);
    const { input: followed, ...same } = report;
    expect(same).toEqual(facts);
    expect(followed.records).toBe(input.records);
    expect(followed.rejected).toEqual({ 'not-json': 1 });
  });

  test('takes up those that appear later under a pattern, and under a name', async () => {
    const { result, begun, interrupt } = begin(['-F', '*.log', 'later.txt', ...JSON_OUT]);
    await begun;
    await pause(300);
    const half = LINES.length >> 1;
    await writeFile(at('one.log'), textOf(LINES.slice(0, half)));
    await pause(300);
    await writeFile(at('later.txt'), textOf(LINES.slice(half)));
    await pause(2 * SEEN_MS);
    interrupt();
    const { report } = await reportOf(result);
    expect(report.input.files.map(({ name }: { name: string }) => name).sort()).toEqual([
      'later.txt',
      'one.log',
    ]);
    expect(report.flows).toEqual((await expected(LINES)).flows);
  });

  test('ends with standard input', async () => {
    const stdin = new PassThrough();
    const { result } = begin(['watch', '-', ...JSON_OUT], { stdin });
    stdin.write(textOf(LINES).slice(0, 5000));
    await pause(200);
    stdin.end(textOf(LINES).slice(5000));
    const { report, code } = await reportOf(result);
    expect(code).toBe(0);
    expect(report.input.partial).toBe(false);
    expect(report.flows).toEqual((await expected(LINES)).flows);
  });

  test('draws the report anew on a terminal, ten times a second at most', async () => {
    const stdin = new PassThrough();
    const sinceMs = performance.now();
    const { result, begun } = begin(['watch', '--color', 'never', '--no-pager'], {
      stdin,
      terminal: true,
      rows: 12,
    });
    await begun;
    for (let i = 0; i < LINES.length; i += 20) {
      stdin.write(textOf(LINES.slice(i, i + 20)));
      await pause(20);
    }
    stdin.end();
    const { stdout } = await result;
    const drawn = stdout.split('\u001b[H\u001b[2J').slice(1);
    expect(drawn.length).toBeGreaterThan(2);
    expect(drawn.length).toBeLessThan((performance.now() - sinceMs) / 100 + 3);
    for (const text of drawn.slice(0, -1)) expect(text.split('\n').length).toBeLessThan(12);
    expect(drawn.at(-1)).toContain('FAILURE RATE');
  });
});
