import type { PathUse } from './entry-reader.ts';
import { FieldRole } from './field-role.ts';
import { mayHoldId } from './mask.ts';
import { holdsText } from './text-mask.ts';

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

export function digestAs(use: Pick<PathUse, 'role' | 'alsoValue'>): DigestAs {
  if (holdsText(use)) return DigestAs.text;
  if (mayHoldId(use)) return DigestAs.id;
  if (use.alsoValue !== undefined) return DigestAs.whole;
  if (use.role === FieldRole.time) return DigestAs.time;
  return use.role === FieldRole.timeNanos ? DigestAs.timePart : DigestAs.whole;
}
