import { ID_NAMESPACES } from '../model/index.ts';
import {
  MEANING_ANYWHERE,
  MEANING_AT_TOP,
  type Meaning,
  NEUTRAL,
  PROSE_NAME,
  plainName,
  USER_TARGETS,
} from './field-names.ts';
import { FieldRole } from './field-role.ts';
import { Hash64 } from './hash.ts';
import type { Mapping } from './mapping.ts';
import { marksOf, NO_MARKS, type PathMarks } from './schema.ts';

/** What the entries of one path are good for. */
export interface FieldUse {
  /** The segments, joined by dots. */
  readonly path: string;
  readonly role: FieldRole;
  /** Field of the values made from the entries; the path itself where no name is known for it. */
  readonly field: string | undefined;
  /** Index into `ID_NAMESPACES`; -1 for paths of no id. */
  readonly namespace: number;
  /** Between paths that say the same, the lowest rank is believed. */
  readonly rank: number;
  /** True when somebody asks for values of `field`. */
  readonly asked: boolean;
  /** The path, when somebody asks for it under its own name beside `field`. */
  readonly alsoAs: string | undefined;
  readonly marks: PathMarks;
  /** Salts the content hash, so that equal values of different fields differ. */
  readonly salt: number;
}

/** Which names somebody asks for, and which names the user has given. */
export interface FieldQuestions {
  /** Fields and paths that rules, breakdowns or stage rules read. */
  readonly asked: ReadonlySet<string>;
  /** Canonical field by the user's name for it, in the form of {@link plainName}. */
  readonly aliases: ReadonlyMap<string, string>;
}

const NAMESPACE_OF = new Map<string, number>(ID_NAMESPACES.map((name, index) => [name, index]));

/** Paths deeper than this are known by their last segments only. */
const MAX_PARTS = 8;

/** @returns undefined for a path that nobody needs. */
export function fieldOf(
  segments: readonly string[],
  questions: FieldQuestions,
): FieldUse | undefined {
  const path = segments.join('.');
  const asksForPath = questions.asked.has(path);
  const marks = marksOf(path);
  const meaning = meaningOf(segments, questions.aliases);
  const use = (
    role: FieldRole,
    field: string | undefined,
    rank: number,
    alsoAs: string | undefined,
  ): FieldUse => ({
    path,
    role,
    field,
    namespace: field === undefined ? -1 : (NAMESPACE_OF.get(field) ?? -1),
    rank,
    asked: field !== undefined && questions.asked.has(field),
    alsoAs,
    marks,
    salt: saltOf(path),
  });
  if (meaning === undefined) {
    if (PROSE_NAME.test(plainName(segments.at(-1) ?? ''))) {
      return use(FieldRole.text, path, 9, undefined);
    }
    if (asksForPath) return use(FieldRole.value, path, 9, undefined);
    return marks === NO_MARKS ? undefined : use(FieldRole.marker, undefined, 9, undefined);
  }
  const { role, field, rank } = meaning;
  const alsoAs = asksForPath && path !== field ? path : undefined;
  const asked = field !== undefined && questions.asked.has(field);
  if (role === FieldRole.value && !asked) {
    if (alsoAs !== undefined) return use(FieldRole.value, path, rank, undefined);
    return marks === NO_MARKS ? undefined : use(FieldRole.marker, undefined, rank, undefined);
  }
  return use(role, field, rank, alsoAs);
}

/** The only names whose `@` is no reason to leave them alone: `@version` tells the format's version. */
const SIGIL_NAMES: ReadonlySet<string> = new Set(
  '@timestamp @message @fields @t @m @mt @l @x @tr @sp'.split(' '),
);

function meaningOf(
  segments: readonly string[],
  aliases: ReadonlyMap<string, string>,
): Meaning | undefined {
  if (segments[0]?.startsWith('@') && !SIGIL_NAMES.has(segments[0])) return undefined;
  const parts = segments.map(plainName).slice(-MAX_PARTS);
  const whole = parts.join('');
  const canonical = aliases.get(whole);
  if (canonical !== undefined) return meaningOfField(canonical);
  // The longest name first: `error.code` is no `code`.
  let onNeutralGround = segments.length <= MAX_PARTS;
  for (let from = 0; from < parts.length; from += 1) {
    const rest = parts.slice(from);
    // Node's `err.code` is no `errcode`, though their letters are the same.
    const name = rest.length === 2 && rest[0] === 'err' ? `error${rest[1]}` : rest.join('');
    const known =
      MEANING_ANYWHERE.get(name) ?? (onNeutralGround ? MEANING_AT_TOP.get(name) : undefined);
    if (known !== undefined) return from === 0 ? known : { ...known, rank: known.rank + 10 };
    onNeutralGround &&= NEUTRAL.has(parts[from]);
  }
  return undefined;
}

/** The user's names for fields, in the form that {@link FieldQuestions} wants. */
export function aliasesOf(mappings: readonly Pick<Mapping, 'fields'>[]): FieldQuestions['aliases'] {
  const aliases = new Map<string, string>();
  for (const { fields } of mappings) {
    for (const { field, names } of fields) {
      for (const name of names) {
        const plain = plainName(name);
        if (!aliases.has(plain)) aliases.set(plain, field);
      }
    }
  }
  return aliases;
}

/**
 * What a path is understood as, whether or not anybody asks for it: a canonical field, or a word
 * such as `time` or `severity`; undefined when its name says nothing.
 */
export function understoodAs(
  segments: readonly string[],
  aliases: FieldQuestions['aliases'],
): string | undefined {
  const meaning = meaningOf(segments, aliases);
  if (meaning !== undefined) return meaning.field ?? ROLE_WORDS.get(meaning.role);
  return PROSE_NAME.test(plainName(segments.at(-1) ?? '')) ? 'text' : undefined;
}

/** For roles that make no field of their own. */
const ROLE_WORDS: ReadonlyMap<FieldRole, string> = new Map<FieldRole, string>([
  [FieldRole.time, 'time'],
  [FieldRole.timeNanos, 'time'],
  [FieldRole.timeZone, 'time'],
  [FieldRole.severity, 'severity'],
  [FieldRole.severityNumber, 'severity'],
  [FieldRole.link, 'link'],
  [FieldRole.host, 'process'],
]);

/** What a canonical field means, for names that the user maps to it. */
function meaningOfField(field: string): Meaning {
  const plain = plainName(field);
  const known = MEANING_ANYWHERE.get(plain) ?? MEANING_AT_TOP.get(plain);
  if (known?.field === field) return { ...known, rank: -1 };
  const special = USER_TARGETS.get(field);
  if (special !== undefined) return { role: special, field: undefined, rank: -1 };
  return { role: FieldRole.value, field, rank: -1 };
}

function saltOf(path: string): number {
  const hash = new Hash64();
  hash.ofText(path);
  return hash.low;
}
