import { InputError, STAGES } from '../model/index.ts';
import { type Baseline, differenceOfCounting, wholeOf } from './baseline.ts';
import type { Check } from './check.ts';
import { DEFAULT_CONFIG } from './config.ts';
import { decide, regrouped } from './decide.ts';
import type { Decision } from './decision.ts';
import type { Metric } from './metric.ts';
import { LOGIN_LATENCY, type Snapshot } from './snapshot.ts';

/**
 * What moved from one to the other: the figures a person asks for first, each with its bounds and
 * without a limit. Rates are adjusted for `strata`.
 * @throws InputError when the two were counted in different ways.
 */
export function compare(before: Baseline, after: Baseline, strata: readonly string[]): Decision {
  const difference = differenceOfCounting(before.population, after.population);
  if (difference !== undefined)
    throw new InputError('baselines-differ', {
      message: `these cannot be compared: ${difference}`,
      hint: 'create them with the same settings',
    });
  const candidate = wholeOf(regrouped(after, strata));
  return decide({
    config: {
      ...DEFAULT_CONFIG,
      ...after.population,
      strata,
      minFlows: 1,
      checks: metricsIn(candidate).map(asCheck),
    },
    candidate,
    rulesDigest: digestOf(after),
    baseline: before,
  });
}

function metricsIn({ latencies }: Snapshot): readonly Metric[] {
  const timed = [LOGIN_LATENCY, ...STAGES.map((stage) => `>${stage}`)].filter((name) =>
    latencies.has(name),
  );
  return [
    { kind: 'failure_rate', of: undefined },
    { kind: 'unclassified_share' },
    { kind: 'abandoned_rate' },
    ...timed.map((over): Metric => ({ kind: 'latency', statistic: 'p95', over })),
    { kind: 'flows_per_second', statistic: 'mean' },
    { kind: 'flows_per_second', statistic: 'peak' },
  ];
}

function asCheck(metric: Metric, i: number): Check {
  return {
    id: String(i + 1),
    metric,
    per: undefined,
    limits: [{ kind: 'max_increase', value: 0 }],
    falseDiscoveryRate: 0.05,
    dependence: 'independent',
    level: 'warn',
  };
}

/** Windows of several rule libraries name causes in several ways: then none is comparable. */
function digestOf({ windows }: Baseline): string {
  const digests = new Set(windows.map(({ rulesDigest }) => rulesDigest));
  return digests.size === 1 ? [...digests][0] : 'several';
}
