import type { Judged } from '../model/index.ts';
import { facetValues, fieldsNamed } from './facet.ts';

export const COMPARISONS = ['=', '!=', '~', '!~', '>', '>=', '<', '<='] as const;

export type Comparison = (typeof COMPARISONS)[number];

/** A parsed `--where`. */
export type Condition =
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Condition[] }
  | {
      readonly kind: 'compare';
      readonly name: string;
      readonly comparison: Comparison;
      readonly value: string;
      /** Whether one value satisfies the positive form of the comparison. */
      readonly matches: (text: string) => boolean;
    };

/**
 * Whether a flow satisfies the condition. A field with several values satisfies `=` when one of
 * them does, and `!=` when none is equal; so a flow without the field satisfies `!=` and `!~`,
 * and nothing else except `= ''`.
 */
export function holds(condition: Condition, judged: Judged): boolean {
  switch (condition.kind) {
    case 'all':
      return condition.parts.every((part) => holds(part, judged));
    case 'any':
      return condition.parts.some((part) => holds(part, judged));
    case 'compare': {
      const values = facetValues(judged, condition.name);
      const some = (values.length === 0 ? NO_VALUE : values).some(
        (text) => (text !== '' || MEETS_EMPTY[condition.comparison]) && condition.matches(text),
      );
      const negated = condition.comparison === '!=' || condition.comparison === '!~';
      return some !== negated;
    }
  }
}

const NO_VALUE = [''];

/** Only equality may hold for a value that is not there. */
const MEETS_EMPTY: Readonly<Record<Comparison, boolean>> = {
  '=': true,
  '!=': true,
  '~': false,
  '!~': false,
  '>': false,
  '>=': false,
  '<': false,
  '<=': false,
};

/** Fields of flows that a condition reads, to be kept while reading. */
export function fieldsOfCondition(condition: Condition): readonly string[] {
  if (condition.kind === 'compare') return fieldsNamed(condition.name);
  return [...new Set(condition.parts.flatMap(fieldsOfCondition))];
}

/**
 * Orders numbers by value and dotted versions part by part, so that 8.0.9 is below 8.0.49;
 * other texts by their characters.
 * @returns NaN between a number and a text: neither is above the other.
 */
export function compareValues(a: string, b: string): number {
  if (VERSION.test(a) || VERSION.test(b)) {
    if (!DOTTED.test(a) || !DOTTED.test(b)) return Number.NaN;
    const x = a.split('.').map(Number);
    const y = b.split('.').map(Number);
    for (let i = 0; i < Math.max(x.length, y.length); i++) {
      const difference = (x[i] ?? 0) - (y[i] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }
  if (NUMBER.test(a) || NUMBER.test(b))
    return NUMBER.test(a) && NUMBER.test(b) ? Number(a) - Number(b) : Number.NaN;
  return a < b ? -1 : a > b ? 1 : 0;
}

const NUMBER = /^-?\d{1,300}(\.\d{1,300})?$/;
const DOTTED = /^\d{1,9}(\.\d{1,9}){0,9}$/;
/** Two dots make a version; one may be a decimal fraction. */
const VERSION = /^\d{1,9}(\.\d{1,9}){2,9}$/;
