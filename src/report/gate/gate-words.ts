import { confidenceText, countText, percentText } from '../figures.ts';
import type { Wording } from '../wording/index.ts';
import { chanceText, pointsRange, pointsText } from './gate-figures.ts';
import type { GateGlyphs } from './gate-glyphs.ts';
import type {
  GateCause,
  GateCheck,
  GateComparison,
  GateLimit,
  GateReport,
  GateSide,
} from './gate-report.ts';
import type { GateWording } from './gate-wording.ts';

/** What sentences about a decision are made with. */
export interface GateVoice {
  readonly wording: Wording;
  readonly gate: GateWording;
  readonly glyphs: GateGlyphs;
}

/** How a check is marked: a failure that only warns is told apart. */
export function markOf({ verdict, level }: GateCheck): 'pass' | 'fail' | 'inconclusive' | 'warn' {
  return verdict === 'fail' && level === 'warn' ? 'warn' : verdict;
}

/** `1 of 3 checks failed`, `1 inconclusive`, `1 warning`; or that all passed. */
export function tallyTexts({ checks }: GateReport, { gate }: GateVoice): readonly string[] {
  const marked = (mark: ReturnType<typeof markOf>) =>
    checks.filter((check) => markOf(check) === mark).length;
  const [failed, unsure, warned] = [marked('fail'), marked('inconclusive'), marked('warn')];
  const all = countText(checks.length);
  const parts = [
    ...(failed > 0 ? [gate.failedOf(countText(failed), all)] : []),
    ...(unsure > 0 ? [gate.unsureOf(countText(unsure))] : []),
    ...(warned > 0 ? [gate.warned(countText(warned))] : []),
  ];
  if (parts.length > 0) return parts;
  return [checks.length === 0 ? gate.noChecks : gate.allPass(all)];
}

/** `5,012 decided logins`, `205 failed (4.09%)` */
export function sideTexts(side: GateSide, { gate }: GateVoice): readonly string[] {
  const decided = gate.decided(countText(side.decided));
  return side.failureRate === null
    ? [decided]
    : [decided, gate.failed(countText(side.failed), percentText(side.failureRate))];
}

/** `387 abandoned`, `12 still open`, `9 cut off by an end of the data`: what no rate is taken over. */
export function leftOutTexts(side: GateSide, { wording, gate }: GateVoice): readonly string[] {
  return [
    ...(side.abandoned > 0 ? [wording.abandoned(countText(side.abandoned))] : []),
    ...(side.open > 0 ? [wording.open(countText(side.open))] : []),
    ...(side.cut > 0 ? [gate.cut(countText(side.cut))] : []),
  ];
}

/** How the figures were judged. Attributes come escaped. */
export function methodTexts(
  report: GateReport,
  { gate, wording }: GateVoice,
  escaped: (text: string) => string,
): readonly string[] {
  const { burstiness, strata, confidence } = report;
  const bursts =
    burstiness === null
      ? gate.burstsUnknown
      : burstiness.factor < 1.05
        ? gate.evenly
        : gate.bursts(burstiness.factor.toFixed(1), widthText(burstiness.widthMinutes, wording));
  return [
    gate.oneSided(confidenceText(confidence)),
    bursts,
    ...(strata === null
      ? []
      : [gate.adjustedFor(strata.attributes.map(escaped).join(wording.comma))]),
  ];
}

function widthText(minutes: number, { language }: Wording): string {
  const hours = minutes % 60 === 0 ? minutes / 60 : undefined;
  if (language === 'zh')
    return hours === undefined ? `每 ${minutes} 分钟` : hours === 1 ? '小时' : `每 ${hours} 小时`;
  if (hours === undefined) return minutes === 1 ? 'the minute' : `${minutes} minutes`;
  return hours === 1 ? 'the hour' : `${hours} hours`;
}

/** What stands in the way of a fair comparison. Attributes come escaped. */
export function caveatTexts(
  report: GateReport,
  { gate, wording }: GateVoice,
  escaped: (text: string) => string,
): readonly string[] {
  const { strata, candidate, baseline, rulesDiffer } = report;
  const texts: string[] = [];
  if (rulesDiffer) texts.push(gate.rulesDiffer);
  if (candidate.failed > 0 && candidate.succeeded === 0 && (baseline?.succeeded ?? 0) > 0)
    texts.push(gate.noSuccess);
  if (strata === null) return texts;
  const { unmatched, heterogeneityP, attributes, groups } = strata;
  for (const name of attributes)
    if (groups.length > 0 && groups.every(({ values }) => values[name] === null))
      texts.push(wording.fieldAbsent(escaped(name)));
  if (unmatched.candidate >= 0.005 || unmatched.baseline >= 0.005)
    texts.push(gate.unmatched(percentText(unmatched.candidate), percentText(unmatched.baseline)));
  if (isUnlike(heterogeneityP)) texts.push(gate.unlike(chanceText(heterogeneityP)));
  return texts;
}

