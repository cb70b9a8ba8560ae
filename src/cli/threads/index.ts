import type { AnalysisRun } from '../../analysis/index.ts';
import type { Kernel } from '../../decode/index.ts';
import type { Source } from '../../source/index.ts';
import { type ReadSourcesOptions, readSources } from '../read-sources.ts';
import type { Crew } from './crew.ts';
import { readInParts } from './parted-reading.ts';
import { planRanges, type RangeLimits } from './range-plan.ts';
import { RangesUnfit, readInRanges } from './ranged-reading.ts';

export { startCrew } from './start-crew.ts';

export interface ThreadsOptions extends ReadSourcesOptions {
  /** This one included. */
  readonly threads: number;
  /** Starts the others. */
  readonly startCrew: () => Crew;
  readonly kernel: Kernel | undefined;
  readonly limits?: RangeLimits;
}

/**
 * Reads the sources in several threads: large files in ranges; what comes as a stream, or hangs
 * together, in parts that are handed out.
 * @param start makes an empty run
 * @returns the run that has read them, and whether the user interrupted.
 * @throws InputError when a source cannot be opened or is evidently no text.
 * @throws Breakdown when a thread was lost.
 */
export async function readInThreads<Run extends Pick<AnalysisRun, 'part' | 'broken' | 'absorb'>>(
  sources: readonly Source[],
  start: () => Run,
  { threads, startCrew, kernel, limits, ...reading }: ThreadsOptions,
): Promise<{ readonly run: Run; readonly interrupted: boolean }> {
  const plan = await planRanges(sources, threads, limits);
  if (plan !== undefined) {
    const run = start();
    const crew = startCrew();
    try {
      const { interrupted } = await readInRanges(sources, run, {
        ranges: plan.ranges,
        crew,
        ...reading,
      });
      return { run, interrupted };
    } catch (error) {
      if (!(error instanceof RangesUnfit)) throw error;
    } finally {
      await crew.stop();
      await plan.close();
    }
  }
  const run = start();
  const parts = readInParts(run, { startCrew, kernel });
  try {
    const { interrupted } = await readSources(sources, parts, reading);
    await parts.finish();
    return { run, interrupted };
  } finally {
    await parts.stop();
  }
}
