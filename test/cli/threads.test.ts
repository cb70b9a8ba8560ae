import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAnalysis } from '../../src/analysis/index.ts';
import { Breakdown } from '../../src/cli/breakdown.ts';
import { Crew } from '../../src/cli/threads/crew.ts';
import type { ThreadOptions } from '../../src/cli/threads/message.ts';
import { readInParts } from '../../src/cli/threads/parted-reading.ts';
import { startCrew } from '../../src/cli/threads/start-crew.ts';
import { threadsFor } from '../../src/cli/threads/threads-for.ts';
import { anyHostileLine, anyRecord } from '../analysis/any-lines.ts';
import { bytesOf, KEEP, OPTIONS, outputsOf } from '../analysis/run.ts';
import { cutAt } from '../decode/decoder-suite.ts';
import { runs } from '../fuzz.ts';
import { generateWorld } from '../world/index.ts';
import { READING_THREAD, ROOT, run } from './harness.ts';

const THREAD: ThreadOptions = { cwd: ROOT, library: { kernel: true }, reader: { keep: KEEP } };

const LINES = generateWorld({ seed: 5, flows: 300, brokenRatio: 0.02 }).files.flatMap((file) => [
  ...file.lines,
]);
const TEXT = Buffer.from(LINES.map((line) => `${line}\n`).join(''));

async function ready(crew: Crew): Promise<Crew> {
  while (!crew.isReady) await pause(10);
  return crew;
}

test('one thread a core reads, on two cores only large files', () => {
  const threads = (cores: number, sizes: readonly number[]) =>
    threadsFor(
      {},
      cores,
      sizes.map((sizeBytes) => ({ path: '/a', sizeBytes })),
    ).threads;
  expect([1, 2, 3, 8, 64].map((cores) => threads(cores, [6e8]))).toEqual([1, 1, 3, 8, 8]);
  expect([1, 2, 3].map((cores) => threads(cores, [6e8, 6e8]))).toEqual([1, 2, 3]);
  // What is packed or piped cannot be read in ranges.
  const packed = [
    { path: undefined, sizeBytes: 6e9 },
    { path: undefined, sizeBytes: undefined },
  ];
  expect(threadsFor({}, 2, packed)).toEqual({ threads: 1, onlyRanges: true });
  expect(threadsFor({ threads: 5 }, 2, packed)).toEqual({ threads: 5, onlyRanges: false });
});

/** Reads `sources` with a crew from their first byte on. */
async function outputsWith(crew: Crew, sources: readonly Iterable<Uint8Array>[]) {
  const analysis = startAnalysis(OPTIONS);
  const threaded = readInParts(analysis, { startCrew: () => crew, smallBytes: 0 });
  try {
    for (const [i, chunks] of sources.entries()) {
      const source = threaded.source(`${i}.log`);
      for (const chunk of chunks) await source.chunk(chunk);
      await source.end();
    }
    await threaded.finish();
    return outputsOf(analysis.finish());
  } finally {
    await threaded.stop();
  }
}

function outputsAlone(sources: readonly Iterable<Uint8Array>[]) {
  const analysis = startAnalysis(OPTIONS);
  for (const [i, chunks] of sources.entries()) {
    const source = analysis.source(`${i}.log`);
    for (const chunk of chunks) source.chunk(chunk);
    source.end();
  }
  return outputsOf(analysis.finish());
}

