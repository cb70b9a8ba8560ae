import {
  type CorrelationHits,
  correlationHits,
  type FlowTable,
  RuleHits,
} from '../correlate/index.ts';
import type { Correlation, Flow, Rule } from '../model/index.ts';
import { evaluatedCorrelations, type RuleSet } from '../ruleset/index.ts';
import { flowRecord } from './flow-record.ts';
import { isRipe } from './ripe.ts';

/**
 * Evaluates the correlations over the events of the table and, where one is about flow rules, over
 * its flows: a flow's hit stands at its last event.
 *
 * @param flows is asked only when needed, since it costs a pass over all flows
 */
export function hitsAcrossFlows(
  ruleSet: RuleSet,
  table: Pick<FlowTable, 'ruleHits'>,
  flows: () => Iterable<Flow>,
  watermarkMs: number | undefined,
): CorrelationHits {
  const correlations = evaluatedCorrelations(ruleSet);
  const { rules } = ruleSet;
  const overFlows = correlationsOfFlows(ruleSet);
  let hits = table.ruleHits;
  if (overFlows.length > 0) {
    hits = new RuleHits(rules, correlations);
    hits.absorb(table.ruleHits);
    for (const flow of flows()) noteFlow(flow, ruleSet, overFlows, hits, watermarkMs);
  }
  const explaining = new Set(ruleSet.explanations.map(({ name }) => name));
  return correlationHits(hits, { rules, correlations, explaining, watermarkMs });
}

/** True when one flow cannot be judged before all are known. */
export function asksAllFlows(ruleSet: RuleSet): boolean {
  return correlationsOfFlows(ruleSet).length > 0;
}

/** Those that are about flow rules. */
function correlationsOfFlows(ruleSet: RuleSet): Correlation[] {
  const { rules } = ruleSet;
  const flowRules = new Set(rules.flatMap((rule) => (rule.scope === 'flow' ? [rule.name] : [])));
  return evaluatedCorrelations(ruleSet).filter((one) =>
    one.rules.some((name) => flowRules.has(name)),
  );
}

function noteFlow(
  flow: Flow,
  ruleSet: RuleSet,
  correlations: readonly Correlation[],
  hits: RuleHits,
  watermarkMs: number | undefined,
): void {
  const record = flowRecord(flow, ruleSet.rules, watermarkMs);
  const matched: Rule[] = ruleSet.flows
    .match(record)
    .map((detection) => ruleSet.rules[ruleSet.flowRules[detection]!]!)
    .filter((rule) => isRipe(rule, flow, watermarkMs));
  const id = Number.parseInt(flow.id.slice(2), 16);
  for (const { name } of matched) {
    for (const correlation of correlations) {
      if (!correlation.rules.includes(name)) continue;
      hits.note(correlation, {
        rule: name,
        timeMs: flow.lastMs ?? Number.NaN,
        high: Math.floor(id / 2 ** 16),
        low: id % 2 ** 16,
        valueOf: (field) => record.get(field)?.[0] ?? undefined,
      });
    }
  }
}
