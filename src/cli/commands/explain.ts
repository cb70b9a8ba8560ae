import { explainText } from '../../report/index.ts';
import type { Context } from '../context.ts';
import { textOptions } from '../display.ts';
import { DONE, type Ending } from '../ending.ts';
import { findInput } from '../find-input.ts';
import { loadLibrary } from '../library.ts';
import type { DisplayOptions, ReadingOptions } from '../options.ts';
import { page } from '../pager.ts';
import { readFlow } from '../read-flow.ts';

/** Prints one login: its stages, its lines, and why each rule matched or did not. */
export async function explain(
  id: string,
  files: readonly string[],
  options: ReadingOptions & DisplayOptions,
  context: Context,
): Promise<Ending> {
  const { io } = context;
  const quiet = options.quiet ?? false;
  const showIds = options.showIds ?? false;
  const sources = await findInput(files, { io, quiet });
  const { rules, mappings, kernel } = await loadLibrary(options, io.cwd);
  const read = await readFlow(
    id,
    sources,
    {
      ruleSet: rules.ruleSet,
      mappings,
      kernel,
      showIds,
      zone: options.tz,
      maxLineBytes: options.maxLineBytes,
      inputFormat: options.inputFormat,
    },
    { io, quiet },
  );
  if (read === undefined) return { kind: 'interrupted' };
  const { judged, lines, analysis } = read;
  const facts = { judged, lines, rules, window: analysis.window, showIds };
  const text = textOptions(options, { io, inputs: files, toFile: false });
  await page(explainText(facts, text), options, context);
  return DONE;
}
