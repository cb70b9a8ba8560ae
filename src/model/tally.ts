import type { FlowKind, Stage } from './stage.ts';
import type { AbandonReason, OutcomeKind } from './verdict.ts';

/**
 * Durations counted in logarithmic buckets, so that merging is exact.
 * Buckets are about 1.6 % wide; see `durationBucket` in `aggregate`.
 */
export interface Histogram {
  readonly count: number;
  /** Exact extremes in milliseconds; `Infinity` and `-Infinity` when nothing was counted. */
  readonly minMs: number;
  readonly maxMs: number;
  readonly buckets: ReadonlyMap<number, number>;
}

/** Failures that share one cause, or that have none. */
export interface FailureTally {
  readonly flows: number;
  /** Where they failed. */
  readonly stages: ReadonlyMap<Stage, number>;
  /** Further rules that matched, with the flows they matched in. */
  readonly symptoms: ReadonlyMap<string, number>;
  /** The smallest few flow ids, ascending. */
  readonly examples: readonly string[];
}

/** Decided flows, and how many of them failed within the focus of the run. */
export interface Ratio {
  readonly decided: number;
  readonly failed: number;
}

export interface BreakdownTally {
  readonly values: ReadonlyMap<string, Ratio>;
  /** Flows whose lines never named the field. */
  readonly missing: Ratio;
  /** Flows of values beyond the cap on distinct values. */
  readonly other: Ratio;
}

export interface TrendBucket extends Ratio {
  /** Failures by the name of the rule that caused them. */
  readonly causes: ReadonlyMap<string, number>;
  readonly unclassified: number;
}

/** Counts by the minute, or by a coarser width once there would be too many of them. */
export interface TrendTally {
  readonly widthMs: number;
  /** By the start of the bucket divided by its width; both count from 1970 in UTC. */
  readonly buckets: ReadonlyMap<number, TrendBucket>;
  /** Decided flows without a time. */
  readonly timeless: Ratio;
}

export interface StageTally {
  /** Flows that did not get past this stage. */
  readonly failed: number;
  readonly abandoned: number;
  readonly open: number;
}

/**
 * What became of some flows. Everything but `seen` and `otherKinds` speaks of selected `qr` flows.
 * Tallies made with the same options merge exactly, in any order.
 */
export interface Tally {
  /** All `qr` flows, whatever was selected: what the logs were able to tell. */
  readonly seen: {
    readonly flows: number;
    readonly succeeded: number;
    /** Flows with any event of the stage. */
    readonly stages: Readonly<Record<Stage, number>>;
  };
  readonly outcomes: Readonly<Record<OutcomeKind, number>>;
  /** Selected flows that are no scan login. */
  readonly otherKinds: Readonly<
    Record<Exclude<FlowKind, 'qr'>, Readonly<Record<OutcomeKind, number>>>
  >;
  readonly abandoned: Readonly<Record<AbandonReason, number>>;
  readonly stages: Readonly<Record<Stage, StageTally>>;
  /** By `from>to`, for each two stages that settled flows passed one after the other. */
  readonly latencies: ReadonlyMap<string, Histogram>;
  /** From a flow's first stage to its session, in flows that succeeded. */
  readonly login: Histogram;
  /**
   * Failures within the focus of the run (`--rule`, `--stage`), by the name of their cause;
   * `outcomes.failed` is the sum of `causes`, `unclassified` and `unfocused`.
   */
  readonly causes: ReadonlyMap<string, FailureTally>;
  readonly unclassified: FailureTally;
  readonly unfocused: number;
  /** Rules that matched in flows that succeeded nevertheless. */
  readonly recovered: ReadonlyMap<string, number>;
  /** Flows by the flow rules that found something in them. */
  readonly findings: ReadonlyMap<string, number>;
  readonly breakdowns: ReadonlyMap<string, BreakdownTally>;
  readonly trend: TrendTally;
}
