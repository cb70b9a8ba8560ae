import {
  absorbHistogram,
  decidedFlows,
  emptyHistogram,
  hasFocus,
  quantileMs,
  redact,
  redactValue,
  type Selection,
  type SeriesBucket,
  trendSeries,
  wilsonInterval,
} from '../aggregate/index.ts';
import {
  type BreakdownTally,
  type FailureTally,
  FINDING_SEVERITY,
  type Finding,
  type Histogram,
  type InputSummary,
  type Ratio,
  type Report,
  type ReportBreakdownRow,
  type ReportCause,
  type ReportFailures,
  type ReportFinding,
  type ReportInput,
  type ReportLatency,
  type ReportRate,
  type ReportStage,
  type ReportTrendBucket,
  type Rule,
  STAGES,
  type Tally,
} from '../model/index.ts';
import type { Zone } from '../normalise/index.ts';
import { findingMessage } from './finding-message.ts';
import { noReturn } from './no-return.ts';

/** What a report tells beside the counts. */
export interface ReportFacts {
  readonly tool: { readonly version: string; readonly rulesDigest: string };
  readonly input: InputSummary;
  readonly window: { readonly fromMs: number | undefined; readonly toMs: number | undefined };
  readonly selection: Selection;
  /** The text that `selection.where` was read from. */
  readonly whereText: string | undefined;
  readonly findings: readonly Finding[];
  readonly rules: readonly Rule[];
  /** Hours and days of the trend start by its clock. */
  readonly zone: Zone;
  readonly showIds: boolean;
  /** Of intervals, two-sided; 0.95 unless told. */
  readonly confidence?: number;
}

/** At most so many buckets, of at least so many decided flows on average. */
const TREND_BUCKETS = { most: 24, least: 6, flows: 20 };

/** The whole report as facts; every output words these. */
export function buildReport(tally: Tally, facts: ReportFacts): Report {
  const rules = new Map(facts.rules.map((rule) => [rule.name, rule]));
  const confidence = facts.confidence ?? 0.95;
  const { outcomes } = tally;
  const decided = decidedFlows(tally);
  const success = tally.seen.succeeded > 0;
  const focused = outcomes.failed - tally.unfocused;
  return {
    schema: 'scanlens.report/1',
    tool: facts.tool,
    input: inputOf(facts.input),
    window: { from: iso(facts.window.fromMs), to: iso(facts.window.toMs) },
    selection: {
      since: iso(facts.selection.sinceMs),
      until: iso(facts.selection.untilMs),
      where: facts.whereText === undefined ? null : redact(facts.whereText, facts),
      rules: facts.selection.rules,
      stages: facts.selection.stages,
      flows: tally.seen.flows,
    },
    flows: {
      total: outcomes.succeeded + outcomes.failed + outcomes.abandoned + outcomes.open,
      ...outcomes,
      abandonedBy: tally.abandoned,
      otherKinds: tally.otherKinds,
    },
    failureRate: success ? rateOf(outcomes.failed, decided, confidence) : null,
    focus:
      hasFocus(facts.selection) && success && decided > 0
        ? { failed: focused, ...rateOf(focused, decided, confidence)! }
        : null,
    recognition: { success, stages: tally.seen.stages },
    funnel: funnelOf(tally),
    login: latencyOf(tally.login),
    causes: causesOf(tally, rules, decided),
    unclassified: failuresOf(tally.unclassified, tally, decided),
    recovered: byFlows(tally.recovered).map(([rule, flows]) => ({
      rule,
      title: rules.get(rule)?.title ?? { en: rule, zh: rule },
      flows,
    })),
    breakdowns: Object.fromEntries(
      [...tally.breakdowns].map(([name, breakdown]) => [name, rowsOf(breakdown, confidence)]),
    ),
    trend: trendOf(tally, decided, facts),
    findings: [
      ...[noReturn(tally)].filter((finding) => finding !== undefined),
      ...facts.findings,
      ...flowFindings(tally, rules),
    ].map((finding) => reportFinding(finding, rules, facts.showIds)),
  };
}

function inputOf(input: InputSummary): ReportInput {
  const total = (key: 'bytes' | 'lines' | 'blank' | 'joined' | 'records' | 'events' | 'other') =>
    input.sources.reduce((sum, source) => sum + source[key], 0);
  return {
    files: input.sources.map((source) => ({
      ...source,
      rejected: sorted(source.rejected),
      damaged: sorted(source.damaged),
    })),
    bytes: total('bytes'),
    lines: total('lines'),
    blank: total('blank'),
    joined: total('joined'),
    records: total('records'),
    events: total('events'),
    other: total('other'),
    rejected: summed(input.sources.map(({ rejected }) => rejected)),
    damaged: summed(input.sources.map(({ damaged }) => damaged)),
    forms: summed(input.sources.map(({ forms }) => forms)),
    samples: input.samples,
    unlinked: input.unlinked,
    timeless: input.timeless,
    schemas: sorted(input.schemas),
    partial: input.partial,
  };
}

function summed(parts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const part of parts)
    for (const [key, count] of Object.entries(part)) sums[key] = (sums[key] ?? 0) + count;
  return sorted(sums);
}

