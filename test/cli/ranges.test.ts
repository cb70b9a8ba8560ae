import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAnalysis } from '../../src/analysis/index.ts';
import { readInThreads, startCrew, type ThreadsOptions } from '../../src/cli/threads/index.ts';
import { planRanges } from '../../src/cli/threads/range-plan.ts';
import { orderFreeLines } from '../../src/decode/index.ts';
import { findSources } from '../../src/source/index.ts';
import { bytesOf, KEEP, OPTIONS, outputsOf } from '../analysis/run.ts';
import { runs } from '../fuzz.ts';
import { generateWorld } from '../world/index.ts';
import { READING_THREAD, ROOT } from './harness.ts';

const LINES = generateWorld({ seed: 7, flows: 300, brokenRatio: 0.02 }).files.flatMap((file) =>
  file.lines.filter((line) => orderFreeLines(bytesOf([line])) !== undefined),
);
const LIMITS = { largeBytes: 1, headStartBytes: 1, headBytes: 4096 };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'scanlens-ranges-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function sourcesOf(files: Readonly<Record<string, Uint8Array>>) {
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  const { sources } = await findSources(Object.keys(files), {
    cwd: folder,
    stdin: new PassThrough(),
  });
  return sources;
}

/** What is printed of the files, and how many runs and crews that took: one of each for ranges. */
async function readApart(
  files: Readonly<Record<string, Uint8Array>>,
  threads: number,
  options: Partial<ThreadsOptions> = {},
) {
  let started = 0;
  let crews = 0;
  const start = () => {
    started += 1;
    return startAnalysis(OPTIONS);
  };
  const thread = { cwd: ROOT, library: { kernel: true }, reader: { keep: KEEP } };
  const { run, interrupted } = await readInThreads(await sourcesOf(files), start, {
    threads,
    startCrew: () => {
      crews += 1;
      return startCrew(threads - 1, thread, { program: READING_THREAD, chunkBytes: 1 << 16 });
    },
    kernel: OPTIONS.kernel,
    limits: LIMITS,
    io: { stderr: process.stderr, now: () => 0, onInterrupt: () => () => undefined },
    quiet: true,
    ...options,
  });
  return { outputs: outputsOf(run.finish(interrupted)), runs: started, crews, interrupted };
}

function outputsAlone(files: Readonly<Record<string, Uint8Array>>): string[] {
  const analysis = startAnalysis(OPTIONS);
  for (const [name, bytes] of Object.entries(files)) {
    const source = analysis.source(name);
    source.chunk(bytes);
    source.end();
  }
  return outputsOf(analysis.finish());
}

const docker = (text: string) =>
  JSON.stringify({ log: text, stream: 'stdout', time: '2026-11-18T08:00:00Z' });
/** One line that was written in two parts, the first at the end of `before`. */
const inTwoParts = (before: readonly string[], after: readonly string[]) => [
  ...before,
  docker('{"msg":"callback failed",'),
  docker('"login.stage":"callback"}\n'),
  ...after,
];

