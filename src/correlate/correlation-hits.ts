import {
  type Correlation,
  FINDING_SEVERITY,
  type Finding,
  type FindingGroup,
  type FindingValue,
  type Rule,
} from '../model/index.ts';
import { countOf } from './distinct-count.ts';
import { type Episode, episodesOf } from './episodes.ts';
import { valuesOfKey } from './event-key.ts';
import { type Hit, RuleHits } from './rule-hits.ts';

export interface CorrelationOptions {
  readonly rules: readonly Rule[];
  readonly correlations: readonly Correlation[];
  /** Names of correlations that only attribute symptoms; they are no findings. */
  readonly explaining: ReadonlySet<string>;
  /** Time up to which the absence of a hit is known. */
  readonly watermarkMs: number | undefined;
}

/** When correlations held. */
export interface CorrelationHits {
  /** One for each correlation and each event rule that speaks of the whole input. */
  readonly findings: readonly Finding[];
  /**
   * Whether the correlation held for a group, by its values as one key, and a hit at this time is
   * among those that made it so.
   */
  covers(correlation: string, key: string, timeMs: number): boolean;
}

/** Groups that a finding names; the others are counted. */
const NAMED_GROUPS = 10;

/**
 * Evaluates the correlations, those that others build on first: when one holds is a hit for the
 * next, with its own `group-by` as fields.
 *
 * @param noted is read and stays as it is
 */
export function correlationHits(noted: RuleHits, options: CorrelationOptions): CorrelationHits {
  const { rules, correlations, watermarkMs } = options;
  const hits = new RuleHits(rules, correlations);
  hits.absorb(noted);
  const timespans = new Map(correlations.map(({ rule, timespanMs }) => [rule.name, timespanMs]));
  const episodes = new Map<string, ReadonlyMap<string, readonly Episode[]>>();
  for (const correlation of inDependence(correlations)) {
    const { name } = correlation.rule;
    const held = new Map<string, readonly Episode[]>();
    for (const [key, group] of hits.groups.get(name) ?? []) {
      const found = episodesOf(correlation, group, watermarkMs);
      if (found.length > 0) held.set(key, found);
    }
    episodes.set(name, held);
    for (const parent of correlations) {
      if (!parent.rules.includes(name)) continue;
      for (const hit of hitsOf(correlation, held, parent)) hits.note(parent, hit);
    }
  }
  const findings = [
    ...correlations
      .filter(({ rule }) => rule.effect === 'finding' && !options.explaining.has(rule.name))
      .map((correlation) => findingOf(correlation, episodes.get(correlation.rule.name)!)),
    ...[...noted.findings]
      .sort(([a], [b]) => a - b)
      .map(([rule, count]) => ({
        ...factsOf(rules[rule]!),
        count: countOf(count),
        firstMs: finite(count.firstMs),
      })),
  ].filter(({ count }) => count > 0);
  return {
    findings,
    covers(correlation, key, timeMs) {
      const timespanMs = timespans.get(correlation) ?? 0;
      return (episodes.get(correlation)?.get(key) ?? []).some(
        ({ firstMs, lastMs }) => timeMs >= firstMs - timespanMs && timeMs <= lastMs,
      );
    },
  };
}

/** Correlations after those they are about; the rule set refuses circles. */
function inDependence(correlations: readonly Correlation[]): Correlation[] {
  const byName = new Map(correlations.map((one) => [one.rule.name, one]));
  const ordered = new Set<Correlation>();
  const visit = (correlation: Correlation): void => {
    for (const name of correlation.rules) {
      const member = byName.get(name);
      if (member !== undefined && !ordered.has(member)) visit(member);
    }
    ordered.add(correlation);
  };
  correlations.forEach(visit);
  return [...ordered];
}

/** For a parent that counts, how often it began to hold; for one about time, whenever it held. */
function* hitsOf(
  { rule, groupBy }: Correlation,
  held: ReadonlyMap<string, readonly Episode[]>,
  parent: Correlation,
): Generator<Hit> {
  const isAboutTime = parent.type === 'temporal' || parent.type === 'temporal_ordered';
  for (const [key, episodes] of held) {
    const values = new Map(valuesOfKey(key).map((value, i) => [groupBy[i]?.name, value]));
    const high = textHash(key);
    for (const { firstMs, momentsMs } of episodes) {
      for (const timeMs of isAboutTime ? momentsMs : [firstMs]) {
        const low = textHash(String(timeMs));
        yield { rule: rule.name, timeMs, high, low, valueOf: (field) => values.get(field) };
      }
    }
  }
}

/** 32 bits of FNV-1a. */
function textHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

function findingOf(
  correlation: Correlation,
  held: ReadonlyMap<string, readonly Episode[]>,
): Finding {
  const groups = [...held]
    .map(([key, episodes]): FindingGroup & { readonly key: string } => ({
      key,
      values: valuesOf(correlation, key),
      count: episodes.length,
      firstMs: Math.min(...episodes.map(({ firstMs }) => firstMs)),
    }))
    .sort((a, b) => b.count - a.count || a.firstMs - b.firstMs || (a.key < b.key ? -1 : 1));
  return {
    ...factsOf(correlation.rule),
    count: groups.reduce((sum, { count }) => sum + count, 0),
    firstMs: finite(groups.reduce((first, { firstMs }) => Math.min(first, firstMs), Infinity)),
    ...(correlation.groupBy.length > 0 && {
      groups: groups
        .slice(0, NAMED_GROUPS)
        .map(({ values, count, firstMs }) => ({ values, count, firstMs })),
      groupCount: groups.length,
    }),
  };
}

function factsOf({
  name,
  class: kind,
  level,
}: Rule): Pick<Finding, 'kind' | 'severity' | 'subject'> {
  return { kind, severity: FINDING_SEVERITY[level], subject: name };
}

function valuesOf({ groupBy }: Correlation, key: string): FindingValue[] {
  const values = valuesOfKey(key);
  return groupBy.map(({ name, fieldOf }, i) => ({
    name,
    fields: [...new Set(fieldOf.values())],
    value: values[i]!,
  }));
}

const finite = (time: number): number | undefined => (Number.isFinite(time) ? time : undefined);
