import { appendFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  type Baseline,
  type Check,
  type Decision,
  decide,
  type GateConfig,
  parseShorthand,
  settledConfig,
  wholeOf,
} from '../../gate/index.ts';
import { InputError } from '../../model/index.ts';
import {
  buildGateReport,
  type GateReport,
  gateAnnotations,
  gateJson,
  gateJunit,
  gateMarkdown,
  gateText,
  SUMMARY_CAP_BYTES,
} from '../../report/index.ts';
import { namedRules } from '../../ruleset/index.ts';
import { readBaseline, requireBaseline } from '../baseline-file.ts';
import type { Context } from '../context.ts';
import { countLogs, unknownAttribute } from '../count-logs.ts';
import { assertApart, openDestination } from '../destination.ts';
import { textOptions } from '../display.ts';
import { DONE, type Ending } from '../ending.ts';
import { readGateConfig } from '../gate-config.ts';
import { inputProblem } from '../input-problem.ts';
import { loadLibrary } from '../library.ts';
import type { DisplayOptions, LogOptions } from '../options.ts';
import { packageVersion } from '../package-files.ts';

export interface GateOptions extends LogOptions, DisplayOptions {
  readonly config?: string;
  readonly baseline?: string;
  readonly failIf?: readonly string[];
  readonly maxFailureRate?: string;
  readonly output: 'text' | 'json' | 'md' | 'junit';
  readonly out?: string;
  readonly junit?: string;
  readonly ci: 'auto' | 'github' | 'none';
  readonly top: number;
}

/** Reads logs and holds them against the limits of the configuration. */
export async function gate(
  files: readonly string[],
  options: GateOptions,
  context: Context,
): Promise<Ending> {
  const { io } = context;
  const library = await loadLibrary(options, io.cwd);
  const { ruleSet } = library.rules;
  const rules = namedRules(ruleSet).map(({ name }) => name);
  const written = await readGateConfig(options, io, rules);
  const config = settledConfig(written, askedChecks(options, rules));
  const baselineName = options.baseline ?? config.baseline;
  const baseline = await baselineOf(baselineName, options, context);
  await assertApart([options.out, options.junit], [...files, baselineName ?? ''], context);
  const reportTo = await openDestination(options.out ?? '-', context, options);
  const junitTo = await openDestination(options.junit, context);
  try {
    const counted = await countLogs(
      files,
      options,
      { library, strata: config.strata, population: config },
      context,
    );
    if (counted.interrupted) return { kind: 'interrupted' };
    const problem =
      inputProblem(counted.input, counted.seen, options.minParseRate) ??
      unknownAttribute(counted.unseen, config.retries?.by, (name) => isInBaseline(name, baseline));
    // A baseline that knows success shows that the logs can tell it: then none is an outage.
    if (problem !== undefined && !(problem.code === 'no-success' && hasSuccess(baseline)))
      return { kind: 'mistake', error: problem };
    const decision = decide({
      config,
      candidate: counted.snapshot,
      rulesDigest: ruleSet.digest,
      baseline,
      baselineName,
    });
    const report = buildGateReport(decision, {
      kind: 'gate',
      tool: { version: await packageVersion(), rulesDigest: ruleSet.digest },
      rules: namedRules(ruleSet),
      candidateName: files.length === 1 ? files[0] : undefined,
      baselineName: baseline && baselineName,
    });
    await reportTo?.write(wordedDecision(report, files, options, context));
    await junitTo?.write(gateJunit(report, { language: options.lang }));
    await tellGithub(report, files, options, context);
    return endingOf(decision, config);
  } finally {
    await reportTo?.close();
    await junitTo?.close();
  }
}

function endingOf({ verdict }: Decision, { onInconclusive }: GateConfig): Ending {
  if (verdict === 'fail') return { kind: 'findings' };
  if (verdict === 'inconclusive' && onInconclusive === 'fail') return { kind: 'inconclusive' };
  return DONE;
}

/** Checks named on the command line. */
function askedChecks(options: GateOptions, rules: readonly string[]): readonly Check[] {
  const conditions = options.failIf ?? [];
  const asked = conditions.map((text, i) =>
    parseShorthand(text, {
      flag: '--fail-if',
      id: conditions.length === 1 ? 'fail-if' : `fail-if-${i + 1}`,
      rules,
    }),
  );
  if (options.maxFailureRate === undefined) return asked;
  const text = options.maxFailureRate;
  const max = parseMaximum(text, rules);
  return [...asked, max];
}

function parseMaximum(text: string, rules: readonly string[]): Check {
  const prefix = 'failure_rate > ';
  try {
    return parseShorthand(prefix + text, {
      flag: '--max-failure-rate',
      id: 'max-failure-rate',
      rules,
    });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError('bad-value', {
      message: `--max-failure-rate takes a share such as 5%, not '${text}'`,
      hint: error.hint,
    });
  }
}

/** A baseline that the user names must be there; one of the configuration, when a check needs it. */
async function baselineOf(
  name: string | undefined,
  options: GateOptions,
  { io }: Context,
): Promise<Baseline | undefined> {
  if (options.baseline !== undefined) return requireBaseline(options.baseline, io);
  return name === undefined ? undefined : readBaseline(name, io);
}

function isInBaseline(attribute: string, baseline: Baseline | undefined): boolean {
  const place = baseline?.strata.indexOf(attribute) ?? -1;
  if (baseline === undefined || place < 0) return false;
  return [...wholeOf(baseline).groups.values()].some(({ values }) => values[place] !== undefined);
}

function hasSuccess(baseline: Baseline | undefined): boolean {
  if (baseline === undefined) return false;
  return [...wholeOf(baseline).groups.values()].some(({ succeeded }) => succeeded > 0);
}

function wordedDecision(
  report: GateReport,
  files: readonly string[],
  options: GateOptions,
  { io }: Context,
): string {
  const text = textOptions(options, { io, inputs: files, toFile: options.out !== undefined });
  switch (options.output) {
    case 'json':
      return gateJson(report);
    case 'junit':
      return gateJunit(report, { language: options.lang });
    case 'md':
      return gateMarkdown(report, text);
    case 'text':
      return gateText(report, text);
  }
}

/** Within GitHub Actions: marks on the run, and a page in its summary. */
async function tellGithub(
  report: GateReport,
  files: readonly string[],
  options: GateOptions,
  { io, stdout }: Context,
): Promise<void> {
  const { GITHUB_ACTIONS, GITHUB_STEP_SUMMARY } = io.env;
  if (options.ci === 'none' || (options.ci === 'auto' && GITHUB_ACTIONS !== 'true')) return;
  const annotations = gateAnnotations(report, { language: options.lang });
  // Both streams are read for commands; a program that reads JSON must not meet them.
  const isForPeople =
    options.out !== undefined || options.output === 'text' || options.output === 'md';
  if (isForPeople) await stdout.write(annotations);
  else io.stderr.write(annotations);
  if (!GITHUB_STEP_SUMMARY) return;
  const path = resolve(io.cwd, GITHUB_STEP_SUMMARY);
  const text = textOptions(options, { io, inputs: files, toFile: true });
  try {
    const used = await stat(path).then(
      ({ size }) => size,
      () => 0,
    );
    await appendFile(path, gateMarkdown(report, { ...text, maxBytes: SUMMARY_CAP_BYTES - used }));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError('unwritable', {
      message: `the step summary cannot be written (${code})`,
      at: '$GITHUB_STEP_SUMMARY',
    });
  }
}