/** The stages that logs or losses show, each with the settled flows that got past it. */
function funnelOf(tally: Tally): ReportStage[] {
  const { succeeded, failed, abandoned } = tally.outcomes;
  let reached = succeeded + failed + abandoned;
  return STAGES.flatMap((stage) => {
    const lost = tally.stages[stage];
    reached -= lost.failed + lost.abandoned;
    const losses = lost.failed + lost.abandoned > 0;
    if (!losses && (stage === 'polled' || tally.seen.stages[stage] === 0)) return [];
    const latency = emptyHistogram();
    for (const [pair, histogram] of tally.latencies)
      if (pair.endsWith(`>${stage}`)) absorbHistogram(latency, histogram);
    const { failed, abandoned } = lost;
    return [{ stage, reached, failed, abandoned, ...latencyOf(latency) }];
  });
}

function causesOf(
  tally: Tally,
  rules: ReadonlyMap<string, Rule>,
  decided: number,
): readonly ReportCause[] {
  return [...tally.causes]
    .sort(([a, x], [b, y]) => y.flows - x.flows || (a < b ? -1 : 1))
    .map(([name, failures]) => {
      const rule = rules.get(name);
      return {
        rule: name,
        class: rule?.class ?? name,
        title: rule?.title ?? { en: name, zh: name },
        level: rule?.level ?? 'medium',
        ...failuresOf(failures, tally, decided),
        remediation: rule?.remediation ?? { en: '', zh: '' },
      };
    });
}

function failuresOf(failures: FailureTally, tally: Tally, decided: number): ReportFailures {
  return {
    flows: failures.flows,
    share: ratio(failures.flows, tally.outcomes.failed),
    rate: ratio(failures.flows, decided),
    stages: Object.fromEntries(
      STAGES.filter((stage) => failures.stages.has(stage)).map((stage) => [
        stage,
        failures.stages.get(stage)!,
      ]),
    ),
    symptoms: Object.fromEntries(byName(failures.symptoms)),
    examples: failures.examples,
  };
}

function rowsOf(breakdown: BreakdownTally, confidence: number): readonly ReportBreakdownRow[] {
  const row = (value: string | null, folded: boolean, { decided, failed }: Ratio) => {
    const { low, high } = wilsonInterval(failed, decided, confidence);
    const rate = ratio(failed, decided);
    return { value, folded, decided, failed, rate, low: six(low), high: six(high) };
  };
  const values = [...breakdown.values]
    .map(([value, counts]) => row(value, false, counts))
    .sort((a, b) => b.failed - a.failed || b.decided - a.decided || (a.value! < b.value! ? -1 : 1));
  if (breakdown.other.decided > 0) values.push(row(null, true, breakdown.other));
  if (breakdown.missing.decided > 0) values.push(row(null, false, breakdown.missing));
  return values;
}

function trendOf(tally: Tally, decided: number, facts: ReportFacts): ReportTrendBucket[] {
  const { most, least, flows } = TREND_BUCKETS;
  const endMs = facts.window.toMs ?? 0;
  return trendSeries(tally.trend, {
    maxBuckets: Math.max(least, Math.min(most, Math.floor(decided / flows))),
    zoneOffsetMs: facts.zone.offsetMs(endMs),
  }).map((bucket: SeriesBucket) => ({
    from: iso(bucket.fromMs),
    to: iso(bucket.toMs),
    decided: bucket.decided,
    failed: bucket.failed,
    byCause: Object.fromEntries(byName(bucket.causes)),
    unclassified: bucket.unclassified,
  }));
}

function rateOf(failed: number, decided: number, confidence: number): ReportRate | null {
  if (decided === 0) return null;
  const { low, high } = wilsonInterval(failed, decided, confidence);
  return { value: ratio(failed, decided), low: six(low), high: six(high), confidence };
}

function latencyOf(histogram: Histogram): ReportLatency {
  const at = (q: number) => {
    const ms = quantileMs(histogram, q);
    return ms === undefined ? null : Number(ms.toPrecision(4));
  };
  return { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : six(part / whole);
}

function six(ratio: number): number {
  return Number(ratio.toFixed(6));
}

/** What flow rules found; how often is told by the flows. */
function flowFindings({ findings }: Tally, rules: ReadonlyMap<string, Rule>): readonly Finding[] {
  return byFlows(findings).flatMap(([name, count]) => {
    const rule = rules.get(name);
    if (rule === undefined) return [];
    return [{ kind: rule.class, severity: FINDING_SEVERITY[rule.level], subject: name, count }];
  });
}

function reportFinding(
  finding: Finding,
  rules: ReadonlyMap<string, Rule>,
  showIds: boolean,
): ReportFinding {
  const { kind, severity, subject, count, firstMs, groups = [], groupCount = 0 } = finding;
  const remediation = rules.get(subject)?.remediation;
  return {
    kind,
    severity,
    subject,
    message: findingMessage(finding, rules),
    remediation: remediation === undefined || remediation.en === '' ? null : remediation,
    count,
    firstAt: iso(firstMs),
    groups: groups.flatMap(({ values, count, firstMs }) => {
      const firstAt = iso(firstMs);
      const shown = values.map(({ name, fields, value }) => [
        name,
        fields.reduce((text, field) => redactValue(field, text, { showIds }), value),
      ]);
      return firstAt === null ? [] : [{ values: Object.fromEntries(shown), count, firstAt }];
    }),
    groupCount,
  };
}

/** Null for no time, and for one that no calendar holds. */
export function iso(timeMs: number | undefined): string | null {
  if (timeMs === undefined) return null;
  const date = new Date(timeMs);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

function byName(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}

function byFlows(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
