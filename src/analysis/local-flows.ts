import { asksAllFlows } from '../classify/index.ts';
import {
  type FlowGraph,
  FlowTable,
  type GuardLimits,
  IdTable,
  type PackedIds,
  resolveFlows,
} from '../correlate/index.ts';
import type { Judged } from '../model/index.ts';
import type { RuleSet } from '../ruleset/index.ts';
import { type JudgingFacts, startJudging } from './judging.ts';
import {
  flowTableOptions,
  keptFields,
  type PackedReading,
  type ReaderOptions,
  type Reading,
} from './reading.ts';

/**
 * Of an input that several threads have read, the flows that one of them has met alone. They are
 * judged where they were read; only the others have to be put together. Its functions are called
 * in their order, each when all threads are done with the one before.
 */
export interface LocalFlows {
  /** For the others to look up; see {@link ReaderOptions.isOneOfSeveral}. */
  ids(): PackedIds;
  /** Finds out what the others have met, too. */
  compare(others: readonly PackedIds[]): void;
  /** Everything that was read but these flows. */
  takeRest(): PackedReading;
  /** @param facts of all that was read, anywhere */
  judged(facts: JudgingFacts): Iterable<Judged>;
}

/** Whether flows may be judged before all are known. */
export const canBeLocal = (ruleSet: RuleSet): boolean => !asksAllFlows(ruleSet);

export interface LocalFlowsOptions extends ReaderOptions {
  readonly guard?: GuardLimits;
}

/** @param reading has read all it is to read */
export function startLocalFlows(reading: Reading, options: LocalFlowsOptions): LocalFlows {
  const { table } = reading;
  const { ruleSet, guard } = options;
  let metElsewhere = table.ids.alsoIn([]);
  let graph: FlowGraph | undefined;
  return {
    ids: () => table.ids.pack(),
    compare(others) {
      metElsewhere = table.ids.alsoIn(others.map((ids) => new IdTable(ids)));
    },
    takeRest() {
      graph = resolveFlows(table, {
        keep: keptFields(options),
        ...(guard === undefined ? {} : { guard }),
        metElsewhere,
      });
      const rest = new FlowTable(flowTableOptions(options));
      graph.putRest(rest);
      return reading.pack(rest);
    },
    *judged(facts) {
      const judging = startJudging(ruleSet, facts, () => []);
      for (const flow of graph?.flows('any') ?? []) yield judging.judged(flow);
    },
  };
}
