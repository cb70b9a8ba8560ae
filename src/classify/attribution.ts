import { type CauseTimes, type CorrelationHits, groupFields } from '../correlate/index.ts';
import { type Explanation, LEVELS, type Rule, type Stage } from '../model/index.ts';
import type { Candidate } from './candidate.ts';

/** One candidate named as the cause, the others in order of their strength. */
export interface Attribution {
  readonly cause: Candidate;
  readonly symptoms: readonly Candidate[];
}

/** An explanation and its number. */
interface Numbered {
  readonly explanation: Explanation;
  readonly number: number;
}

export interface AttributionContext {
  /** By name of a rule: the explanations that it is a symptom of. */
  readonly explanationsOf: ReadonlyMap<string, readonly Numbered[]>;
  /** Rules by name. */
  readonly ruleNamed: ReadonlyMap<string, Rule>;
  /** When grouped causes were seen anywhere in the input. */
  readonly causes: CauseTimes;
  readonly correlations: CorrelationHits;
}

export function explanationsBySymptom(
  explanations: readonly Explanation[],
): AttributionContext['explanationsOf'] {
  const bySymptom = new Map<string, Numbered[]>();
  for (const [number, explanation] of explanations.entries()) {
    for (const symptom of new Set(explanation.symptoms)) {
      const known = bySymptom.get(symptom);
      if (known === undefined) bySymptom.set(symptom, [{ explanation, number }]);
      else known.push({ explanation, number });
    }
  }
  return bySymptom;
}

/**
 * Chooses the cause: candidates that explain others first (following explanations to their
 * root), those that only the time speaks for last; then higher priority, earlier evidence, higher level, smaller id.
 *
 * @param candidates at least one
 * @param witnesses rule hits of the flow that may explain a candidate without being one
 */
export function attribute(
  candidates: readonly Candidate[],
  witnesses: readonly Candidate[],
  context: AttributionContext,
): Attribution {
  const known = new Map([...witnesses, ...candidates].map((c) => [c.rule.name, c]));
  const roots = new Map<string, Candidate>();
  const merit = new Map<string, number>();
  for (const candidate of candidates) {
    const root = rootOf(candidate, known, context);
    const { name } = root.candidate.rule;
    roots.set(name, root.candidate);
    const own = root.byTimeAlone ? 0 : root.candidate === candidate ? 1 : 2;
    merit.set(name, Math.max(own, merit.get(name) ?? 0));
  }
  const cause = [...roots.values()].sort(
    (a, b) => merit.get(b.rule.name)! - merit.get(a.rule.name)! || byStrength(a, b),
  )[0]!;
  const symptoms = candidates.filter((c) => c.rule !== cause.rule).sort(byStrength);
  return { cause, symptoms };
}

/** A cause, and whether nothing but the time ties it to its symptom. */
interface Root {
  readonly candidate: Candidate;
  readonly byTimeAlone: boolean;
}

/**
 * Follows explanations upward; one that has nothing but the time to go by is followed last. The
 * rule set refuses cycles; `seen` bounds the walk all the same.
 */
function rootOf(
  start: Candidate,
  known: ReadonlyMap<string, Candidate>,
  context: AttributionContext,
): Root {
  const seen = new Set([start.rule.name]);
  let root: Root = { candidate: start, byTimeAlone: false };
  for (;;) {
    const parent = (context.explanationsOf.get(root.candidate.rule.name) ?? [])
      .flatMap(({ explanation, number }): Root[] => {
        const cause = causeOf(root.candidate, explanation, number, known, context);
        if (cause === undefined || seen.has(cause.rule.name)) return [];
        return [{ candidate: cause, byTimeAlone: isTiedByTimeAlone(explanation, cause) }];
      })
      .sort(
        (a, b) =>
          Number(a.byTimeAlone) - Number(b.byTimeAlone) || byStrength(a.candidate, b.candidate),
      )[0];
    if (parent === undefined) return root;
    seen.add(parent.candidate.rule.name);
    root = { ...parent, byTimeAlone: root.byTimeAlone || parent.byTimeAlone };
  }
}

/** A cause across flows that the symptom is no part of, and shares no field with. */
function isTiedByTimeAlone({ name, groupBy }: Explanation, { rule }: Candidate): boolean {
  return rule.scope === 'correlation' && rule.name !== name && groupBy.length === 0;
}

/** What explains a symptom of the explanation. */
function causeOf(
  symptom: Candidate,
  explanation: Explanation,
  number: number,
  known: ReadonlyMap<string, Candidate>,
  context: AttributionContext,
): Candidate | undefined {
  const cause = context.ruleNamed.get(explanation.cause)!;
  if (cause.scope === 'correlation') {
    const held = isCovered(symptom, explanation, context.correlations);
    return held ? elsewhere(cause, symptom.stage) : undefined;
  }
  const inFlow = known.get(explanation.cause);
  if (explanation.groupBy.length === 0) {
    return inFlow !== undefined && isInTime(inFlow, symptom, explanation) ? inFlow : undefined;
  }
  const key = groupKey(symptom, explanation);
  if (key === undefined || symptom.timeMs === undefined) return undefined;
  const from = symptom.timeMs - explanation.timespanMs;
  const to = explanation.ordered ? symptom.timeMs : symptom.timeMs + explanation.timespanMs;
  if (!context.causes.seen(number, key, from, to)) return undefined;
  return inFlow ?? elsewhere(cause, cause.stage);
}

/** Whether the symptom is one of the hits across flows that make up the cause. */
function isCovered(
  symptom: Candidate,
  explanation: Explanation,
  correlations: CorrelationHits,
): boolean {
  const key = groupKey(symptom, explanation);
  if (key === undefined || symptom.timeMs === undefined) return false;
  return correlations.covers(explanation.name, key, symptom.timeMs);
}

/** The values that the symptom shares with its cause; empty where nothing is to be shared. */
function groupKey(symptom: Candidate, explanation: Explanation): string | undefined {
  if (explanation.groupBy.length === 0) return '';
  return symptom.keys.get(groupFields(explanation, symptom.rule.name).join());
}

/** A cause whose evidence stands outside the flow. */
function elsewhere(rule: Rule, stage: Stage | undefined): Candidate {
  return { rule, timeMs: undefined, place: undefined, stage, keys: new Map() };
}

function isInTime(cause: Candidate, symptom: Candidate, explanation: Explanation): boolean {
  if (cause.timeMs === undefined || symptom.timeMs === undefined) return !explanation.ordered;
  const gap = symptom.timeMs - cause.timeMs;
  if (explanation.ordered && gap < 0) return false;
  return Math.abs(gap) <= explanation.timespanMs;
}

function byStrength(a: Candidate, b: Candidate): number {
  return (
    b.rule.priority - a.rule.priority ||
    byTime(a.timeMs, b.timeMs) ||
    LEVELS.indexOf(b.rule.level) - LEVELS.indexOf(a.rule.level) ||
    (a.rule.id < b.rule.id ? -1 : 1)
  );
}

function byTime(a: number | undefined, b: number | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  return b === undefined ? -1 : a - b;
}
