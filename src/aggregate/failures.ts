import type { FailureTally, Outcome, Stage } from '../model/index.ts';
import { absorbCounts, type Counts, count } from './counts.ts';

/** Example flows kept for each cause. */
const EXAMPLES_KEPT = 5;

export interface GrowingFailures extends FailureTally {
  flows: number;
  readonly stages: Counts<Stage>;
  readonly symptoms: Counts<string>;
  readonly examples: string[];
}

export function emptyFailures(): GrowingFailures {
  return { flows: 0, stages: new Map(), symptoms: new Map(), examples: [] };
}

export function countFailure(
  into: GrowingFailures,
  flowId: string,
  outcome: Outcome & { readonly kind: 'failed' },
): void {
  into.flows++;
  count(into.stages, outcome.stage);
  for (const symptom of new Set(outcome.symptoms)) count(into.symptoms, symptom);
  keepSmallest(into.examples, flowId);
}

export function absorbFailures(into: GrowingFailures, from: FailureTally): void {
  into.flows += from.flows;
  absorbCounts(into.stages, from.stages);
  absorbCounts(into.symptoms, from.symptoms);
  for (const example of from.examples) keepSmallest(into.examples, example);
}

/** The smallest ids, not the first to come: any order of flows keeps the same ones. */
function keepSmallest(ids: string[], id: string): void {
  if (ids.length === EXAMPLES_KEPT && id >= ids[EXAMPLES_KEPT - 1]) return;
  let at = 0;
  while (at < ids.length && ids[at] < id) at++;
  if (ids[at] === id) return;
  ids.splice(at, 0, id);
  if (ids.length > EXAMPLES_KEPT) ids.pop();
}
