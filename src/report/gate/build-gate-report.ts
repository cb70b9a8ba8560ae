import {
  type CauseChange,
  type Comparison,
  type Decision,
  dimensionOf,
  type Estimate,
  type LimitResult,
  type Measured,
  metricText,
  type Sample,
  type Side,
  type StrataComparison,
} from '../../gate/index.ts';
import type { Rule } from '../../model/index.ts';
import { iso } from '../build-report.ts';
import type {
  GateCause,
  GateComparison,
  GateFigure,
  GateLimit,
  GateMeasured,
  GateReport,
  GateSample,
  GateSide,
} from './gate-report.ts';

/** What a report of the gate tells beside the decision. */
export interface GateFacts {
  readonly kind: GateReport['kind'];
  readonly tool: GateReport['tool'];
  readonly rules: readonly Rule[];
  /** What either side was read from, as the user named it. */
  readonly candidateName: string | undefined;
  readonly baselineName: string | undefined;
}

/** The whole decision as facts; every output words these. */
export function buildGateReport(decision: Decision, facts: GateFacts): GateReport {
  const { config, candidate, baseline, burstiness, strata } = decision;
  const rules = new Map(facts.rules.map((rule) => [rule.name, rule]));
  return {
    schema: 'scanlens.gate/1',
    kind: facts.kind,
    tool: facts.tool,
    verdict: decision.verdict,
    confidence: config.confidence,
    minFlows: config.minFlows,
    onInconclusive: config.onInconclusive,
    candidate: sideOf(candidate, facts.candidateName),
    baseline: baseline === undefined ? null : sideOf(baseline, facts.baselineName),
    rulesDiffer: decision.rulesDiffer,
    burstiness:
      burstiness === undefined
        ? null
        : {
            of: burstiness.of,
            factor: rounded(burstiness.factor),
            widthMinutes: burstiness.widthMinutes,
            buckets: burstiness.buckets,
          },
    strata: strata === undefined ? null : strataOf(strata),
    checks: decision.checks.map(({ check, verdict, comparisons }) => ({
      id: check.id,
      metric: metricText(check.metric),
      dimension: dimensionOf(check.metric),
      per: check.per ?? null,
      level: check.level,
      verdict,
      comparisons: comparisons.map(comparisonOf),
    })),
    causes: decision.causes?.map((change) => causeOf(change, rules)) ?? null,
  };
}

function sideOf(side: Side, name: string | undefined): GateSide {
  const decided = side.succeeded + side.failed;
  return {
    name: name ?? null,
    from: iso(side.fromMs),
    to: iso(side.toMs),
    windows: side.windows,
    decided,
    succeeded: side.succeeded,
    failed: side.failed,
    failureRate: decided === 0 ? null : rounded(side.failed / decided),
    abandoned: side.abandoned,
    open: side.open,
    cut: side.cut,
  };
}

function strataOf({ attributes, unmatched, heterogeneityP, groups }: StrataComparison) {
  return {
    attributes,
    unmatched: {
      candidate: rounded(unmatched.candidate),
      baseline: rounded(unmatched.baseline),
    },
    heterogeneityP: heterogeneityP === undefined ? null : rounded(heterogeneityP),
    groups: groups.map(({ values, candidate, baseline, difference }) => ({
      values: Object.fromEntries(attributes.map((name, i) => [name, values[i] ?? null])),
      candidate: sampleOf(candidate),
      baseline: sampleOf(baseline),
      change: figureOf(difference),
    })),
  };
}

function comparisonOf(comparison: Comparison): GateComparison {
  const { subject, candidate, baseline, difference, crude, ratio, p, q, limits } = comparison;
  return {
    rule: subject?.kind === 'rule' ? subject.rule : null,
    stage: subject?.kind === 'stage' ? subject.stage : null,
    candidate: candidate === undefined ? null : measuredOf(candidate),
    baseline: baseline === undefined ? null : measuredOf(baseline),
    change: difference === undefined ? null : figureOf(difference),
    crude: crude === undefined ? null : figureOf(crude),
    ratio: ratio === undefined ? null : figureOf(ratio),
    p: p === undefined ? null : rounded(p),
    q: q === undefined ? null : rounded(q),
    limits: limits.map(limitOf),
    verdict: comparison.verdict,
  };
}

function limitOf({ limit, verdict, reason, needed }: LimitResult): GateLimit {
  return {
    kind: limit.kind,
    value: limit.value,
    verdict,
    reason,
    needed:
      needed === undefined
        ? null
        : {
            candidateFlows: needed.candidateFlows,
            baselineFlows: needed.baselineFlows ?? null,
          },
  };
}

function causeOf(change: CauseChange, rules: ReadonlyMap<string, Rule>): GateCause {
  const rule = rules.get(change.cause);
  return {
    rule: change.cause,
    title: rule?.title ?? null,
    level: rule?.level ?? null,
    remediation: rule?.remediation ?? null,
    trend: change.trend,
    candidate: sampleOf(change.candidate),
    baseline: sampleOf(change.baseline),
    change: figureOf(change.difference),
    q: rounded(change.q),
  };
}

function sampleOf({ events, trials }: Sample): GateSample {
  return { failed: events, decided: trials };
}

function measuredOf(measured: Measured): GateMeasured {
  return {
    ...figureOf(measured),
    flows: measured.flows,
    events: measured.sample?.events ?? null,
    trials: measured.sample?.trials ?? null,
  };
}

function figureOf({ value, low, high }: Estimate): GateFigure {
  return { value: finite(value), low: finite(low), high: finite(high) };
}

/** JSON has no infinity: a bound that is none is null. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? rounded(value) : null;
}

/** More digits than anybody reads, and fewer than engines differ in. */
function rounded(value: number): number {
  // Ten decimals end what subtraction leaves of equal figures.
  return Number(Number(value.toPrecision(7)).toFixed(10));
}
