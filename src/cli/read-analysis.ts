import { availableParallelism } from 'node:os';
import {
  type Analysis,
  type AnalysisOptions,
  canBeLocal,
  startAnalysis,
} from '../analysis/index.ts';
import type { Source } from '../source/index.ts';
import type { CliProcess } from './cli-process.ts';
import { type Counted, countAll, countingOptions } from './counting.ts';
import type { Library } from './library.ts';
import type { AnalyzeOptions, ReadingOptions, ThreadsOption } from './options.ts';
import { readSources } from './read-sources.ts';
import { readRequest } from './selection.ts';
import { threadsFor } from './threads/threads-for.ts';

/** How the input is understood beside its rules and mappings, and what is kept of it. */
type AnalysisChoice = Omit<
  AnalysisOptions,
  'ruleSet' | 'mappings' | 'kernel' | 'zone' | 'maxLineBytes' | 'inputFormat'
>;

export interface ReadAnalysis {
  /** Of all flows but those that were counted apart. */
  readonly analysis: Analysis;
  readonly interrupted: boolean;
  /** What was counted of flows by the threads that alone have met them. */
  readonly apart: readonly Counted[];
}

/** What is read by this thread alone. */
export function readHere(analysis: Analysis, interrupted = false): ReadAnalysis {
  return { analysis, interrupted, apart: [] };
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
  const { threads, onlyRanges } = threadsFor(options, availableParallelism(), sources);
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
  const counted = counting !== undefined && canBeLocal(rules.ruleSet) ? counting : undefined;
  const { run, interrupted, kept } = await readInThreads(sources, start, {
    // This one reads as well.
    startCrew: () =>
      startCrew(
        threads - 1,
        { cwd: io.cwd, library: options, reader, guard, counting: counted },
        { program: io.threads?.program },
      ),
    threads,
    onlyRanges,
    keepsFlows: counted !== undefined,
    kernel,
    io,
    quiet,
    limits: io.threads?.limits,
  });
  if (kept === undefined || counted === undefined) {
    return readHere(run.finish(interrupted), interrupted);
  }
  try {
    const facts = run.facts();
    const elsewhere = kept.count(facts);
    // It is awaited below; a failure until then must not count as unhandled.
    elsewhere.catch(() => undefined);
    const asked = countingOptions(readRequest(counted, library), counted, facts.window);
    const here = countAll(kept.here.judged(facts), asked);
    const analysis = run.finish(interrupted);
    return { analysis, interrupted, apart: [here, ...(await elsewhere)] };
  } finally {
    await kept.stop();
  }
}
