import type { GroupKey } from '../model/index.ts';
import type { RuleSet } from './rule-set.ts';

/**
 * Fields of events whose texts matter beyond the rules' leaves: those that rules compare with each
 * other, and those by which hits are grouped or counted.
 */
export function fieldsInFull({ events, correlations, explanations }: RuleSet): Set<string> {
  const keys: GroupKey[] = [
    ...correlations.flatMap(({ groupBy, field }) => (field ? [...groupBy, field] : groupBy)),
    ...explanations.flatMap(({ groupBy }) => groupBy),
  ];
  return new Set([
    ...events.comparedFields,
    ...keys.flatMap(({ name, fieldOf }) => [name, ...fieldOf.values()]),
  ]);
}
