import type { FieldUse } from './field-use.ts';
import type { ValueField } from './value-store.ts';

/** How the entries of a path go into the digest of their row. */
export const DigestAs = {
  /** As they stand. */
  whole: 0,
  /** By their presence alone: a time. */
  time: 1,
  /** By their presence alone; but they count for the content. */
  timePart: 2,
  /** By what the mask of ids leaves of them. */
  id: 3,
  /** By what follows from them. */
  text: 4,
} as const;

export type DigestAs = (typeof DigestAs)[keyof typeof DigestAs];

/** A path as this run uses it. */
export interface PathUse extends FieldUse {
  /** Values are made of its entries; undefined when nobody asks. */
  readonly value: ValueField | undefined;
  readonly alsoValue: ValueField | undefined;
  /** How its entries go into the digest of their row. */
  readonly digestAs: DigestAs;
}
