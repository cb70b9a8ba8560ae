import type { Correlation, CountBound, RuleCondition } from '../model/index.ts';
import { firstSeen, lastSeen } from './distinct-times.ts';
import { countLimit, type GroupHits } from './rule-hits.ts';
import { secondTimes, timesOf } from './second-times.ts';
import { type SampledValue, sampled } from './value-sample.ts';

/** A time during which a correlation held for one group: from the hit that made it so to the last. */
export interface Episode {
  readonly firstMs: number;
  readonly lastMs: number;
  /** Times of the hits at which it held, ascending. */
  readonly momentsMs: readonly number[];
}

/** Whether the condition held at the time of a hit. */
interface Moment {
  readonly timeMs: number;
  readonly holds: boolean;
}

/**
 * When the correlation held for a group. The condition is asked at each hit, of the hits within
 * `timespan` before it, both ends included.
 *
 * @param watermarkMs what should be absent is known to be so only up to here; undefined means that
 *   the data is over
 */
export function episodesOf(
  correlation: Correlation,
  group: GroupHits,
  watermarkMs: number | undefined,
): readonly Episode[] {
  const moments =
    group.kind === 'timed'
      ? timedMoments(correlation, group.rules, watermarkMs)
      : group.kind === 'counted'
        ? countedMoments(correlation, group.spans)
        : sampledMoments(correlation, group.spans);
  const episodes: GrowingEpisode[] = [];
  let current: GrowingEpisode | undefined;
  for (const { timeMs, holds } of moments) {
    if (!holds) current = undefined;
    else if (current !== undefined && timeMs - current.lastMs <= correlation.timespanMs) {
      current.lastMs = timeMs;
      current.momentsMs.push(timeMs);
    } else {
      current = { firstMs: timeMs, lastMs: timeMs, momentsMs: [timeMs] };
      episodes.push(current);
    }
  }
  return episodes;
}

interface GrowingEpisode extends Episode {
  lastMs: number;
  readonly momentsMs: number[];
}

type SpansOf<K extends 'counted' | 'sampled'> = Extract<GroupHits, { kind: K }>['spans'];

/** A window reaches from the span of its hit into the one before, never further. */
function* countedMoments(correlation: Correlation, spans: SpansOf<'counted'>): Generator<Moment> {
  const limit = countLimit(correlation);
  for (const span of ascending(spans)) {
    const times = spans.get(span)!;
    const before = spans.get(span - 1);
    const leaving = before === undefined ? [] : lastSeen(before, limit);
    const entering = firstSeen(times, limit);
    const there = new Map(leaving);
    const entered = new Set<string>();
    let left = 0;
    let next = 0;
    const moments = new Set([...entering, ...lastSeen(times, limit)].map(([, timeMs]) => timeMs));
    for (const timeMs of [...moments].sort((a, b) => a - b)) {
      const fromMs = timeMs - correlation.timespanMs;
      for (; left < leaving.length && leaving[left]![1] < fromMs; left += 1) {
        if (!entered.has(leaving[left]![0])) there.delete(leaving[left]![0]);
      }
      for (; next < entering.length && entering[next]![1] <= timeMs; next += 1) {
        entered.add(entering[next]![0]);
        there.set(...entering[next]!);
      }
      yield { timeMs, holds: fits(Math.min(there.size, limit), correlation.bounds) };
    }
  }
}

function* sampledMoments(correlation: Correlation, spans: SpansOf<'sampled'>): Generator<Moment> {
  for (const span of ascending(spans)) {
    const before = sampled(spans.get(span - 1));
    const own = sampled(spans.get(span));
    const share = Math.min(before.share, own.share);
    const values = [...before.values, ...own.values].filter(({ rank }) => rank < share);
    let from = 0;
    for (const [at, { timeMs }] of values.entries()) {
      const isOwn = Math.floor(timeMs / correlation.timespanMs) === span;
      const isLastOfItsTime = values[at + 1]?.timeMs !== timeMs;
      if (!isOwn || !isLastOfItsTime) continue;
      while (values[from]!.timeMs < timeMs - correlation.timespanMs) from += 1;
      const figure = figureOf(correlation, values.slice(from, at + 1), share);
      yield { timeMs, holds: fits(figure, correlation.bounds) };
    }
  }
}