describe('files read in ranges', () => {
  const half = LINES.length >> 1;
  const files = { 'a.log': bytesOf(LINES.slice(0, half)), 'b.log': bytesOf(LINES.slice(half)) };

  test.each([1, 2, 7])('by %i threads give what one gives, byte for byte', async (threads) => {
    const { outputs, ...taken } = await readApart(files, threads);
    expect(outputs).toEqual(outputsAlone(files));
    expect(taken).toMatchObject({ runs: 1, crews: 1 });
  });

  test('stand beside files that cannot be cut', async () => {
    const bytes = bytesOf(LINES.slice(0, 100));
    const expected = outputsAlone({ ...files, 'c.log.gz': bytes });
    const { outputs, crews } = await readApart({ ...files, 'c.log.gz': gzipSync(bytes) }, 2);
    expect(crews).toBe(1);
    // The bytes of the input are those of the content.
    expect(outputs).toEqual(expected);
  });

  test('may hold lines that run on into each other in one range', async () => {
    const late = LINES.length - 20;
    const mixed = { 'a.log': bytesOf(inTwoParts(LINES.slice(0, late), LINES.slice(late))) };
    const { outputs, ...taken } = await readApart(mixed, 3);
    expect(outputs).toEqual(outputsAlone(mixed));
    expect(taken).toMatchObject({ runs: 1, crews: 1 });
  });

  test('are read in their order when several ranges hold such lines', async () => {
    const third = Math.floor(LINES.length / 3);
    const lines = inTwoParts(
      LINES.slice(0, third),
      inTwoParts(LINES.slice(third, 2 * third), LINES.slice(2 * third)),
    );
    const mixed = { 'a.log': bytesOf(lines) };
    const { outputs, ...taken } = await readApart(mixed, 3);
    expect(outputs).toEqual(outputsAlone(mixed));
    expect(taken).toMatchObject({ runs: 2, crews: 1 });
  });

  test('any lines, by three threads, give what one gives', async () => {
    const anyLine = fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom(...LINES) },
      fc.constantFrom(
        '',
        '{',
        '{"msg":',
        '"a": 1',
        '}',
        '\tat x',
        docker('{"half":'),
        docker('x\n'),
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyLine, { minLength: 100, maxLength: 300 }),
        fc.boolean(),
        async (lines, isEnded) => {
          // Its head may be read apart, or there would be no ranges.
          const bytes = bytesOf([...LINES.slice(0, 50), ...lines]);
          const one = { 'a.log': isEnded ? bytes : bytes.subarray(0, -1) };
          expect((await readApart(one, 3)).outputs).toEqual(outputsAlone(one));
        },
      ),
      // Each starts two threads.
      { numRuns: runs(3), endOnFailure: true },
    );
  });

  test('that are interrupted tell what was read from their beginning', async () => {
    let interrupt = (): void => undefined;
    const { interrupted, outputs } = await readApart(files, 2, {
      io: {
        stderr: process.stderr,
        now: () => 0,
        onInterrupt(listener) {
          interrupt = listener;
          queueMicrotask(interrupt);
          return () => undefined;
        },
      },
    });
    expect(interrupted).toBe(true);
    expect(outputs.join('\n')).not.toBe(outputsAlone(files).join('\n'));
  });
});

describe('a plan', () => {
  const large = bytesOf(LINES);
  const planOf = async (files: Readonly<Record<string, Uint8Array>>, limits = LIMITS) =>
    planRanges(await sourcesOf(files), 2, limits);

  test('gives this thread a head start and the last one all that follows', async () => {
    const [ranges] = (await planOf({ 'a.log': large }, { ...LIMITS, headStartBytes: 30_000 }))!;
    expect(ranges).toHaveLength(2);
    expect(ranges![0]!.from).toBe(0);
    expect(ranges![0]!.to).toBe(ranges![1]!.from);
    expect(ranges![0]!.to - (large.length - ranges![0]!.to)).toBeCloseTo(30_000, -1);
    expect(ranges![1]!.to).toBe(Number.POSITIVE_INFINITY);
  });

  test.each<[string, Record<string, Uint8Array>]>([
    ['text', { 'a.log': Buffer.concat([Buffer.from('ERROR x\n\tat y\n'), large]) }],
    ['docker', { 'a.log': Buffer.concat([Buffer.from(`${docker('x')}\n`), large]) }],
    ['mostly packed files', { 'a.log': bytesOf(LINES.slice(0, 9)), 'b.log.gz': gzipSync(large) }],
  ])('is not made for %s', async (_, files) => {
    expect(await planOf(files)).toBeUndefined();
  });

  test('is not made for little', async () => {
    expect(await planOf({ 'a.log': large }, { ...LIMITS, headStartBytes: 1e9 })).toBeUndefined();
    expect(await planOf({ 'a.log': large }, { ...LIMITS, largeBytes: 1e9 })).toBeUndefined();
  });
});
