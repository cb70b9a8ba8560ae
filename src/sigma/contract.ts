/** A value as Sigma sees it: strings, numbers and booleans by their text; null is "no value". */
export type SigmaValue = string | null;

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
 * detections that a value can make true.
 */
export interface DetectionIndex {
  /** Fields that any detection reads; keywords read every value. */
  readonly fields: ReadonlySet<string>;
  readonly hasKeywords: boolean;
  /** Numbers of the leaves that hold for one value of one field, ascending. */
  leavesOf(field: string, text: string): readonly number[];
  /** Numbers of the detections that match the values `from` up to `to`, ascending. */
  matchKnown(values: readonly KnownValue[], from: number, to: number): readonly number[];
  /** The same for any record, without remembered leaves. */
  match(record: SigmaRecord): readonly number[];
}
