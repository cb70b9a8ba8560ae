import type { Attempt } from './attempt.ts';

/** How attempts of one user become one. */
export interface RetryRule {
  /** The field that tells users apart. */
  readonly by: string;
  /** An attempt that begins so soon after the end of the last one belongs to it. */
  readonly withinMs: number;
}

/**
 * Attempts of one user, one soon after the other, count once: as a success when one succeeded,
 * else as the last failure, else as the last of whatever they were. Attempts without a user or
 * time stand for themselves.
 */
export function collapseRetries(attempts: readonly Attempt[], rule: RetryRule): Attempt[] {
  const alone: Attempt[] = [];
  const byUser = new Map<string, Attempt[]>();
  for (const attempt of attempts) {
    if (attempt.user === undefined || attempt.firstMs === undefined) alone.push(attempt);
    else {
      const known = byUser.get(attempt.user);
      if (known === undefined) byUser.set(attempt.user, [attempt]);
      else known.push(attempt);
    }
  }
  return [...alone, ...[...byUser.values()].flatMap((own) => chains(own, rule).map(standIn))];
}

function chains(attempts: readonly Attempt[], { withinMs }: RetryRule): Attempt[][] {
  const chains: Attempt[][] = [];
  let endMs = Number.NEGATIVE_INFINITY;
  for (const attempt of attempts.toSorted(byTime)) {
    if (attempt.firstMs! - endMs <= withinMs) chains.at(-1)!.push(attempt);
    else chains.push([attempt]);
    endMs = Math.max(endMs, attempt.lastMs ?? attempt.firstMs!);
  }
  return chains;
}

/** Of attempts at the same time, any order must give the same stand-in: success wins, then text. */
function byTime(a: Attempt, b: Attempt): number {
  return (
    a.firstMs! - b.firstMs! ||
    (a.lastMs ?? a.firstMs!) - (b.lastMs ?? b.firstMs!) ||
    compare(JSON.stringify([a.outcome, a.strata]), JSON.stringify([b.outcome, b.strata]))
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function standIn(chain: readonly Attempt[]): Attempt {
  const last = (kind: Attempt['outcome']['kind']) =>
    chain.findLast(({ outcome }) => outcome.kind === kind);
  const shown = last('succeeded') ?? last('failed') ?? chain.at(-1)!;
  // The first attempt says when the login began to be wanted.
  return { ...shown, firstMs: chain[0].firstMs };
}
