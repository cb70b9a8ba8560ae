import { STAGES, STEP_OUTCOMES } from '../model/index.ts';

const STEPS = STAGES.length * STEP_OUTCOMES.length;
const FIRST_THIRD = STEPS;
const FIRST_POD = FIRST_THIRD + STEPS;
const SIGNALS = FIRST_POD + STAGES.length;
const FIRST_KEPT = SIGNALS + 1;

/** What a cell of a partial remembers, coded in 16 bits. */
export const CellKey = {
  /** Keys below this number are of steps. */
  steps: STEPS,
  /** First time of one stage with one outcome, and the two smallest hashes of such events. */
  step: (stage: number, outcome: number): number => stage * STEP_OUTCOMES.length + outcome,
  /** The third smallest hash of a step. */
  third: (step: number): number => FIRST_THIRD + step,
  /** Pod at the first event of a stage. */
  pod: (stage: number): number => FIRST_POD + stage,
  /** Where the list of signals begins. */
  signals: SIGNALS,
  /** Earliest value of a kept field. */
  kept: (slot: number): number => FIRST_KEPT + slot,
  /** Number of keys when so many fields are kept. */
  count: (keptFields: number): number => FIRST_KEPT + keptFields,
} as const;

export const isStepKey = (key: number): boolean => key < STEPS;
export const isThirdKey = (key: number): boolean => key >= FIRST_THIRD && key < FIRST_POD;
export const isTextKey = (key: number): boolean => key >= FIRST_POD && key !== SIGNALS;
export const stageOfStep = (key: number): number => Math.floor(key / STEP_OUTCOMES.length);
export const outcomeOfStep = (key: number): number => key % STEP_OUTCOMES.length;
