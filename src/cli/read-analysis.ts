import { availableParallelism } from 'node:os';
import {
  type Analysis,
  type AnalysisOptions,
  canBeLocal,
  startAnalysis,
} from '../analysis/index.ts';
import type { Source } from '../source/index.ts';
import type { CliProcess } from './cli-process.ts';
import { type Counted, countFlows, countingOptions } from './counting.ts';
import type { Library } from './library.ts';
import type { AnalyzeOptions, ReadingOptions, ThreadsOption } from './options.ts';
import { readSources } from './read-sources.ts';
import { usualThreads } from './threads/usual-threads.ts';

/** How the input is understood beside its rules and mappings, and what is kept of it. */
type AnalysisChoice = Omit<
  AnalysisOptions,
  'ruleSet' | 'mappings' | 'kernel' | 'zone' | 'maxLineBytes' | 'inputFormat'
>;

export interface ReadAnalysis {
  readonly analysis: Analysis;
  readonly interrupted: boolean;
  /** What was counted of flows that are not in the analysis: each thread judges those of its own. */
  readonly apart: Promise<readonly Counted[]>;
}

/** What is read by this thread alone. */
export function readHere(analysis: Analysis, interrupted = false): ReadAnalysis {
  return { analysis, interrupted, apart: Promise.resolve([]) };
}

/**
 * Reads the sources and makes flows of them, in several threads where that pays.
 * @throws InputError when a source cannot be opened or is evidently no text.
 * @throws Breakdown when a thread was lost.
 */
export async function readAnalysis(
  sources: readonly Source[],
  {
    library,
    options,
    choice,
    counting,
  }: {
    readonly library: Library;
    readonly options: ReadingOptions & ThreadsOption;
    readonly choice: AnalysisChoice;
    /** Flows are only counted, so that threads may keep those that each has met alone. */
    readonly counting?: AnalyzeOptions | undefined;
  },
  io: CliProcess,
): Promise<ReadAnalysis> {
  const quiet = options.quiet ?? false;
  const { flowTimeoutMs, guard, ...fields } = choice;
  const { tz: zone, maxLineBytes, inputFormat } = options;
  const threads = options.threads ?? usualThreads(availableParallelism(), sources);
  const reader = { ...fields, zone, maxLineBytes, inputFormat, isOneOfSeveral: threads > 1 };
  const { rules, mappings, kernel } = library;
  const start = () =>
    startAnalysis({ ...choice, ...reader, ruleSet: rules.ruleSet, mappings, kernel });
  if (threads === 1) {
    const run = start();
    const { interrupted } = await readSources(sources, run, { io, quiet });
    return readHere(run.finish(interrupted), interrupted);
  }
  const { readInThreads, startCrew } = await import('./threads/index.ts');
  const { run, interrupted, kept } = await readInThreads(sources, start, {
    // This one reads as well.
    startCrew: () =>
      startCrew(
        threads - 1,
        { cwd: io.cwd, library: options, reader, guard, counting },
        { program: io.readingThread },
      ),
    threads,
    keepsFlows: counting !== undefined && canBeLocal(rules.ruleSet),
    kernel,
    io,
    quiet,
  });
  if (kept === undefined || counting === undefined) {
    return readHere(run.finish(interrupted), interrupted);
  }
  const facts = run.facts();
  const elsewhere = kept.count(facts);
  // It is awaited later; a failure until then must not count as unhandled.
  elsewhere.catch(() => undefined);
  const here = countFlows(kept.here.judged(facts), countingOptions(counting, library, facts));
  const apart = elsewhere.then((counted) => [here, ...counted]);
  return { analysis: run.finish(interrupted), interrupted, apart };
}
