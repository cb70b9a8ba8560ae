import type { Place } from './flow.ts';
import type { RecordKind } from './record-batch.ts';
import type { Severity, Stage, StepOutcome } from './stage.ts';

/** One line of a flow, as `explain` shows it. */
export interface FlowLine {
  readonly place: Place;
  readonly kind: RecordKind;
  readonly timeMs: number | undefined;
  readonly severity: Severity;
  readonly stage: Stage | undefined;
  /** Meaningful where a stage stands. */
  readonly outcome: StepOutcome;
  /** How long the step took, where the line says so: it began that much earlier. */
  readonly durationMs: number | undefined;
  /** Names of the event rules it matches. */
  readonly rules: readonly string[];
  /** Ids that were read from the line, in clear: they have to be taken out of its text. */
  readonly ids: readonly string[];
  /** The line as it stands in the log: hostile, full of ids, to be redacted before it is shown. */
  readonly text: string;
}
