import type { Flow, Rule, Stage, StepOutcome } from '../model/index.ts';

/**
 * A rule about absence speaks only when its deadline lies before the watermark. Without any time
 * to go by, the data is taken to be over.
 */
export function isRipe(rule: Rule, flow: Flow, watermarkMs: number | undefined): boolean {
  if (rule.deadline === undefined || watermarkMs === undefined) return true;
  const { from, withinMs } = rule.deadline;
  const since = firstOf(flow, from, 'ok') ?? firstOf(flow, from, 'seen');
  return since === undefined || watermarkMs - since >= withinMs;
}

function firstOf(flow: Flow, stage: Stage, outcome: StepOutcome): number | undefined {
  return flow.steps.find((step) => step.stage === stage && step.outcome === outcome)?.firstMs;
}
