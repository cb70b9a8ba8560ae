import { absorbHistogram, emptyHistogram, type GrowingHistogram } from '../aggregate/index.ts';
import type { Histogram, Stage } from '../model/index.ts';

/** Flows that share the values of all strata. */
export interface Group {
  /** In the order of the strata; undefined where the flows never named one. */
  readonly values: readonly (string | undefined)[];
  readonly succeeded: number;
  /** By the stage they failed at, then by cause; {@link UNCLASSIFIED} for none. */
  readonly failed: ReadonlyMap<Stage, ReadonlyMap<string, number>>;
  readonly abandoned: number;
}

/** The key of failures that no rule explains. */
export const UNCLASSIFIED = 'unclassified';

/** Flows by the minute they began in. */
export interface Minute {
  /** All scan logins, whatever became of them. */
  readonly begun: number;
  readonly decided: number;
  readonly failed: number;
}

/** What the gate knows of the flows of one time. Snapshots add up exactly, in any order. */
export interface Snapshot {
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
  /** By {@link groupKey}. */
  readonly groups: ReadonlyMap<string, Group>;
  /** Flows that cannot be judged yet. */
  readonly open: number;
  /** Flows that an end of the data cuts off from those they should be counted with. */
  readonly cut: number;
  /** By minutes since 1970 in UTC. */
  readonly minutes: ReadonlyMap<number, Minute>;
  /** By `from>to` for any two stages, `>to` from whichever stage came before, and `login`. */
  readonly latencies: ReadonlyMap<string, Histogram>;
}

export const MINUTE_MS = 60_000;

/** The latency from a flow's first stage to its session. */
export const LOGIN_LATENCY = 'login';

export interface GrowingGroup extends Group {
  succeeded: number;
  readonly failed: Map<Stage, Map<string, number>>;
  abandoned: number;
}

export interface GrowingSnapshot extends Snapshot {
  fromMs: number | undefined;
  toMs: number | undefined;
  readonly groups: Map<string, GrowingGroup>;
  open: number;
  cut: number;
  readonly minutes: Map<number, { -readonly [K in keyof Minute]: Minute[K] }>;
  readonly latencies: Map<string, GrowingHistogram>;
}

export function emptySnapshot(): GrowingSnapshot {
  return {
    fromMs: undefined,
    toMs: undefined,
    groups: new Map(),
    open: 0,
    cut: 0,
    minutes: new Map(),
    latencies: new Map(),
  };
}

export function groupKey(values: readonly (string | undefined)[]): string {
  return JSON.stringify(values.map((value) => value ?? null));
}

export function groupOf(
  into: GrowingSnapshot,
  values: readonly (string | undefined)[],
): GrowingGroup {
  const key = groupKey(values);
  let group = into.groups.get(key);
  if (group === undefined) {
    group = { values, succeeded: 0, failed: new Map(), abandoned: 0 };
    into.groups.set(key, group);
  }
  return group;
}

export function addFailures(into: GrowingGroup, stage: Stage, cause: string, flows: number): void {
  let causes = into.failed.get(stage);
  if (causes === undefined) {
    causes = new Map();
    into.failed.set(stage, causes);
  }
  causes.set(cause, (causes.get(cause) ?? 0) + flows);
}

export function addMinute(into: GrowingSnapshot, index: number, minute: Minute): void {
  const known = into.minutes.get(index);
  if (known === undefined) {
    into.minutes.set(index, { ...minute });
    return;
  }
  known.begun += minute.begun;
  known.decided += minute.decided;
  known.failed += minute.failed;
}

export function latencyOf(into: GrowingSnapshot, name: string): GrowingHistogram {
  let histogram = into.latencies.get(name);
  if (histogram === undefined) {
    histogram = emptyHistogram();
    into.latencies.set(name, histogram);
  }
  return histogram;
}

/** The snapshot of the flows of all, which must not overlap. */
export function sumOfSnapshots(snapshots: Iterable<Snapshot>): Snapshot {
  const sum = emptySnapshot();
  for (const snapshot of snapshots) {
    sum.fromMs = lesser(sum.fromMs, snapshot.fromMs);
    sum.toMs = greater(sum.toMs, snapshot.toMs);
    sum.open += snapshot.open;
    sum.cut += snapshot.cut;
    for (const group of snapshot.groups.values()) addGroup(groupOf(sum, group.values), group);
    for (const [index, minute] of snapshot.minutes) addMinute(sum, index, minute);
    for (const [name, histogram] of snapshot.latencies)
      absorbHistogram(latencyOf(sum, name), histogram);
  }
  return sum;
}

function lesser(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

function greater(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}

/** The same flows with some of the strata forgotten. */
export function regroup(snapshot: Snapshot, kept: readonly number[]): Snapshot {
  const regrouped = emptySnapshot();
  for (const group of snapshot.groups.values()) {
    const values = kept.map((place) => group.values[place]);
    addGroup(groupOf(regrouped, values), group);
  }
  return { ...snapshot, groups: regrouped.groups };
}

/** Groups kept in a snapshot: beyond it stands a client that makes up its own values. */
const GROUPS_KEPT = 1000;

/** Every attribute of the flows whose group was too small to be kept. */
const OTHER_VALUE = '(other)';

/** Puts the smallest groups beyond {@link GROUPS_KEPT} into one. Merging is exact without any. */
export function settleGroups(snapshot: GrowingSnapshot, kept = GROUPS_KEPT): void {
  if (snapshot.groups.size <= kept) return;
  const bySize = [...snapshot.groups].sort(
    ([keyA, a], [keyB, b]) => flowsOf(b) - flowsOf(a) || (keyA < keyB ? -1 : 1),
  );
  for (const [key, group] of bySize.slice(kept)) {
    snapshot.groups.delete(key);
    addGroup(
      groupOf(
        snapshot,
        group.values.map(() => OTHER_VALUE),
      ),
      group,
    );
  }
}

/** Flows that failed, for whatever cause. */
export function failedIn(group: Group): number {
  let failed = 0;
  for (const causes of group.failed.values()) for (const flows of causes.values()) failed += flows;
  return failed;
}

function flowsOf(group: Group): number {
  return group.succeeded + group.abandoned + failedIn(group);
}

function addGroup(into: GrowingGroup, { succeeded, abandoned, failed }: Group): void {
  into.succeeded += succeeded;
  into.abandoned += abandoned;
  for (const [stage, causes] of failed)
    for (const [cause, flows] of causes) addFailures(into, stage, cause, flows);
}
