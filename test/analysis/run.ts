import { builtInLibrary } from '../../bench/library.ts';
import { EVERYTHING, startTally } from '../../src/aggregate/index.ts';
import { type Analysis, startAnalysis } from '../../src/analysis/index.ts';
import type { InputSummary, Judged } from '../../src/model/index.ts';
import { UTC } from '../../src/normalise/index.ts';
import {
  buildReport,
  reportJson,
  reportMarkdown,
  reportText,
  verdictLine,
} from '../../src/report/index.ts';
import { newKernel } from '../kernel.ts';

const { ruleSet, mappings } = builtInLibrary();
const rules = new Map(ruleSet.rules.map((rule) => [rule.name, rule]));

/** One for all runs: what it remembers of one must be nothing to the next. */
const kernel = newKernel();

export const KEEP = ['service.version', 'cloud.region'];
export const OPTIONS = { ruleSet, mappings, keep: KEEP, kernel };

/** The bytes of one source, cut into chunks. */
export interface Fed {
  readonly name: string;
  readonly chunks: readonly Uint8Array[];
}

export function analyse(sources: readonly Fed[]): Analysis {
  const run = startAnalysis(OPTIONS);
  for (const { name, chunks } of sources) {
    const reader = run.source(name);
    for (const chunk of chunks) reader.chunk(chunk);
    reader.end();
  }
  return run.finish();
}

export const bytesOf = (lines: readonly string[]): Uint8Array =>
  new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));

export const oneFile = (lines: readonly string[]): Fed[] => [
  { name: 'a.log', chunks: [bytesOf(lines)] },
];

const NO_INPUT: InputSummary = {
  sources: [],
  unlinked: 0,
  timeless: 0,
  samples: [],
  schemas: {},
  partial: false,
};

/** The facts of the report and every verdict, without the counters of the input. */
export function factsOf(analysis: Analysis): string[] {
  const { report, verdicts } = reported(analysis, { withInput: false });
  return [reportJson(report), ...verdicts];
}

/** Everything that is printed of an analysis, in every form and language. */
export function outputsOf(analysis: Analysis): string[] {
  const { report, verdicts } = reported(analysis, { withInput: true });
  const style = {
    colorLevel: 0,
    ascii: false,
    width: 100,
    zone: UTC,
    top: 10,
    inputs: ['a.log'],
  } as const;
  return [
    reportJson(report),
    reportText(report, { ...style, language: 'en' }),
    reportText(report, { ...style, language: 'zh' }),
    reportMarkdown(report, { ...style, language: 'en' }),
    ...verdicts,
  ];
}

function reported(analysis: Analysis, options: { withInput: boolean }) {
  const tally = startTally({ selection: EVERYTHING, by: KEEP, showIds: false });
  const verdicts: string[] = [];
  for (const judged of analysis.flows()) {
    tally.add(judged);
    verdicts.push(
      JSON.stringify(verdictLine(options.withInput ? judged : withoutPlaces(judged), rules)),
    );
  }
  const report = buildReport(tally.finish(), {
    tool: { version: 'test', rulesDigest: ruleSet.digest },
    input: options.withInput ? analysis.input : NO_INPUT,
    window: analysis.window,
    selection: EVERYTHING,
    whereText: undefined,
    findings: analysis.findings,
    rules: ruleSet.rules,
    zone: UTC,
    showIds: false,
  });
  return { report, verdicts };
}

/** Where a line stands changes with the file it is put into; what it proves does not. */
function withoutPlaces({ flow, verdict }: Judged): Judged {
  const evidence = verdict.evidence.map((piece) => ({ ...piece, place: undefined }));
  return { flow, verdict: { ...verdict, evidence } };
}
