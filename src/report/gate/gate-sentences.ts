import { boundsText, changeText, limitText, valueText } from './gate-figures.ts';
import type { GateCheck, GateComparison, GateLimit, GateReport } from './gate-report.ts';
import { type GateVoice, reasonText, subjectOf } from './gate-words.ts';

/** One limit of one comparison, for outputs that tell one thing at a time. */
export interface GateLine {
  readonly check: GateCheck;
  readonly comparison: GateComparison;
  readonly limit: GateLimit;
}

/** Every limit that was held against something, in the order of the checks. */
export function linesOf({ checks }: Pick<GateReport, 'checks'>): readonly GateLine[] {
  return checks.flatMap((check) =>
    check.comparisons.flatMap((comparison) =>
      comparison.limits.map((limit) => ({ check, comparison, limit })),
    ),
  );
}

/** `failure_rate`, or with its subject `failure_rate of code_used`; not escaped. */
export function figureName({ check, comparison }: GateLine): string {
  const subject = check.per === null ? null : subjectOf(comparison);
  return subject === null ? check.metric : `${check.metric}(${subject})`;
}

/** `3.00% → 4.09%, +1.09pp (+0.61..+1.58pp), ≤ +0.5pp: beyond the limit` */
export function sentenceOf(line: GateLine, report: GateReport, voice: GateVoice): string {
  const { check, comparison, limit } = line;
  const { glyphs, gate } = voice;
  const { dimension } = check;
  const value = (side: 'baseline' | 'candidate') =>
    valueText(comparison[side]?.value ?? null, dimension, glyphs);
  const compares = comparison.baseline !== null;
  const figures = compares
    ? `${value('baseline')} ${glyphs.arrow} ${value('candidate')}`
    : value('candidate');
  const isLevel = limit.kind === 'max' || limit.kind === 'min';
  const change =
    compares && !isLevel ? `, ${changeText(limit, comparison, dimension, glyphs)}` : '';
  const bounds = boundsText(limit, comparison, dimension, glyphs);
  const flows = comparison.candidate === null ? '' : sizeText(comparison, voice);
  const why =
    limit.verdict === 'inconclusive'
      ? reasonText(limit, comparison, report, voice)
      : gate.reason[limit.reason];
  const within = bounds === glyphs.dash ? '' : ` (${bounds})`;
  return `${figures}${change}${within}, ${limitText(limit, dimension, glyphs)}: ${why}${flows}`;
}

function sizeText({ candidate }: GateComparison, { gate, wording }: GateVoice): string {
  if (candidate === null || candidate.events === null || candidate.trials === null) return '';
  return wording.bracketed(gate.of(String(candidate.events), String(candidate.trials)));
}
