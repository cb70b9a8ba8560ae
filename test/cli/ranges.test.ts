import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAnalysis } from '../../src/analysis/index.ts';
import { Crew } from '../../src/cli/threads/crew.ts';
import { readInThreads, startCrew, type ThreadsOptions } from '../../src/cli/threads/index.ts';
import { planRanges } from '../../src/cli/threads/range-plan.ts';
import { RangesUnfit, readInRanges } from '../../src/cli/threads/ranged-reading.ts';
import { orderFreeLines } from '../../src/decode/index.ts';
import { findSources } from '../../src/source/index.ts';
import { bytesOf, KEEP, OPTIONS, outputsOf } from '../analysis/run.ts';
import { runs } from '../fuzz.ts';
import { generateWorld } from '../world/index.ts';
import { READING_THREAD, ROOT } from './harness.ts';

const LINES = generateWorld({ seed: 7, flows: 300, brokenRatio: 0.02 }).files.flatMap((file) =>
  file.lines.filter((line) => orderFreeLines(bytesOf([line])) !== undefined),
);
/** So many lines hold half of the bytes. */
const MIDDLE = LINES.findIndex(
  (_, i) => bytesOf(LINES.slice(0, i)).length > bytesOf(LINES).length / 2,
);
const LIMITS = { largeBytes: 1, headStartBytes: 1, headBytes: 4096 };

const IO = { stderr: process.stderr, now: () => 0, onInterrupt: () => () => undefined };

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
    io: IO,
    quiet: true,
    ...options,
  });
  const analysis = run.finish(interrupted);
  return { outputs: outputsOf(analysis), runs: started, crews, input: analysis.input };
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

const docker = (log: string) =>
  JSON.stringify({ log, stream: 'stdout', time: '2026-11-18T08:00:00Z' });
const filebeat = (message: string) =>
  JSON.stringify({ message, log: { offset: 1, file: { path: '/a' } } });
