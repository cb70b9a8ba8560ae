import type { AnalysisRun } from '../../analysis/index.ts';
import type { Kernel } from '../../decode/index.ts';
import type { Source } from '../../source/index.ts';
import { type ReadSourcesOptions, readSources } from '../read-sources.ts';
import type { Crew } from './crew.ts';
import { readInParts } from './parted-reading.ts';
import { planRanges, type RangeLimits } from './range-plan.ts';
import { RangesUnfit, readInRanges, type ThreadedReading } from './ranged-reading.ts';

export { startCrew } from './start-crew.ts';

export interface ThreadsOptions extends ReadSourcesOptions {
  /** This one included. */
  readonly threads: number;
  /** Starts the others. */
  readonly startCrew: () => Crew;
  readonly kernel: Kernel | undefined;
  /** Leaves flows to the threads that have met them alone, where it can, to be counted there. */
  readonly keepsFlows?: boolean;
  /** What cannot be read in ranges is read by this thread alone. */
  readonly onlyRanges?: boolean;
  readonly limits?: RangeLimits | undefined;
}

/**
 * Reads the sources in several threads: large files in ranges; what comes as a stream, or hangs
 * together, in parts that are handed out. Who is left with flows that were kept has to stop them.
 * @param start makes an empty run
 * @throws InputError when a source cannot be opened or is evidently no text.
 * @throws Breakdown when a thread was lost.
 */
export async function readInThreads<
  Run extends Pick<AnalysisRun, 'source' | 'part' | 'broken' | 'absorb' | 'local'>,
>(
  sources: readonly Source[],
  start: () => Run,
  {
    threads,
    startCrew,
    kernel,
    keepsFlows = false,
    onlyRanges = false,
    limits,
    ...reading
  }: ThreadsOptions,
): Promise<ThreadedReading & { readonly run: Run }> {
  const plan = await planRanges(sources, threads, limits);
  if (plan !== undefined) {
    const run = start();
    const crew = startCrew();
    let read: ThreadedReading | undefined;
    try {
      const { ranges } = plan;
      read = await readInRanges(sources, run, { ranges, crew, keepsFlows, ...reading });
      return { run, ...read };
    } catch (error) {
      if (!(error instanceof RangesUnfit)) throw error;
    } finally {
      if (read?.kept === undefined) await crew.stop();
      await plan.close();
    }
  }
  const run = start();
  if (onlyRanges) return { run, ...(await readSources(sources, run, reading)) };
  const parts = readInParts(run, { startCrew, kernel });
  try {
    const { interrupted } = await readSources(sources, parts, reading);
    await parts.finish();
    return { run, interrupted };
  } finally {
    await parts.stop();
  }
}
