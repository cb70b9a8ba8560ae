import { InputError, STAGES } from '../model/index.ts';
import { type Baseline, differenceOfCounting, wholeOf } from './baseline.ts';
import { type Burstiness, burstinessOf } from './burstiness.ts';
import type { Check } from './check.ts';
import { compareCauses } from './compare-causes.ts';
import { compareStrata } from './compare-strata.ts';
import type { GateConfig } from './config.ts';
import { ALL_FAILURES, causesIn, totalOf } from './counting.ts';
import type {
  CheckResult,
  Comparison,
  Decision,
  GateVerdict,
  LimitResult,
  Reason,
  Side,
} from './decision.ts';
import { judgeLimit } from './judge-limit.ts';
import { isUpper, needsBaseline } from './limit.ts';
import { type Flows, type MeasureOptions, measure } from './measure.ts';
import { type Metric, metricText, type Subject } from './metric.ts';
import { regroup, type Snapshot } from './snapshot.ts';
import { adjustForDiscovery } from './statistics/false-discovery.ts';

export interface GateInput {
  readonly config: GateConfig;
  /** Counted with the strata of `config`. */
  readonly candidate: Snapshot;
  /** Of the rules that the candidate was judged by. */
  readonly rulesDigest: string;
  readonly baseline: Baseline | undefined;
  /** Where a baseline was looked for, to be told when there is none. */
  readonly baselineName?: string | undefined;
}

/** More of the candidate's flows than this in groups without a counterpart decide nothing. */
const UNMATCHED_SHARE = 0.2;

/**
 * Holds the candidate against the limits of the configuration.
 * @throws InputError when a check needs a baseline and there is none, or it was counted in
 *   another way.
 */
export function decide(input: GateInput): Decision {
  const { config, candidate, rulesDigest, baseline } = input;
  requireBaseline(input);
  const fits = baseline && fitted(baseline, config);
  const whole = fits && flowsOf(fits);
  const judgedAlike = fits && flowsOf(fits, rulesDigest);
  const rulesDiffer = judgedAlike?.windows === 0 && whole?.windows !== 0;
  const own: Flows = {
    snapshot: candidate,
    durationMs: (candidate.toMs ?? 0) - (candidate.fromMs ?? 0),
  };
  const burstiness = burstinessFrom(whole?.snapshot, candidate);
  const strata =
    whole && config.strata.length > 0
      ? compareStrata(candidate, whole.snapshot, {
          attributes: config.strata,
          confidence: config.confidence,
          dispersion: burstiness?.factor ?? 1,
        })
      : undefined;
  const options: MeasureOptions = {
    confidence: config.confidence,
    minFlows: config.minFlows,
    dispersion: burstiness?.factor ?? 1,
    stratified: config.strata.length > 0,
    seed: config.seed,
  };
  const world: World = {
    candidate: own,
    whole,
    judgedAlike: rulesDiffer ? undefined : judgedAlike,
    rulesDiffer,
    unmatched: (strata?.unmatched.candidate ?? 0) > UNMATCHED_SHARE,
    options,
  };
  const checks = config.checks.map((check) => runCheck(check, world));
  return {
    verdict: worst(
      checks.filter(({ check }) => check.level === 'error').map(({ verdict }) => verdict),
    ),
    config,
    candidate: sideOf(candidate, 1),
    baseline: whole && sideOf(whole.snapshot, whole.windows),
    rulesDiffer,
    burstiness,
    strata,
    checks,
    causes: world.judgedAlike && compareCauses(candidate, world.judgedAlike.snapshot, options),
  };
}

interface World {
  readonly candidate: Flows;
  readonly whole: Flows | undefined;
  /** The part of the baseline that was judged by the candidate's rules. */
  readonly judgedAlike: Flows | undefined;
  readonly rulesDiffer: boolean;
  readonly unmatched: boolean;
  readonly options: MeasureOptions;
}

function requireBaseline({ config, baseline, baselineName }: GateInput): void {
  if (baseline !== undefined) return;
  const check = config.checks.find(({ limits }) => limits.some(({ kind }) => needsBaseline(kind)));
  if (check === undefined) return;
  throw new InputError('no-baseline', {
    message: `the check "${check.id}" (${metricText(check.metric)}) compares with a baseline, and there is none`,
    at: baselineName,
    hint: 'make one with scanlens baseline create, and name it with --baseline or in scanlens.yaml',
  });
}

/** The baseline by the strata of the configuration, others forgotten. */
function fitted(baseline: Baseline, config: GateConfig): Baseline {
  const difference = differenceOfCounting(baseline.population, config);
  if (difference !== undefined)
    throw new InputError('baseline-differs', {
      message: `the baseline was counted in another way: ${difference}`,
      hint: 'create it again with this configuration',
    });
  return regrouped(baseline, config.strata);
}

/**
 * The baseline grouped by these attributes alone.
 * @throws InputError when it is not grouped by one of them.
 */
export function regrouped(baseline: Baseline, strata: readonly string[]): Baseline {
  const kept = strata.map((attribute) => {
    const place = baseline.strata.indexOf(attribute);
    if (place >= 0) return place;
    throw new InputError('baseline-differs', {
      message: `the baseline is not grouped by "${attribute}"`,
      hint: 'create it again with this configuration',
    });
  });
  return {
    ...baseline,
    strata,
    windows: baseline.windows.map((window) => ({
      ...window,
      snapshot: regroup(window.snapshot, kept),
    })),
  };
}