const fluentBit = (message: string) => JSON.stringify({ message, 'kubernetes.pod_name': 'p' });
const TRACE = ['2026-11-18 08:00:00 ERROR callback failed', ...Array(3000).fill('\tat a.b(C:1)')];

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
    const { outputs, crews } = await readApart({ ...files, 'c.log.gz': gzipSync(bytes) }, 2, {
      limits: { ...LIMITS, largeBytes: 200_000 },
    });
    expect(crews).toBe(1);
    // The bytes of the input are those of the content.
    expect(outputs).toEqual(expected);
  });

  test('may hold lines that run on into each other inside a range', async () => {
    const late = LINES.length - 20;
    const lines = [...LINES.slice(0, late), ...TRACE.slice(0, 9), docker('{"a":'), docker('1}\n')];
    const mixed = { 'a.log': bytesOf([...lines, ...LINES.slice(late)]) };
    const { outputs, ...taken } = await readApart(mixed, 3);
    expect(outputs).toEqual(outputsAlone(mixed));
    expect(taken).toMatchObject({ runs: 1, crews: 1 });
  });

  test.each([
    ['as it is', (line: string) => line],
    ['in docker', (line: string) => docker(`${line}\n`)],
    ['in filebeat', filebeat],
    ['in fluent-bit', fluentBit],
  ])('are read in their order when a record lies across two of them: %s', async (_, wrapped) => {
    const trace = [...TRACE, ...TRACE].map(wrapped);
    const mixed = {
      'a.log': bytesOf([...LINES.slice(0, MIDDLE), ...trace, ...LINES.slice(MIDDLE)]),
    };
    const { outputs, ...taken } = await readApart(mixed, 2);
    expect(outputs).toEqual(outputsAlone(mixed));
    expect(taken).toMatchObject({ runs: 2, crews: 1 });
  });

  test('are those that were there at the beginning', async () => {
    const thread = { cwd: ROOT, library: { kernel: true }, reader: { keep: KEEP } };
    const { outputs, ...taken } = await readApart(files, 3, {
      startCrew() {
        for (const name of Object.keys(files)) rmSync(join(folder, name));
        writeFileSync(join(folder, 'b.log'), bytesOf(LINES.slice(0, 7)));
        return startCrew(2, thread, { program: READING_THREAD });
      },
    });
    expect(outputs).toEqual(outputsAlone(files));
    expect(taken.runs).toBe(1);
  });

  test('are read in their order when a thread cannot read its range', async () => {
    const [source] = await sourcesOf({ 'a.log': files['a.log'] });
    const fd = openSync(join(folder, 'a.log'), 'r');
    const thread = { cwd: ROOT, library: { kernel: true }, reader: { keep: KEEP } };
    const crew = startCrew(1, thread, { program: READING_THREAD });
    const range = { from: 0, to: 10_000 };
    const reading = readInRanges([source!], startAnalysis(OPTIONS), {
      ranges: [
        [
          { ...range, fd },
          // Nobody has so many files open.
          { ...range, fd: 999_999 },
        ],
      ],
      crew,
      keepsFlows: false,
      io: IO,
      quiet: true,
    });
    await expect(reading).rejects.toThrow(RangesUnfit);
    await crew.stop();
    closeSync(fd);
  });

  test('give no report when a thread is lost', async () => {
    const reading = readApart(files, 2, {
      startCrew() {
        const thread = new Worker('process.exit(7)', { eval: true });
        return new Crew([thread], 1 << 16);
      },
    });
    await expect(reading).rejects.toThrow(/a reading thread stopped midway/);
  });

  test('any lines, by three threads, give what one gives', async () => {
    const anyLine = fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom(...LINES) },
      fc.constantFrom('', '{', '{"msg":', '"a": 1', '}', '\tat x', TRACE[0]!),
      fc.constantFrom(docker('{"half":'), docker('x\n'), filebeat('\tat x'), fluentBit('\tat x')),
      fc.constantFrom(filebeat(TRACE[0]!), fluentBit(TRACE[0]!)),
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

  test('that are interrupted tell of their beginnings', async () => {
    const { input } = await readApart(files, 2, {
      io: {
        ...IO,
        onInterrupt(listener) {
          queueMicrotask(listener);
          return () => undefined;
        },
      },
    });
    expect(input.partial).toBe(true);
    const bytes = input.sources.reduce((sum, source) => sum + source.bytes, 0);
    expect(bytes).toBeLessThan(files['a.log'].length);
  });

  test('are waited for until the user interrupts', async () => {
    let interrupt = (): void => undefined;
    const idle = new Worker('setInterval(() => {}, 1000)', { eval: true });
    const reading = readApart({ 'a.log': files['a.log'] }, 2, {
      startCrew: () => new Crew([idle], 1 << 16),
      io: {
        ...IO,
        onInterrupt(listener) {
          interrupt = listener;
          return () => undefined;
        },
      },
    });
    await pause(300);
    interrupt();
    const { input } = await reading;
    expect(input.partial).toBe(true);
    expect(input.sources[0]!.bytes).toBeGreaterThan(files['a.log'].length / 3);
  });
});

describe('a plan', () => {
  const large = bytesOf(LINES);
  const planOf = async (files: Readonly<Record<string, Uint8Array>>, limits = LIMITS) =>
    planRanges(await sourcesOf(files), 2, limits);

  test('gives this thread a head start and the last one all that follows', async () => {
    const plan = await planOf({ 'a.log': large }, { ...LIMITS, headStartBytes: 30_000 });
    const [ranges] = plan!.ranges;
    await plan!.close();
    expect(ranges).toHaveLength(2);
    expect(ranges![0]!.from).toBe(0);
    expect(ranges![0]!.to).toBe(ranges![1]!.from);
    expect(ranges![0]!.to - (large.length - ranges![0]!.to)).toBeCloseTo(30_000, -1);
    expect(ranges![1]!.to).toBe(Number.POSITIVE_INFINITY);
  });

  test.each<[string, Record<string, Uint8Array>]>([
    ['text', { 'a.log': bytesOf(TRACE) }],
    ['text in docker', { 'a.log': bytesOf(TRACE.map((line) => docker(`${line}\n`))) }],
    ['a document', { 'a.log': Buffer.from(JSON.stringify(Array(99).fill(LIMITS), null, 1)) }],
    ['mostly packed files', { 'a.log': bytesOf(LINES.slice(0, 9)), 'b.log.gz': gzipSync(large) }],
  ])('is not made for %s', async (_, files) => {
    expect(await planOf(files)).toBeUndefined();
  });

  test('is not made for little', async () => {
    expect(await planOf({ 'a.log': large }, { ...LIMITS, headStartBytes: 1e9 })).toBeUndefined();
    expect(await planOf({ 'a.log': large }, { ...LIMITS, largeBytes: 1e9 })).toBeUndefined();
  });
});
