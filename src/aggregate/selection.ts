import type { Judged, Outcome, Stage } from '../model/index.ts';
import { type Condition, holds } from './condition.ts';

/** Which flows a run speaks of, and which failures it looks at. */
export interface Selection {
  /** Flows that start at or after `sinceMs` and before `untilMs`, in Unix milliseconds. */
  readonly sinceMs: number | undefined;
  readonly untilMs: number | undefined;
  readonly where: Condition | undefined;
  /**
   * Causes (`unclassified` for none) and stages in focus; empty for all. Failures out of focus
   * remain in the rate and the funnel, and are left out of causes, breakdowns and trend: so a
   * breakdown shows how often *this* failure befalls the flows of a value.
   */
  readonly rules: readonly string[];
  readonly stages: readonly Stage[];
}

export const EVERYTHING: Selection = {
  sinceMs: undefined,
  untilMs: undefined,
  where: undefined,
  rules: [],
  stages: [],
};

/** A flow without a time belongs to no window. */
export function isSelected(judged: Judged, selection: Selection): boolean {
  const { sinceMs, untilMs, where } = selection;
  if (sinceMs !== undefined || untilMs !== undefined) {
    const start = judged.flow.firstMs;
    if (start === undefined) return false;
    if (sinceMs !== undefined && start < sinceMs) return false;
    if (untilMs !== undefined && start >= untilMs) return false;
  }
  return where === undefined || holds(where, judged);
}

export function isInFocus(
  outcome: Outcome & { readonly kind: 'failed' },
  { rules, stages }: Pick<Selection, 'rules' | 'stages'>,
): boolean {
  return (
    (rules.length === 0 || rules.includes(outcome.cause ?? 'unclassified')) &&
    (stages.length === 0 || stages.includes(outcome.stage))
  );
}

export function hasFocus({ rules, stages }: Pick<Selection, 'rules' | 'stages'>): boolean {
  return rules.length > 0 || stages.length > 0;
}
