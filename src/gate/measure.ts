import type { Histogram } from '../model/index.ts';
import { decidedIn, type RateMetric, sampleOf, totalOf } from './counting.ts';
import type { Measured } from './decision.ts';
import type { LatencyStatistic, Metric } from './metric.ts';
import { MINUTE_MS, type Snapshot } from './snapshot.ts';
import { meanEstimate } from './statistics/bootstrap.ts';
import { scoreZ } from './statistics/chi-square.ts';
import { differenceOf, type Estimate, ratioOf } from './statistics/estimate.ts';
import { countDispersion, eventRateEstimate } from './statistics/event-rate.ts';
import { fisherExact } from './statistics/fisher.ts';
import {
  comparable,
  logNormalInterval,
  mantelHaenszelZ,
  normalInterval,
  pooledDifference,
  pooledRatio,
} from './statistics/mantel-haenszel.ts';
import { normalCdf, normalSurvival } from './statistics/normal.ts';
import { quantileEstimate } from './statistics/order-statistic.ts';
import { rateEstimate } from './statistics/rate-difference.ts';
import { deflate, type Sample, type TwoSamples } from './statistics/sample.ts';

/** The flows that a figure is taken over. */
export interface Flows {
  readonly snapshot: Snapshot;
  /** How long they took to come in; a merged baseline has gaps. */
  readonly durationMs: number;
}

export interface MeasureOptions {
  /** One-sided. */
  readonly confidence: number;
  readonly minFlows: number;
  /** By which counts of flows are divided. */
  readonly dispersion: number;
  /** Whether flows are grouped by anything. */
  readonly stratified: boolean;
  readonly seed: number;
}

/** One metric on both sides. */
export interface Measurement {
  readonly candidate: Measured | undefined;
  readonly baseline: Measured | undefined;
  readonly difference: Estimate | undefined;
  readonly crude: Estimate | undefined;
  readonly ratio: Estimate | undefined;
  /** One-sided probabilities of such a rise, and such a fall, by chance; for rates. */
  readonly p: { readonly rise: number; readonly fall: number } | undefined;
}

/** A cell of so few expected events is beyond the reach of normal theory. */
const FEW_EVENTS = 5;

export function measure(
  metric: Metric,
  candidate: Flows,
  baseline: Flows | undefined,
  options: MeasureOptions,
): Measurement {
  if (metric.kind !== 'latency' && metric.kind !== 'flows_per_second')
    return measureRate(metric, candidate.snapshot, baseline?.snapshot, options);
  const one = figureOf(metric, candidate, options);
  const two = baseline && figureOf(metric, baseline, options);
  return { ...changeBetween(one, two), candidate: one, baseline: two, p: undefined };
}

function changeBetween(one: Measured | undefined, two: Measured | undefined) {
  const both = one !== undefined && two !== undefined;
  return {
    difference: both ? differenceOf(one, two) : undefined,
    crude: undefined,
    ratio: both ? ratioOf(one, two) : undefined,
  };
}

function figureOf(
  metric: Metric & { readonly kind: 'latency' | 'flows_per_second' },
  flows: Flows,
  options: MeasureOptions,
): Measured | undefined {
  const confidence = twoSided(options);
  if (metric.kind === 'latency') {
    const histogram = flows.snapshot.latencies.get(metric.over);
    if (histogram === undefined) return undefined;
    const estimate = latencyEstimate(metric.statistic, histogram, confidence, options.seed);
    return estimate && { ...estimate, flows: histogram.count, sample: undefined };
  }
  const { minutes } = flows.snapshot;
  const counts = [...minutes].sort(([a], [b]) => a - b).map(([, { begun }]) => begun);
  const begun = counts.reduce((sum, count) => sum + count, 0);
  const seconds = flows.durationMs / 1000;
  if (!(seconds > 0)) return undefined;
  if (metric.statistic === 'peak') {
    const value = Math.max(0, ...counts) / Math.min(seconds, MINUTE_MS / 1000);
    return { value, low: value, high: value, flows: begun, sample: undefined };
  }
  // The first and the last minute are seldom whole.
  const dispersion = countDispersion(counts.slice(1, -1)) ?? 1;
  const estimate = eventRateEstimate(begun, seconds, confidence, dispersion);
  return estimate && { ...estimate, flows: begun, sample: undefined };
}

function latencyEstimate(
  statistic: LatencyStatistic,
  histogram: Histogram,
  confidence: number,
  seed: number,
): Estimate | undefined {
  if (statistic === 'mean') return meanEstimate(histogram, { confidence, seed });
  return quantileEstimate(histogram, QUANTILES[statistic], confidence);
}

