import type { CauseChange, GateVerdict, LimitKind, Reason } from '../../gate/index.ts';
import type { Bilingual, Level, Stage } from '../../model/index.ts';

/**
 * A decision of the gate as programs read it, and as every other output words it. Ratios are 0–1,
 * durations milliseconds, frequencies flows a second; figures are rounded to 7 digits. Bounds are
 * one-sided, at `confidence`; null where there is none.
 */
export interface GateReport {
  readonly schema: 'scanlens.gate/1';
  /** A comparison has no limits to fail: its checks are figures, each against no change. */
  readonly kind: 'gate' | 'compare';
  readonly tool: { readonly version: string; readonly rulesDigest: string };
  readonly verdict: GateVerdict;
  readonly confidence: number;
  readonly minFlows: number;
  readonly onInconclusive: 'warn' | 'fail';
  readonly candidate: GateSide;
  readonly baseline: GateSide | null;
  /** True when no window of the baseline was judged by the candidate's rules. */
  readonly rulesDiffer: boolean;
  /** How much failures come in bursts; null where too few tell. */
  readonly burstiness: {
    readonly of: 'baseline' | 'candidate';
    readonly factor: number;
    readonly widthMinutes: number;
    readonly buckets: number;
  } | null;
  readonly strata: {
    readonly attributes: readonly string[];
    readonly unmatched: { readonly candidate: number; readonly baseline: number };
    readonly heterogeneityP: number | null;
    readonly groups: readonly GateGroup[];
  } | null;
  readonly checks: readonly GateCheck[];
  readonly causes: readonly GateCause[] | null;
}

export interface GateSide {
  /** The file it came from, or a word for it. */
  readonly name: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly windows: number;
  readonly decided: number;
  readonly succeeded: number;
  readonly failed: number;
  /** failed / decided; null when none is decided. */
  readonly failureRate: number | null;
  readonly abandoned: number;
  readonly open: number;
  readonly cut: number;
}

export interface GateGroup {
  /** By attribute; null where flows never named it. */
  readonly values: Readonly<Record<string, string | null>>;
  readonly candidate: GateSample;
  readonly baseline: GateSample;
  readonly change: GateFigure;
}

export interface GateSample {
  readonly failed: number;
  readonly decided: number;
}

export interface GateCheck {
  readonly id: string;
  readonly metric: string;
  readonly dimension: 'ratio' | 'duration' | 'frequency';
  readonly per: 'rule' | 'stage' | null;
  readonly level: 'error' | 'warn';
  readonly verdict: GateVerdict;
  readonly comparisons: readonly GateComparison[];
}

export interface GateComparison {
  readonly rule: string | null;
  readonly stage: Stage | null;
  readonly candidate: GateMeasured | null;
  readonly baseline: GateMeasured | null;
  /** Candidate − baseline, adjusted for strata. */
  readonly change: GateFigure | null;
  /** The same without adjustment; null where there is none. */
  readonly crude: GateFigure | null;
  /** Candidate ÷ baseline. */
  readonly ratio: GateFigure | null;
  readonly p: number | null;
  readonly q: number | null;
  readonly limits: readonly GateLimit[];
  readonly verdict: GateVerdict;
}

export interface GateFigure {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface GateMeasured extends GateFigure {
  readonly flows: number;
  readonly events: number | null;
  readonly trials: number | null;
}

export interface GateLimit {
  readonly kind: LimitKind;
  readonly value: number;
  readonly verdict: GateVerdict;
  readonly reason: Reason;
  readonly needed: {
    readonly candidateFlows: number;
    readonly baselineFlows: number | null;
  } | null;
}

export interface GateCause {
  readonly rule: string;
  readonly title: Bilingual | null;
  readonly level: Level | null;
  readonly remediation: Bilingual | null;
  readonly trend: CauseChange['trend'];
  readonly candidate: GateSample;
  readonly baseline: GateSample;
  readonly change: GateFigure;
  readonly q: number;
}
