import type { Item, ItemValue } from './detection.ts';
import type { SigmaValue } from './sigma-value.ts';

/** What became of each part of a detection on one record. */
export type Trace =
  | { readonly kind: 'and' | 'or'; readonly matched: boolean; readonly parts: readonly Trace[] }
  | { readonly kind: 'not'; readonly matched: boolean; readonly part: Trace }
  | {
      readonly kind: 'named';
      readonly matched: boolean;
      readonly name: string;
      readonly part: Trace;
    }
  | ItemTrace;

export interface ItemTrace {
  readonly kind: 'item';
  readonly matched: boolean;
  readonly item: Item;
  readonly values: readonly ValueTrace[];
  /**
   * The values of the field; undefined when the record has no such field. For keywords the values
   * that one of them was found in.
   */
  readonly actual: readonly SigmaValue[] | undefined;
}

export interface ValueTrace {
  readonly value: ItemValue;
  readonly matched: boolean;
  /** For a reference to a field: the values of that field. */
  readonly other: readonly SigmaValue[] | undefined;
}
