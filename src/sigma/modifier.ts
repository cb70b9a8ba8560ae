import { base64, base64Offsets, dashForms, UTF16_MARK, utf8, utf16 } from './encode.ts';
import { maskedAddress, networkOf } from './network.ts';
import { type Comparison, type Predicate, predicateOf, type TextRelation } from './predicate.ts';
import { compileRegex } from './regex.ts';
import type { Reporter, Span } from './reporter.ts';
import { didYouMean } from './suggest.ts';
import {
  mapLiterals,
  parsePattern,
  plainTextOf,
  type TextPattern,
  withAnyText,
} from './text-pattern.ts';
import { TIME_UNITS, type TimeUnit } from './time-part.ts';
import type { YamlScalar } from './yaml.ts';

/** Every modifier of the specification; `expand` is known so that it can be refused. */
export const MODIFIERS = [
  ...['contains', 'startswith', 'endswith', 'all', 'cased', 'exists', 'neq'],
  ...['re', 'i', 'm', 's', 'lt', 'lte', 'gt', 'gte', 'cidr', 'fieldref', 'expand'],
  ...TIME_UNITS,
  ...['windash', 'base64', 'base64offset', 'utf16le', 'wide', 'utf16be', 'utf16'],
] as const;

/** How the text of another field of the same record has to relate to the item's field. */
export interface FieldReference {
  readonly kind: 'fieldref';
  readonly field: string;
  readonly relation: TextRelation;
  readonly cased: boolean;
}

/** What a value of a detection item asks; any one of `predicates` suffices. */
export type Ask =
  | { readonly kind: 'predicates'; readonly predicates: readonly Predicate[] }
  /** The field stands in the record, or does not; its values do not matter. */
  | { readonly kind: 'exists'; readonly present: boolean }
  /** The field is absent or has no value but null. */
  | { readonly kind: 'null' }
  | FieldReference;

/** The modifiers of one item, checked against each other. */
export interface ModifierChain {
  /** In the order they stand, without `all` and `neq`. */
  readonly names: readonly string[];
  readonly all: boolean;
  readonly negated: boolean;
  /** How values are read. */
  readonly type: 'text' | 're' | 'exists' | 'compare' | 'cidr' | 'fieldref' | 'time';
}

/** The forms one value may grow into, by `windash`. */
const MAX_FORMS = 3125;

const RELATIONS: readonly string[] = ['contains', 'startswith', 'endswith'];
const COMPARISONS: readonly string[] = ['lt', 'lte', 'gt', 'gte'];
const UTF16: readonly string[] = ['utf16le', 'wide', 'utf16be', 'utf16'];
const ENCODINGS: readonly string[] = [...UTF16, 'base64', 'base64offset'];
const LONG_FLAGS: Readonly<Record<string, string>> = {
  ignorecase: 'i',
  multiline: 'm',
  dotall: 's',
  regex: 're',
  not: 'neq',
};

/**
 * Checks the modifiers of an item, given with their places.
 * @param field undefined for keywords.
 * @returns undefined when one is wrong; it is reported.
 */
export function checkModifiers(
  modifiers: readonly { readonly name: string; readonly span: Span }[],
  field: string | undefined,
  report: Reporter,
): ModifierChain | undefined {
  let fine = true;
  const wrong = (span: Span, code: string, message: string, hint?: string): void => {
    report.error(span, code, message, hint);
    fine = false;
  };
  const before = new Set<string>();
  for (const { name, span } of modifiers) {
    if (!(MODIFIERS as readonly string[]).includes(name)) {
      const long = LONG_FLAGS[name.toLowerCase()];
      const hint = long === undefined ? didYouMean(name, MODIFIERS) : `write "${long}"`;
      wrong(span, 'unknown-modifier', `unknown modifier "${name}"`, hint);
    } else if (before.has(name)) {
      wrong(span, 'repeated-modifier', `modifier "${name}" is given twice`);
    } else if (name === 'expand') {
      const hint = 'write the values out; there is no pipeline that could fill them in';
      wrong(span, 'unsupported-modifier', 'placeholders ("expand") are not supported', hint);
    } else {
      const clash = clashOf(name, before, field);
      if (clash !== undefined) wrong(span, 'modifier-clash', clash.message, clash.hint);
    }
    before.add(name);
  }
  if (!fine) return undefined;
  const names = modifiers
    .map(({ name }) => name)
    .filter((name) => name !== 'all' && name !== 'neq');
  return { names, all: before.has('all'), negated: before.has('neq'), type: typeOf(names) };
}