function flowsOf(baseline: Baseline, rulesDigest?: string): Flows & { readonly windows: number } {
  const windows = baseline.windows.filter(
    (window) => rulesDigest === undefined || window.rulesDigest === rulesDigest,
  );
  return {
    snapshot: wholeOf(baseline, rulesDigest),
    durationMs: windows.reduce(
      (sum, { snapshot }) => sum + ((snapshot.toMs ?? 0) - (snapshot.fromMs ?? 0)),
      0,
    ),
    windows: windows.length,
  };
}

function burstinessFrom(
  baseline: Snapshot | undefined,
  candidate: Snapshot,
): (Burstiness & { readonly of: 'baseline' | 'candidate' }) | undefined {
  const of = baseline === undefined ? 'candidate' : 'baseline';
  const burstiness = burstinessOf(baseline ?? candidate);
  return burstiness && { ...burstiness, of };
}

function sideOf(snapshot: Snapshot, windows: number): Side {
  const { events, trials } = totalOf(ALL_FAILURES, snapshot);
  return {
    fromMs: snapshot.fromMs,
    toMs: snapshot.toMs,
    windows,
    succeeded: trials - events,
    failed: events,
    abandoned: totalOf({ kind: 'abandoned_rate' }, snapshot).events,
    open: snapshot.open,
    cut: snapshot.cut,
  };
}

function runCheck(check: Check, world: World): CheckResult {
  const subjects = subjectsOf(check, world);
  const measured = subjects.map((subject) => {
    const metric: Metric =
      check.per === undefined ? check.metric : { kind: 'failure_rate', of: subject };
    const byRules = dependsOnRules(metric);
    const baseline = byRules ? world.judgedAlike : world.whole;
    return {
      subject,
      metric,
      measurement: measure(metric, world.candidate, baseline, world.options),
      incomparable: incomparability(metric, world),
    };
  });
  const upper = check.limits.some(({ kind }) => isUpper(kind));
  const ps = measured.map(({ measurement }) => measurement.p?.[upper ? 'rise' : 'fall'] ?? 1);
  const qs = adjustForDiscovery(ps, check.dependence);
  const comparisons = measured.map(
    ({ subject, metric, measurement, incomparable }, i): Comparison => {
      const limits = check.limits.map((limit) => {
        const result = judgeLimit(limit, metric, measurement, { ...world.options, incomparable });
        return check.per !== undefined && needsBaseline(limit.kind)
          ? unlessByChance(result, qs[i], check)
          : result;
      });
      const { p: _, ...figures } = measurement;
      const tested = check.per !== undefined && measurement.p !== undefined;
      return {
        subject,
        ...figures,
        p: tested ? ps[i] : undefined,
        q: tested ? qs[i] : undefined,
        limits,
        verdict: worst(limits.map(({ verdict }) => verdict)),
      };
    },
  );
  comparisons.sort(bySeverity);
  return {
    check,
    verdict: worst(comparisons.map(({ verdict }) => verdict)),
    comparisons,
  };
}

/** Among many comparisons some stand out by chance alone. */
function unlessByChance(result: LimitResult, q: number, check: Check): LimitResult {
  if (result.verdict !== 'fail' || q <= check.falseDiscoveryRate) return result;
  return { ...result, verdict: 'inconclusive', reason: 'not-significant' };
}

function subjectsOf(check: Check, world: World): readonly (Subject | undefined)[] {
  if (check.per === undefined) {
    return [check.metric.kind === 'failure_rate' ? check.metric.of : undefined];
  }
  if (check.per === 'stage') return STAGES.map((stage) => ({ kind: 'stage', stage }));
  const baseline = world.judgedAlike;
  const causes = causesIn(
    world.candidate.snapshot,
    ...(baseline === undefined ? [] : [baseline.snapshot]),
  );
  return causes.map((rule) => ({ kind: 'rule', rule }));
}

/** Other rules name other causes, and may see a flow fail at another stage. */
function dependsOnRules(metric: Metric): boolean {
  return (
    metric.kind === 'unclassified_share' ||
    (metric.kind === 'failure_rate' && metric.of !== undefined)
  );
}

function incomparability(metric: Metric, world: World): Reason | undefined {
  if (world.rulesDiffer && dependsOnRules(metric)) return 'rules-differ';
  const isRate = metric.kind !== 'latency' && metric.kind !== 'flows_per_second';
  return world.unmatched && isRate ? 'strata-unmatched' : undefined;
}

const SEVERITY: Readonly<Record<GateVerdict, number>> = { fail: 2, inconclusive: 1, pass: 0 };

/** Without a verdict, nothing is wrong. */
export function worst(verdicts: readonly GateVerdict[]): GateVerdict {
  return verdicts.reduce<GateVerdict>((a, b) => (SEVERITY[b] > SEVERITY[a] ? b : a), 'pass');
}

function bySeverity(a: Comparison, b: Comparison): number {
  return (
    SEVERITY[b.verdict] - SEVERITY[a.verdict] ||
    (b.difference?.value ?? 0) - (a.difference?.value ?? 0) ||
    (b.candidate?.value ?? 0) - (a.candidate?.value ?? 0)
  );
}
