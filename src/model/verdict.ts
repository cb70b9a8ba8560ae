import type { Place } from './flow.ts';
import type { Stage } from './stage.ts';

export interface Evidence {
  /** Name of the rule. */
  readonly rule: string;
  readonly timeMs: number | undefined;
  /** Undefined for a flow rule: its evidence is the shape of the whole flow. */
  readonly place: Place | undefined;
}

/**
 * How a flow ended. `stage` is where it failed, or the latest stage touched when nothing failed.
 */
export type Outcome =
  | { readonly kind: 'succeeded'; readonly recovered: readonly string[] }
  | {
      readonly kind: 'failed';
      readonly stage: Stage;
      /** Name of the rule that names the cause; undefined when no rule explains the flow. */
      readonly cause: string | undefined;
      /** Names of further matching rules, in order of their strength. */
      readonly symptoms: readonly string[];
    }
  | { readonly kind: 'abandoned'; readonly stage: Stage; readonly reason: AbandonReason }
  | { readonly kind: 'open'; readonly stage: Stage };

export const ABANDON_REASONS = ['never_scanned', 'cancelled', 'denied', 'left'] as const;

export type AbandonReason = (typeof ABANDON_REASONS)[number];

export type OutcomeKind = Outcome['kind'];

export const OUTCOME_KINDS = [
  'succeeded',
  'failed',
  'abandoned',
  'open',
] as const satisfies readonly OutcomeKind[];

export interface Verdict {
  readonly outcome: Outcome;
  readonly evidence: readonly Evidence[];
  /** Names of flow rules that found something in the flow to know of, whatever its outcome. */
  readonly findings?: readonly string[];
}
