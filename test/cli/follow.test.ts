import { appendFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { generateWorld } from '../world/index.ts';
import { type RunOptions, run } from './harness.ts';

const LINES = generateWorld({ seed: 3, flows: 60 }).files.flatMap((file) => [...file.lines]);
const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scanlens-follow-'));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (name: string) => join(folder, name);

const CLEAR_SCREEN = '\u001b[H\u001b[2J';
const TERMINAL = { terminal: true, columns: 100 };
const PATIENCE = { interval: 20, timeout: 200_000 };
const PLAIN = ['--color', 'never', '--no-pager'];

/** A run on a terminal that goes on until it is interrupted. */
function begin(args: readonly string[], options: RunOptions = {}) {
  let interrupt = () => {};
  let text = '';
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  const result = run([...args, ...PLAIN], {
    cwd: folder,
    now: () => performance.now(),
    ...TERMINAL,
    rows: 200,
    stdout,
    ...options,
    interruptible: (stop) => {
      interrupt = stop;
    },
  });
  const screens = () => text.split(CLEAR_SCREEN).slice(1);
  return {
    result,
    screens,
    interrupt: () => interrupt(),
    /** Until so many lines are on the screen, however long a slow machine takes to see them. */
    async hasRead(lines: number) {
      const count = ` of ${lines.toLocaleString('en-US')} lines`;
      await expect.poll(() => screens().at(-1), PATIENCE).toContain(count);
    },
  };
}

/** What a report says between the counters of its input and the commands that name it. */
const facts = (report: string) => /FAILURE RATE.*(?=\n *next {2}scanlens)/s.exec(report)?.[0];

async function expectedFacts(lines: readonly string[]) {
  await writeFile(at('whole.txt'), textOf(lines));
  const { stdout } = await run(['whole.txt', ...PLAIN], { cwd: folder, ...TERMINAL });
  expect(facts(stdout)).toBeDefined();
  return facts(stdout);
}

describe('following files', () => {
  test('loses nothing when they grow, are renamed, emptied or cut in the middle of a line', async () => {
    // What follows the emptying is shorter than what stood before: so it is seen whenever one looks.
    const cuts = [0, 0.25, 0.5, 0.7, 0.9, 1].map((share) => Math.floor(share * LINES.length));
    const [a, b, c, d, e] = [0, 1, 2, 3, 4].map((i) => LINES.slice(cuts[i], cuts[i + 1])) as [
      string[],
      string[],
      string[],
      string[],
      string[],
    ];
    await writeFile(at('app.log'), textOf(a));
    const { result, hasRead, screens, interrupt } = begin(['watch', 'app.log']);
    await hasRead(a.length);
    // A line that is written in two goes.
    const half = textOf(b);
    await appendFile(at('app.log'), half.slice(0, half.length - 40));
    await hasRead(a.length + b.length - 1);
    await appendFile(at('app.log'), half.slice(half.length - 40));
    // Renamed and made anew; the old file ends within a line.
    await appendFile(at('app.log'), textOf(c) + c[0]!.slice(0, 20));
    await rename(at('app.log'), at('app.log.1'));
    // Whoever has just looked at the old file opens it by its name.
    await pause(1000);
    await writeFile(at('app.log'), textOf(d));
    const before = a.length + b.length + c.length + 1 + d.length;
    await hasRead(before);
    // Copied away and emptied where it stands.
    await truncate(at('app.log'), 0);
    await pause(100);
    await appendFile(at('app.log'), textOf(e));
    await hasRead(before + e.length);
    interrupt();
    expect(await result).toMatchObject({ stderr: '', code: 130 });
    const report = screens().at(-1)!;
    expect(report).toContain('INTERRUPTED');
    expect(report).toContain('skipped 1: 1 not JSON');
    expect(facts(report)).toBe(await expectedFacts(LINES));
  });

  test('takes up those that appear later under a pattern, and under a name', async () => {
    const { result, hasRead, screens, interrupt } = begin(['-F', '*.log', 'later.txt']);
    const half = LINES.length >> 1;
    await writeFile(at('one.log'), textOf(LINES.slice(0, half)));
    await hasRead(half);
    await writeFile(at('later.txt'), textOf(LINES.slice(half)));
    await hasRead(LINES.length);
    interrupt();
    expect(await result).toMatchObject({ stderr: '', code: 130 });
    const report = screens().at(-1)!;
    expect(report).toContain('one.log, later.txt');
    expect(facts(report)).toBe(await expectedFacts(LINES));
  });

  test('ends with standard input', async () => {
    const stdin = new PassThrough();
    const { result, screens } = begin(['watch', '-'], { stdin });
    stdin.write(textOf(LINES).slice(0, 5000));
    await expect.poll(screens, PATIENCE).not.toEqual([]);
    stdin.end(textOf(LINES).slice(5000));
    expect(await result).toMatchObject({ stderr: '', code: 0 });
    const report = screens().at(-1)!;
    expect(report).not.toContain('INTERRUPTED');
    expect(facts(report)).toBe(await expectedFacts(LINES));
  });

  test('draws the report anew on a terminal, ten times a second at most', async () => {
    const stdin = new PassThrough();
    const sinceMs = performance.now();
    const { result, screens } = begin(['watch', '-'], { stdin, rows: 12 });
    for (let i = 0; i < LINES.length; i += 20) {
      stdin.write(textOf(LINES.slice(i, i + 20)));
      await pause(20);
    }
    await expect.poll(() => screens().length, PATIENCE).toBeGreaterThan(1);
    stdin.end();
    await result;
    const drawn = screens();
    expect(drawn.length).toBeLessThan((performance.now() - sinceMs) / 100 + 3);
    for (const text of drawn.slice(0, -1)) expect(text.split('\n').length).toBeLessThan(12);
    expect(drawn.at(-1)).toContain('FAILURE RATE');
  });
});
