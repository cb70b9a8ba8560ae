import type { Correlation, Explanation, Rule } from '../model/index.ts';
import type { DetectionIndex } from '../sigma/index.ts';

/** The rules of a run, compiled. */
export interface RuleSet {
  /** Event and flow rules by name; a rule's number is its place here. */
  readonly rules: readonly Rule[];
  readonly events: DetectionIndex;
  /** Rule number of each detection of `events`. */
  readonly eventRules: readonly number[];
  readonly flows: DetectionIndex;
  /** Rule number of each detection of `flows`. */
  readonly flowRules: readonly number[];
  /** By name; never in a circle. */
  readonly explanations: readonly Explanation[];
  /** Conditions over the hits of rules, by name; those that explain are among them. */
  readonly correlations: readonly Correlation[];
  /** SHA-256 of what the rules mean; comments, tests and layout do not change it. */
  readonly digest: string;
}

/** Every rule that can be named as a cause or a finding: those with a number, then correlations. */
export function namedRules({ rules, correlations }: RuleSet): readonly Rule[] {
  return [...rules, ...correlations.map(({ rule }) => rule)];
}

/**
 * The correlations that are evaluated on their own. One that only attributes symptoms to a cause
 * in the logs is answered by the cause's times; unless another builds on it.
 */
export function evaluatedCorrelations({
  correlations,
  explanations,
}: RuleSet): readonly Correlation[] {
  const names = new Set(correlations.map(({ rule }) => rule.name));
  const explaining = new Map(explanations.map((one) => [one.name, one]));
  const members = new Set(correlations.flatMap(({ rules }) => rules));
  return correlations.filter(({ rule: { name } }) => {
    const explanation = explaining.get(name);
    return explanation === undefined || names.has(explanation.cause) || members.has(name);
  });
}
