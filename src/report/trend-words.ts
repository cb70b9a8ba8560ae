import type { Report, ReportTrendBucket } from '../model/index.ts';
import type { Zone } from '../normalise/index.ts';
import { countText, percentDigits, percentText } from './figures.ts';
import { type Glyphs, sparkline } from './glyphs.ts';
import { localTime } from './moments.ts';
import type { Wording } from './wording/index.ts';

/** A bucket with both its ends. */
type ClosedBucket = ReportTrendBucket & { readonly from: string; readonly to: string };

/** Up to so many buckets, each one's rate is spelled out. */
const SPELLED_OUT = 8;

export interface TrendWords {
  readonly from: string;
  readonly row: string;
  readonly to: string;
  readonly every: string;
  /** The numbers that the row is made of: all of them, or the lowest and the highest. */
  readonly numbers: readonly string[];
  /** Says how many flows lie outside of the row; undefined when none does. */
  readonly outside: string | undefined;
}

interface Style {
  readonly wording: Wording;
  readonly glyphs: Glyphs;
  readonly zone: Zone;
}

/**
 * The failure rate through time.
 * @returns undefined when there is none: no rate, no failure, or all at one time.
 */
export function trendWords(report: Report, style: Style): TrendWords | undefined {
  const { wording, glyphs } = style;
  const buckets = closedBuckets(report);
  const decided = buckets.filter((bucket) => bucket.decided > 0);
  const failed = decided.some((bucket) => bucket.failed > 0);
  if (report.failureRate === null || decided.length < 2 || !failed) return undefined;
  const first = buckets[0];
  const last = buckets[buckets.length - 1];
  const outside = report.trend
    .filter((bucket) => !isClosed(bucket))
    .reduce((sum, bucket) => sum + bucket.decided, 0);
  return {
    from: momentText(first.from, buckets, style),
    row: sparkline(buckets.map(rateOf), glyphs),
    to: momentText(last.to, buckets, style),
    every: wording.every(widthText(Date.parse(first.to) - Date.parse(first.from))),
    numbers: numbersOf(buckets, decided, style),
    outside: outside > 0 ? wording.outOfSight(countText(outside)) : undefined,
  };
}

/** Failures of one cause in a bucket, whatever its rule is called. */
export function failuresBy(rule: string): (bucket: ReportTrendBucket) => number {
  return ({ byCause }) => (Object.hasOwn(byCause, rule) ? byCause[rule] : 0);
}

/** At most so many columns for each cause, so that its name and title have room. */
const CAUSE_COLUMNS = 12;

/** The rate of one cause through time, or of what is unclassified. */
export function sparklineOf(
  report: Report,
  failuresIn: (bucket: ReportTrendBucket) => number,
  glyphs: Glyphs,
): string {
  const rates = groupedRates(report, failuresIn);
  return rates.length < 2 ? '' : sparkline(rates, glyphs);
}

/** Rates of neighbouring buckets, joined until they are at most {@link CAUSE_COLUMNS}. */
export function groupedRates(
  report: Report,
  failuresIn: (bucket: ReportTrendBucket) => number,
): readonly (number | undefined)[] {
  const buckets = closedBuckets(report);
  const size = Math.ceil(buckets.length / CAUSE_COLUMNS);
  const rates: (number | undefined)[] = [];
  for (let from = 0; from < buckets.length; from += size) {
    const group = buckets.slice(from, from + size);
    const decided = group.reduce((sum, bucket) => sum + bucket.decided, 0);
    const failed = group.reduce((sum, bucket) => sum + failuresIn(bucket), 0);
    rates.push(decided === 0 ? undefined : failed / decided);
  }
  return rates;
}

/** Each bucket's rate, with a sentence that says it. */
export function spelledOutTrend(
  report: Report,
  style: Style,
): readonly { readonly rate: number | undefined; readonly label: string }[] {
  const buckets = closedBuckets(report);
  return buckets.map((bucket) => {
    const rate = rateOf(bucket);
    const share = rate === undefined ? style.glyphs.dash : percentText(rate);
    const when = momentText(bucket.from, buckets, style);
    return { rate, label: `${when}  ${share}  ${countsText(bucket)}` };
  });
}

function numbersOf(
  buckets: readonly ClosedBucket[],
  decided: readonly ClosedBucket[],
  style: Style,
): readonly string[] {
  const { wording, glyphs } = style;
  if (buckets.length <= SPELLED_OUT) {
    const rates = buckets.map((bucket) => {
      const rate = rateOf(bucket);
      return rate === undefined ? glyphs.dash : percentDigits(rate);
    });
    return [`${rates.join('  ')}  %`];
  }
  // The first of equals, so that the text is the same in every run.
  const lowest = decided.reduce((a, b) => (rateOf(b)! < rateOf(a)! ? b : a));
  const highest = decided.reduce((a, b) => (rateOf(b)! > rateOf(a)! ? b : a));
  return [
    extremeText(wording.lowest, lowest, buckets, style),
    extremeText(wording.highest, highest, buckets, style),
  ];
}

function extremeText(
  name: string,
  bucket: ClosedBucket,
  buckets: readonly ClosedBucket[],
  style: Style,
): string {
  const rate = percentText(rateOf(bucket)!);
  return `${name} ${rate} ${momentText(bucket.from, buckets, style)} (${countsText(bucket)})`;
}

function countsText({ failed, decided }: ReportTrendBucket): string {
  return `${countText(failed)}/${countText(decided)}`;
}

function rateOf({ decided, failed }: ReportTrendBucket): number | undefined {
  return decided === 0 ? undefined : failed / decided;
}

function closedBuckets({ trend }: Report): readonly ClosedBucket[] {
  return trend.filter(isClosed);
}

function isClosed(bucket: ReportTrendBucket): bucket is ClosedBucket {
  return bucket.from !== null && bucket.to !== null;
}

const DAY_MS = 86_400_000;

/** The time of day; with the day where the row spans more than two. */
function momentText(iso: string, buckets: readonly ClosedBucket[], { zone }: Style): string {
  const { date, time } = localTime(Date.parse(iso), zone);
  const spanMs = Date.parse(buckets[buckets.length - 1].to) - Date.parse(buckets[0].from);
  const widthMs = Date.parse(buckets[0].to) - Date.parse(buckets[0].from);
  if (widthMs >= DAY_MS) return date;
  return spanMs > 2 * DAY_MS ? `${date.slice(5)} ${time.slice(0, 5)}` : time.slice(0, 5);
}

function widthText(ms: number): string {
  if (ms % DAY_MS === 0) return `${ms / DAY_MS}d`;
  return ms % 3_600_000 === 0 ? `${ms / 3_600_000}h` : `${ms / 60_000}min`;
}
