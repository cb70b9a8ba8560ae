import { causesIn } from './counting.ts';
import type { CauseChange } from './decision.ts';
import { type MeasureOptions, measure } from './measure.ts';
import type { Snapshot } from './snapshot.ts';
import { adjustForDiscovery } from './statistics/false-discovery.ts';

/** A change of a cause counts as one when this share of such changes may be chance. */
const DISCOVERY_RATE = 0.05;

/**
 * What became of every cause, whether a check asks for it or not: those that rose first.
 * @returns none when one side has no decided flow.
 */
export function compareCauses(
  candidate: Snapshot,
  baseline: Snapshot,
  options: MeasureOptions,
): readonly CauseChange[] {
  const changes = causesIn(candidate, baseline).flatMap((cause) => {
    const measurement = measure(
      { kind: 'failure_rate', of: { kind: 'rule', rule: cause } },
      { snapshot: candidate, durationMs: 0 },
      { snapshot: baseline, durationMs: 0 },
      options,
    );
    const { candidate: one, baseline: two, difference, p } = measurement;
    if (!one?.sample || !two?.sample || !difference || !p) return [];
    return [
      {
        cause,
        candidate: one.sample,
        baseline: two.sample,
        difference,
        p: Math.min(1, 2 * Math.min(p.rise, p.fall)),
      },
    ];
  });
  const qs = adjustForDiscovery(changes.map(({ p }) => p));
  return changes
    .map(({ p: _, ...change }, i) => ({ ...change, q: qs[i], trend: trendOf(change, qs[i]) }))
    .sort((a, b) => b.difference.value - a.difference.value || (a.cause < b.cause ? -1 : 1));
}

function trendOf(
  { candidate, baseline, difference }: Omit<CauseChange, 'q' | 'trend'>,
  q: number,
): CauseChange['trend'] {
  // What was never seen before is news, be it ever so rare; that it is gone may be chance.
  if (baseline.events === 0) return 'new';
  if (q > DISCOVERY_RATE) return 'same';
  if (candidate.events === 0) return 'vanished';
  return difference.value > 0 ? 'up' : 'down';
}