describe('a crew', () => {
  const long = Buffer.from(`{"msg":"${'x'.repeat(50_000)}"}\n`);
  const sources = [
    [TEXT.subarray(0, 100_001), TEXT.subarray(100_001)],
    [],
    [long, TEXT.subarray(0, 70_000), long.subarray(0, 30_000)],
    ...[wrapped, traced, spread].map((form) => inChunks(form(LINES.slice(0, 400)))),
  ];

  const crewOf = (count: number, library = THREAD.library) =>
    ready(startCrew(count, { ...THREAD, library }, { program: READING_THREAD, chunkBytes: 8192 }));

  test.each([1, 2, 7])('of %i reads what one thread reads, byte for byte', async (count) => {
    expect(await outputsWith(await crewOf(count), sources)).toEqual(outputsAlone(sources));
  });

  test('without the kernel reads what one thread reads with it', async () => {
    const crew = await crewOf(2, { kernel: false });
    expect(await outputsWith(crew, sources)).toEqual(outputsAlone(sources));
  });

  /** In any order, some of them twice, wrapped or broken: laws 1 to 4 hold for one thread. */
  const someBytes = fc
    .tuple(
      fc.shuffledSubarray(LINES, { minLength: 200 }),
      fc.array(fc.tuple(fc.nat(), anyHostileLine(LINES))),
      fc.array(anyRecord(LINES), { maxLength: 30 }),
    )
    .map(([lines, broken, records]) => {
      const mixed = [...lines, ...lines.slice(0, 50)];
      for (const [at, line] of broken) mixed.splice(at % (mixed.length + 1), 0, line);
      return bytesOf([...mixed, ...records.flat()]);
    });

  test('of seven reads any lines in any chunks as one thread does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(someBytes, { minLength: 1, maxLength: 3 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        async (files, places) => {
          const cut = files.map((bytes) => cutAt(bytes, places));
          expect(await outputsWith(await crewOf(7), cut)).toEqual(outputsAlone(cut));
        },
      ),
      // Each starts seven threads.
      { numRuns: runs(1), endOnFailure: true },
    );
  });

  test('that loses a thread gives no report', async () => {
    const threads = [1, 2].map(() => new Worker(READING_THREAD, { workerData: THREAD }));
    const crew = await ready(new Crew(threads, 8192));
    const reading = outputsWith(crew, [[TEXT, TEXT, TEXT, TEXT]]);
    await Promise.all([expect(reading).rejects.toThrow(Breakdown), threads[1]!.terminate()]);
    await expect(reading).rejects.toThrow(/a reading thread stopped midway/);
  });

  test('that runs out of memory gives no report', async () => {
    const crew = await ready(
      new Crew(
        [
          new Worker(READING_THREAD, {
            workerData: { ...THREAD, reader: { keep: [...KEEP, 'request_id', 'trace_id'] } },
            resourceLimits: { maxOldGenerationSizeMb: 64 },
          }),
        ],
        1 << 20,
      ),
    );
    await expect(outputsWith(crew, [manyRequests()])).rejects.toThrow(/ran out of memory/);
  });
});

/** Forms in which lines belong together: a cut between them would tell. */
const wrapped = (lines: readonly string[]) =>
  lines
    .flatMap((line, i) => [line, `2026-11-18 08:00:${(i % 50) + 10} ERROR x`, '\tat y', '\tat z'])
    .map((log) =>
      JSON.stringify({ log: `${log}\n`, stream: 'stdout', time: '2026-11-18T08:00:00Z' }),
    )
    .join('\n');
const traced = (lines: readonly string[]) =>
  [...lines, ...lines.flatMap((line) => [line, 'panic: x', 'goroutine 1 [running]:', 'a()'])].join(
    '\n',
  );
const spread = (lines: readonly string[]) =>
  lines
    .filter(isJson)
    .map((line) => JSON.stringify(JSON.parse(line), null, 2))
    .join('\n');

function isJson(line: string): boolean {
  try {
    return JSON.parse(line) !== null;
  } catch {
    return false;
  }
}

function inChunks(text: string): Uint8Array[] {
  const bytes = Buffer.from(text);
  const parts = Math.ceil(bytes.length / 10_000);
  return Array.from({ length: parts }, (_, i) => bytes.subarray(i * 10_000, (i + 1) * 10_000));
}

/** Endless distinct values of a kept field. */
function* manyRequests(): Generator<Uint8Array> {
  for (let n = 0; n < 3_000_000; ) {
    let text = '';
    for (const to = n + 2000; n < to; n += 1) {
      text += `{"time":"2026-11-18T08:00:00Z","msg":"QR code created","login.stage":"issued","qrcode_id":"q${n}","request_id":"${'r'.repeat(60)}${n}"}\n`;
    }
    yield Buffer.from(text);
  }
}

describe('the command line', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'scanlens-threads-'));
    const copies = Math.ceil((20 * 1024 ** 2) / TEXT.length);
    writeFileSync(
      join(folder, 'app.log'),
      Buffer.concat(Array.from({ length: copies }, () => TEXT)),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const report = async (threads: string) => {
    const args = ['app.log', '--threads', threads, '-o', 'json', '--verdicts', '-', '--out', 'r'];
    return run(args, { cwd: folder });
  };

  test('prints the same whatever --threads says', async () => {
    const alone = await report('1');
    expect(alone.stdout.length).toBeGreaterThan(1000);
    expect(await report('2')).toEqual(alone);
  });

  test('refuses no threads at all', async () => {
    expect(await run(['app.log', '--threads', '0'], { cwd: folder })).toMatchObject({ code: 2 });
  });
});
