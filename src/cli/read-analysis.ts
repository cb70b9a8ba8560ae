import { availableParallelism } from 'node:os';
import { type Analysis, type AnalysisOptions, startAnalysis } from '../analysis/index.ts';
import type { Source } from '../source/index.ts';
import type { CliProcess } from './cli-process.ts';
import type { Library } from './library.ts';
import type { ReadingOptions, ThreadsOption } from './options.ts';
import { readSources } from './read-sources.ts';
import { usualThreads } from './threads/usual-threads.ts';

/** How the input is understood beside its rules and mappings, and what is kept of it. */
type AnalysisChoice = Omit<
  AnalysisOptions,
  'ruleSet' | 'mappings' | 'kernel' | 'zone' | 'maxLineBytes' | 'inputFormat'
>;

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
  }: {
    readonly library: Library;
    readonly options: ReadingOptions & ThreadsOption;
    readonly choice: AnalysisChoice;
  },
  io: CliProcess,
): Promise<{ readonly analysis: Analysis; readonly interrupted: boolean }> {
  const quiet = options.quiet ?? false;
  const { flowTimeoutMs, guard, ...kept } = choice;
  const { tz: zone, maxLineBytes, inputFormat } = options;
  const reader = { ...kept, zone, maxLineBytes, inputFormat };
  const { rules, mappings, kernel } = library;
  const start = () =>
    startAnalysis({ ...choice, ...reader, ruleSet: rules.ruleSet, mappings, kernel });
  const threads = options.threads ?? usualThreads(availableParallelism());
  if (threads === 1) {
    const run = start();
    const { interrupted } = await readSources(sources, run, { io, quiet });
    return { analysis: run.finish(interrupted), interrupted };
  }
  const { readInThreads, startCrew } = await import('./threads/index.ts');
  const { run, interrupted } = await readInThreads(sources, start, {
    // This one reads as well.
    startCrew: () =>
      startCrew(
        threads - 1,
        { cwd: io.cwd, library: options, reader },
        { program: io.readingThread },
      ),
    threads,
    kernel,
    io,
    quiet,
  });
  return { analysis: run.finish(interrupted), interrupted };
}
