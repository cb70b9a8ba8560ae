import { type Baseline, compare, DEFAULT_CONFIG, type Population } from '../../gate/index.ts';
import { buildGateReport, gateJson, gateMarkdown, gateText } from '../../report/index.ts';
import { namedRules } from '../../ruleset/index.ts';
import { isBaselineFile, requireBaseline } from '../baseline-file.ts';
import type { Context } from '../context.ts';
import { countLogs, unknownAttribute } from '../count-logs.ts';
import { assertApart, openDestination } from '../destination.ts';
import { textOptions } from '../display.ts';
import { DONE, type Ending } from '../ending.ts';
import { inputProblem } from '../input-problem.ts';
import { type Library, loadLibrary } from '../library.ts';
import type { DisplayOptions, LogOptions } from '../options.ts';
import { packageVersion } from '../package-files.ts';

export interface CompareOptions extends LogOptions, DisplayOptions {
  readonly by?: readonly string[];
  readonly output: 'text' | 'json' | 'md';
  readonly out?: string;
  readonly top: number;
}

/** Shows what moved between two times; each side is logs, or a baseline. */
export async function compareSides(
  before: string,
  after: string,
  options: CompareOptions,
  context: Context,
): Promise<Ending> {
  const { io } = context;
  const library = await loadLibrary(options, io.cwd);
  const { ruleSet } = library.rules;
  const strata = options.by ?? [];
  const names = [before, after];
  await assertApart([options.out], names, context);
  const read: (Baseline | 'interrupted')[] = [];
  for (const name of names) read.push(await readSide(name, strata, library, options, context));
  const [one, two] = read;
  if (one === 'interrupted' || two === 'interrupted') return { kind: 'interrupted' };
  const report = buildGateReport(compare(one, two, strata), {
    kind: 'compare',
    tool: { version: await packageVersion(), rulesDigest: ruleSet.digest },
    rules: namedRules(ruleSet),
    candidateName: after,
    baselineName: before,
  });
  const reportTo = await openDestination(options.out ?? '-', context, options);
  const text = textOptions(options, { io, inputs: [after], toFile: options.out !== undefined });
  const words = { json: gateJson, md: gateMarkdown, text: gateText }[options.output];
  await reportTo?.write(words(report, text));
  await reportTo?.close();
  return DONE;
}

async function readSide(
  name: string,
  strata: readonly string[],
  library: Library,
  options: CompareOptions,
  context: Context,
): Promise<Baseline | 'interrupted'> {
  if (await isBaselineFile(name, context.io)) return requireBaseline(name, context.io);
  const population: Population = {
    flowTimeoutMs: DEFAULT_CONFIG.flowTimeoutMs,
    retries: undefined,
  };
  const counted = await countLogs([name], options, { library, strata, population }, context);
  if (counted.interrupted) return 'interrupted';
  const problem =
    inputProblem(counted.input, counted.seen, options.minParseRate) ??
    unknownAttribute(counted.unseen, undefined);
  if (problem !== undefined) throw problem;
  return {
    toolVersion: await packageVersion(),
    strata,
    population,
    windows: [{ rulesDigest: library.rules.ruleSet.digest, snapshot: counted.snapshot }],
  };
}
