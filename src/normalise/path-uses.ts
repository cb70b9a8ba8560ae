import type { PathTree } from '../decode/index.ts';
import { FieldRole } from './field-role.ts';
import { type FieldQuestions, type FieldUse, fieldOf } from './field-use.ts';
import { mayHoldId } from './mask.ts';
import { DigestAs, type PathUse } from './path-use.ts';
import { holdsText } from './text-mask.ts';
import type { ValueStore } from './value-store.ts';

export interface PathUsesOptions {
  readonly questions: FieldQuestions;
  /** Fields that rules, breakdowns or filters ask for; ids become values for them only. */
  readonly askedOfIds: ReadonlySet<string>;
  readonly values: ValueStore;
}

/** What the run does with the entries of each path. */
export class PathUses {
  readonly #options: PathUsesOptions;
  #paths: PathTree | undefined;
  #generation = -1;
  /** By node of the path tree; null for paths that nobody needs. */
  #uses: (PathUse | null | undefined)[] = [];

  constructor(options: PathUsesOptions) {
    this.#options = options;
  }

  /**
   * Takes the paths of the next batch.
   * @returns true when nodes mean other paths than before.
   */
  enter(paths: PathTree): boolean {
    const isOther = this.#paths !== paths || paths.generation !== this.#generation;
    if (isOther) {
      this.#paths = paths;
      this.#generation = paths.generation;
      this.#uses = [];
    }
    return isOther;
  }

  of(node: number): PathUse | null {
    const use = this.#uses[node];
    return use === undefined ? this.#learn(node) : use;
  }

  #learn(node: number): PathUse | null {
    const use = fieldOf(this.#paths!.segments(node), this.#options.questions);
    const made = use === undefined ? null : this.#useOf(use);
    this.#uses[node] = made;
    return made;
  }

  #useOf(use: FieldUse): PathUse {
    const { values, askedOfIds } = this.#options;
    const { field, alsoAs, role } = use;
    const isAsked = field !== undefined && (use.namespace >= 0 ? askedOfIds.has(field) : use.asked);
    // Prose is always made into values: keywords, errcodes and ids are looked for in it.
    const isProse = role === FieldRole.text || role === FieldRole.event;
    const isValue = field !== undefined && (isAsked || isProse || ALWAYS_VALUES.has(role));
    const made = {
      ...use,
      value: isValue ? values.field(field, isProse) : undefined,
      alsoValue: alsoAs === undefined ? undefined : values.field(alsoAs, false),
    };
    return { ...made, digestAs: digestAs(made) };
  }
}

/** Roles whose entries are read as values whoever asks. */
const ALWAYS_VALUES: ReadonlySet<FieldRole> = new Set([
  FieldRole.url,
  FieldRole.stage,
  FieldRole.outcome,
  FieldRole.kind,
]);

function digestAs(use: Pick<PathUse, 'role' | 'alsoValue'>): DigestAs {
  if (holdsText(use)) return DigestAs.text;
  if (mayHoldId(use)) return DigestAs.id;
  if (use.alsoValue !== undefined) return DigestAs.whole;
  if (use.role === FieldRole.time) return DigestAs.time;
  return use.role === FieldRole.timeNanos ? DigestAs.timePart : DigestAs.whole;
}
