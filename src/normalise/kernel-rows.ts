import type { PathTree, RowRepeater } from '../decode/index.ts';
import { EntryKind, type RecordBatch } from '../model/index.ts';
import { FieldRole } from './field-role.ts';
import { DigestAs, type PathUse } from './path-use.ts';
import type { PathUses } from './path-uses.ts';
import { marksOfEntry, NO_MARKS } from './schema.ts';
import type { Template } from './template-table.ts';
import { queryNames } from './text-ids.ts';

const UPPER = 0x41;
const LOWER = 0x61;

/** Nobody looks at the entries of such a path; see `assembly/plans.ts`. */
const IGNORED = 5;

/** Has the kernel repeat the rows whose template it knows, as {@link EventWriter} would. */
export class KernelRows {
  readonly #repeater: RowRepeater;
  readonly #uses: PathUses;
  #plannedPaths = 0;

  constructor(repeater: RowRepeater, uses: PathUses) {
    this.#repeater = repeater;
    this.#uses = uses;
    repeater.learnNames(queryNames());
  }

  /** @returns true when another normaliser had the kernel before: what it knows is to be forgotten. */
  enter(): boolean {
    return this.#repeater.enter(this);
  }

  /** To be called where the host forgets its templates. */
  forget(): void {
    this.#repeater.clear();
    this.#plannedPaths = 0;
  }

  /** @returns false when the batch is not the kernel's. */
  take(batch: RecordBatch, paths: PathTree): boolean {
    const repeater = this.#repeater;
    if (!repeater.holds(batch)) return false;
    for (; this.#plannedPaths < paths.size; this.#plannedPaths += 1) {
      const node = this.#plannedPaths;
      repeater.plan(node, planOf(this.#uses.of(node)));
    }
    return true;
  }

  /** Tells of a template, unless its rows hold what only the host can read. */
  learn(digest: { readonly high: number; readonly low: number }, template: Template): void {
    const { entries, ranks, zone, nanos } = template.time;
    if (nanos >= 0) return;
    const order = [...new Set(ranks)].sort((a, b) => a - b);
    this.#repeater.learnTemplate({
      ...template,
      digest,
      timePlaces: entries,
      timeRanks: ranks.map((rank) => order.indexOf(rank)),
      offsetMs: zone.fixedMs,
    });
  }
}

function planOf(use: PathUse | null): Parameters<RowRepeater['plan']>[1] {
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
