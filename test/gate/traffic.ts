import { countDuration, emptyHistogram } from '../../src/aggregate/index.ts';
import {
  addFailures,
  addMinute,
  type Baseline,
  emptySnapshot,
  groupOf,
  type Snapshot,
} from '../../src/gate/index.ts';
import type { Histogram, Stage } from '../../src/model/index.ts';

const MINUTE_MS = 60_000;

export const SOME_DAY_MS = Date.UTC(2026, 10, 22);

/** Flows of one group. */
export interface Recipe {
  readonly values?: readonly (string | undefined)[];
  readonly decided: number;
  /** By `cause`, or `cause@stage`; at the exchange unless told. */
  readonly failed?: Readonly<Record<string, number>>;
  readonly abandoned?: number;
}

export interface Traffic {
  readonly groups: readonly Recipe[];
  readonly fromMs?: number;
  readonly hours?: number;
  readonly open?: number;
  readonly cut?: number;
  /** Durations in milliseconds by the name of the latency. */
  readonly latencies?: Readonly<Record<string, readonly number[]>>;
}

/** Flows that come, and fail, as evenly as whole numbers allow. */
export function snapshotOf(traffic: Traffic): Snapshot {
  const { groups, fromMs = SOME_DAY_MS, hours = 6 } = traffic;
  const snapshot = emptySnapshot();
  snapshot.fromMs = fromMs;
  snapshot.toMs = fromMs + hours * 60 * MINUTE_MS;
  snapshot.open = traffic.open ?? 0;
  snapshot.cut = traffic.cut ?? 0;
  let decided = 0;
  let failed = 0;
  for (const recipe of groups) {
    const group = groupOf(snapshot, recipe.values ?? []);
    let failures = 0;
    for (const [name, flows] of Object.entries(recipe.failed ?? {})) {
      const [cause, stage = 'exchange'] = name.split('@');
      addFailures(group, stage as Stage, cause, flows);
      failures += flows;
    }
    group.succeeded += recipe.decided - failures;
    group.abandoned += recipe.abandoned ?? 0;
    decided += recipe.decided;
    failed += failures;
  }
  const minutes = hours * 60;
  const first = fromMs / MINUTE_MS;
  for (let i = 0; i < minutes; i++)
    addMinute(snapshot, first + i, {
      begun: portion(decided, i, minutes),
      decided: portion(decided, i, minutes),
      failed: Math.min(portion(decided, i, minutes), portion(failed, i, minutes)),
    });
  for (const [name, durations] of Object.entries(traffic.latencies ?? {}))
    snapshot.latencies.set(name, histogramOf(durations));
  return snapshot;
}

function portion(whole: number, part: number, parts: number): number {
  return Math.floor((whole * (part + 1)) / parts) - Math.floor((whole * part) / parts);
}

function histogramOf(durations: readonly number[]): ReturnType<typeof emptyHistogram> & Histogram {
  const histogram = emptyHistogram();
  for (const ms of durations) countDuration(histogram, ms);
  return histogram;
}

export function baselineOf(traffic: Traffic, more: Partial<Baseline> = {}): Baseline {
  const day = { fromMs: SOME_DAY_MS - 7 * 24 * 60 * MINUTE_MS, hours: 24, ...traffic };
  return {
    toolVersion: '0.1.0',
    strata: [],
    population: { flowTimeoutMs: 300_000, retries: undefined },
    windows: [{ rulesDigest: 'r1', snapshot: snapshotOf(day) }],
    ...more,
  };
}
