import { type Flow, type Outcome, STAGES, type Stage } from '../model/index.ts';

/** A stage that a flow got past, and when. */
export interface Passage {
  readonly stage: Stage;
  readonly timeMs: number;
}

/** Polling runs beside the other stages: it is no step on the way of its own. */
const BESIDE: Stage = 'polled';
const MILESTONES: readonly Stage[] = STAGES.filter((stage) => stage !== BESIDE);

/**
 * The stages a flow got past, in their order, each at the first event that says it went well,
 * or else at the first that did not say it went wrong. Stages without a time are left out.
 */
export function passagesOf(flow: Flow): readonly Passage[] {
  const passages: Passage[] = [];
  // Steps stand in the order of their stages, and `seen` before `ok`, which counts for more.
  for (const { stage, outcome, firstMs } of flow.steps) {
    if (firstMs === undefined || stage === BESIDE) continue;
    if (outcome !== 'ok' && outcome !== 'seen') continue;
    const isSame = passages.length > 0 && passages[passages.length - 1].stage === stage;
    passages[isSame ? passages.length - 1 : passages.length] = { stage, timeMs: firstMs };
  }
  return passages;
}

/** The stage that a flow which did not succeed did not get past. */
export function lostAt(flow: Flow, outcome: Exclude<Outcome, { kind: 'succeeded' }>): Stage {
  if (outcome.kind === 'failed') return outcome.stage;
  if (outcome.kind === 'abandoned') {
    if (outcome.reason === 'never_scanned') return 'scanned';
    // People say no on the phone, where they are asked to confirm.
    if (outcome.reason !== 'left') return 'confirmed';
  }
  let passed = -1;
  for (const step of flow.steps)
    if (step.outcome === 'ok' || step.outcome === 'seen')
      passed = Math.max(passed, MILESTONES.indexOf(step.stage));
  return MILESTONES[Math.min(passed + 1, MILESTONES.length - 1)];
}