/** @param share of the events that the values are a sample of */
function figureOf(
  { type, percentile }: Correlation,
  values: readonly SampledValue[],
  share: number,
): number {
  const sum = values.reduce((total, { value }) => total + value, 0);
  switch (type) {
    case 'value_sum':
      return sum / share;
    case 'value_avg':
      return sum / values.length;
    default: {
      const sorted = values.map(({ value }) => value).sort((a, b) => a - b);
      const rank = Math.ceil(((percentile ?? 50) / 100) * sorted.length);
      if (type === 'value_percentile') return sorted[Math.max(0, rank - 1)]!;
      const middle = sorted.length / 2;
      return (sorted[Math.floor(middle - 0.5)]! + sorted[Math.floor(middle)]!) / 2;
    }
  }
}

type RuleTimes = Extract<GroupHits, { kind: 'timed' }>['rules'];

/**
 * Rules have to hit within the window; one that must not hit has to be absent from `timespan`
 * before to `timespan` after, so that its absence is the same whichever came first.
 */
function* timedMoments(
  correlation: Correlation,
  rules: RuleTimes,
  watermarkMs: number | undefined,
): Generator<Moment> {
  const { timespanMs, type } = correlation;
  const times = new Map(
    correlation.rules.map((rule) => [rule, timesOf(rules.get(rule) ?? secondTimes())]),
  );
  const latest = (rule: string, toMs: number): number | undefined =>
    latestUpTo(times.get(rule)!, toMs);
  const condition: RuleCondition = correlation.condition ?? {
    kind: 'and',
    parts: correlation.rules.map((name) => ({ kind: 'rule', name })),
  };
  const isAbout = hasNegation(condition);
  const moments = new Set([...times.values()].flat());
  for (const timeMs of [...moments].sort((a, b) => a - b)) {
    const fromMs = timeMs - timespanMs;
    const hits = (rule: string, negated: boolean): boolean =>
      (latest(rule, negated ? timeMs + timespanMs : timeMs) ?? Number.NEGATIVE_INFINITY) >= fromMs;
    const isKnown = !isAbout || watermarkMs === undefined || timeMs + timespanMs <= watermarkMs;
    yield {
      timeMs,
      holds:
        isKnown &&
        satisfied(condition, hits) &&
        (type !== 'temporal_ordered' || isInOrder(correlation.rules, timeMs, fromMs, latest)),
    };
  }
}

/** The rules that hit in the window did so in order; at one time counts as in order. */
function isInOrder(
  rules: readonly string[],
  toMs: number,
  fromMs: number,
  latest: (rule: string, toMs: number) => number | undefined,
): boolean {
  let at = toMs;
  for (const rule of rules.toReversed()) {
    if ((latest(rule, toMs) ?? Number.NEGATIVE_INFINITY) < fromMs) continue;
    const before = latest(rule, at);
    if (before === undefined || before < fromMs) return false;
    at = before;
  }
  return true;
}

function satisfied(
  condition: RuleCondition,
  hits: (rule: string, negated: boolean) => boolean,
  negated = false,
): boolean {
  switch (condition.kind) {
    case 'rule':
      return hits(condition.name, negated);
    case 'not':
      return !satisfied(condition.part, hits, !negated);
    case 'and':
      return condition.parts.every((part) => satisfied(part, hits, negated));
    case 'or':
      return condition.parts.some((part) => satisfied(part, hits, negated));
  }
}

function hasNegation(condition: RuleCondition): boolean {
  if (condition.kind === 'rule') return false;
  return condition.kind === 'not' || condition.parts.some(hasNegation);
}

/** The greatest of ascending times that is not after `toMs`. */
function latestUpTo(times: readonly number[], toMs: number): number | undefined {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= toMs) low = middle + 1;
    else high = middle;
  }
  return times[low - 1];
}

function fits(figure: number, bounds: readonly CountBound[]): boolean {
  return bounds.every(({ op, value }) => COMPARE[op](figure, value));
}

const COMPARE: Readonly<Record<CountBound['op'], (a: number, b: number) => boolean>> = {
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
  eq: (a, b) => a === b,
  neq: (a, b) => a !== b,
};

function ascending(spans: ReadonlyMap<number, unknown>): number[] {
  return [...spans.keys()].sort((a, b) => a - b);
}
