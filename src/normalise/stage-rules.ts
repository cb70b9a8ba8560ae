import { compileDetections, type DetectionIndex, type KnownValue } from '../sigma/index.ts';
import type { Mapping, StageRule } from './mapping.ts';

/** The stage rules of a run, in the order they are asked: the user's files first. */
export interface StageRules {
  readonly rules: readonly StageRule[];
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
  ): StageRule | undefined;
}

const MEMO_BITS = 12;

export function compileStageRules(mappings: readonly Mapping[]): StageRules {
  const rules = mappings.flatMap(({ stages }) => stages);
  const index = compileDetections(rules.map(({ detection }) => detection));
  const size = 1 << MEMO_BITS;
  const high = new Int32Array(size);
  const low = new Int32Array(size);
  const answer = new Int32Array(size);
  return {
    rules,
    index,
    match(values, count, keyHigh, keyLow) {
      const place = (keyLow ^ (keyLow >>> MEMO_BITS)) & (size - 1);
      const remembered = answer[place];
      // 0 is an empty place, 1 is "no rule", 2 and up are rules.
      if (remembered > 0 && high[place] === keyHigh && low[place] === keyLow) {
        return rules[remembered - 2];
      }
      const first = index.matchKnown(values, 0, count)[0];
      high[place] = keyHigh;
      low[place] = keyLow;
      answer[place] = first === undefined ? 1 : first + 2;
      return first === undefined ? undefined : rules[first];
    },
  };
}
