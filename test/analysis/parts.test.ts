import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Analysis, Reading } from '../../src/analysis/index.ts';
import { startAnalysis, startReading } from '../../src/analysis/index.ts';
import { formOf, orderFreeLines } from '../../src/decode/index.ts';
import { runs } from '../fuzz.ts';
import { generateWorld } from '../world/index.ts';
import { anyRecord } from './any-lines.ts';
import { analyse, bytesOf, type Fed, OPTIONS, outputsOf } from './run.ts';

/** Readers that share the input, the one that puts it together included. */
const READERS = [1, 2, 7];
const RUNS = { numRuns: runs(40) };

const world = generateWorld({ seed: 11, flows: 30, failureScale: 6, brokenRatio: 0.05 });
const LINES = world.files.flatMap((file) => [...file.lines]);

const isOrderFree = (line: string): boolean => orderFreeLines(bytesOf([line])) !== undefined;
const FREE_LINES = LINES.filter(isOrderFree);

/** Some whole lines of a source, and which reader gets them. */
interface Cut {
  readonly source: number;
  readonly linesBefore: number;
  readonly lines: readonly string[];
}

/** Reads the parts by several readers and puts together what they have read. */
function analyseApart(
  files: readonly string[][],
  readers: number,
  cutAt: readonly number[],
): Analysis {
  const run = startAnalysis(OPTIONS);
  const others = Array.from({ length: readers - 1 }, () => startReading(OPTIONS));
  const all: Pick<Reading, 'part'>[] = [run, ...others];
  for (const [turn, { source, linesBefore, lines }] of partsOf(files, cutAt).entries()) {
    const part = all[(turn * 5 + 3) % readers]!.part({
      source,
      name: `${source}.log`,
      linesBefore,
      form: linesBefore > 0 ? 'lines' : undefined,
    });
    part.chunk(bytesOf(lines));
    expect(part.end().lines).toBe(lines.length);
  }
  // What is sent between threads is cloned.
  for (const other of others) run.absorb(structuredClone(other.pack()));
  return run.finish();
}

/** A source is cut as long as no line before the cut may run on; what follows is one part. */
function partsOf(files: readonly string[][], cutAt: readonly number[]): Cut[] {
  return files.flatMap((lines, source) => {
    const places = new Set(cutAt.map((place) => place % (lines.length + 1)));
    const free = lines.findIndex((line) => !isOrderFree(line));
    const cuts = [...places]
      .filter((place) => isLines(lines) && (free === -1 || place <= free))
      .sort((a, b) => a - b);
    return [...cuts, lines.length].map((to, i): Cut => {
      const linesBefore = i === 0 ? 0 : cuts[i - 1]!;
      return { source, linesBefore, lines: lines.slice(linesBefore, to) };
    });
  });
}

const isLines = (lines: readonly string[]): boolean => formOf(bytesOf(lines), true) === 'lines';

const whole = (files: readonly string[][]): Fed[] =>
  files.map((lines, i) => ({ name: `${i}.log`, chunks: [bytesOf(lines)] }));

const brokenLine = fc.constantFrom('', '{', '[]', 'null', '{"msg":', '{"a" 1}', '\u0000');
const someLines = fc
  .tuple(
    fc.shuffledSubarray(LINES, { maxLength: 60 }),
    fc.array(fc.tuple(fc.nat(), brokenLine), { maxLength: 12 }),
    fc.array(anyRecord(LINES), { maxLength: 12 }),
  )
  .map(([lines, broken, records]) => {
    const mixed = [...lines];
    for (const [at, line] of broken) mixed.splice(at % (mixed.length + 1), 0, line);
    return [...mixed, ...records.flat()];
  });
const cuts = fc.array(fc.nat(), { maxLength: 10 });

describe.each(READERS)('%i readers', (readers) => {
  test('print what one prints, input counters and places included (laws 1, 3, 4)', () => {
    fc.assert(
      fc.property(fc.array(someLines, { minLength: 1, maxLength: 3 }), cuts, (files, cutAt) => {
        expect(outputsOf(analyseApart(files, readers, cutAt))).toEqual(
          outputsOf(analyse(whole(files))),
        );
      }),
      RUNS,
    );
  });

  test('may all be given the same lines (law 2)', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(FREE_LINES, { maxLength: 60 }), (lines) => {
        const repeated = Array.from({ length: readers }, () => lines).flat();
        const cutAt = Array.from({ length: readers }, (_, i) => i * lines.length);
        const facts = ({ flows }: Analysis) =>
          [...flows()].map(({ flow, verdict }) => ({
            id: flow.id,
            steps: flow.steps,
            outcome: verdict.outcome,
          }));
        expect(facts(analyseApart([repeated], readers, cutAt))).toEqual(
          facts(analyse(whole([lines]))),
        );
      }),
      RUNS,
    );
  });

  test('read the whole world as one does (law 6)', () => {
    const files = world.files.map((file) => [...file.lines]);
    const cutAt = Array.from({ length: 30 }, (_, i) => i * 37);
    expect(outputsOf(analyseApart(files, readers, cutAt))).toEqual(
      outputsOf(analyse(whole(files))),
    );
  });
});

test('a broken source is told at its end, whoever has read its parts', () => {
  const read = (parts: number) => {
    const run = startAnalysis(OPTIONS);
    const other = startReading(OPTIONS);
    const source = { source: 0, name: 'a.log' };
    const lines = LINES.slice(0, 20);
    for (const [i, part] of partsOf([lines], parts === 1 ? [] : [7, 13]).entries()) {
      const { linesBefore } = part;
      const reader = (i % 2 === 1 ? other : run).part({ ...source, linesBefore });
      reader.chunk(bytesOf(part.lines));
      reader.end();
    }
    run.broken(source, 'truncated', 'the gzip data stops before its end');
    run.absorb(structuredClone(other.pack()));
    return run.finish().input;
  };
  expect(read(3)).toEqual(read(1));
  expect(read(3).samples.at(-1)).toMatchObject({ file: 'a.log', line: 21, code: 'truncated' });
});
