import { execFileSync } from 'node:child_process';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { streamSource } from '../../src/source/index.ts';
import { findProgram } from '../../src/source/unzstd.ts';
import { generateWorld } from '../world/index.ts';
import { isFlatZap, TEXTS, WRAPPERS } from './forms.ts';
import { analyse, bytesOf, factsOf, oneFile } from './run.ts';

/** A world in which everything occurs that the world can tell, with failures of every kind. */
const world = generateWorld({ seed: 11, flows: 150, failureScale: 5 });
const LINES = world.files.flatMap((file) => [...file.lines]);
const EXPECTED = factsOf(analyse(oneFile(LINES)));

test('the world holds logins of every outcome', () => {
  const outcomes = new Set(
    [...analyse(oneFile(LINES)).flows()].map(({ verdict }) => verdict.outcome.kind),
  );
  expect(outcomes).toEqual(new Set(['succeeded', 'failed', 'abandoned', 'open']));
});

/** The causes, outcomes, stages and times of all flows: what a reader of the report relies on. */
describe('the same world, wrapped, gives the same report and verdicts', () => {
  test.each(WRAPPERS)('$name', ({ label, write }) => {
    const analysis = analyse(oneFile(LINES.flatMap(write)));
    const [source] = analysis.input.sources;
    expect(Object.keys(source!.forms).filter((form) => form === label)).toEqual([label]);
    expect(source!.rejected).toEqual({});
    expect(source!.records).toBe(LINES.length);
    expect(factsOf(analysis)).toEqual(EXPECTED);
  });
});

describe('the same world as text gives the same report and verdicts', () => {
  /** Lines that text can carry; all others stay as they are, in files of their own. */
  const [flat, others] = [LINES.filter(isFlatZap), LINES.filter((line) => !isFlatZap(line))];

  test('for a good part of its lines', () => {
    expect(flat.length).toBeGreaterThan(LINES.length / 8);
  });

  test.each(TEXTS)('$name', ({ label, write }) => {
    const analysis = analyse([
      ...oneFile(others),
      { name: 'text.log', chunks: [bytesOf(flat.flatMap(write))] },
    ]);
    const source = analysis.input.sources[1]!;
    expect(source.forms).toEqual({ [label]: flat.length });
    expect(source.rejected).toEqual({});
    expect(verdictsOf(factsOf(analysis))).toEqual(verdictsOf(EXPECTED));
  });
});

/** Verdicts without the report. */
const verdictsOf = ([, ...verdicts]: readonly string[]) => verdicts;

const zstd = await findProgram('zstd');

describe('the same world, packed, gives the same report and verdicts', () => {
  const bytes = Buffer.from(bytesOf(LINES));
  const half = bytes.indexOf('\n', bytes.length >> 1) + 1;
  const parts = [bytes.subarray(0, half), bytes.subarray(half)];
  const pack = (part: Buffer) => execFileSync(zstd!, ['-cq'], { input: part });
  const framed = (part: Buffer) => {
    const packed = pack(part);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(packed.length);
    return Buffer.concat([length, packed]);
  };

  const PACKED: readonly [name: string, needs: unknown, packed: () => Buffer][] = [
    ['gzip', true, () => gzipSync(bytes)],
    ['zstd, a frame for each write', zstd, () => Buffer.concat(parts.map(pack))],
    [
      'zstd, a frame behind its length for each message',
      zstd,
      () =>
        Buffer.concat(
          LINES.map((line) => Buffer.from(line))
            .slice(0, 300)
            .map(framed),
        ),
    ],
  ];

  test.each(PACKED)('%s', async (name, needs, packed) => {
    if (needs === undefined) return;
    const chunks: Uint8Array[] = [];
    for await (const chunk of streamSource(Readable.from([packed()])).open()) {
      chunks.push(chunk.slice());
    }
    const lines = name.includes('message') ? LINES.slice(0, 300) : LINES;
    expect(factsOf(analyse([{ name: 'a.log', chunks }]))).toEqual(factsOf(analyse(oneFile(lines))));
  });
});
