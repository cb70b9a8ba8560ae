import { ALL_FAILURES, decidedIn, sampleOf } from './counting.ts';
import type { GroupComparison, StrataComparison } from './decision.ts';
import { groupKey, type Snapshot } from './snapshot.ts';
import { differenceOf } from './statistics/estimate.ts';
import { woolfTest } from './statistics/mantel-haenszel.ts';
import { rateEstimate } from './statistics/rate-difference.ts';
import { deflate } from './statistics/sample.ts';

export function compareStrata(
  candidate: Snapshot,
  baseline: Snapshot,
  options: {
    readonly attributes: readonly string[];
    /** One-sided. */
    readonly confidence: number;
    readonly dispersion: number;
  },
): StrataComparison {
  const confidence = 2 * options.confidence - 1;
  const groups: GroupComparison[] = [];
  for (const [key, own] of candidate.groups) {
    const other = baseline.groups.get(key);
    if (other === undefined) continue;
    const comparison = {
      candidate: sampleOf(ALL_FAILURES, own),
      baseline: sampleOf(ALL_FAILURES, other),
    };
    const one = rateEstimate(deflate(comparison.candidate, options.dispersion), confidence);
    const two = rateEstimate(deflate(comparison.baseline, options.dispersion), confidence);
    if (one === undefined || two === undefined) continue;
    groups.push({ values: own.values, ...comparison, difference: differenceOf(one, two) });
  }
  const excess = (group: GroupComparison) => group.difference.value * group.candidate.trials;
  groups.sort(
    (a, b) => excess(b) - excess(a) || (groupKey(a.values) < groupKey(b.values) ? -1 : 1),
  );
  const deflated = groups.map((group) => ({
    candidate: deflate(group.candidate, options.dispersion),
    baseline: deflate(group.baseline, options.dispersion),
  }));
  return {
    attributes: options.attributes,
    unmatched: {
      candidate: unmatchedShare(
        candidate,
        groups.map((group) => group.candidate.trials),
      ),
      baseline: unmatchedShare(
        baseline,
        groups.map((group) => group.baseline.trials),
      ),
    },
    heterogeneityP: groups.length > 1 ? woolfTest(deflated).p : undefined,
    groups,
  };
}

function unmatchedShare(snapshot: Snapshot, matched: readonly number[]): number {
  const decided = decidedIn(snapshot);
  if (decided === 0) return 0;
  return 1 - matched.reduce((sum, trials) => sum + trials, 0) / decided;
}
