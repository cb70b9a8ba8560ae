import { flowRecord } from '../../classify/index.ts';
import { InputError } from '../../model/index.ts';
import { explainRule, type Subject } from '../../workshop/index.ts';
import type { Context } from '../context.ts';
import { DONE, type Ending } from '../ending.ts';
import { findInput } from '../find-input.ts';
import { type Library, loadLibrary } from '../library.ts';
import type { DisplayOptions, ReadingOptions } from '../options.ts';
import { page } from '../pager.ts';
import { readFlow } from '../read-flow.ts';

export interface ExplainCommandOptions extends ReadingOptions, DisplayOptions {
  readonly flow?: string;
  readonly event?: string;
}

/** Prints which parts of a rule hold for a login or an event, and which do not. */
export async function explainOne(
  name: string,
  files: readonly string[],
  options: ExplainCommandOptions,
  context: Context,
): Promise<Ending> {
  const library = await loadLibrary(options, context.io.cwd);
  const subject = await subjectOf(files, options, library, context);
  if (subject === undefined) return { kind: 'interrupted' };
  const { text } = explainRule(library.rules, library.mappings, name, subject, {
    lang: options.lang,
    showIds: options.showIds ?? false,
  });
  await page(text, options, context);
  return DONE;
}

async function subjectOf(
  files: readonly string[],
  options: ExplainCommandOptions,
  { rules, mappings }: Library,
  { io }: Context,
): Promise<Subject | undefined> {
  if ((options.flow === undefined) === (options.event === undefined)) {
    throw new InputError('no-subject', {
      message: 'give either --flow ID and the logs it is in, or --event JSON',
    });
  }
  if (options.event !== undefined) return { kind: 'event', event: jsonObject(options.event) };
  const quiet = options.quiet ?? false;
  const { ruleSet } = rules;
  const read = await readFlow(
    options.flow as string,
    await findInput(files, { io, quiet }),
    {
      ruleSet,
      mappings,
      zone: options.tz,
      maxLineBytes: options.maxLineBytes,
      inputFormat: options.inputFormat,
    },
    { io, quiet },
  );
  if (read === undefined) return undefined;
  const { judged, lines, analysis } = read;
  return {
    kind: 'flow',
    id: judged.flow.id,
    record: flowRecord(judged.flow, ruleSet.rules, analysis.window.toMs),
    lines: lines.map(({ place, text }) => ({ ...place, text })),
  };
}

function jsonObject(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new InputError('bad-value', {
    message: '--event takes a JSON object',
    hint: `for example: --event '{"wechat.errcode": 40029}'`,
  });
}
