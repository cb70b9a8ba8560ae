import type { PathTree, RowDigests } from '../decode/index.ts';
import { EntryKind, type RecordBatch } from '../model/index.ts';
import { DigestAs } from './digest-as.ts';
import type { PathUse } from './entry-reader.ts';
import { FieldRole } from './field-role.ts';
import type { PathUses } from './path-uses.ts';
import { marksOfEntry, NO_MARKS } from './schema.ts';

const UPPER = 0x41;
const LOWER = 0x61;

/** Nobody looks at the entries of such a path; see the kernel's plans. */
const IGNORED = 5;

/** Has the kernel digest rows as {@link RowDigest} would. */
export class KernelDigests {
  readonly #digests: RowDigests;
  readonly #uses: PathUses;
  #plannedPaths = 0;

  constructor(digests: RowDigests, uses: PathUses) {
    this.#digests = digests;
    this.#uses = uses;
  }

  /**
   * @param isOtherTree the paths are no longer those of the batch before
   * @returns false when the batch is not the kernel's.
   */
  digest(batch: RecordBatch, paths: PathTree, isOtherTree: boolean): boolean {
    const digests = this.#digests;
    if (digests.enter(this) || isOtherTree) {
      digests.clear();
      this.#plannedPaths = 0;
    }
    for (; this.#plannedPaths < paths.size; this.#plannedPaths += 1) {
      const node = this.#plannedPaths;
      digests.plan(node, planOf(this.#uses.of(node)));
    }
    return digests.digest(batch);
  }
}

function planOf(use: PathUse | null): Parameters<RowDigests['plan']>[1] {
  if (use === null) {
    const nothing = { role: 0, namespace: 0, isAsked: false, isProse: false, salt: 0 };
    return { ...nothing, digestAs: IGNORED, marks: undefined };
  }
  const { role, value, marks } = use;
  const isHeldWhole = role === FieldRole.requestId || role === FieldRole.weakId;
  // Where a value is made of each single id, the template holds the id itself.
  const keepsIds = value !== undefined && (value.slot >= 0 || isHeldWhole);
  const marksOf = (kind: number, first: number) => marksOfEntry(marks, kind, first);
  return {
    digestAs: use.digestAs === DigestAs.id && keepsIds ? DigestAs.whole : use.digestAs,
    role,
    namespace: Math.max(use.namespace, 0),
    isAsked: value !== undefined,
    isProse: role === FieldRole.text,
    salt: use.salt,
    marks:
      marks === NO_MARKS
        ? undefined
        : {
            number: marksOf(EntryKind.number, 0),
            upper: marksOf(EntryKind.string, UPPER),
            text: marksOf(EntryKind.string, LOWER),
            other: marksOf(EntryKind.null, 0),
          },
  };
}