function typeOf(names: readonly string[]): ModifierChain['type'] {
  const special = names.find((name) => ['re', 'exists', 'cidr', 'fieldref'].includes(name));
  if (special !== undefined) return special as ModifierChain['type'];
  if (names.some((name) => (TIME_UNITS as readonly string[]).includes(name))) return 'time';
  return names.some((name) => COMPARISONS.includes(name)) ? 'compare' : 'text';
}

interface Clash {
  readonly message: string;
  readonly hint?: string;
}

/** Why a modifier cannot follow those before it. */
function clashOf(
  name: string,
  before: ReadonlySet<string>,
  field: string | undefined,
): Clash | undefined {
  const has = (names: readonly string[]): string | undefined =>
    [...before].find((other) => names.includes(other));
  const others = [...before].filter((other) => other !== 'all' && other !== 'neq');
  const after = others.at(-1);
  if (name === 'all' || name === 'neq') return undefined;
  if (field === undefined) {
    const needsField = ['exists', 'fieldref', 'cidr', ...COMPARISONS, ...TIME_UNITS];
    if (needsField.includes(name)) return { message: `"${name}" needs a field name before it` };
  }
  if (before.has('exists')) {
    return { message: `"${name}" cannot follow "exists", which asks for presence only` };
  }
  if (before.has('cidr')) return { message: `"${name}" cannot follow "cidr"` };
  const compared = has(COMPARISONS);
  if (compared !== undefined) return { message: `"${name}" cannot follow "${compared}"` };
  const unit = has(TIME_UNITS);
  if (unit !== undefined && !COMPARISONS.includes(name)) {
    return { message: `"${name}" cannot follow "${unit}"` };
  }
  if (name === 'i' || name === 'm' || name === 's') {
    return before.has('re')
      ? undefined
      : { message: `"${name}" is a flag of "re"`, hint: `write "re|${name}"` };
  }
  if (before.has('re')) {
    const hint =
      name === 'startswith' || name === 'endswith'
        ? 'a regular expression says so itself, with ^ or $'
        : name === 'cased'
          ? '"re" regards case unless "i" follows'
          : name === 'contains'
            ? '"re" matches anywhere in the value'
            : undefined;
    return { message: `"${name}" cannot follow "re"`, ...(hint && { hint }) };
  }
  if (before.has('fieldref')) {
    if (name === 'cased') {
      return { message: '"cased" must stand before "fieldref"', hint: 'write "cased|fieldref"' };
    }
    if (RELATIONS.includes(name)) {
      const other = has(RELATIONS);
      return other === undefined ? undefined : joint(name, other);
    }
    return { message: `"${name}" cannot follow "fieldref"` };
  }
  if (name === 'fieldref') {
    return after === undefined || (after === 'cased' && others.length === 1)
      ? undefined
      : { message: `"fieldref" cannot follow "${after}"` };
  }
  if (['re', 'cidr', 'exists', ...TIME_UNITS].includes(name)) {
    return after === undefined
      ? undefined
      : { message: `"${name}" must come first, not after "${after}"` };
  }
  if (COMPARISONS.includes(name)) {
    return after === undefined || unit !== undefined
      ? undefined
      : { message: `"${name}" compares numbers and cannot follow "${after}"` };
  }
  if (RELATIONS.includes(name)) {
    const other = has(RELATIONS);
    return other === undefined ? undefined : joint(name, other);
  }
  if (UTF16.includes(name)) {
    const other = has(UTF16);
    return other === undefined ? undefined : joint(name, other);
  }
  if (name === 'base64' || name === 'base64offset') {
    const other = has(['base64', 'base64offset']);
    if (other !== undefined) return joint(name, other);
    const relation = has(RELATIONS);
    if (relation === undefined) return undefined;
    return {
      message: `"${name}" cannot follow "${relation}", whose wildcards have no Base64 form`,
      hint: `write "${name}|${relation}"`,
    };
  }
  return undefined;
}

function joint(name: string, other: string): Clash {
  return { message: `"${name}" cannot be joined with "${other}"` };
}

