import { FLOW_KINDS, STAGES, STEP_OUTCOMES } from '../model/index.ts';
import { compileDetections, type DetectionIndex, type KnownValue } from '../sigma/index.ts';
import type { Mapping } from './mapping.ts';

/** What a stage rule says, as the event columns hold it. */
export interface StageAnswer {
  /** Index into `STAGES` plus one; 0 for a rule that denies any stage. */
  readonly stage: number;
  readonly outcome: number;
  readonly kind: number;
  readonly certain: boolean;
}

/** The stage rules of a run, in the order they are asked: the user's files first. */
export interface StageRules {
  readonly index: DetectionIndex;
  /**
   * The first rule that matches the first `count` of `values`. The key stands for the values'
   * leaves: rows with equal keys get the remembered answer.
   */
  match(
    values: readonly KnownValue[],
    count: number,
    keyHigh: number,
    keyLow: number,
  ): StageAnswer | undefined;
}

const MEMO_BITS = 12;

const compiled = new WeakMap<readonly Mapping[], StageRules>();

/** Compiles the stage rules of the mappings, once for as long as the same array is given. */
export function compileStageRules(mappings: readonly Mapping[]): StageRules {
  const known = compiled.get(mappings);
  if (known !== undefined) return known;
  const rules = stageRulesOf(mappings);
  compiled.set(mappings, rules);
  return rules;
}

function stageRulesOf(mappings: readonly Mapping[]): StageRules {
  const rules = mappings.flatMap(({ stages }) => stages);
  const index = compileDetections(rules.map(({ detection }) => detection));
  const answers = rules.map(({ stage, outcome, kind, certain }) => ({
    stage: stage === undefined ? 0 : STAGES.indexOf(stage) + 1,
    outcome: STEP_OUTCOMES.indexOf(outcome),
    kind: FLOW_KINDS.indexOf(kind),
    certain,
  }));
  const size = 1 << MEMO_BITS;
  const high = new Int32Array(size);
  const low = new Int32Array(size);
  const answer = new Int32Array(size);
  return {
    index,
    match(values, count, keyHigh, keyLow) {
      const place = (keyLow ^ (keyLow >>> MEMO_BITS)) & (size - 1);
      const remembered = answer[place];
      // 0 is an empty place, 1 is "no rule", 2 and up are rules.
      if (remembered > 0 && high[place] === keyHigh && low[place] === keyLow) {
        return answers[remembered - 2];
      }
      const first = index.matchKnown(values, 0, count)[0];
      high[place] = keyHigh;
      low[place] = keyLow;
      answer[place] = first === undefined ? 1 : first + 2;
      return first === undefined ? undefined : answers[first];
    },
  };
}