/** Strata so unlike each other that their average hides them. */
export function isUnlike(heterogeneityP: number | null): heterogeneityP is number {
  return heterogeneityP !== null && heterogeneityP < 0.01;
}

/** Why a limit was not decided, and what would decide it. */
export function reasonText(
  limit: GateLimit,
  comparison: GateComparison,
  report: GateReport,
  { gate, wording }: GateVoice,
): string {
  const { reason, needed } = limit;
  const parts = [gate.reason[reason]];
  if (reason === 'few-flows') parts.push(gate.minimum(countText(report.minFlows)));
  else if (needed !== null)
    parts.push(
      needed.baselineFlows === null
        ? gate.needed(countText(needed.candidateFlows))
        : gate.neededBoth(countText(needed.candidateFlows), countText(needed.baselineFlows)),
    );
  else if (reason === 'between' && comparison.candidate?.trials) parts.push(gate.onTheLimit);
  return parts.join(wording.language === 'zh' ? '；' : '; ');
}

/** Why something was not decided, and what it is about. */
export interface OpenQuestion {
  readonly check: GateCheck;
  /** Of a `per` check: the rules or stages that share the answer; null for a check of its own. */
  readonly subjects: readonly string[] | null;
  /** Which limit, where the check has several; else null. */
  readonly limit: GateLimit | null;
  readonly text: string;
}

/** What was not decided; within a `per` check, what has the same reason is told once. */
export function openQuestions(report: GateReport, voice: GateVoice): readonly OpenQuestion[] {
  return report.checks.flatMap((check): readonly OpenQuestion[] => {
    const open = check.comparisons.flatMap((comparison) =>
      comparison.limits
        .filter(({ verdict }) => verdict === 'inconclusive')
        .map((limit) => ({ comparison, limit })),
    );
    if (check.per === null)
      return open.map(({ comparison, limit }) => ({
        check,
        subjects: null,
        limit: comparison.limits.length > 1 ? limit : null,
        text: reasonText(limit, comparison, report, voice),
      }));
    return [...new Set(open.map(({ limit }) => limit.reason))].map((reason) => {
      const alike = open.filter(({ limit }) => limit.reason === reason);
      const flows = ({ limit }: (typeof alike)[number]) => limit.needed?.candidateFlows ?? 0;
      const slowest = alike.reduce((a, b) => (flows(b) > flows(a) ? b : a));
      return {
        check,
        limit: null,
        subjects: alike.map(({ comparison }) => subjectOf(comparison) ?? ''),
        text: reasonText(slowest.limit, slowest.comparison, report, voice),
      };
    });
  });
}

/** The subject of a comparison: a rule, a stage, or nothing. */
export function subjectOf({ rule, stage }: GateComparison): string | null {
  return rule ?? stage;
}

/** `+0.80pp  +0.55..+1.10pp  1 of 20,040, now 41 of 5,012` */
export function causeTexts(
  { change, candidate, baseline }: GateCause,
  { gate, glyphs }: GateVoice,
): { readonly change: string; readonly bounds: string; readonly counts: string } {
  const counted = ({ failed, decided }: GateCause['candidate']) =>
    gate.of(countText(failed), countText(decided));
  return {
    change: pointsText(change.value, glyphs),
    bounds: pointsRange(change, glyphs),
    counts: gate.fromTo(counted(baseline), counted(candidate)),
  };
}

/** A rise or fall that is more than chance; what is new may still be one. */
export function isSure({ q }: GateCause): boolean {
  return q <= 0.05;
}

/** Causes that moved: those that surely did, from the greatest rise to the greatest fall; then new ones. */
export function movedCauses({ causes }: GateReport): readonly GateCause[] {
  const moved = (causes ?? []).filter(({ trend }) => trend !== 'same');
  return [...moved.filter(isSure), ...moved.filter((cause) => !isSure(cause))];
}

/** Whether the change without adjustment is worth a line: it is another, or of what is judged. */
export function showsCrude({ crude, change, limits }: GateComparison, glyphs: GateGlyphs): boolean {
  return (
    crude !== null &&
    limits.some(({ kind }) => kind === 'max_increase' || kind === 'max_decrease') &&
    pointsText(crude.value, glyphs) !== pointsText(change?.value ?? null, glyphs)
  );
}

/** Where a figure surely went: its bounds lie on one side of no change. */
export function trendOf({ change }: GateComparison): 'up' | 'down' | 'same' {
  if (change === null || change.low === change.high) return 'same';
  if (change.low !== null && change.low > 0) return 'up';
  return change.high !== null && change.high < 0 ? 'down' : 'same';
}
