import type { Ratio, TrendBucket, TrendTally } from '../model/index.ts';
import { addRatio, emptyRatio, type GrowingRatio } from './breakdown.ts';
import { absorbCounts, type Counts } from './counts.ts';

const MINUTE_MS = 60_000;

/** Each width divides the next, so that coarsening is exact. Beyond a week, widths double. */
const WIDTHS_MS = [1, 5, 15, 30, 60, 180, 360, 720, 1440, 10_080].map((m) => m * MINUTE_MS);

/** More buckets than this are made coarser. */
const BUCKETS_KEPT = 1500;

interface GrowingBucket extends TrendBucket, GrowingRatio {
  decided: number;
  failed: number;
  readonly causes: Counts<string>;
  unclassified: number;
}

export interface GrowingTrend extends TrendTally {
  widthMs: number;
  buckets: Map<number, GrowingBucket>;
  readonly timeless: GrowingRatio;
}

export function emptyTrend(): GrowingTrend {
  return { widthMs: WIDTHS_MS[0], buckets: new Map(), timeless: emptyRatio() };
}

/** One bucket's worth of counts, to be added. */
export interface TrendEntry extends Ratio {
  readonly cause: string | undefined;
  readonly unclassified: number;
}

/**
 * The width in the end is the finest at which all flows fit under the cap: fewer flows never
 * need a coarser one, so neither order nor merging shows in it.
 */
export function countInTrend(
  trend: GrowingTrend,
  timeMs: number | undefined,
  entry: TrendEntry,
  kept = BUCKETS_KEPT,
): void {
  if (timeMs === undefined) {
    addRatio(trend.timeless, entry);
    return;
  }
  const bucket = bucketAt(trend, Math.floor(timeMs / trend.widthMs));
  addRatio(bucket, entry);
  bucket.unclassified += entry.unclassified;
  if (entry.cause !== undefined)
    bucket.causes.set(entry.cause, (bucket.causes.get(entry.cause) ?? 0) + 1);
  while (trend.buckets.size > kept) coarsen(trend, nextWidth(trend.widthMs));
}

export function absorbTrend(into: GrowingTrend, from: TrendTally, kept = BUCKETS_KEPT): void {
  addRatio(into.timeless, from.timeless);
  if (into.widthMs < from.widthMs) coarsen(into, from.widthMs);
  for (const [index, bucket] of from.buckets)
    absorbBucket(bucketAt(into, Math.floor((index * from.widthMs) / into.widthMs)), bucket);
  while (into.buckets.size > kept) coarsen(into, nextWidth(into.widthMs));
}

function coarsen(trend: GrowingTrend, widthMs: number): void {
  const fine = trend.buckets;
  const factor = widthMs / trend.widthMs;
  trend.widthMs = widthMs;
  trend.buckets = new Map();
  for (const [index, bucket] of fine)
    absorbBucket(bucketAt(trend, Math.floor(index / factor)), bucket);
}

function bucketAt(trend: GrowingTrend, index: number): GrowingBucket {
  let bucket = trend.buckets.get(index);
  if (bucket === undefined) {
    bucket = emptyBucket();
    trend.buckets.set(index, bucket);
  }
  return bucket;
}

function emptyBucket(): GrowingBucket {
  return { decided: 0, failed: 0, causes: new Map(), unclassified: 0 };
}

function absorbBucket(into: GrowingBucket, from: TrendBucket): void {
  addRatio(into, from);
  into.unclassified += from.unclassified;
  absorbCounts(into.causes, from.causes);
}

function nextWidth(widthMs: number): number {
  const at = WIDTHS_MS.indexOf(widthMs);
  return at >= 0 && at + 1 < WIDTHS_MS.length ? WIDTHS_MS[at + 1] : widthMs * 2;
}

export interface SeriesBucket extends TrendBucket {
  /** Undefined for the flows long before or after all others. */
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
}

export interface SeriesOptions {
  readonly maxBuckets: number;
  /** Offset from UTC of the clock that days and hours should start by. */
  readonly zoneOffsetMs: number;
}

/**
 * The trend as a row of equal buckets without gaps, of the finest width that needs no more than
 * `maxBuckets`. A few flows far away from all others (a clock that starts in 1970, the zero time
 * of Go) would stretch the row to nothing: they go into an open bucket at its end.
 */
export function trendSeries(trend: TrendTally, options: SeriesOptions): readonly SeriesBucket[] {
  const indices = [...trend.buckets.keys()].sort((a, b) => a - b);
  if (indices.length === 0) return [];
  const core = coreOf(trend, indices);
  let widthMs = trend.widthMs;
  while (span(core, trend.widthMs, widthMs, options) > options.maxBuckets)
    widthMs = nextWidth(widthMs);

  const offset = alignable(options, trend.widthMs);
  const first = Math.floor((core.from * trend.widthMs + offset) / widthMs);
  const length = span(core, trend.widthMs, widthMs, options);
  const row = Array.from({ length }, emptyBucket);
  const before = emptyBucket();
  const after = emptyBucket();
  for (const index of indices) {
    const into =
      index < core.from
        ? before
        : index > core.to
          ? after
          : row[Math.floor((index * trend.widthMs + offset) / widthMs) - first];
    absorbBucket(into, trend.buckets.get(index)!);
  }
  const startMs = (i: number) => (first + i) * widthMs - offset;
  return [
    ...(before.decided > 0 ? [{ ...before, fromMs: undefined, toMs: startMs(0) }] : []),
    ...row.map((bucket, i) => ({ ...bucket, fromMs: startMs(i), toMs: startMs(i + 1) })),
    ...(after.decided > 0 ? [{ ...after, fromMs: startMs(length), toMs: undefined }] : []),
  ];
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** At most this share of flows, and at least one of twenty, may be set aside at either end, */
const OUTLIER_SHARE = 0.005;
/** and only where the row is this long and setting them aside leaves a small part of it. */
const OUTLIER_SPAN_MS = 2880 * MINUTE_MS;
const OUTLIER_GAIN = 0.05;

function coreOf(trend: TrendTally, indices: readonly number[]): Range {
  let decided = 0;
  for (const bucket of trend.buckets.values()) decided += bucket.decided;
  const spare = decided < 20 ? 0 : Math.max(1, Math.floor(decided * OUTLIER_SHARE));
  const whole = { from: indices[0], to: indices[indices.length - 1] };
  const core = {
    from: afterSkipping(trend, indices, spare),
    to: afterSkipping(trend, indices.toReversed(), spare),
  };
  const length = whole.to - whole.from + 1;
  const gains =
    core.to >= core.from &&
    length * trend.widthMs > OUTLIER_SPAN_MS &&
    core.to - core.from + 1 < OUTLIER_GAIN * length;
  return gains ? core : whole;
}

/** The first bucket of which a flow is left when `spare` flows are set aside. */
function afterSkipping(trend: TrendTally, indices: readonly number[], spare: number): number {
  let skipped = 0;
  for (const index of indices) {
    skipped += trend.buckets.get(index)!.decided;
    if (skipped > spare) return index;
  }
  return indices[indices.length - 1];
}

function span(core: Range, unitMs: number, widthMs: number, options: SeriesOptions): number {
  const offset = alignable(options, unitMs);
  const at = (index: number) => Math.floor((index * unitMs + offset) / widthMs);
  return at(core.to) - at(core.from) + 1;
}

/** Counts of coarser buckets than the offset cannot be cut by it: those rows start by UTC. */
function alignable(options: SeriesOptions, unitMs: number): number {
  return options.zoneOffsetMs % unitMs === 0 ? options.zoneOffsetMs : 0;
}
