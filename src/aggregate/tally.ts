import {
  ABANDON_REASONS,
  FLOW_KINDS,
  type FlowKind,
  type Judged,
  OUTCOME_KINDS,
  type OutcomeKind,
  type Ratio,
  STAGES,
  type Stage,
  type StageTally,
  type Tally,
} from '../model/index.ts';
import {
  absorbBreakdown,
  countValues,
  emptyBreakdown,
  type GrowingBreakdown,
  settleBreakdown,
} from './breakdown.ts';
import { absorbCounts, absorbRecord, type Counts, count, zeros } from './counts.ts';
import { facetValues } from './facet.ts';
import { absorbFailures, countFailure, emptyFailures, type GrowingFailures } from './failures.ts';
import { absorbHistogram, emptyHistogram, type GrowingHistogram } from './histogram.ts';
import { Latencies } from './latencies.ts';
import { lostAt } from './passage.ts';
import { redactValue } from './redact.ts';
import { isInFocus, isSelected, type Selection } from './selection.ts';
import { absorbTrend, countInTrend, emptyTrend, type GrowingTrend } from './trend.ts';

export interface TallyOptions {
  readonly selection: Selection;
  /** Names to break down by: fields of flows, short names, or facets of the outcome. */
  readonly by: readonly string[];
  /** Leaves login ids in clear where a breakdown asks for them. Secrets never are. */
  readonly showIds: boolean;
}

/** Folds judged flows, one at a time. */
export interface TallyRun {
  add(judged: Judged): void;
  finish(): Tally;
}

/** Counts all of `judged`, in any order. */
export function tally(judged: Iterable<Judged>, options: TallyOptions): Tally {
  const run = startTally(options);
  for (const one of judged) run.add(one);
  return run.finish();
}

/** The tally of the flows of both, which must not overlap and have the same options. */
export function mergeTally(a: Tally, b: Tally): Tally {
  const merged = emptyTally([...a.breakdowns.keys()]);
  absorbTally(merged, a);
  absorbTally(merged, b);
  return settle(merged);
}

export function startTally(options: TallyOptions): TallyRun {
  const counts = emptyTally(options.by);
  const latencies = new Latencies();
  const run: Run = { counts, latencies, options, shown: rememberedRedaction(options) };
  return {
    add: (judged) => countFlow(run, judged),
    finish: () => ({
      ...settle(counts),
      latencies: new Map(latencies.pairs()),
      login: latencies.login(),
    }),
  };
}

/** Selected `qr` flows that count in the failure rate. */
export function decidedFlows({ outcomes }: Tally): number {
  return outcomes.failed + outcomes.succeeded;
}

interface GrowingTally extends Tally {
  seen: { flows: number; succeeded: number; readonly stages: Record<Stage, number> };
  readonly outcomes: Record<OutcomeKind, number>;
  readonly otherKinds: Record<Exclude<FlowKind, 'qr'>, Record<OutcomeKind, number>>;
  readonly abandoned: Record<(typeof ABANDON_REASONS)[number], number>;
  readonly stages: Record<Stage, { -readonly [K in keyof StageTally]: StageTally[K] }>;
  readonly latencies: Map<string, GrowingHistogram>;
  readonly login: GrowingHistogram;
  readonly causes: Map<string, GrowingFailures>;
  readonly unclassified: GrowingFailures;
  unfocused: number;
  readonly recovered: Counts<string>;
  readonly findings: Counts<string>;
  readonly breakdowns: Map<string, GrowingBreakdown>;
  readonly trend: GrowingTrend;
}

const OTHER_KINDS = FLOW_KINDS.filter((kind) => kind !== 'qr');

function emptyTally(by: readonly string[]): GrowingTally {
  return {
    seen: { flows: 0, succeeded: 0, stages: zeros(STAGES) },
    outcomes: zeros(OUTCOME_KINDS),
    otherKinds: recordOf(OTHER_KINDS, () => zeros(OUTCOME_KINDS)),
    abandoned: zeros(ABANDON_REASONS),
    stages: recordOf(STAGES, () => ({ failed: 0, abandoned: 0, open: 0 })),
    latencies: new Map(),
    login: emptyHistogram(),
    causes: new Map(),
    unclassified: emptyFailures(),
    unfocused: 0,
    recovered: new Map(),
    findings: new Map(),
    breakdowns: new Map(by.map((name) => [name, emptyBreakdown()])),
    trend: emptyTrend(),
  };
}

/** A field's value as it may be shown. */
type Redaction = (name: string, value: string) => string;

/** Answers asked for are few and repeat; a field of endless values starts anew now and then. */
const ANSWERS_REMEMBERED = 20_000;