export const QUANTILES: Readonly<Record<Exclude<LatencyStatistic, 'mean'>, number>> = {
  p50: 0.5,
  p95: 0.95,
  p99: 0.99,
};

function measureRate(
  metric: RateMetric,
  candidate: Snapshot,
  baseline: Snapshot | undefined,
  options: MeasureOptions,
): Measurement {
  const one = rateOf(metric, candidate, options);
  const two = baseline && rateOf(metric, baseline, options);
  const measurement = {
    ...changeBetween(one, two),
    candidate: one,
    baseline: two,
    p: undefined,
  };
  if (baseline === undefined || one === undefined || two === undefined) return measurement;
  const { dispersion } = options;
  const total = {
    candidate: deflate(one.sample!, dispersion),
    baseline: deflate(two.sample!, dispersion),
  };
  const few = expectsFew(total);
  const strata = options.stratified
    ? strataOf(metric, candidate, baseline).map((stratum) => ({
        candidate: deflate(stratum.candidate, dispersion),
        baseline: deflate(stratum.baseline, dispersion),
      }))
    : [];
  const p = chances(total, strata, few);
  if (!options.stratified) return { ...measurement, p };
  const exact = few || one.flows < options.minFlows;
  return {
    ...measurement,
    p,
    crude: measurement.difference,
    difference: adjustedDifference(strata, measurement.difference!, exact, twoSided(options)),
    ratio: adjustedRatio(strata, measurement.ratio!, exact, twoSided(options)),
  };
}

function rateOf(
  metric: RateMetric,
  snapshot: Snapshot,
  options: MeasureOptions,
): Measured | undefined {
  const sample = totalOf(metric, snapshot);
  const flows = decidedIn(snapshot);
  const estimate = rateEstimate(
    deflate(sample, options.dispersion),
    twoSided(options),
    flows < options.minFlows ? 'exact' : 'wilson',
  );
  return estimate && { ...estimate, flows, sample };
}

/** The bounds of a two-sided interval of this confidence are the one-sided ones asked for. */
function twoSided({ confidence }: MeasureOptions): number {
  return 2 * confidence - 1;
}

export function strataOf(
  metric: RateMetric,
  candidate: Snapshot,
  baseline: Snapshot,
): readonly TwoSamples[] {
  const keys = [...candidate.groups.keys()].filter((key) => baseline.groups.has(key)).sort();
  return keys.map((key) => ({
    candidate: sampleOf(metric, candidate.groups.get(key)!),
    baseline: sampleOf(metric, baseline.groups.get(key)!),
  }));
}

/** Whether normal theory does not reach: an expected count of events is below five. */
function expectsFew({ candidate, baseline }: TwoSamples): boolean {
  const rate = (candidate.events + baseline.events) / (candidate.trials + baseline.trials);
  return Math.min(candidate.trials, baseline.trials) * rate < FEW_EVENTS;
}

/**
 * Sato's normal interval shrinks to nothing where hardly an event was seen. There the crude
 * interval's width is laid around the adjusted difference instead.
 */
function adjustedDifference(
  strata: readonly TwoSamples[],
  crude: Estimate,
  few: boolean,
  confidence: number,
): Estimate {
  const pooled = pooledDifference(strata);
  if (pooled === undefined) return { value: crude.value, low: -1, high: 1 };
  const value = pooled.estimate;
  if (few)
    return {
      value,
      low: value - (crude.value - crude.low),
      high: value + (crude.high - crude.value),
    };
  return { value, ...normalInterval(pooled, confidence) };
}

function adjustedRatio(
  strata: readonly TwoSamples[],
  crude: Estimate,
  few: boolean,
  confidence: number,
): Estimate {
  const pooled = pooledRatio(strata);
  if (comparable(strata).length === 0)
    return { value: crude.value, low: 0, high: Number.POSITIVE_INFINITY };
  if (pooled === undefined || few) return crude;
  return { value: pooled.estimate, ...logNormalInterval(pooled, confidence) };
}

/** Fisher's exact test where few events are expected, else the score test, over strata if any. */
function chances(
  total: TwoSamples,
  strata: readonly TwoSamples[],
  few: boolean,
): { readonly rise: number; readonly fall: number } {
  if (few) {
    const { greater, less } = fisherExact({
      candidate: rounded(total.candidate),
      baseline: rounded(total.baseline),
    });
    return { rise: greater, fall: less };
  }
  const z = strata.length > 0 ? mantelHaenszelZ(strata) : scoreZ(total);
  return { rise: normalSurvival(z), fall: normalCdf(z) };
}

/** The exact test takes whole flows. */
function rounded({ events, trials }: Sample): Sample {
  const wholeTrials = Math.max(1, Math.round(trials));
  return { events: Math.min(wholeTrials, Math.round(events)), trials: wholeTrials };
}
