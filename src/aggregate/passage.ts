import { type Flow, STAGES, type Stage } from '../model/index.ts';

/** A stage that a flow got past, and when. */
export interface Passage {
  readonly stage: Stage;
  readonly timeMs: number;
}

/**
 * The stages a flow got past, in their order, each at the first event that says it went well,
 * or else at the first that did not say it went wrong. Polling runs beside the other stages and
 * is no step of its own; stages without a time are left out.
 */
export function passagesOf(flow: Flow): readonly Passage[] {
  const okMs = new Map<Stage, number>();
  const seenMs = new Map<Stage, number>();
  for (const { stage, outcome, firstMs } of flow.steps) {
    if (firstMs === undefined || stage === 'polled') continue;
    const times = outcome === 'ok' ? okMs : outcome === 'seen' ? seenMs : undefined;
    if (times !== undefined) times.set(stage, Math.min(times.get(stage) ?? firstMs, firstMs));
  }
  return STAGES.flatMap((stage) => {
    const timeMs = okMs.get(stage) ?? seenMs.get(stage);
    return timeMs === undefined ? [] : [{ stage, timeMs }];
  });
}
