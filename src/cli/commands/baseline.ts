import {
  type Baseline,
  encodeBaseline,
  mergeBaselines,
  type Population,
  updateBaseline,
} from '../../gate/index.ts';
import { InputError } from '../../model/index.ts';
import { baselineText } from '../../report/index.ts';
import { namedRules } from '../../ruleset/index.ts';
import { readBaseline, requireBaseline, writeBaseline } from '../baseline-file.ts';
import type { Context } from '../context.ts';
import { countLogs, unknownAttribute } from '../count-logs.ts';
import { assertApart } from '../destination.ts';
import { textOptions } from '../display.ts';
import { DONE, type Ending } from '../ending.ts';
import { readGateConfig } from '../gate-config.ts';
import { inputProblem } from '../input-problem.ts';
import { loadLibrary } from '../library.ts';
import type { DisplayOptions, LogOptions } from '../options.ts';
import { packageVersion } from '../package-files.ts';
import { page } from '../pager.ts';

export interface BaselineLogOptions extends LogOptions {
  readonly config?: string;
  readonly strata?: readonly string[];
}

export interface BaselineShowOptions extends DisplayOptions {
  readonly tz: string;
  readonly top: number;
}

/** Counts logs into a new baseline. */
export async function createBaseline(
  files: readonly string[],
  options: BaselineLogOptions & { readonly out?: string },
  context: Context,
): Promise<Ending> {
  await assertApart([options.out], files, context);
  const made = await baselineOfLogs(files, options, context);
  if (made.kind === 'interrupted') return made;
  const out = options.out ?? made.configured;
  if (out === undefined || out === '-') await context.stdout.write(encodeBaseline(made.baseline));
  else await writeBaseline(out, made.baseline, context.io);
  return DONE;
}

/** Adds a window to a baseline and lets the oldest go. */
export async function updateBaselineFile(
  files: readonly string[],
  options: BaselineLogOptions & { readonly baseline?: string; readonly keep: number },
  context: Context,
): Promise<Ending> {
  const made = await baselineOfLogs(files, options, context);
  if (made.kind === 'interrupted') return made;
  const name = options.baseline ?? made.configured;
  if (name === undefined)
    throw new InputError('no-baseline', {
      message: 'which baseline?',
      hint: 'name it with --baseline, or as gate.baseline in scanlens.yaml',
    });
  const known = await readBaseline(name, context.io);
  if (known === undefined) await writeBaseline(name, made.baseline, context.io);
  else {
    // Merging with nothing of the new one checks that both were counted in the same way.
    mergeBaselines(known, { ...made.baseline, windows: [] });
    const updated = updateBaseline(known, made.baseline.windows[0], options.keep);
    await writeBaseline(name, { ...updated, toolVersion: made.baseline.toolVersion }, context.io);
  }
  return DONE;
}

/** Adds baselines up, such as those of several machines. */
export async function mergeBaselineFiles(
  names: readonly string[],
  { out }: { readonly out?: string },
  context: Context,
): Promise<Ending> {
  const [first, ...others] = await Promise.all(
    names.map((name) => requireBaseline(name, context.io)),
  );
  const merged = others.reduce(mergeBaselines, first);
  if (out === undefined || out === '-') await context.stdout.write(encodeBaseline(merged));
  else await writeBaseline(out, merged, context.io);
  return DONE;
}

/** Prints what a baseline holds. */
export async function showBaseline(
  name: string,
  options: BaselineShowOptions,
  context: Context,
): Promise<Ending> {
  const { io } = context;
  const baseline = await requireBaseline(name, io);
  const text = textOptions(options, { io, inputs: [], toFile: false });
  await page(baselineText(baseline, name, text), options, context);
  return DONE;
}

type Made =
  | { readonly kind: 'interrupted' }
  | {
      readonly kind: 'made';
      readonly baseline: Baseline;
      /** Where the configuration keeps it. */
      readonly configured: string | undefined;
    };

async function baselineOfLogs(
  files: readonly string[],
  options: BaselineLogOptions,
  context: Context,
): Promise<Made> {
  const { io } = context;
  const library = await loadLibrary(options, io.cwd);
  const { ruleSet } = library.rules;
  const config = await readGateConfig(
    options,
    io,
    namedRules(ruleSet).map(({ name }) => name),
  );
  const strata = options.strata ?? config.strata;
  const population: Population = {
    flowTimeoutMs: config.flowTimeoutMs,
    retries: config.retries,
  };
  const counted = await countLogs(files, options, { library, strata, population }, context);
  if (counted.interrupted) return { kind: 'interrupted' };
  const problem =
    inputProblem(counted.input, counted.seen, options.minParseRate) ??
    unknownAttribute(counted.unseen, config.retries?.by);
  if (problem !== undefined) throw problem;
  const baseline: Baseline = {
    toolVersion: await packageVersion(),
    strata,
    population,
    windows: [{ rulesDigest: ruleSet.digest, snapshot: counted.snapshot }],
  };
  return { kind: 'made', baseline, configured: config.baseline };
}
