import { InputError } from '../../model/index.ts';
import { loadRules } from '../../ruleset/index.ts';
import { BrokenSource } from '../../source/index.ts';
import { createEventMatcher, matchLine } from '../../workshop/index.ts';
import type { Context } from '../context.ts';
import { DONE, type Ending } from '../ending.ts';
import { findInput } from '../find-input.ts';
import { loadMappings, mistakeIn, ruleFiles } from '../library.ts';
import { linesOf } from '../lines.ts';

export interface MatchCommandOptions {
  readonly rules?: readonly string[];
  readonly mapping?: readonly string[];
  readonly only?: true;
  readonly anyLogsource?: true;
}

const BLOCK_CHARS = 64 * 1024;

/**
 * Prints for each event which rules match it; `index` counts the events from 0. A broken rule does
 * not keep the others from matching, but the command ends with its error.
 */
export async function match(
  files: readonly string[],
  options: MatchCommandOptions,
  { io, stdout }: Context,
): Promise<Ending> {
  const sources = await findInput(files, { io, quiet: true });
  const texts = await ruleFiles(options, io.cwd);
  const loaded = loadRules(
    options.only ? texts.filter(({ layer }) => layer !== undefined) : texts,
    { anyLogsource: options.anyLogsource ?? false },
  );
  const matchesOf = createEventMatcher(loaded, await loadMappings(options, io.cwd));
  let interrupted = false;
  const stopListening = io.onInterrupt(() => {
    interrupted = true;
  });
  let index = 0;
  let block = '';
  try {
    for (const source of sources) {
      for await (const line of linesOf(source)) {
        if (interrupted) break;
        if (line.trim() === '') continue;
        block += `${matchLine(index, matchesOf(line))}\n`;
        index++;
        if (block.length < BLOCK_CHARS) continue;
        await stdout.write(block);
        block = '';
      }
    }
  } catch (error) {
    if (!(error instanceof BrokenSource)) throw error;
    await stdout.write(block);
    throw new InputError(error.code, { message: error.message, exitCode: 3 });
  } finally {
    stopListening();
  }
  await stdout.write(block);
  if (interrupted) return { kind: 'interrupted' };
  const mistake = mistakeIn(loaded.problems, 'rule', 'scanlens rules lint shows them all');
  return mistake === undefined ? DONE : { kind: 'mistake', error: mistake };
}
