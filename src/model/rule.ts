import type { Stage } from './stage.ts';

export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}

export const LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const;

export type Level = (typeof LEVELS)[number];

export const RULE_STATUSES = [
  'stable',
  'test',
  'experimental',
  'deprecated',
  'unsupported',
] as const;

export type RuleStatus = (typeof RULE_STATUSES)[number];

/**
 * What a match means for the flow. `failure` can be a cause; `abandoned` says the user left;
 * `benign` is counted and never a cause; `finding` speaks of the whole input, not of one flow.
 */
export const RULE_EFFECTS = ['failure', 'abandoned', 'benign', 'finding'] as const;

export type RuleEffect = (typeof RULE_EFFECTS)[number];

/** The facts of one rule; what it matches is compiled apart, in the rule set. */
export interface Rule {
  readonly id: string;
  /** Stable slug used in reports, `[A-Za-z_][A-Za-z0-9_]*`. */
  readonly name: string;
  readonly title: Bilingual;
  readonly description: Bilingual | undefined;
  readonly status: RuleStatus;
  readonly level: Level;
  /**
   * `event` rules read one event, `flow` rules the flat record of a flow, `correlation` the hits
   * of other rules across flows.
   */
  readonly scope: 'event' | 'flow' | 'correlation';
  /** Stage the rule speaks of, from `logsource.category`; used when the event names none. */
  readonly stage: Stage | undefined;
  /** Failure label shared by rules of one meaning, such as `code_used_40163`. */
  readonly class: string;
  readonly effect: RuleEffect;
  /** Higher wins between matching rules that do not explain each other. Default 0. */
  readonly priority: number;
  readonly remediation: Bilingual;
  readonly references: readonly string[];
  readonly falsePositives: readonly string[];
  /** A flow rule about absence may hold only once this long has passed since `from`. */
  readonly deadline: { readonly from: Stage; readonly withinMs: number } | undefined;
  readonly file: string;
  readonly line: number;
}

/** How the hits that share a group are tied: one field, under its name in each rule's events. */
export interface GroupKey {
  readonly name: string;
  /** Event field by rule name. */
  readonly fieldOf: ReadonlyMap<string, string>;
}

export const CORRELATION_TYPES = [
  'event_count',
  'value_count',
  'value_sum',
  'value_avg',
  'value_median',
  'value_percentile',
  'temporal',
  'temporal_ordered',
] as const;

export type CorrelationType = (typeof CORRELATION_TYPES)[number];

export const BOUND_OPERATORS = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'] as const;

/** A limit on what a correlation counts. */
export interface CountBound {
  readonly op: (typeof BOUND_OPERATORS)[number];
  readonly value: number;
}

/** Which rules have to hit for a `temporal` correlation, when not simply all of them. */
export type RuleCondition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly RuleCondition[] }
  | { readonly kind: 'not'; readonly part: RuleCondition }
  | { readonly kind: 'rule'; readonly name: string };

/**
 * A condition over the hits of rules across flows: within any `timespanMs`, the hits that agree
 * on every key of `groupBy` satisfy `bounds` (for counts and values) or `condition` (for the
 * temporal types). Hits without a value for a key belong to no group.
 */
export interface Correlation {
  /** Its own facts; the scope is `correlation`. */
  readonly rule: Rule;
  readonly type: CorrelationType;
  /** Names of rules or of other correlations; in order for `temporal_ordered`. */
  readonly rules: readonly string[];
  readonly groupBy: readonly GroupKey[];
  readonly timespanMs: number;
  /** The field whose values are counted or added up, by rule name; undefined for other types. */
  readonly field: GroupKey | undefined;
  /** 0–100, for `value_percentile`. */
  readonly percentile: number | undefined;
  /** All must hold; empty for the temporal types. */
  readonly bounds: readonly CountBound[];
  /** For the temporal types; undefined means that all rules hit. */
  readonly condition: RuleCondition | undefined;
  /** Whether the rules it names count on their own too. */
  readonly generate: boolean;
}

/** In so many ways, at most, a symptom may be tied to causes elsewhere: by pod, by upstream. */
export const MAX_GROUPINGS = 2;

/**
 * Attributes symptoms to a cause: one of the rules of a `temporal` or `temporal_ordered`
 * correlation, or the correlation itself where that is a failure of its own.
 */
export interface Explanation {
  /** Name of the correlation. */
  readonly name: string;
  readonly ordered: boolean;
  /** Name of a rule or correlation. */
  readonly cause: string;
  readonly symptoms: readonly string[];
  readonly timespanMs: number;
  /** Event field that must agree, by rule name; empty when cause and symptom share the flow. */
  readonly groupBy: readonly GroupKey[];
}
