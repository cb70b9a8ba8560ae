import type { LimitResult, Measured, Needed, Reason } from './decision.ts';
import { isUpper, type Limit, type LimitKind, needsBaseline } from './limit.ts';
import { type Measurement, QUANTILES } from './measure.ts';
import type { Metric } from './metric.ts';
import type { Estimate } from './statistics/estimate.ts';
import { growthToDecide } from './statistics/growth.ts';
import { trialsPerGroup } from './statistics/sample-size.ts';

export interface JudgeOptions {
  readonly confidence: number;
  readonly minFlows: number;
  readonly dispersion: number;
  /** Why the metric cannot be compared at all, if it cannot. */
  readonly incomparable: Reason | undefined;
}

/**
 * Fails when the bounds lie beyond the limit, passes when they lie within it, and is inconclusive
 * in between. With fewer flows than asked for nothing passes; but what surely lies beyond the
 * limit fails however few they are.
 */
export function judgeLimit(
  limit: Limit,
  metric: Metric,
  measurement: Measurement,
  options: JudgeOptions,
): LimitResult {
  const compares = needsBaseline(limit.kind);
  const undecided = (reason: Reason, needed?: Needed): LimitResult => ({
    limit,
    verdict: 'inconclusive',
    reason,
    needed,
  });
  const { candidate, baseline } = measurement;
  if (compares && options.incomparable !== undefined) return undecided(options.incomparable);
  if (candidate === undefined)
    return undecided('no-candidate-flows', planned(limit, metric, baseline, options));
  if (compares && baseline === undefined)
    return undecided('no-baseline-flows', {
      candidateFlows: candidate.flows,
      baselineFlows: options.minFlows,
    });

  const figure = figureOf(limit.kind, measurement)!;
  const edge = edgeOf(limit);
  const upper = isUpper(limit.kind);
  if (upper ? figure.low > edge : figure.high < edge)
    return { limit, verdict: 'fail', reason: 'beyond', needed: undefined };
  const within = upper ? figure.high <= edge : figure.low >= edge;
  const few =
    metric.kind !== 'flows_per_second' &&
    (candidate.flows < options.minFlows || (compares && baseline!.flows < options.minFlows));
  if (within && !few) return { limit, verdict: 'pass', reason: 'within', needed: undefined };
  return undecided(
    within ? 'few-flows' : 'between',
    needed(limit, metric, measurement, within, options),
  );
}

function figureOf(kind: LimitKind, measurement: Measurement): Estimate | undefined {
  switch (kind) {
    case 'max':
    case 'min':
      return measurement.candidate;
    case 'max_increase':
    case 'max_decrease':
      return measurement.difference;
    case 'max_relative_increase':
    case 'max_relative_decrease':
      return measurement.ratio;
  }
}

/** Where the limit lies on the scale of its figure. */
function edgeOf({ kind, value }: Limit): number {
  switch (kind) {
    case 'max_decrease':
      return -value;
    case 'max_relative_increase':
      return 1 + value;
    case 'max_relative_decrease':
      return 1 - value;
    default:
      return value;
  }
}

/** Flows that would decide with a probability of 80%, if the figures stay what they are. */
function needed(
  limit: Limit,
  metric: Metric,
  { candidate, baseline, difference, crude }: Measurement,
  within: boolean,
  options: JudgeOptions,
): Needed | undefined {
  const one = candidate!;
  const compares = needsBaseline(limit.kind);
  const atLeast = (flows: number, times: number) =>
    roundedUp(Math.max(options.minFlows, flows * times));
  if (within)
    return {
      candidateFlows: atLeast(one.flows, 1),
      baselineFlows: compares && baseline!.flows < options.minFlows ? options.minFlows : undefined,
    };
  if (metric.kind === 'flows_per_second') return undefined;
  if (
    metric.kind === 'latency' &&
    metric.statistic !== 'mean' &&
    one.high === Number.POSITIVE_INFINITY
  )
    return {
      candidateFlows: roundedUp(
        Math.max(
          options.minFlows,
          Math.log(1 - options.confidence) / Math.log(QUANTILES[metric.statistic]),
        ),
      ),
      baselineFlows: undefined,
    };
  const relative = limit.kind === 'max_relative_increase' || limit.kind === 'max_relative_decrease';
  // A ratio is held against its limit as a difference: candidate − (1 + limit) · baseline.
  const factor = relative ? edgeOf(limit) : 1;
  // Strata shift the figure and hardly its spread, which each side's own bounds tell apart.
  const shift = crude === undefined || relative ? 0 : difference!.value - crude.value;
  const value = compares ? one.value - factor * baseline!.value + shift : one.value;
  const distance = value - (relative ? 0 : edgeOf(limit));
  const below = distance < 0;
  const growth = growthToDecide({
    distance,
    candidateSpread: below ? one.high - one.value : one.value - one.low,
    baselineSpread: !compares
      ? 0
      : factor * (below ? baseline!.value - baseline!.low : baseline!.high - baseline!.value),
    confidence: options.confidence,
  });
  if (growth === undefined) return undefined;
  return {
    candidateFlows: atLeast(one.flows, growth.times),
    baselineFlows: growth.of === 'both' ? atLeast(baseline!.flows, growth.times) : undefined,
  };
}

/** How many flows to send when there are none: to tell the limit from the baseline's rate. */
function planned(
  { kind, value }: Limit,
  metric: Metric,
  baseline: Measured | undefined,
  { confidence, minFlows, dispersion }: JudgeOptions,
): Needed {
  const from = baseline?.value;
  const to =
    from === undefined
      ? undefined
      : kind === 'max_increase'
        ? from + value
        : kind === 'max_relative_increase'
          ? from * (1 + value)
          : kind === 'max'
            ? value
            : undefined;
  const isRate = metric.kind !== 'latency' && metric.kind !== 'flows_per_second';
  const plans = isRate && from !== undefined && to !== undefined && to > from && to < 1;
  const flows = plans ? dispersion * trialsPerGroup({ from, to, power: 0.8, confidence }) : 0;
  return { candidateFlows: roundedUp(Math.max(minFlows, flows)), baselineFlows: undefined };
}

/** To two digits: a forecast has no more. */
function roundedUp(flows: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(flows)) - 1);
  return Math.ceil(flows / unit - 1e-9) * unit;
}
