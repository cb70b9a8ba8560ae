import { createJudge, hitsAcrossFlows } from '../classify/index.ts';
import {
  CauseTimes,
  type PackedCauseTimes,
  type PackedRuleHits,
  RuleHits,
} from '../correlate/index.ts';
import type { Finding, Flow, Judged } from '../model/index.ts';
import { evaluatedCorrelations, type RuleSet } from '../ruleset/index.ts';
import type { AnalysisWindow } from './window.ts';

/** What flows are judged by beside themselves, of the whole input: plain data. */
export interface JudgingFacts {
  readonly causes: PackedCauseTimes;
  readonly ruleHits: PackedRuleHits;
  readonly window: AnalysisWindow;
  /** A silent flow stays open for this long. */
  readonly flowTimeoutMs: number;
}

export interface Judging {
  /** Of correlations. */
  readonly findings: readonly Finding[];
  judged(flow: Flow): Judged;
}

/** @param flows all of the input; asked only where a correlation is about flows */
export function startJudging(
  ruleSet: RuleSet,
  { causes, ruleHits, window, flowTimeoutMs }: JudgingFacts,
  flows: () => Iterable<Flow>,
): Judging {
  const hits = new RuleHits(ruleSet.rules, evaluatedCorrelations(ruleSet), ruleHits);
  const correlations = hitsAcrossFlows(ruleSet, { ruleHits: hits }, flows, window.toMs);
  const judge = createJudge({
    ruleSet,
    causes: new CauseTimes(causes),
    correlations,
    window,
    flowTimeoutMs,
  });
  return { findings: correlations.findings, judged: (flow) => ({ flow, verdict: judge(flow) }) };
}
