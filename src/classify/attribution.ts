import { type CauseTimes, type CorrelationHits, groupFields } from '../correlate/index.ts';
import { type Explanation, LEVELS, type Rule, type Stage } from '../model/index.ts';
import type { Candidate } from './candidate.ts';

/** One candidate named as the cause, the others in order of their strength. */
export interface Attribution {
  readonly cause: Candidate;
  readonly symptoms: readonly Candidate[];
}

export interface AttributionContext {
  readonly explanations: readonly Explanation[];
  /** Rules by name. */
  readonly ruleNamed: ReadonlyMap<string, Rule>;
  /** When grouped causes were seen anywhere in the input. */
  readonly causes: CauseTimes;
  readonly correlations: CorrelationHits;
}

/**
 * Chooses the cause: candidates that explain others first (following explanations to their
 * root), then higher priority, earlier evidence, higher level, smaller id.
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
  const explaining = new Set<string>();
  for (const candidate of candidates) {
    const root = rootOf(candidate, known, context);
    roots.set(root.rule.name, root);
    if (root !== candidate) explaining.add(root.rule.name);
  }
  const cause = [...roots.values()].sort(
    (a, b) =>
      Number(explaining.has(b.rule.name)) - Number(explaining.has(a.rule.name)) || byStrength(a, b),
  )[0]!;
  const symptoms = candidates.filter((c) => c.rule !== cause.rule).sort(byStrength);
  return { cause, symptoms };
}

/** Follows explanations upward. The rule set refuses cycles; `seen` bounds the walk all the same. */
function rootOf(
  start: Candidate,
  known: ReadonlyMap<string, Candidate>,
  context: AttributionContext,
): Candidate {
  const seen = new Set([start.rule.name]);
  let root = start;
  for (;;) {
    const parents = context.explanations
      .map((explanation, number) => causeOf(root, explanation, number, known, context))
      .filter((parent) => parent !== undefined && !seen.has(parent.rule.name))
      .sort((a, b) => byStrength(a!, b!));
    const parent = parents[0];
    if (parent === undefined) return root;
    seen.add(parent.rule.name);
    root = parent;
  }
}

function causeOf(
  symptom: Candidate,
  explanation: Explanation,
  number: number,
  known: ReadonlyMap<string, Candidate>,
  context: AttributionContext,
): Candidate | undefined {
  if (!explanation.symptoms.includes(symptom.rule.name)) return undefined;
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
