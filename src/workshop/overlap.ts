import type { Problem, Rule } from '../model/index.ts';
import type { Mapping } from '../normalise/index.ts';
import type { LoadedRules } from '../ruleset/index.ts';
import { createReporter } from '../sigma/index.ts';
import { createEventReader, recordOf } from './event-reader.ts';
import { createFlowReader, isRipe } from './flow-reader.ts';
import { isExplainedBy } from './strength.ts';
import { testLines } from './test-lines.ts';

/**
 * Reports pairs of failure rules of different classes that match the same event of a test, or the
 * same flow by its shape, when nothing says which of them is the cause: no explanation and no
 * difference in priority. (Of events at different times the earlier one is.) Each pair once.
 */
export function reportOverlaps(
  { ruleSet, documents }: LoadedRules,
  mappings: readonly Mapping[],
  problems: Problem[],
): void {
  const readEvent = createEventReader(ruleSet.events, mappings);
  const readFlows = createFlowReader(ruleSet, mappings);
  const known = new Set<string>();
  const ruleOf = (numbers: readonly number[]): Rule[] =>
    numbers.map((number) => ruleSet.rules[number]);

  for (const document of documents) {
    if (!document.sound) continue;
    for (const test of document.tests) {
      if (test.expect !== 'match') continue;
      const sets: Rule[][] = [];
      if (!test.single || document.facts.scope === 'event') {
        for (const { event } of test.events) {
          const matched = ruleSet.events.match(recordOf(readEvent(JSON.stringify(event))));
          sets.push(ruleOf(matched.map((detection) => ruleSet.eventRules[detection])));
        }
      }
      if (!test.single && document.facts.scope === 'flow') {
        for (const { record } of readFlows(testLines(test)).flows) {
          const matched = ruleSet.flows.match(record);
          const byShape = ruleOf(matched.map((detection) => ruleSet.flowRules[detection]));
          sets.push(byShape.filter((rule) => isRipe(rule, record)));
        }
      }
      const report = createReporter(document.file, document.text, problems);
      for (const [a, b] of sets.flatMap((set) => undecidedPairs(set, ruleSet.explanations))) {
        const pair = [a.name, b.name].sort().join(' ');
        if (known.has(pair)) continue;
        known.add(pair);
        report.warning(
          test.span,
          'overlap',
          `"${a.name}" (${a.class}) and "${b.name}" (${b.class}) both match, and neither comes first`,
          'give one a flow.priority, or explain one by the other',
        );
      }
    }
  }
}

function undecidedPairs(
  rules: readonly Rule[],
  explanations: LoadedRules['ruleSet']['explanations'],
): readonly (readonly [Rule, Rule])[] {
  const failures = [...new Set(rules)].filter(({ effect }) => effect === 'failure');
  return failures.flatMap((a, i) =>
    failures
      .slice(i + 1)
      .filter(
        (b) =>
          a.class !== b.class &&
          a.priority === b.priority &&
          !isExplainedBy(a.name, b.name, explanations) &&
          !isExplainedBy(b.name, a.name, explanations),
      )
      .map((b) => [a, b] as const),
  );
}
