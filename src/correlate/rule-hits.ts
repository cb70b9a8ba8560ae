import type { Correlation, EventBatch, Rule } from '../model/index.ts';
import {
  absorbCount,
  type DistinctCount,
  distinctCount,
  hash53,
  noteEvent,
} from './distinct-count.ts';
import {
  absorbDistinct,
  type DistinctTimes,
  distinctTimes,
  noteDistinct,
} from './distinct-times.ts';
import { eventValue, keyOf } from './event-key.ts';
import { absorbSeconds, noteSecond, type SecondTimes, secondTimes } from './second-times.ts';
import { absorbSample, noteValue, type ValueSample } from './value-sample.ts';

/** One hit of a rule that a correlation is about. */
export interface Hit {
  /** Name of the rule. */
  readonly rule: string;
  readonly timeMs: number;
  /** 64 bits that tell distinct hits apart. */
  readonly high: number;
  readonly low: number;
  readonly valueOf: (field: string) => string | undefined;
}

/** What is remembered of the hits of one group. */
export type GroupHits =
  | { readonly kind: 'counted'; readonly spans: Map<number, DistinctTimes> }
  | { readonly kind: 'sampled'; readonly spans: Map<number, ValueSample> }
  | { readonly kind: 'timed'; readonly rules: Map<string, SecondTimes> };

/** Plain data, to be sent elsewhere. */
export type PackedRuleHits = Pick<RuleHits, 'groups' | 'findings'>;

/**
 * The hits that correlations ask for, by correlation and group, and those of findings.
 *
 * Neither order nor repetition matters. What is kept of a group is bounded for each stretch of
 * time: as many distinct hits or values as the condition counts, the first and last hit of each
 * second, or a sample of numbers.
 */
export class RuleHits {
  /** By name of the correlation, then by the values of its `group-by` as one key. */
  readonly groups: Map<string, Map<string, GroupHits>>;
  /** By number of the rule. */
  readonly findings: Map<number, DistinctCount>;
  readonly #rolesOf: readonly (readonly Correlation[])[];
  readonly #isFinding: readonly boolean[];
  readonly #correlations: ReadonlyMap<string, Correlation>;
  readonly #rules: readonly Rule[];

  constructor(
    rules: readonly Rule[],
    correlations: readonly Correlation[],
    packed?: PackedRuleHits,
  ) {
    this.groups = packed?.groups ?? new Map();
    this.findings = packed?.findings ?? new Map();
    this.#rules = rules;
    this.#correlations = new Map(correlations.map((one) => [one.rule.name, one]));
    this.#rolesOf = rules.map(({ name }) =>
      correlations.filter((correlation) => correlation.rules.includes(name)),
    );
    this.#isFinding = rules.map(({ scope, effect }) => scope === 'event' && effect === 'finding');
  }

  /** Notes event `i` of the batch; `hits` are the numbers of the rules it matches. */
  fold(batch: EventBatch, i: number, hits: readonly number[]): void {
    for (const rule of hits) {
      if (this.#isFinding[rule]) this.#noteFinding(batch, i, rule);
      const roles = this.#rolesOf[rule]!;
      if (roles.length === 0) continue;
      const hit: Hit = {
        rule: this.#rules[rule]!.name,
        timeMs: batch.timeMs[i]!,
        high: batch.hashHigh[i]!,
        low: batch.hashLow[i]!,
        valueOf: (field) => eventValue(batch, i, field),
      };
      for (const correlation of roles) this.note(correlation, hit);
    }
  }

  /** A hit without a time, or without a value for a key, is in no group. */
  note(correlation: Correlation, hit: Hit): void {
    if (Number.isNaN(hit.timeMs)) return;
    const fields = correlation.groupBy.map(({ name, fieldOf }) => fieldOf.get(hit.rule) ?? name);
    const key = keyOf(fields, hit.valueOf);
    if (key === undefined) return;
    const group = this.#groupOf(correlation, key);
    const span = Math.floor(hit.timeMs / correlation.timespanMs);
    switch (group.kind) {
      case 'timed':
        noteSecond(entryOf(group.rules, hit.rule, secondTimes), hit.timeMs);
        break;
      case 'counted': {
        const thing = thingOf(correlation, hit);
        if (thing === undefined) break;
        const times = entryOf(group.spans, span, distinctTimes);
        noteDistinct(times, countLimit(correlation), thing, hit.timeMs);
        break;
      }
      case 'sampled': {
        const value = numberOf(fieldValue(correlation, hit));
        if (value === undefined) break;
        const rank = hit.high / 2 ** 32;
        const sample = entryOf(group.spans, span, () => new Map());
        noteValue(sample, `${hit.high}.${hit.low}`, { timeMs: hit.timeMs, value, rank });
        break;
      }
    }
  }

  pack(): PackedRuleHits {
    return { groups: this.groups, findings: this.findings };
  }

  absorb(other: RuleHits): void {
    for (const [rule, count] of other.findings) {
      absorbCount(entryOf(this.findings, rule, distinctCount), count);
    }
    for (const [name, groups] of other.groups) {
      const correlation = this.#correlations.get(name)!;
      for (const [key, group] of groups) {
        absorbGroup(this.#groupOf(correlation, key), group, countLimit(correlation));
      }
    }
  }

  #noteFinding(batch: EventBatch, i: number, rule: number): void {
    const count = entryOf(this.findings, rule, distinctCount);
    noteEvent(count, hash53(batch.hashHigh[i]!, batch.hashLow[i]!), batch.timeMs[i]!);
  }

  #groupOf(correlation: Correlation, key: string): GroupHits {
    const groups = entryOf(this.groups, correlation.rule.name, () => new Map());
    return entryOf(groups, key, () => emptyGroup(correlation));
  }
}

/** Above this many distinct things, all bounds of the correlation give the same answer. */
export function countLimit({ bounds }: Correlation): number {
  return Math.max(1, ...bounds.map(({ value }) => Math.floor(value) + 1));
}

function emptyGroup({ type }: Correlation): GroupHits {
  switch (type) {
    case 'temporal':
    case 'temporal_ordered':
      return { kind: 'timed', rules: new Map() };
    case 'event_count':
    case 'value_count':
      return { kind: 'counted', spans: new Map() };
    default:
      return { kind: 'sampled', spans: new Map() };
  }
}

function absorbGroup(group: GroupHits, other: GroupHits, limit: number): void {
  if (group.kind === 'timed' && other.kind === 'timed') {
    for (const [rule, times] of other.rules) {
      absorbSeconds(entryOf(group.rules, rule, secondTimes), times);
    }
  } else if (group.kind === 'counted' && other.kind === 'counted') {
    for (const [span, times] of other.spans) {
      absorbDistinct(entryOf(group.spans, span, distinctTimes), limit, times);
    }
  } else if (group.kind === 'sampled' && other.kind === 'sampled') {
    for (const [span, sample] of other.spans) {
      absorbSample(
        entryOf(group.spans, span, () => new Map()),
        sample,
      );
    }
  }
}

/** What `event_count` and `value_count` count: the hit itself, or its value. */
function thingOf(correlation: Correlation, hit: Hit): string | undefined {
  return correlation.type === 'value_count'
    ? fieldValue(correlation, hit)
    : `${hit.high}.${hit.low}`;
}

function fieldValue({ field }: Correlation, hit: Hit): string | undefined {
  return field && hit.valueOf(field.fieldOf.get(hit.rule) ?? field.name);
}

function numberOf(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
