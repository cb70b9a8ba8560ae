import type { AnalysisRun } from '../../analysis/index.ts';
import type { Kernel } from '../../decode/index.ts';
import { type FileRange, linesInRange, type Source } from '../../source/index.ts';
import { type ReadSourcesOptions, readSources, type SourceTaker } from '../read-sources.ts';
import type { Crew, ThreadResult } from './crew.ts';
import { createRangePart, type RangeRead } from './range-part.ts';
import type { RangePlan } from './range-plan.ts';

/** Lines of several ranges of a source may run on into each other: it has to be read in its order. */
export class RangesRunOn extends Error {
  override readonly name = 'RangesRunOn';
}

/** What has become of the ranges of one thread, by place of the source. */
type ThreadRanges = Pick<ThreadResult, 'ranges'>;

/**
 * Has each thread read a range of each large file, the first one here, and puts together what they
 * have read. When the user interrupts, only what was read here counts.
 * @throws RangesRunOn when that cannot be put together; the run is spoilt then.
 * @throws Breakdown when a thread was lost.
 */
export async function readInRanges(
  sources: readonly Source[],
  run: Pick<AnalysisRun, 'part' | 'broken' | 'absorb'>,
  {
    plan,
    crew,
    kernel,
    ...reading
  }: ReadSourcesOptions & {
    readonly plan: RangePlan;
    readonly crew: Crew;
    readonly kernel: Kernel | undefined;
  },
): Promise<{ readonly interrupted: boolean }> {
  for (const [source, ranges] of plan.entries()) {
    if (ranges !== undefined) crew.sendRanges(source, ranges.slice(1));
  }
  const here: RangeRead[] = [];
  const { interrupted } = await readSources(
    sources.map((source, i) => headOf(source, plan[i]?.[0], crew)),
    headTaker(run, plan, kernel, here),
    reading,
  );
  if (interrupted) return { interrupted };
  const results: ThreadResult[] = [];
  for await (const result of crew.finish()) results[result.thread] = result;
  const all: ThreadRanges[] = [{ ranges: here }, ...results];
  for (const source of sources.keys()) {
    if (all.filter(({ ranges }) => ranges[source]?.isFree === false).length > 1) {
      throw new RangesRunOn();
    }
  }
  for (const { reading, thread } of results) {
    run.absorb(reading, (source) => linesIn(all.slice(0, thread + 1), source));
  }
  return { interrupted };
}

/** What this thread reads of a source; the others tell of their progress to the same line. */
function headOf(source: Source, range: FileRange | undefined, crew: Crew): Source {
  if (range === undefined) return source;
  return {
    name: source.name,
    sizeBytes: source.sizeBytes,
    open(onRead) {
      if (onRead !== undefined) crew.onProgress(onRead);
      return linesInRange(range, onRead);
    },
  };
}

/** @param here takes what has become of the ranges, by place of the source */
function headTaker(
  run: Pick<AnalysisRun, 'part' | 'broken'>,
  plan: RangePlan,
  kernel: Kernel | undefined,
  here: RangeRead[],
): SourceTaker {
  let begun = 0;
  return {
    source(name) {
      const source = begun;
      begun += 1;
      const part = run.part({ source, name, linesBefore: 0 });
      const range = plan[source] && createRangePart(part, kernel);
      function end(): void {
        if (range === undefined) part.end();
        else here[source] = range.end();
      }
      return {
        chunk: range?.chunk ?? part.chunk,
        end,
        broken(code, reason) {
          end();
          run.broken({ source, name }, code, reason);
        },
      };
    },
  };
}

function linesIn(threads: readonly ThreadRanges[], source: number): number {
  return threads.reduce((lines, { ranges }) => lines + (ranges[source]?.lines ?? 0), 0);
}
