import { type AnalysisOptions, startAnalysis } from '../analysis/index.ts';
import { InputError } from '../model/index.ts';
import type { Context } from './context.ts';
import { NOTHING_TO_READ } from './ending.ts';
import { followSources } from './follow-sources.ts';
import type { Library } from './library.ts';
import type { AnalyzeOptions } from './options.ts';
import { type ReadAnalysis, readHere } from './read-analysis.ts';

const CLEAR_SCREEN = '\u001b[H\u001b[2J';

/**
 * Reads files as they grow, until the user interrupts; a terminal shows the report of what is known
 * and draws it anew, ten times a second at most.
 */
export async function followAnalysis(
  files: readonly string[],
  {
    library,
    options,
    choice,
    conclude,
  }: {
    readonly library: Library;
    readonly options: AnalyzeOptions;
    readonly choice: Pick<AnalysisOptions, 'keep' | 'showIds'>;
    readonly conclude: (
      read: ReadAnalysis,
      verdicts: undefined,
    ) => Promise<{ readonly text: string | undefined; readonly problem: InputError | undefined }>;
  },
  { io, stdout }: Context,
): Promise<ReadAnalysis> {
  if (files.length === 0 && io.stdin.isTTY) {
    throw new InputError(NOTHING_TO_READ, {
      message: 'nothing to follow: name log files, or pipe them in',
    });
  }
  const run = startAnalysis({
    ...choice,
    ruleSet: library.rules.ruleSet,
    mappings: library.mappings,
    zone: options.tz,
    maxLineBytes: options.maxLineBytes,
    inputFormat: options.inputFormat,
  });
  const isLive =
    io.stdout.isTTY === true &&
    options.output === 'text' &&
    options.out === undefined &&
    options.verdicts !== '-';
  const draw = async () => {
    const { text, problem } = await conclude(readHere(run.finish()), undefined);
    const shown = text ?? `${problem?.message ?? ''}\n`;
    await stdout.write(`${CLEAR_SCREEN}${firstLines(shown, (io.stdout.rows ?? 24) - 1)}`);
  };
  const { interrupted } = await followSources(files, run, {
    io,
    look: isLive ? draw : undefined,
  });
  if (isLive) await stdout.write(CLEAR_SCREEN);
  return readHere(run.finish(interrupted), interrupted);
}

function firstLines(text: string, lines: number): string {
  return text.split('\n').slice(0, lines).join('\n');
}
