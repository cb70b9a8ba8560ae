import type { Metric } from './metric.ts';
import { failedIn, type Group, type Snapshot, UNCLASSIFIED } from './snapshot.ts';
import { type Sample, sumOf } from './statistics/sample.ts';

/** A metric that is a share of flows. */
export type RateMetric = Exclude<
  Metric,
  { readonly kind: 'latency' } | { readonly kind: 'flows_per_second' }
>;

/** What the metric counts among the flows of a group. */
export function sampleOf(metric: RateMetric, group: Group): Sample {
  const failed = failedIn(group);
  const decided = failed + group.succeeded;
  switch (metric.kind) {
    case 'failure_rate':
      return { events: failuresOf(metric, group, failed), trials: decided };
    case 'unclassified_share':
      return { events: failuresWithCause(group, UNCLASSIFIED), trials: failed };
    case 'abandoned_rate':
      return { events: group.abandoned, trials: decided + group.abandoned };
  }
}

function failuresOf(
  { of }: RateMetric & { readonly kind: 'failure_rate' },
  group: Group,
  failed: number,
): number {
  if (of === undefined) return failed;
  if (of.kind === 'rule') return failuresWithCause(group, of.rule);
  let flows = 0;
  for (const count of group.failed.get(of.stage)?.values() ?? []) flows += count;
  return flows;
}

function failuresWithCause(group: Group, cause: string): number {
  let flows = 0;
  for (const causes of group.failed.values()) flows += causes.get(cause) ?? 0;
  return flows;
}

export function totalOf(metric: RateMetric, snapshot: Snapshot): Sample {
  return sumOf([...snapshot.groups.values()].map((group) => sampleOf(metric, group)));
}

export const ALL_FAILURES: RateMetric = { kind: 'failure_rate', of: undefined };

export function decidedIn(snapshot: Snapshot): number {
  return totalOf(ALL_FAILURES, snapshot).trials;
}

/** Every cause that was seen, sorted. */
export function causesIn(...snapshots: readonly Snapshot[]): readonly string[] {
  const causes = new Set<string>();
  for (const { groups } of snapshots)
    for (const { failed } of groups.values())
      for (const byCause of failed.values()) for (const cause of byCause.keys()) causes.add(cause);
  return [...causes].sort();
}
