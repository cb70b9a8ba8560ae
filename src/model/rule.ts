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
  /** `event` rules read one event, `flow` rules the flat record of a flow. */
  readonly scope: 'event' | 'flow';
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

/** `temporal` or `temporal_ordered` correlation that attributes symptoms to a cause. */
export interface Explanation {
  /** Name of the correlation. */
  readonly name: string;
  readonly ordered: boolean;
  /** Names of rules. */
  readonly cause: string;
  readonly symptoms: readonly string[];
  readonly timespanMs: number;
  /** Event field that must agree, by rule name; empty when cause and symptom share the flow. */
  readonly groupBy: readonly {
    readonly name: string;
    readonly fieldOf: ReadonlyMap<string, string>;
  }[];
}
