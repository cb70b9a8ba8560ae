import { type Flow, STAGES, type Stage, type StepOutcome } from '../model/index.ts';

/** The stages that had an outcome: a bit for each, the first stage lowest. */
export type StagesByOutcome = Readonly<Record<StepOutcome, number>>;

export function stagesByOutcome(flow: Flow): StagesByOutcome {
  const stages = { seen: 0, ok: 0, failed: 0, cancelled: 0, denied: 0, expired: 0 };
  for (const { stage, outcome } of flow.steps) stages[outcome] |= bitOf(stage);
  return stages;
}

export const bitOf = (stage: Stage): number => 1 << STAGES.indexOf(stage);

/** A stage and all behind it. */
export const bitsFrom = (stage: Stage): number => -bitOf(stage);

/** The first stage of a set that is not empty. */
export const firstOf = (stages: number): Stage => STAGES[31 - Math.clz32(stages & -stages)]!;

/** The place of the last stage of a set among all stages; -1 when it is empty. */
export const lastPlaceOf = (stages: number): number => 31 - Math.clz32(stages);
