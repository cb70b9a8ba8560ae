import { type Explanation, LEVELS, RULE_EFFECTS, type Rule } from '../model/index.ts';

/**
 * Orders rules that match the same event, the strongest first: failures before abandoned logins
 * before the rest, causes before what they explain, then priority, level and id.
 */
export function strongestFirst(
  rules: readonly Rule[],
  explanations: readonly Explanation[],
): readonly Rule[] {
  const sorted = [...rules].sort(
    (a, b) =>
      RULE_EFFECTS.indexOf(a.effect) - RULE_EFFECTS.indexOf(b.effect) ||
      b.priority - a.priority ||
      LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level) ||
      (a.id < b.id ? -1 : 1),
  );
  const names = new Set(rules.map(({ name }) => name));
  const isExplained = ({ name }: Rule): boolean =>
    explanations.some(({ cause, symptoms }) => names.has(cause) && symptoms.includes(name));
  return [...sorted.filter((rule) => !isExplained(rule)), ...sorted.filter(isExplained)];
}

/** Whether one of two rules explains the other, perhaps through others. */
export function isExplainedBy(
  symptom: string,
  cause: string,
  explanations: readonly Explanation[],
): boolean {
  const seen = new Set([cause]);
  const open = [cause];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const explanation of explanations) {
      if (explanation.cause !== at) continue;
      if (explanation.symptoms.includes(symptom)) return true;
      for (const next of explanation.symptoms) {
        if (!seen.has(next)) open.push(next);
        seen.add(next);
      }
    }
  }
  return false;
}
