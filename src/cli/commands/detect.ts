import { startDetection } from '../../analysis/index.ts';
import { InputError } from '../../model/index.ts';
import { detectionText } from '../../report/index.ts';
import type { Context } from '../context.ts';
import { textOptions } from '../display.ts';
import { DONE, type Ending } from '../ending.ts';
import { findInput } from '../find-input.ts';
import { loadLibrary } from '../library.ts';
import type { DisplayOptions, ReadingOptions } from '../options.ts';
import { page } from '../pager.ts';
import { readSources } from '../read-sources.ts';

export interface DetectOptions extends ReadingOptions, DisplayOptions {
  readonly top: number;
}

/** Reads logs and prints what was understood of them. */
export async function detect(
  files: readonly string[],
  options: DetectOptions,
  context: Context,
): Promise<Ending> {
  const { io } = context;
  const quiet = options.quiet ?? false;
  const sources = await findInput(files, { io, quiet });
  const { rules, mappings } = await loadLibrary(options, io.cwd);
  const run = startDetection({
    mappings,
    library: rules.ruleSet.events,
    zone: options.tz,
    maxLineBytes: options.maxLineBytes,
    inputFormat: options.inputFormat,
  });
  const { interrupted } = await readSources(sources, run, { io, quiet });
  const detection = run.finish();
  if (detection.lines === detection.blank && !interrupted) {
    throw new InputError('empty-input', {
      message: 'the input is empty',
      at: sources[0].name,
      exitCode: 3,
    });
  }
  const text = textOptions(options, { io, inputs: files, toFile: false });
  const words = detectionText(detection, { ...text, showIds: options.showIds ?? false });
  await page(words, options, context);
  return interrupted ? { kind: 'interrupted' } : DONE;
}
