import { fieldsNamed, passagesOf } from '../aggregate/index.ts';
import type { Judged, Outcome, Stage } from '../model/index.ts';
import { attributeValue } from './strata.ts';

/** What the gate keeps of one flow until it is counted. */
export interface Attempt {
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
  readonly outcome: Outcome;
  readonly strata: readonly (string | undefined)[];
  readonly passages: readonly { readonly stage: Stage; readonly timeMs: number }[];
  /** Whether its lines begin where a login begins. */
  readonly whole: boolean;
  /** Who tried; undefined when unknown or not asked for. Never leaves memory. */
  readonly user: string | undefined;
}

export function attemptOf(
  judged: Judged,
  options: { readonly strata: readonly string[]; readonly user: string | undefined },
): Attempt {
  const { flow, verdict } = judged;
  return {
    firstMs: flow.firstMs,
    lastMs: flow.lastMs,
    outcome: verdict.outcome,
    strata: options.strata.map((attribute) => attributeValue(judged, attribute)),
    passages: verdict.outcome.kind === 'open' ? [] : passagesOf(flow),
    whole: flow.steps.some((step) => step.stage === 'issued'),
    user: options.user === undefined ? undefined : userOf(judged, options.user),
  };
}

function userOf({ flow }: Judged, field: string): string | undefined {
  for (const name of fieldsNamed(field)) {
    const value = flow.values.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}
