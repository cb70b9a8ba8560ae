import { asksAllFlows } from '../classify/index.ts';
import {
  type BitSet,
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
import { flowTableOptions, keptFields, type ReaderOptions, type Reading } from './reading.ts';

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
  /** Takes these flows out of the reading: what it holds from now on is the rest. */
  takeOut(): void;
  /**
   * Lines of evidence are counted from where the reading began.
   * @param facts of all that was read, anywhere
   */
  judged(facts: JudgingFacts): Iterable<Judged>;
}

/** Whether flows may be judged before all are known. */
export const canBeLocal = (ruleSet: RuleSet): boolean => !asksAllFlows(ruleSet);

/**
 * Where more of the ids are met by others, too, as in two logs of the same hours, hardly a flow
 * is anyone's own, and to sort them out would only take memory.
 */
const MOST_IN_COMMON = 0.25;

export interface LocalFlowsOptions extends ReaderOptions {
  readonly guard?: GuardLimits;
}

/** @param reading has read everything when the first function is called; its table is replaced */
export function startLocalFlows(reading: Reading, options: LocalFlowsOptions): LocalFlows {
  const { ruleSet, guard } = options;
  let metElsewhere: BitSet | undefined;
  let graph: FlowGraph | undefined;
  return {
    ids: () => reading.table.ids.pack(),
    compare(others) {
      metElsewhere = reading.table.ids.alsoIn(others.map((ids) => new IdTable(ids)));
    },
    takeOut() {
      const { table } = reading;
      const common = metElsewhere?.size ?? 0;
      if (common > table.ids.size * MOST_IN_COMMON) return;
      graph = resolveFlows(table, {
        keep: keptFields(options),
        ...(guard === undefined ? {} : { guard }),
        ...(metElsewhere === undefined ? {} : { metElsewhere }),
      });
      const rest = new FlowTable(flowTableOptions({ ...options, isOneOfSeveral: false }));
      graph.putRest(rest);
      reading.table = rest;
    },
    *judged(facts) {
      const judging = startJudging(ruleSet, facts, () => []);
      for (const flow of graph?.flows('any') ?? []) yield judging.judged(flow);
    },
  };
}
