import { randomUUID } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { InputError } from '../../model/index.ts';
import { newRule, type RuleSample } from '../../workshop/index.ts';
import type { Context } from '../context.ts';
import { openDestination } from '../destination.ts';
import { DONE, type Ending } from '../ending.ts';
import { noticeLine } from '../error-line.ts';
import { findInput } from '../find-input.ts';
import { type Library, loadLibrary } from '../library.ts';
import { linesOf } from '../lines.ts';
import type { ReadingOptions } from '../options.ts';
import { readFlow } from '../read-flow.ts';

export interface NewCommandOptions extends ReadingOptions {
  readonly from: string;
  readonly flow?: string;
  readonly name?: string;
  readonly out?: string;
}

/** Lines that are looked through for one a rule can be made of. */
const MOST_LINES = 1000;

/** Writes the beginning of a rule, made from a line or a login, that passes lint and its tests. */
export async function create(options: NewCommandOptions, context: Context): Promise<Ending> {
  const { io } = context;
  const library = await loadLibrary(options, io.cwd);
  if (options.out !== undefined) await makeRoom(options.out, io.cwd);
  const out = await openDestination(options.out ?? '-', context);
  const sample = await sampleOf(options, library, context);
  if (sample === undefined) return { kind: 'interrupted' };
  const { name, text, known } = newRule(library.rules, library.mappings, {
    id: randomUUID(),
    name: options.name,
    sample,
  });
  await out?.write(text);
  await out?.close();
  if (options.quiet) return DONE;
  if (known.length > 0) {
    io.stderr.write(noticeLine(`these rules match it already: ${known.join(', ')}`));
  }
  if (options.out !== undefined) {
    io.stderr.write(
      noticeLine(
        `wrote ${name} to ${options.out}; say in it what it means and what to do, then: scanlens rules lint ${options.out}, scanlens rules test ${name} --rules ${options.out}`,
      ),
    );
  }
  return DONE;
}

/** Makes the folder of a file that is not to exist yet. */
async function makeRoom(file: string, cwd: string): Promise<void> {
  const path = resolve(cwd, file);
  if ((await stat(path).catch(() => undefined)) === undefined) {
    await mkdir(dirname(path), { recursive: true });
    return;
  }
  throw new InputError('file-exists', {
    message: 'this file exists already',
    at: file,
    hint: 'a new rule never overwrites one: give another name',
  });
}

async function sampleOf(
  options: NewCommandOptions,
  { rules, mappings }: Library,
  { io }: Context,
): Promise<RuleSample | undefined> {
  const quiet = options.quiet ?? false;
  const sources = await findInput([options.from], { io, quiet });
  if (options.flow !== undefined) {
    const read = await readFlow(
      options.flow,
      sources,
      {
        ruleSet: rules.ruleSet,
        mappings,
        zone: options.tz,
        maxLineBytes: options.maxLineBytes,
        inputFormat: options.inputFormat,
      },
      { io, quiet },
    );
    if (read === undefined) return undefined;
    return {
      kind: 'flow',
      flow: read.judged.flow,
      lines: read.lines,
      watermarkMs: read.analysis.window.toMs,
    };
  }
  const lines: string[] = [];
  for (const source of sources) {
    for await (const line of linesOf(source)) {
      if (line.trim() !== '') lines.push(line);
      if (lines.length === MOST_LINES) break;
    }
  }
  if (lines.length === 0) {
    throw new InputError('empty-input', {
      message: 'the input is empty',
      at: options.from,
      exitCode: 3,
    });
  }
  return { kind: 'lines', lines };
}
