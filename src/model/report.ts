import type { RejectedSample, SourceSummary } from './input-summary.ts';
import type { Bilingual, Level } from './rule.ts';
import type { FlowKind, Stage } from './stage.ts';
import type { AbandonReason, OutcomeKind } from './verdict.ts';

/**
 * The report as programs read it (`--output json`), and as every other output words it.
 * Ratios are 0–1, rounded to 6 decimals; durations are milliseconds, rounded to 4 digits (they
 * come from buckets 1.6 % wide); times are ISO 8601 in UTC. Texts for people stand in both
 * languages. Records have their keys sorted.
 */
export interface Report {
  readonly schema: 'scanlens.report/1';
  readonly tool: { readonly version: string; readonly rulesDigest: string };
  readonly input: ReportInput;
  /** First and last event of the input. */
  readonly window: { readonly from: string | null; readonly to: string | null };
  readonly selection: ReportSelection;
  /** Scan logins. */
  readonly flows: Readonly<Record<OutcomeKind, number>> & {
    readonly total: number;
    readonly abandonedBy: Readonly<Record<AbandonReason, number>>;
    readonly otherKinds: Readonly<
      Record<Exclude<FlowKind, 'qr'>, Readonly<Record<OutcomeKind, number>>>
    >;
  };
  /**
   * failed / (failed + succeeded). Null when no flow is decided, or when no success was ever
   * recognised: then a failure cannot be told from a success that the logs did not show.
   */
  readonly failureRate: ReportRate | null;
  /** The share of decided flows that failed within `--rule` and `--stage`; null without them. */
  readonly focus: (ReportRate & { readonly failed: number }) | null;
  readonly recognition: {
    /** Whether any flow at all was seen to succeed. */
    readonly success: boolean;
    /** Flows with any event of the stage, whatever was selected. */
    readonly stages: Readonly<Record<Stage, number>>;
  };
  /** Settled flows (not open ones) on their way; the stages that logs or failures show. */
  readonly funnel: readonly ReportStage[];
  /** First stage to session, in flows that succeeded. */
  readonly login: ReportLatency;
  /** By flows, most first. */
  readonly causes: readonly ReportCause[];
  readonly unclassified: ReportFailures;
  readonly recovered: readonly {
    readonly rule: string;
    readonly title: Bilingual;
    readonly flows: number;
  }[];
  /** By `--by` field; values by failures, most first. */
  readonly breakdowns: Readonly<Record<string, readonly ReportBreakdownRow[]>>;
  /** By the start of flows, without gaps; flows without a time are in no row. */
  readonly trend: readonly ReportTrendBucket[];
  readonly findings: readonly ReportFinding[];
}

export interface ReportInput {
  readonly files: readonly SourceSummary[];
  readonly bytes: number;
  /** `blank + rejected + joined` and the lines that records begin on; see {@link SourceSummary}. */
  readonly lines: number;
  readonly blank: number;
  readonly joined: number;
  /** `events + other`. */
  readonly records: number;
  readonly events: number;
  readonly other: number;
  /** By reason. */
  readonly rejected: Readonly<Record<string, number>>;
  readonly damaged: Readonly<Record<string, number>>;
  /** Records by form. */
  readonly forms: Readonly<Record<string, number>>;
  readonly samples: readonly RejectedSample[];
  readonly unlinked: number;
  readonly timeless: number;
  readonly schemas: Readonly<Record<string, number>>;
  readonly partial: boolean;
}

export interface ReportSelection {
  readonly since: string | null;
  readonly until: string | null;
  readonly where: string | null;
  readonly rules: readonly string[];
  readonly stages: readonly Stage[];
  /** Scan logins in the input, before `since`, `until` and `where`. */
  readonly flows: number;
}

export interface ReportRate {
  readonly value: number;
  /** Wilson score interval. */
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
}

export interface ReportLatency {
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

export interface ReportStage extends ReportLatency {
  readonly stage: Stage;
  /** Settled flows that got past the stage: those before it, less `failed` and `abandoned`. */
  readonly reached: number;
  readonly failed: number;
  readonly abandoned: number;
}

export interface ReportFailures {
  readonly flows: number;
  /** Of all failed flows. */
  readonly share: number;
  /** Of all decided flows. */
  readonly rate: number;
  readonly stages: Readonly<Partial<Record<Stage, number>>>;
  readonly symptoms: Readonly<Record<string, number>>;
  /** Flow ids. */
  readonly examples: readonly string[];
}

export interface ReportCause extends ReportFailures {
  readonly rule: string;
  readonly class: string;
  readonly title: Bilingual;
  readonly level: Level;
  readonly remediation: Bilingual;
}

export interface ReportBreakdownRow {
  /** Null for flows without the field, and for the flows folded together beyond the cap. */
  readonly value: string | null;
  readonly folded: boolean;
  readonly decided: number;
  /** Within the focus. */
  readonly failed: number;
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

export interface ReportTrendBucket {
  /** Null in the first row or in the last, which then hold the few flows far from all others. */
  readonly from: string | null;
  readonly to: string | null;
  readonly decided: number;
  /** Within the focus. */
  readonly failed: number;
  readonly byCause: Readonly<Record<string, number>>;
  readonly unclassified: number;
}

export interface ReportFinding {
  readonly kind: string;
  readonly severity: 'info' | 'warning' | 'critical';
  readonly subject: string;
  readonly message: Bilingual;
  /** What to do about it; null where nothing is known. */
  readonly remediation: Bilingual | null;
  readonly count: number;
  /** When it was first so; null when that is not known. */
  readonly firstAt: string | null;
  /** Those it was so for most often; empty where nothing is grouped. */
  readonly groups: readonly ReportFindingGroup[];
  /** Number of all groups. */
  readonly groupCount: number;
}

export interface ReportFindingGroup {
  /** Value by field. */
  readonly values: Readonly<Record<string, string>>;
  readonly count: number;
  readonly firstAt: string;
}

/** One flow, as `--verdicts` writes it, a line each. */
export interface VerdictLine {
  readonly flowId: string;
  /**
   * By namespace without `login.`: keyed hashes, or the ids in clear with `--show-ids`.
   * One id stands as a string, several as a list.
   */
  readonly ids: Readonly<Record<string, string | readonly string[]>>;
  readonly kind: FlowKind;
  readonly outcome: OutcomeKind;
  readonly cause: string | null;
  readonly class: string | null;
  readonly stage: Stage | null;
  /** Why an abandoned flow was abandoned. */
  readonly reason: AbandonReason | null;
  readonly symptoms: readonly string[];
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly evidence: readonly {
    readonly rule: string;
    readonly file: string | null;
    readonly line: number | null;
    readonly time: string | null;
  }[];
}
