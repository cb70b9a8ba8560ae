import { countDuration } from '../aggregate/index.ts';
import type { Judged } from '../model/index.ts';
import { type Attempt, attemptOf } from './attempt.ts';
import { collapseRetries, type RetryRule } from './retries.ts';
import {
  addFailures,
  addMinute,
  emptySnapshot,
  type GrowingSnapshot,
  groupOf,
  LOGIN_LATENCY,
  latencyOf,
  MINUTE_MS,
  type Snapshot,
  settleGroups,
  UNCLASSIFIED,
} from './snapshot.ts';

export interface PopulationOptions {
  /** Attributes to group by; see {@link attributeValue}. */
  readonly strata: readonly string[];
  /** First and last time of the data; undefined when no line carried one. */
  readonly window: { readonly fromMs: number | undefined; readonly toMs: number | undefined };
  /** A silent flow stays open for this long. */
  readonly flowTimeoutMs: number;
  readonly retries: RetryRule | undefined;
  /** The flows to look at; all by default. */
  readonly selects?: (judged: Judged) => boolean;
  /** What `selects` leaves of the window. */
  readonly selected?: {
    readonly sinceMs: number | undefined;
    readonly untilMs: number | undefined;
  };
}

/**
 * Counts the flows that a rate may be taken over: scan logins that were decided. Abandoned ones
 * are counted apart, for a rate of their own; open ones are left out.
 *
 * So are flows that an end of the data cuts off from their like. At its end, of the flows begun
 * since the oldest that is still open, only the quick ones have ended, and the quick ones fail
 * more or less than the others. At its start stand flows whose beginning is missing.
 */
export function countFlows(flows: Iterable<Judged>, options: PopulationOptions): Snapshot {
  const { window, flowTimeoutMs, retries, selected } = options;
  const snapshot = emptySnapshot();
  snapshot.fromMs = wholeMs(later(window.fromMs, selected?.sinceMs));
  snapshot.toMs = wholeMs(earlier(window.toMs, selected?.untilMs));
  const startEdge = (window.fromMs ?? Number.NEGATIVE_INFINITY) + flowTimeoutMs;
  const endEdge = (window.toMs ?? Number.POSITIVE_INFINITY) - flowTimeoutMs;
  const held: Attempt[] = [];
  let beginningsSeen = false;

  for (const judged of flows) {
    if (judged.flow.kind !== 'qr' || options.selects?.(judged) === false) continue;
    const attempt = attemptOf(judged, { strata: options.strata, user: retries?.by });
    beginningsSeen ||= attempt.whole;
    const { firstMs } = attempt;
    if (firstMs !== undefined)
      addMinute(snapshot, Math.floor(firstMs / MINUTE_MS), { begun: 1, decided: 0, failed: 0 });
    const atEdge =
      firstMs !== undefined && (firstMs >= endEdge || (firstMs < startEdge && !attempt.whole));
    if (atEdge || retries !== undefined) held.push(attempt);
    else countAttempt(snapshot, attempt);
  }

  let oldestOpen = Number.POSITIVE_INFINITY;
  for (const { outcome, firstMs } of held)
    if (outcome.kind === 'open' && firstMs !== undefined && firstMs >= endEdge)
      oldestOpen = Math.min(oldestOpen, firstMs);
  const isCut = ({ firstMs, outcome, whole }: Attempt) =>
    firstMs !== undefined &&
    outcome.kind !== 'open' &&
    (firstMs >= oldestOpen || (beginningsSeen && !whole && firstMs < startEdge));
  const kept = held.filter((attempt) => !isCut(attempt));
  snapshot.cut = held.length - kept.length;
  for (const attempt of retries === undefined ? kept : collapseRetries(kept, retries))
    countAttempt(snapshot, attempt);
  settleGroups(snapshot);
  return snapshot;
}

function countAttempt(snapshot: GrowingSnapshot, attempt: Attempt): void {
  const { outcome, firstMs } = attempt;
  if (outcome.kind === 'open') {
    snapshot.open++;
    return;
  }
  countLatencies(snapshot, attempt);
  const group = groupOf(snapshot, attempt.strata);
  if (outcome.kind === 'abandoned') {
    group.abandoned++;
    return;
  }
  if (outcome.kind === 'succeeded') group.succeeded++;
  else addFailures(group, outcome.stage, outcome.cause ?? UNCLASSIFIED, 1);
  if (firstMs !== undefined)
    addMinute(snapshot, Math.floor(firstMs / MINUTE_MS), {
      begun: 0,
      decided: 1,
      failed: outcome.kind === 'failed' ? 1 : 0,
    });
}

/** Every pair of stages, so that a threshold may speak of any. */
function countLatencies(snapshot: GrowingSnapshot, { outcome, passages }: Attempt): void {
  for (let to = 1; to < passages.length; to++) {
    const end = passages[to];
    countDuration(latencyOf(snapshot, `>${end.stage}`), end.timeMs - passages[to - 1].timeMs);
    for (let from = 0; from < to; from++) {
      const start = passages[from];
      countDuration(latencyOf(snapshot, `${start.stage}>${end.stage}`), end.timeMs - start.timeMs);
    }
  }
  const last = passages.at(-1);
  if (outcome.kind === 'succeeded' && last?.stage === 'session' && passages.length > 1)
    countDuration(latencyOf(snapshot, LOGIN_LATENCY), last.timeMs - passages[0].timeMs);
}

function wholeMs(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.floor(ms);
}

function later(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