/**
 * Reads one value of an item.
 * @returns undefined when it is wrong; it is reported.
 */
export function readValue(
  scalar: YamlScalar,
  chain: ModifierChain,
  isKeyword: boolean,
  report: Reporter,
): Ask | undefined {
  const wrong = (code: string, message: string, hint?: string): undefined => {
    report.error(scalar, code, message, hint);
  };
  const { value } = scalar;
  switch (chain.type) {
    case 'exists':
      if (typeof value === 'boolean') return { kind: 'exists', present: value };
      return wrong('wrong-value', '"exists" takes true or false');
    case 'compare': {
      if (typeof value !== 'number') return numberExpected(scalar, chain.names[0], report);
      const op = chain.names[0] as Comparison;
      return one({ kind: 'compare', op, number: value });
    }
    case 'time': {
      if (typeof value !== 'number') return numberExpected(scalar, chain.names[0], report);
      const op = (chain.names[1] ?? 'eq') as Comparison | 'eq';
      return one({ kind: 'time', unit: chain.names[0] as TimeUnit, op, number: value });
    }
  }
  if (value === null) {
    if (chain.names.length === 0 && !isKeyword) return { kind: 'null' };
    return wrong(
      'wrong-value',
      isKeyword ? 'null cannot be a keyword' : `null cannot be joined with "${chain.names[0]}"`,
      'null means "no value"; for the empty text write two quotes',
    );
  }
  const text = typeof value === 'string' ? value : textOf(scalar);
  switch (chain.type) {
    case 're': {
      const flags = {
        caseless: chain.names.includes('i'),
        multiline: chain.names.includes('m'),
        dotAll: chain.names.includes('s'),
      };
      const regex = compileRegex(text, flags, report.isSound);
      if ('test' in regex) return one({ kind: 'regex', regex });
      return wrong('regex-syntax', `regular expression: ${regex.message}`, regex.hint);
    }
    case 'cidr': {
      const network = networkOf(text);
      if (network === undefined) {
        return wrong('wrong-value', `"${text}" is no network`, 'write it like 10.0.0.0/8');
      }
      const address = maskedAddress(network.address, network.prefix);
      if (address.some((group, i) => group !== network.address[i])) {
        return wrong('wrong-value', `"${text}" has bits set behind its prefix`);
      }
      return one({ kind: 'cidr', network });
    }
    case 'fieldref': {
      const name = plainTextOf(parsePattern(text))?.replaceAll(' ', '');
      if (name === undefined || name === '') {
        return wrong('wrong-value', '"fieldref" takes the name of a field, without wildcards');
      }
      const relation = chain.names.find((modifier) => RELATIONS.includes(modifier)) ?? 'equals';
      const cased = chain.names.includes('cased');
      return { kind: 'fieldref', field: name, relation: relation as TextRelation, cased };
    }
    default:
      return readText(scalar, text, chain, isKeyword, report);
  }
}

function one(predicate: Predicate): Ask {
  return { kind: 'predicates', predicates: [predicate] };
}

function numberExpected(scalar: YamlScalar, modifier: string, report: Reporter): undefined {
  const quoted = typeof scalar.value === 'string' && /^-?\d+(\.\d+)?$/.test(scalar.value);
  const hint = quoted ? 'take the quotes away' : undefined;
  report.error(scalar, 'wrong-value', `"${modifier}" takes a number`, hint);
}

/** Numbers as written when that is plain decimal: large ones must not lose digits. */
function textOf(scalar: YamlScalar): string {
  return typeof scalar.value === 'number' && /^-?\d+(\.\d+)?$/.test(scalar.source)
    ? scalar.source
    : String(scalar.value);
}

/** A text while modifiers are applied; `binary` when each character stands for a byte. */
interface Draft {
  readonly pattern: TextPattern;
  readonly binary: boolean;
}