function rememberedRedaction(options: TallyOptions): Redaction {
  const answers = new Map(options.by.map((name) => [name, new Map<string, string>()]));
  return (name, value) => {
    const known = answers.get(name)!;
    let answer = known.get(value);
    if (answer === undefined) {
      answer = redactValue(name, value, options);
      if (known.size >= ANSWERS_REMEMBERED) known.clear();
      known.set(value, answer);
    }
    return answer;
  };
}

/** What a run counts in and by; latencies apart, since they are most of what is counted. */
interface Run {
  readonly counts: GrowingTally;
  readonly latencies: Latencies;
  readonly options: TallyOptions;
  readonly shown: Redaction;
}

function countFlow({ counts, latencies, options, shown }: Run, judged: Judged): void {
  const { flow, verdict } = judged;
  const { outcome } = verdict;
  if (flow.kind === 'qr') countSeen(counts, judged);
  if (!isSelected(judged, options.selection)) return;
  if (flow.kind !== 'qr') {
    counts.otherKinds[flow.kind][outcome.kind]++;
    return;
  }
  counts.outcomes[outcome.kind]++;
  for (const rule of verdict.findings ?? []) count(counts.findings, rule);
  if (outcome.kind !== 'succeeded') counts.stages[lostAt(flow, outcome)][outcome.kind]++;
  if (outcome.kind === 'open') return;
  latencies.add(judged);
  if (outcome.kind === 'abandoned') {
    counts.abandoned[outcome.reason]++;
  } else if (outcome.kind === 'succeeded') {
    for (const rule of new Set(outcome.recovered)) count(counts.recovered, rule);
    countDecided(counts, judged, shown, { decided: 1, failed: 0 });
  } else if (isInFocus(outcome, options.selection)) {
    countFailure(failuresOf(counts, outcome.cause), flow.id, outcome);
    countDecided(counts, judged, shown, { decided: 1, failed: 1 });
  } else {
    counts.unfocused++;
    countDecided(counts, judged, shown, { decided: 1, failed: 0 });
  }
}

function countSeen(counts: GrowingTally, { flow, verdict }: Judged): void {
  counts.seen.flows++;
  if (verdict.outcome.kind === 'succeeded') counts.seen.succeeded++;
  // Steps stand in the order of their stages.
  let last: Stage | undefined;
  for (const { stage } of flow.steps) {
    if (stage !== last) counts.seen.stages[stage]++;
    last = stage;
  }
}

function failuresOf(counts: GrowingTally, cause: string | undefined): GrowingFailures {
  if (cause === undefined) return counts.unclassified;
  let failures = counts.causes.get(cause);
  if (failures === undefined) {
    failures = emptyFailures();
    counts.causes.set(cause, failures);
  }
  return failures;
}

function countDecided(counts: GrowingTally, judged: Judged, shown: Redaction, ratio: Ratio): void {
  const { outcome } = judged.verdict;
  const cause = ratio.failed > 0 && outcome.kind === 'failed' ? outcome.cause : undefined;
  countInTrend(counts.trend, judged.flow.firstMs, {
    decided: ratio.decided,
    failed: ratio.failed,
    cause,
    unclassified: cause === undefined ? ratio.failed : 0,
  });
  for (const [name, breakdown] of counts.breakdowns) {
    const values = facetValues(judged, name);
    countValues(breakdown, values.length === 0 ? values : values.map((v) => shown(name, v)), ratio);
  }
}

function absorbTally(into: GrowingTally, from: Tally): void {
  into.seen.flows += from.seen.flows;
  into.seen.succeeded += from.seen.succeeded;
  absorbRecord(into.seen.stages, from.seen.stages);
  absorbRecord(into.outcomes, from.outcomes);
  for (const kind of OTHER_KINDS) absorbRecord(into.otherKinds[kind], from.otherKinds[kind]);
  absorbRecord(into.abandoned, from.abandoned);
  for (const stage of STAGES) absorbRecord(into.stages[stage], from.stages[stage]);
  for (const [pair, histogram] of from.latencies) {
    const known = into.latencies.get(pair) ?? emptyHistogram();
    absorbHistogram(known, histogram);
    into.latencies.set(pair, known);
  }
  absorbHistogram(into.login, from.login);
  for (const [cause, failures] of from.causes) absorbFailures(failuresOf(into, cause), failures);
  absorbFailures(into.unclassified, from.unclassified);
  into.unfocused += from.unfocused;
  absorbCounts(into.recovered, from.recovered);
  absorbCounts(into.findings, from.findings);
  for (const [name, breakdown] of from.breakdowns) {
    const known = into.breakdowns.get(name) ?? emptyBreakdown();
    absorbBreakdown(known, breakdown);
    into.breakdowns.set(name, known);
  }
  absorbTrend(into.trend, from.trend);
}

function settle(counts: GrowingTally): Tally {
  for (const breakdown of counts.breakdowns.values()) settleBreakdown(breakdown);
  return counts;
}

function recordOf<K extends string, V>(keys: readonly K[], make: (key: K) => V): Record<K, V> {
  return Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<K, V>;
}
