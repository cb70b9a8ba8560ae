import type { Burstiness } from './burstiness.ts';
import type { Check } from './check.ts';
import type { GateConfig } from './config.ts';
import type { Limit } from './limit.ts';
import type { Subject } from './metric.ts';
import type { Estimate } from './statistics/estimate.ts';
import type { Sample } from './statistics/sample.ts';

/** `inconclusive`: the data do not tell; never a pass. */
export type GateVerdict = 'pass' | 'fail' | 'inconclusive';

/** What the gate found. Facts only: words are up to the report. */
export interface Decision {
  readonly verdict: GateVerdict;
  readonly config: Pick<GateConfig, 'confidence' | 'minFlows' | 'onInconclusive'>;
  readonly candidate: Side;
  /** Undefined when no check needed one and none was given. */
  readonly baseline: Side | undefined;
  /** Whether no window of the baseline was judged by the candidate's rules. */
  readonly rulesDiffer: boolean;
  /** Undefined when too few failures tell: then they count as independent. */
  readonly burstiness: (Burstiness & { readonly of: 'baseline' | 'candidate' }) | undefined;
  readonly strata: StrataComparison | undefined;
  /** In the order of the configuration. */
  readonly checks: readonly CheckResult[];
  /** What became of each cause; undefined without a baseline judged by the same rules. */
  readonly causes: readonly CauseChange[] | undefined;
}

/** The flows of one side. */
export interface Side {
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
  /** Windows added up. */
  readonly windows: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Left out of the failure rate. */
  readonly abandoned: number;
  readonly open: number;
  readonly cut: number;
}

/** How flows are spread over groups, and where they failed more. */
export interface StrataComparison {
  readonly attributes: readonly string[];
  /** Shares of decided flows that stand in a group the other side does not have. */
  readonly unmatched: { readonly candidate: number; readonly baseline: number };
  /** Woolf's test that groups differ alike; undefined for a single group. */
  readonly heterogeneityP: number | undefined;
  /** Groups of both sides, by failures in excess of the baseline's rate. */
  readonly groups: readonly GroupComparison[];
}

export interface GroupComparison {
  /** In the order of the attributes. */
  readonly values: readonly (string | undefined)[];
  readonly candidate: Sample;
  readonly baseline: Sample;
  /** With one-sided bounds. */
  readonly difference: Estimate;
}

export interface CheckResult {
  readonly check: Check;
  readonly verdict: GateVerdict;
  /** One, or one for each rule or stage: failures first, then what rose most. */
  readonly comparisons: readonly Comparison[];
}

/** One figure, held against its limits. Bounds are one-sided, at the gate's confidence. */
export interface Comparison {
  /** The rule or stage it speaks of, if not of all. */
  readonly subject: Subject | undefined;
  readonly candidate: Measured | undefined;
  readonly baseline: Measured | undefined;
  /** Candidate − baseline, adjusted for strata where there are any. */
  readonly difference: Estimate | undefined;
  /** The same without the adjustment, where there is one. */
  readonly crude: Estimate | undefined;
  /** Candidate ÷ baseline. */
  readonly ratio: Estimate | undefined;
  /** Probability of at least such a change without any; for `per` checks. */
  readonly p: number | undefined;
  /** The same, adjusted for the number of comparisons. */
  readonly q: number | undefined;
  readonly limits: readonly LimitResult[];
  readonly verdict: GateVerdict;
}

/** A figure of one side: a ratio, milliseconds, or flows a second. */
export interface Measured extends Estimate {
  /** What it was taken over; for a latency, how many durations. */
  readonly flows: number;
  /** For a ratio. */
  readonly sample: Sample | undefined;
}

export interface LimitResult {
  readonly limit: Limit;
  readonly verdict: GateVerdict;
  readonly reason: Reason;
  /** How many flows of which side would decide. */
  readonly needed: Needed | undefined;
}

export type Reason =
  /** The bounds lie beyond the limit. */
  | 'beyond'
  /** The bounds lie within the limit. */
  | 'within'
  /** The limit lies between the bounds. */
  | 'between'
  /** Within the limit, but over too few flows to pass. */
  | 'few-flows'
  /** Beyond the limit, but not beyond what so many comparisons bring up by chance. */
  | 'not-significant'
  /** Nothing to measure on one side. */
  | 'no-candidate-flows'
  | 'no-baseline-flows'
  /** Causes named by other rules are other causes. */
  | 'rules-differ'
  /** Too many flows are in groups that the other side does not have. */
  | 'strata-unmatched';

export interface Needed {
  readonly candidateFlows: number;
  /** Undefined when the baseline is large enough. */
  readonly baselineFlows: number | undefined;
}

/** One cause on both sides. */
export interface CauseChange {
  /** Name of the rule; {@link UNCLASSIFIED} for none. */
  readonly cause: string;
  readonly candidate: Sample;
  readonly baseline: Sample;
  readonly difference: Estimate;
  /** Two-sided, adjusted for the number of causes. */
  readonly q: number;
  /** `new` was never seen before; all others but `same` are significant. */
  readonly trend: 'new' | 'vanished' | 'up' | 'down' | 'same';
}
