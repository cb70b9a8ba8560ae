import { decimalOf } from './decimal.ts';
import { fold } from './fold.ts';
import { addressKey, addressOf, contains, type Network } from './network.ts';
import type { Regex } from './regex.ts';
import {
  ANY_CHARACTER,
  ANY_TEXT,
  type CompiledPattern,
  compilePattern,
  matchesPattern,
  type TextPattern,
} from './text-pattern.ts';
import { type TimeUnit, timePartOf } from './time-part.ts';

export type Comparison = 'lt' | 'lte' | 'gt' | 'gte';

export type TextRelation = 'equals' | 'startswith' | 'endswith' | 'contains';

/** What one value of a field can be asked. Without `cased`, `text` is folded. */
export type Predicate =
  | { readonly kind: TextRelation; readonly text: string; readonly cased: boolean }
  | { readonly kind: 'wildcard'; readonly pattern: CompiledPattern; readonly cased: boolean }
  /** Any value at all, the empty text too, but not null. */
  | { readonly kind: 'any' }
  | { readonly kind: 'regex'; readonly regex: Regex }
  | { readonly kind: 'compare'; readonly op: Comparison; readonly number: number }
  | { readonly kind: 'cidr'; readonly network: Network }
  | {
      readonly kind: 'time';
      readonly unit: TimeUnit;
      readonly op: Comparison | 'eq';
      readonly number: number;
    };

/** The simplest predicate for a pattern that the whole value has to fit. */
export function predicateOf(pattern: TextPattern, cased: boolean): Predicate {
  const literals = pattern.filter((part) => typeof part === 'string');
  if (pattern.includes(ANY_CHARACTER) || literals.length > 1) {
    return { kind: 'wildcard', pattern: compilePattern(pattern, cased), cased };
  }
  const text = cased ? (literals[0] ?? '') : fold(literals[0] ?? '');
  const before = pattern[0] === ANY_TEXT;
  const after = pattern.at(-1) === ANY_TEXT;
  if (literals.length === 0) {
    return pattern.length === 0 ? { kind: 'equals', text, cased } : { kind: 'any' };
  }
  if (before && after) return { kind: 'contains', text, cased };
  if (before) return { kind: 'endswith', text, cased };
  return { kind: after ? 'startswith' : 'equals', text, cased };
}

/**
 * Whether a value satisfies the predicate.
 * @param folded gives the folded text, which few predicates ask for
 */
export function satisfies(
  predicate: Predicate,
  text: string,
  folded: () => string = () => fold(text),
): boolean {
  switch (predicate.kind) {
    case 'equals':
    case 'startswith':
    case 'endswith':
    case 'contains':
      return relates(predicate.kind, predicate.cased ? text : folded(), predicate.text);
    case 'wildcard':
      return matchesPattern(predicate.pattern, predicate.cased ? text : folded());
    case 'any':
      return true;
    case 'regex':
      return predicate.regex.test(text);
    case 'compare': {
      const number = decimalOf(text);
      return number !== undefined && compares(number, predicate.op, predicate.number);
    }
    case 'cidr': {
      const address = addressOf(text);
      return address !== undefined && contains(predicate.network, address);
    }
    case 'time': {
      const part = timePartOf(text, predicate.unit);
      return part !== undefined && compares(part, predicate.op, predicate.number);
    }
  }
}

export function relates(relation: TextRelation, text: string, other: string): boolean {
  switch (relation) {
    case 'equals':
      return text === other;
    case 'startswith':
      return text.startsWith(other);
    case 'endswith':
      return text.endsWith(other);
    case 'contains':
      return text.includes(other);
  }
}

export function compares(number: number, op: Comparison | 'eq', limit: number): boolean {
  switch (op) {
    case 'lt':
      return number < limit;
    case 'lte':
      return number <= limit;
    case 'gt':
      return number > limit;
    case 'gte':
      return number >= limit;
    case 'eq':
      return number === limit;
  }
}

/** Equal for predicates that hold for the same values. */
export function predicateKey(predicate: Predicate): string {
  switch (predicate.kind) {
    case 'equals':
    case 'startswith':
    case 'endswith':
    case 'contains':
      return `${predicate.kind}:${predicate.cased ? 'c' : 'i'}:${predicate.text}`;
    case 'wildcard': {
      const { segments, tiedStart, tiedEnd } = predicate.pattern;
      const units = segments.map((segment) => segment.units.join(',')).join('*');
      return `wildcard:${predicate.cased ? 'c' : 'i'}:${tiedStart}:${tiedEnd}:${units}`;
    }
    case 'any':
      return 'any';
    case 'regex':
      return `regex:${predicate.regex.pattern}`;
    case 'compare':
      return `compare:${predicate.op}:${predicate.number}`;
    case 'cidr':
      return `cidr:${addressKey(predicate.network.address)}/${predicate.network.prefix}`;
    case 'time':
      return `time:${predicate.unit}:${predicate.op}:${predicate.number}`;
  }
}
