import type { Limit } from './limit.ts';
import type { Metric } from './metric.ts';
import type { Dependence } from './statistics/false-discovery.ts';

/** One thing the gate looks at. */
export interface Check {
  readonly id: string;
  readonly metric: Metric;
  /** One comparison for each cause, or each stage, instead of one for all. */
  readonly per: 'rule' | 'stage' | undefined;
  readonly limits: readonly Limit[];
  /** For `per`: which share of the alarms may be false. */
  readonly falseDiscoveryRate: number;
  readonly dependence: Dependence;
  /** Only an `error` fails the gate. */
  readonly level: 'error' | 'warn';
}

export const DEFAULT_DISCOVERY_RATE = 0.05;

/** What is checked when nobody says what to check. */
export const DEFAULT_CHECKS: readonly Check[] = [
  {
    id: 'total',
    metric: { kind: 'failure_rate', of: undefined },
    per: undefined,
    limits: [{ kind: 'max_increase', value: 0.005 }],
    falseDiscoveryRate: DEFAULT_DISCOVERY_RATE,
    dependence: 'independent',
    level: 'error',
  },
  {
    id: 'rules',
    metric: { kind: 'failure_rate', of: undefined },
    per: 'rule',
    limits: [{ kind: 'max_increase', value: 0.002 }],
    falseDiscoveryRate: DEFAULT_DISCOVERY_RATE,
    dependence: 'independent',
    level: 'error',
  },
];
