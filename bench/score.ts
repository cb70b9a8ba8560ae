import type { Judged, OutcomeKind } from '../src/model/index.ts';

/** What is known of one login, whoever knows it. */
export interface LoginTruth {
  readonly outcome: OutcomeKind;
  /** What its cause should be called: a rule's class or name. Null where no rule can know it. */
  readonly class?: string | null | undefined;
  /** Its ids in clear, by namespace. */
  readonly ids: Readonly<Record<string, readonly string[]>>;
}

/** What the analysis made of one true login. */
export interface Comparison<T extends LoginTruth = LoginTruth> {
  readonly truth: T;
  /** The flow that holds most of its ids; undefined when no flow holds any. */
  readonly judged: Judged | undefined;
  /**
   * What the cause was called: the rule's class, or its name where that is the truth's label.
   * Null for a failure left unclassified, undefined where no failure was seen.
   */
  readonly named: string | null | undefined;
  /** Its ids lie in more than one flow. */
  readonly split: boolean;
  /** Its flow holds ids of other logins too. */
  readonly merged: boolean;
}

export interface Score<T extends LoginTruth = LoginTruth> {
  readonly comparisons: readonly Comparison<T>[];
  /** Flows that hold no id of any login. */
  readonly invented: readonly Judged[];
  readonly outcomeAccuracy: number;
  /** Among the logins that truly failed. */
  readonly causeAccuracy: number;
  readonly succeededCalledFailed: number;
  readonly split: number;
  readonly merged: number;
}

/** What must hold on the default world. */
export const GOAL = { outcomeAccuracy: 0.999, causeAccuracy: 0.99 } as const;

export function meetsGoal(score: Score): boolean {
  return (
    score.outcomeAccuracy >= GOAL.outcomeAccuracy &&
    score.causeAccuracy >= GOAL.causeAccuracy &&
    score.succeededCalledFailed === 0 &&
    score.split === 0 &&
    score.merged === 0 &&
    score.invented.length === 0
  );
}

/**
 * Sets judged flows against the truth, login by login, by the ids they share. The analysis must
 * have kept its ids in clear.
 * @param classOf the class of a rule, by the rule's name
 */
export function score<T extends LoginTruth>(
  truths: readonly T[],
  flows: Iterable<Judged>,
  classOf: (rule: string) => string,
): Score<T> {
  const ownerOf = new Map<string, T>();
  for (const truth of truths) {
    for (const [namespace, ids] of Object.entries(truth.ids)) {
      for (const id of ids) ownerOf.set(`${namespace} ${id}`, truth);
    }
  }
  const holders = new Map<T, Map<Judged, number>>();
  const owners = new Map<Judged, Set<T>>();
  const invented: Judged[] = [];
  for (const judged of flows) {
    if (judged.flow.kind !== 'qr') continue;
    const own = new Set<T>();
    for (const { namespace, text } of judged.flow.identities) {
      const truth = ownerOf.get(`${namespace} ${text}`);
      if (truth === undefined) continue;
      own.add(truth);
      const shares = holders.get(truth) ?? new Map<Judged, number>();
      holders.set(truth, shares.set(judged, (shares.get(judged) ?? 0) + 1));
    }
    if (own.size === 0) invented.push(judged);
    owners.set(judged, own);
  }

  const comparisons = truths.map((truth): Comparison<T> => {
    const shares = [...(holders.get(truth) ?? [])].sort(([, a], [, b]) => b - a);
    const judged = shares[0]?.[0];
    return {
      truth,
      judged,
      named: namedAs(judged, truth, classOf),
      split: shares.length > 1,
      merged: judged !== undefined && (owners.get(judged)?.size ?? 0) > 1,
    };
  });

  const failed = comparisons.filter(({ truth }) => truth.outcome === 'failed');
  const count = (holds: (comparison: Comparison<T>) => boolean): number =>
    comparisons.filter(holds).length;
  return {
    comparisons,
    invented,
    outcomeAccuracy: count(isOutcomeRight) / comparisons.length,
    causeAccuracy: failed.filter(isCauseRight).length / failed.length,
    succeededCalledFailed: count(
      ({ truth, judged }) => truth.outcome === 'succeeded' && outcomeOf(judged) === 'failed',
    ),
    split: count(({ split }) => split),
    merged: count(({ merged }) => merged),
  };
}

function namedAs(
  judged: Judged | undefined,
  truth: LoginTruth,
  classOf: (rule: string) => string,
): string | null | undefined {
  const outcome = judged?.verdict.outcome;
  if (outcome?.kind !== 'failed') return undefined;
  if (outcome.cause === undefined) return null;
  return outcome.cause === truth.class ? outcome.cause : classOf(outcome.cause);
}

export function isOutcomeRight({ truth, judged }: Comparison): boolean {
  return outcomeOf(judged) === truth.outcome;
}

export function isCauseRight(comparison: Comparison): boolean {
  return isOutcomeRight(comparison) && comparison.named === comparison.truth.class;
}

export function outcomeOf(judged: Judged | undefined): OutcomeKind | 'lost' {
  return judged?.verdict.outcome.kind ?? 'lost';
}
