import type { IdNamespace } from './identity.ts';
import type { FlowKind, Stage, StepOutcome } from './stage.ts';

/** Where a line stands. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** All events of one flow with the same stage and outcome. */
export interface Step {
  readonly stage: Stage;
  readonly outcome: StepOutcome;
  /** Unix milliseconds of the first such event; undefined when none carried a time. */
  readonly firstMs: number | undefined;
  /** Distinct events, up to three: a flow's state must not grow with its events. */
  readonly count: number;
}

/** A rule of the library that matched events of the flow. */
export interface Signal {
  /** Index into the rule set. */
  readonly rule: number;
  /** The stage the earliest matching event stood at, if it named one. */
  readonly stage: Stage | undefined;
  readonly firstMs: number | undefined;
  /** The earliest matching event. */
  readonly place: Place;
  /** Values of the rule's correlation keys at that event, such as the pod. */
  readonly keys: ReadonlyMap<string, string>;
}

export interface FlowIdentity {
  readonly namespace: IdNamespace;
  /** 16 hex digits of the id's salted hash. */
  readonly hash: string;
  /** In clear, only with `--show-ids`. */
  readonly text: string | undefined;
}

/** One login attempt: every event of one connected component of the identity graph. */
export interface Flow {
  /** `f-` and 12 hex digits, from the smallest strongest id: the same in every run. */
  readonly id: string;
  readonly kind: FlowKind;
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
  readonly identities: readonly FlowIdentity[];
  /** By stage and outcome, in the order of STAGES and STEP_OUTCOMES. */
  readonly steps: readonly Step[];
  readonly signals: readonly Signal[];
  /** Fields kept for breakdowns and filters: the value at the flow's earliest event that has it. */
  readonly values: ReadonlyMap<string, string>;
  /** Hashes of every state by the stage it was seen at, for comparing issue and callback. */
  readonly stateAt: ReadonlyMap<Stage, readonly string[]>;
  /** The pod of the first event of a stage; empty unless a rule compares pods. */
  readonly podAt: ReadonlyMap<Stage, string>;
}