function readText(
  scalar: YamlScalar,
  text: string,
  chain: ModifierChain,
  isKeyword: boolean,
  report: Reporter,
): Ask | undefined {
  const wrong = (code: string, message: string, hint?: string): undefined => {
    report.error(scalar, code, message, hint);
  };
  if (typeof scalar.value !== 'string' && chain.names.some((name) => ENCODINGS.includes(name))) {
    return wrong('wrong-value', `"${chain.names[0]}" takes a text`, 'put it in quotes');
  }
  let drafts: readonly Draft[] = [{ pattern: parsePattern(text), binary: false }];
  if (isKeyword && text === '') {
    return wrong('wrong-value', 'an empty keyword would match every event');
  }
  for (const name of chain.names) {
    const next: Draft[] = [];
    for (const draft of drafts) {
      const changed = applyToText(name, draft);
      if (typeof changed === 'string') return wrong('wrong-value', changed);
      next.push(...changed);
    }
    drafts = next;
  }
  const cased = chain.names.includes('cased');
  const anchored = chain.names.some((name) => RELATIONS.includes(name));
  const predicates: Predicate[] = [];
  for (const draft of drafts) {
    const pattern = draft.binary ? readableBytes(draft.pattern) : draft.pattern;
    if (pattern === undefined) {
      const hint = 'follow it with base64 or base64offset, or search for ASCII text';
      return wrong('wrong-value', 'UTF-16 bytes of this text are no readable text', hint);
    }
    const whole =
      isKeyword && !anchored ? withAnyText(pattern, { before: true, after: true }) : pattern;
    predicates.push(predicateOf(whole, cased));
  }
  if (typeof scalar.value === 'number' && chain.names.length === 0) {
    const short = String(scalar.value);
    if (short !== text) predicates.push(predicateOf([short], cased));
  }
  return { kind: 'predicates', predicates };
}

/** One modifier on one text. A string says what is wrong. */
function applyToText(name: string, draft: Draft): readonly Draft[] | string {
  const { pattern, binary } = draft;
  switch (name) {
    case 'contains':
      return [{ pattern: withAnyText(pattern, { before: true, after: true }), binary }];
    case 'startswith':
      return [{ pattern: withAnyText(pattern, { before: false, after: true }), binary }];
    case 'endswith':
      return [{ pattern: withAnyText(pattern, { before: true, after: false }), binary }];
    case 'windash':
      return dashed(pattern)?.map((form) => ({ pattern: form, binary })) ?? tooManyDashes;
    case 'utf16le':
    case 'wide':
      return [{ pattern: mapLiterals(pattern, (text) => utf16(text, 'little')), binary: true }];
    case 'utf16be':
      return [{ pattern: mapLiterals(pattern, (text) => utf16(text, 'big')), binary: true }];
    case 'utf16': {
      const encoded = mapLiterals(pattern, (text) => utf16(text, 'little'));
      return [{ pattern: joined([UTF16_MARK, ...encoded]), binary: true }];
    }
    case 'base64':
    case 'base64offset': {
      const text = plainTextOf(pattern);
      if (text === undefined) return `a text with wildcards has no "${name}" form`;
      const bytes = binary ? text : utf8(text);
      const forms = name === 'base64' ? [base64(bytes)] : base64Offsets(bytes);
      if (forms.includes('')) return `too short for "${name}": nothing of it would be sure`;
      return forms.map((form) => ({ pattern: [form], binary: false }));
    }
    default:
      return [draft];
  }
}

const tooManyDashes = `"windash" would give more than ${MAX_FORMS} forms of this text`;

function dashed(pattern: TextPattern): readonly TextPattern[] | undefined {
  let forms: readonly TextPattern[] = [[]];
  for (const part of pattern) {
    const texts: readonly TextPattern[number][] | undefined =
      typeof part === 'string' ? dashForms(part, MAX_FORMS) : [part];
    if (texts === undefined || forms.length * texts.length > MAX_FORMS) return undefined;
    forms = forms.flatMap((form) => texts.map((text) => joined([...form, text])));
  }
  return forms;
}

/** Neighbouring literals as one. */
function joined(pattern: TextPattern): TextPattern {
  const parts: TextPattern[number][] = [];
  for (const part of pattern) {
    const last = parts.at(-1);
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
    else parts.push(part);
  }
  return parts;
}

/** UTF-16 bytes as a log would show them; undefined when some are no ASCII. */
function readableBytes(pattern: TextPattern): TextPattern | undefined {
  const readable = mapLiterals(pattern, (text) =>
    text.startsWith(UTF16_MARK) ? `\ufeff${text.slice(UTF16_MARK.length)}` : text,
  );
  const isAscii = readable.every(
    (part) => typeof part !== 'string' || /^\ufeff?[\x00-\x7f]*$/.test(part),
  );
  return isAscii ? readable : undefined;
}
