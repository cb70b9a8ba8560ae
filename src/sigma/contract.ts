import type { SigmaValue } from './sigma-value.ts';
import type { Trace } from './trace.ts';

/** A flat event for the evaluator. */
export interface SigmaRecord {
  /** Values of a field; undefined when the event has no such field, `[]` or `[null]` when empty. */
  get(field: string): readonly SigmaValue[] | undefined;
  /** Every value, for keywords. */
  values(): Iterable<string>;
}

/** A value whose true leaves are known already, as it stands in an event batch. */
export interface KnownValue {
  readonly field: string;
  readonly text: string;
  readonly leaves: readonly number[];
}

/**
 * Detections compiled together: equal leaves are shared, and a witness index finds the few
 * detections that a value can make true. Detections are numbered in the order they were given.
 *
 * Answers come in arrays that are the caller's to keep; the empty answer is one shared array.
 */
export interface DetectionIndex {
  readonly size: number;
  /** Fields that any detection reads; keywords read every value. */
  readonly fields: ReadonlySet<string>;
  readonly hasKeywords: boolean;
  /** Fields whose values are compared with those of other fields; of all others, leaves say enough. */
  readonly comparedFields: ReadonlySet<string>;
  /** Detections that can match without any true leaf; they are evaluated for every record. */
  readonly unwitnessed: readonly number[];
  /** Numbers of the leaves that hold for one value of one field, ascending. */
  leavesOf(field: string, text: string): readonly number[];
  /**
   * Whether one of the leaves can let a detection match. A record none of whose values has such a
   * leaf matches at most the {@link unwitnessed}.
   */
  canMatch(leaves: readonly number[]): boolean;
  /**
   * Numbers of the detections that match the values `from` up to `to`, ascending. Nulls are no
   * values here: a field that has only nulls is absent.
   */
  matchKnown(values: readonly KnownValue[], from: number, to: number): readonly number[];
  /** The same for any record, without remembered leaves. */
  match(record: SigmaRecord): readonly number[];
  /** Why one detection matches a record or does not, by the same evaluation. */
  trace(detection: number, record: SigmaRecord): Trace;
}
