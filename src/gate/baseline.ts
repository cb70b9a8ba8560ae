import { InputError } from '../model/index.ts';
import type { RetryRule } from './retries.ts';
import { type Snapshot, sumOfSnapshots } from './snapshot.ts';

/** The flows of one time, and the rules they were judged by. */
export interface BaselineWindow {
  readonly rulesDigest: string;
  readonly snapshot: Snapshot;
}

/** What "before" means: one or more windows counted in the same way. */
export interface Baseline {
  readonly toolVersion: string;
  /** Attributes that flows are grouped by. */
  readonly strata: readonly string[];
  readonly population: Population;
  /** By time. */
  readonly windows: readonly BaselineWindow[];
}

/** How flows became counts. Counts made in different ways say nothing about each other. */
export interface Population {
  readonly flowTimeoutMs: number;
  readonly retries: RetryRule | undefined;
}

/** All windows as one, or those alone that were judged by the rules of `rulesDigest`. */
export function wholeOf(baseline: Baseline, rulesDigest?: string): Snapshot {
  return sumOfSnapshots(
    baseline.windows
      .filter((window) => rulesDigest === undefined || window.rulesDigest === rulesDigest)
      .map(({ snapshot }) => snapshot),
  );
}

/**
 * The flows of both: parts of one day from many machines become one window, days stay apart.
 * Counts add up exactly, whatever the order.
 * @throws InputError when they were counted in different ways.
 */
export function mergeBaselines(a: Baseline, b: Baseline): Baseline {
  const difference = differenceOfPopulations(a, b);
  if (difference !== undefined)
    throw new InputError('baselines-differ', {
      message: `these baselines cannot be merged: ${difference}`,
      hint: 'create them with the same settings',
    });
  return {
    toolVersion: [a.toolVersion, b.toolVersion].sort()[1],
    strata: a.strata,
    population: a.population,
    windows: joinOverlapping([...a.windows, ...b.windows]),
  };
}

/** In words; undefined when both were counted in the same way. */
export function differenceOfPopulations(a: Baseline, b: Baseline): string | undefined {
  const text = (strata: readonly string[]) => (strata.length === 0 ? 'none' : strata.join(', '));
  if (text(a.strata) !== text(b.strata))
    return `their strata are ${text(a.strata)} and ${text(b.strata)}`;
  return differenceOfCounting(a.population, b.population);
}

export function differenceOfCounting(a: Population, b: Population): string | undefined {
  if (a.flowTimeoutMs !== b.flowTimeoutMs)
    return `flows time out after ${a.flowTimeoutMs} ms and after ${b.flowTimeoutMs} ms`;
  const retries = ({ retries }: Population) =>
    retries === undefined ? 'apart' : `as one by ${retries.by} within ${retries.withinMs} ms`;
  if (retries(a) !== retries(b)) return `retries count ${retries(a)} and ${retries(b)}`;
  return undefined;
}

/** Overlap is followed from window to window, so that the order of merging cannot matter. */
function joinOverlapping(windows: readonly BaselineWindow[]): BaselineWindow[] {
  const joined: BaselineWindow[] = [];
  for (const window of windows.toSorted(byTime)) {
    const at = joined.findIndex(
      (other) => other.rulesDigest === window.rulesDigest && overlapMs(other, window) !== undefined,
    );
    if (at < 0) joined.push(window);
    else
      joined[at] = {
        rulesDigest: window.rulesDigest,
        snapshot: sumOfSnapshots([joined[at].snapshot, window.snapshot]),
      };
  }
  return joined.sort(byTime);
}

/** Windows without a time come first. */
function byTime(a: BaselineWindow, b: BaselineWindow): number {
  return (
    (a.snapshot.fromMs ?? 0) - (b.snapshot.fromMs ?? 0) ||
    (a.snapshot.toMs ?? 0) - (b.snapshot.toMs ?? 0) ||
    (a.rulesDigest < b.rulesDigest ? -1 : a.rulesDigest > b.rulesDigest ? 1 : 0)
  );
}

/**
 * How long two windows run side by side; undefined when they do not, or one merely ends where the
 * other begins. Windows without a time meet each other alone.
 */
function overlapMs(a: BaselineWindow, b: BaselineWindow): number | undefined {
  const [one, two] = [a.snapshot, b.snapshot];
  if (one.fromMs === two.fromMs && one.toMs === two.toMs) return lengthMs(a);
  if (one.fromMs === undefined || two.fromMs === undefined) return undefined;
  const length = Math.min(one.toMs!, two.toMs!) - Math.max(one.fromMs, two.fromMs);
  return length > 0 ? length : undefined;
}

/** A new window may overlap an old one by this share of the shorter: logs are cut late. */
const TOLERATED_OVERLAP = 0.5;

/**
 * The baseline with one more window, of which the latest `keep` stay. The same window again takes
 * the place of the first, so that a job may be run twice.
 * @throws InputError when it covers much of another window: its flows would count twice.
 */
export function updateBaseline(baseline: Baseline, window: BaselineWindow, keep: number): Baseline {
  const { fromMs, toMs } = window.snapshot;
  const others = baseline.windows.filter(
    ({ snapshot }) => snapshot.fromMs !== fromMs || snapshot.toMs !== toMs,
  );
  for (const other of others) {
    const shorter = Math.min(lengthMs(other), lengthMs(window));
    if ((overlapMs(other, window) ?? 0) > TOLERATED_OVERLAP * shorter)
      throw new InputError('windows-overlap', {
        message: `the baseline already knows these hours: its window ${spanText(other)} covers much of ${spanText(window)}`,
        hint: 'parts of one window, such as the logs of several machines, are put together by scanlens baseline merge',
      });
  }
  return { ...baseline, windows: [...others, window].sort(byTime).slice(-keep) };
}

function lengthMs({ snapshot: { fromMs, toMs } }: BaselineWindow): number {
  return fromMs === undefined || toMs === undefined ? 0 : toMs - fromMs;
}

function spanText({ snapshot: { fromMs, toMs } }: BaselineWindow): string {
  const text = (ms: number | undefined) => (ms === undefined ? '?' : new Date(ms).toISOString());
  return `${text(fromMs)} to ${text(toMs)}`;
}
