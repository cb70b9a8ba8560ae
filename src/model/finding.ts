import type { Level } from './rule.ts';

/** How a rule's finding is shown, by the rule's level. */
export const FINDING_SEVERITY: Readonly<Record<Level, Finding['severity']>> = {
  critical: 'critical',
  high: 'warning',
  medium: 'warning',
  low: 'info',
  informational: 'info',
};

/** Something about the whole input that a person should know, such as a constant OAuth state. */
export interface Finding {
  readonly kind: string;
  readonly severity: 'info' | 'warning' | 'critical';
  /** What it is about, free of ids in clear: a namespace, a field, a rule name. */
  readonly subject: string;
  readonly count: number;
  /** When it was first so, in Unix milliseconds; absent where nothing tells. */
  readonly firstMs?: number | undefined;
  /** Those it held for most often; absent where nothing is grouped. */
  readonly groups?: readonly FindingGroup[];
  /** Number of all groups. */
  readonly groupCount?: number;
}

/** The part of a finding that shares the values of some fields, such as the pod. */
export interface FindingGroup {
  readonly values: readonly FindingValue[];
  readonly count: number;
  readonly firstMs: number;
}

export interface FindingValue {
  /** A field, or the name that a rule gives to several. */
  readonly name: string;
  /** The fields that it stands in. */
  readonly fields: readonly string[];
  /** As the logs have it. */
  readonly value: string;
}
