import type { AnalysisRun, PackedReading } from '../../analysis/index.ts';
import { type FileRange, linesInRange, type Source } from '../../source/index.ts';
import { type ReadSourcesOptions, readSources, type SourceTaker } from '../read-sources.ts';
import type { Crew } from './crew.ts';
import { type KeptFlows, keepFlows } from './kept-flows.ts';
import type { MetIds, RangeRead } from './message.ts';
import type { RangePlan } from './range-plan.ts';

/** What several threads have read of a source cannot be put together: it has to be read in its order. */
export class RangesUnfit extends Error {
  override readonly name = 'RangesUnfit';
}

/** What became of reading in several threads. */
export interface ThreadedReading {
  readonly interrupted: boolean;
  /** Where flows were left to the threads: the run is about the others. */
  readonly kept?: KeptFlows;
}

/**
 * Has each thread read a range of each large file, the first one here, and puts together what they
 * have read. When the user interrupts, only what was read here counts: the beginnings of the files.
 * @throws RangesUnfit when a record lies across two ranges, or a file could not be read to its end;
 *   the run is spoilt then.
 * @throws Breakdown when a thread was lost.
 */
export async function readInRanges(
  sources: readonly Source[],
  run: Pick<AnalysisRun, 'part' | 'broken' | 'absorb' | 'local'>,
  {
    ranges,
    crew,
    keepsFlows,
    ...reading
  }: ReadSourcesOptions & {
    readonly ranges: RangePlan['ranges'];
    readonly crew: Crew;
    /** Leaves to each thread the flows that it alone has met. */
    readonly keepsFlows: boolean;
  },
): Promise<ThreadedReading> {
  for (const [source, { name }] of sources.entries()) {
    for (const [i, range] of (ranges[source] ?? []).entries()) {
      if (i > 0) crew.sendRange(i - 1, { source, name, range });
    }
  }
  const here: RangeRead[] = [];
  /** By thread, this one first, then by source. */
  const read: (readonly RangeRead[])[] = [here];
  const met: MetIds[] = [];
  const readings: PackedReading[] = [];
  const { interrupted } = await readSources(
    sources.map((source, i) => headOf(source, ranges[i]?.[0])),
    headTaker(run, { ranges, crew, here }),
    {
      ...reading,
      async elsewhere(onRead) {
        crew.onProgress(onRead);
        const kind = keepsFlows ? 'tell-ids' : 'finish';
        for await (const { thread, answer } of crew.ask(() => ({ kind }))) {
          read[thread + 1] = answer.ranges;
          if (answer.kind === 'ids') met[thread] = answer;
          else readings[thread] = answer.reading;
        }
      },
    },
  );
  if (interrupted) return { interrupted };
  for (const source of sources.keys()) {
    if (ranges[source] !== undefined && !canBeJoined(read.map((thread) => thread[source]))) {
      throw new RangesUnfit();
    }
  }
  const linesBefore = (thread: number) => {
    const before = read.slice(0, thread + 1);
    return (source: number) =>
      before.reduce((lines, parts) => lines + (parts[source]?.lines ?? 0), 0);
  };
  if (keepsFlows) {
    return { interrupted, kept: await keepFlows(run, crew, { met, linesBefore }) };
  }
  for (let thread = readings.length - 1; thread >= 0; thread -= 1) {
    // Once it is absorbed, its memory is free.
    run.absorb(readings.pop()!, linesBefore(thread));
  }
  return { interrupted };
}

/** Whether the ranges of a source were read to their ends, and no record goes on in the next one. */
function canBeJoined(ranges: readonly RangeRead[]): boolean {
  return ranges.every(
    (range, i) => range !== undefined && (i === ranges.length - 1 || !range.isOpen),
  );
}

function headOf(source: Source, range: FileRange | undefined): Source {
  if (range === undefined) return source;
  const { name, sizeBytes } = source;
  return { name, sizeBytes, open: (onRead) => linesInRange(range, onRead) };
}

/** @param here takes what has become of the parts, by place of the source */
function headTaker(
  run: Pick<AnalysisRun, 'part' | 'broken'>,
  {
    ranges,
    crew,
    here,
  }: {
    readonly ranges: RangePlan['ranges'];
    readonly crew: Crew;
    readonly here: RangeRead[];
  },
): SourceTaker {
  return {
    source(name) {
      const source = here.length;
      const part = run.part({ source, name, linesBefore: 0 });
      here.push(undefined);
      return {
        chunk(bytes) {
          crew.check();
          part.chunk(bytes);
        },
        broken(code, reason) {
          if (ranges[source] !== undefined) throw new RangesUnfit();
          part.end();
          run.broken({ source, name }, code, reason);
        },
        end() {
          here[source] = part.end();
        },
      };
    },
  };
}
