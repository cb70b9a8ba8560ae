/**
 * One distinct value of one field. Values repeat, so whatever rules need to know about a value
 * is worked out once and remembered here.
 */
export interface Value {
  /** Canonical field name, or the dotted path in the record when no name is known for it. */
  readonly field: string;
  /** Empty for a field of which nobody reads more than the leaves. */
  readonly text: string;
  /** Leaves of the rule library that hold for this value, by their number in the library. */
  readonly leaves: readonly number[];
  /** Place among the fields that the run keeps per flow (breakdowns, filters); -1 for none. */
  readonly slot: number;
}

/**
 * What events have in common whose lines differ in nothing but their ids, times and measures.
 * A log of millions of lines has some hundreds of templates.
 */
export interface EventTemplate {
  /** In an order that does not depend on that of the record's keys. */
  readonly values: readonly Value[];
}

/**
 * Some events, as columns. Event `i` owns ids `idStart[i]` up to `idStart[i + 1]`. Valid until the
 * normaliser is fed again.
 */
export interface EventBatch {
  readonly count: number;
  /** Row of the record batch that the event was read from. */
  readonly row: Uint32Array;
  /** 1-based line in the source file. */
  readonly line: Uint32Array;
  /** Unix time in milliseconds with fraction; NaN when the record carries none. */
  readonly timeMs: Float64Array;
  /** Index into SEVERITIES. */
  readonly severity: Uint8Array;
  /** Index into STAGES plus one; 0 for no stage. */
  readonly stage: Uint8Array;
  /** Index into STEP_OUTCOMES; meaningful where a stage stands. */
  readonly outcome: Uint8Array;
  /** Index into FLOW_KINDS. */
  readonly kind: Uint8Array;
  /** 64-bit hash of the event's content: equal events, delivered twice, are one event. */
  readonly hashHigh: Uint32Array;
  readonly hashLow: Uint32Array;
  readonly idStart: Uint32Array;
  /** Index into ID_NAMESPACES; ascending within an event, so the strongest id comes first. */
  readonly idNamespace: Uint8Array;
  /** 64-bit hash of the id's text, salted by its namespace. */
  readonly idHigh: Uint32Array;
  readonly idLow: Uint32Array;
  /** The id in clear, only where the run shows ids; else empty. */
  readonly idText: readonly string[];
  /** Index into `templates`. */
  readonly template: Uint32Array;
  /**
   * Most of them last from batch to batch, so that whatever follows from a template alone is worth
   * remembering by its index; but an index may come to mean another template.
   */
  readonly templates: readonly EventTemplate[];
}
