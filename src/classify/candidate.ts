import type { Place, Rule, Signal, Stage } from '../model/index.ts';

/** A failure rule that matches the flow: one of these becomes its cause, the others symptoms. */
export interface Candidate {
  readonly rule: Rule;
  readonly timeMs: number | undefined;
  readonly place: Place | undefined;
  /** Stage at which it hit; undefined when neither the event nor the rule names one. */
  readonly stage: Stage | undefined;
  /** The event's correlation keys; none for a flow rule. */
  readonly keys: ReadonlyMap<string, string>;
}

export function signalCandidate(signal: Signal, rule: Rule): Candidate {
  return {
    rule,
    timeMs: signal.firstMs,
    place: signal.place,
    stage: signal.stage ?? rule.stage,
    keys: signal.keys,
  };
}

const NO_KEYS: ReadonlyMap<string, string> = new Map();

/** The evidence of a flow rule is the whole flow, so it is as late as the flow's last event. */
export function flowRuleCandidate(rule: Rule, lastMs: number | undefined): Candidate {
  return { rule, timeMs: lastMs, place: undefined, stage: rule.stage, keys: NO_KEYS };
}
