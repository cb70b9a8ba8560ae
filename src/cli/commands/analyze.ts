import { knownNames } from '../../aggregate/index.ts';
import type { Analysis } from '../../analysis/index.ts';
import { closestName, InputError, type Report } from '../../model/index.ts';
import { parseZone } from '../../normalise/index.ts';
import {
  buildReport,
  openMetrics,
  reportHtml,
  reportJson,
  reportMarkdown,
  reportText,
  verdictJson,
} from '../../report/index.ts';
import { namedRules } from '../../ruleset/index.ts';
import type { Context } from '../context.ts';
import {
  type Counted,
  type Counting,
  countingOptions,
  mergeCounted,
  startCounting,
} from '../counting.ts';
import { assertApart, type Destination, openDestination } from '../destination.ts';
import { textOptions } from '../display.ts';
import { DONE, type Ending } from '../ending.ts';
import { findInput } from '../find-input.ts';
import { followAnalysis } from '../follow-analysis.ts';
import { inputProblem } from '../input-problem.ts';
import { type Library, loadLibrary } from '../library.ts';
import type { AnalyzeOptions } from '../options.ts';
import { packageVersion } from '../package-files.ts';
import { type ReadAnalysis, readAnalysis } from '../read-analysis.ts';
import { type Request, readRequest, selectionOf } from '../selection.ts';

/** Reads logs and prints the report. */
export async function analyze(
  files: readonly string[],
  options: AnalyzeOptions,
  context: Context,
): Promise<Ending> {
  const { io } = context;
  const quiet = options.quiet ?? false;
  const sources = options.follow === true ? [] : await findInput(files, { io, quiet });
  const library = await loadLibrary(options, io.cwd);
  const request = readRequest(options, library);
  const inputs = [...files, ...sources.map(({ name }) => name)];
  await assertApart([options.verdicts, options.out], inputs, context);
  const verdicts = await openDestination(options.verdicts, context);
  // Verdicts on standard output take the report's place there.
  const reportTo =
    options.out === undefined && options.verdicts === '-'
      ? undefined
      : await openDestination(options.out ?? '-', context, options);
  try {
    const choice = { keep: request.keep, showIds: options.showIds ?? false };
    const conclude = (read: ReadAnalysis, to: Destination | undefined) =>
      concluded(read, { files, options, request, library, verdicts: to }, context);
    // Verdicts are written in the order of all flows.
    const counting = verdicts === undefined ? options : undefined;
    const read =
      options.follow === true
        ? await followAnalysis(files, { library, options, choice, conclude }, context)
        : await readAnalysis(sources, { library, options, choice, counting }, io);
    const { text, problem } = await conclude(read, verdicts);
    if (text !== undefined) await reportTo?.write(text);
    if (read.interrupted) return { kind: 'interrupted' };
    return problem === undefined ? DONE : { kind: 'mistake', error: problem };
  } finally {
    await verdicts?.close();
    await reportTo?.close();
  }
}

/** The worded report, if there is something to tell, and what is wrong with the input. */
async function concluded(
  { analysis, apart }: Pick<ReadAnalysis, 'analysis' | 'apart'>,
  {
    files,
    options,
    request,
    library,
    verdicts,
  }: {
    readonly files: readonly string[];
    readonly options: AnalyzeOptions;
    readonly request: Request;
    readonly library: Library;
    readonly verdicts: Destination | undefined;
  },
  context: Context,
): Promise<{ readonly text: string | undefined; readonly problem: InputError | undefined }> {
  const counting = startCounting(countingOptions(request, options, analysis.window));
  const here = await count(analysis, counting, library, verdicts);
  const counted = apart.reduce(mergeCounted, here);
  const problem =
    inputProblem(analysis.input, counted.tally.seen, options.minParseRate) ??
    unknownField(counted.unseen) ??
    (counted.selected === 0 ? nothingSelected() : undefined);
  if (problem !== undefined && !REPORTED.has(problem.code)) return { text: undefined, problem };
  const report = buildReport(counted.tally, {
    tool: { version: await packageVersion(), rulesDigest: library.rules.ruleSet.digest },
    input: analysis.input,
    window: analysis.window,
    selection: selectionOf(request, analysis.window.toMs),
    whereText: options.where,
    findings: analysis.findings,
    rules: namedRules(library.rules.ruleSet),
    zone: parseZone(options.tz),
    showIds: options.showIds ?? false,
  });
  return { text: wordedReport(report, files, options, context), problem };
}

/** What is wrong with the input, but leaves something to tell. */
const REPORTED: ReadonlySet<string> = new Set([
  'parse-rate',
  'no-flows',
  'no-success',
  'nothing-selected',
]);

/** Counts every flow and writes the verdicts of the selected ones. */
async function count(
  analysis: Analysis,
  counting: Counting,
  library: Library,
  verdicts: Destination | undefined,
): Promise<Counted> {
  const rules = new Map(namedRules(library.rules.ruleSet).map((rule) => [rule.name, rule]));
  let block = '';
  // Whatever the order, what is counted is the same.
  for (const judged of analysis.flows(verdicts === undefined ? 'any' : 'by-start')) {
    if (!counting.add(judged) || verdicts === undefined) continue;
    block += verdictJson(judged, rules);
    if (block.length < VERDICT_BLOCK) continue;
    await verdicts.write(block);
    block = '';
  }
  await verdicts?.write(block);
  return counting.finish();
}

const VERDICT_BLOCK = 64 * 1024;

function unknownField(unseen: ReadonlySet<string>): InputError | undefined {
  const [name] = unseen;
  if (name === undefined) return undefined;
  const near = closestName(name, knownNames());
  return new InputError('unknown-field', {
    message: `no login in this input has a field "${name}"`,
    at: '--by, --where',
    hint: near === undefined ? 'scanlens detect lists the fields' : `did you mean "${near}"?`,
  });
}

function nothingSelected(): InputError {
  return new InputError('nothing-selected', {
    message: 'no login fulfils --since, --until and --where',
    exitCode: 3,
  });
}

function wordedReport(
  report: Report,
  files: readonly string[],
  options: AnalyzeOptions,
  { io }: Context,
): string {
  const text = textOptions(options, { io, inputs: files, toFile: options.out !== undefined });
  switch (options.output) {
    case 'json':
      return reportJson(report);
    case 'md':
      return reportMarkdown(report, text);
    case 'html':
      return reportHtml(report, text);
    case 'openmetrics':
      return openMetrics(report);
    case 'text':
      return reportText(report, text);
  }
}
