import type { Detection, Expression, Item, ItemValue } from './detection.ts';
import type { FieldReference } from './modifier.ts';
import { type Predicate, predicateKey } from './predicate.ts';

/**
 * A detection over numbered leaves. `present` leaves hold when the field stands in the record,
 * all others when a value of the field satisfies one of the leaf's predicates.
 */
export type Formula =
  | { readonly op: 'leaf'; readonly leaf: number }
  | { readonly op: 'and' | 'or'; readonly parts: readonly Formula[] }
  | { readonly op: 'not'; readonly part: Formula }
  | { readonly op: 'reference'; readonly reference: number };

/** One question about one value of one field. */
export interface Leaf {
  /** Undefined for keywords. */
  readonly field: string | undefined;
  /** Undefined for the question whether the field stands in the record. */
  readonly predicates: readonly Predicate[] | undefined;
}

/** A comparison of two fields of one record. */
export interface Reference extends FieldReference {
  /** The field whose values are compared; `field` is the one they are compared with. */
  readonly of: string;
}

/** Leaves and references of many detections, equal ones numbered once. */
export interface FormulaTable {
  readonly leaves: readonly Leaf[];
  readonly references: readonly Reference[];
  /** The formula of a detection, and the formula of each of its items. */
  add(detection: Detection): {
    readonly formula: Formula;
    readonly items: ReadonlyMap<Item, Formula>;
  };
}

export function createFormulaTable(): FormulaTable {
  const leaves: Leaf[] = [];
  const references: Reference[] = [];
  const leafByKey = new Map<string, number>();
  const referenceByKey = new Map<string, number>();

  const leafFor = (field: string | undefined, predicates: Leaf['predicates']): Formula => {
    const asked = predicates?.map(predicateKey).sort().join('\u0001') ?? 'present';
    const key = `${field === undefined ? 'k' : `f${field}`}\u0000${asked}`;
    let leaf = leafByKey.get(key);
    if (leaf === undefined) {
      leaf = leaves.push({ field, predicates }) - 1;
      leafByKey.set(key, leaf);
    }
    return { op: 'leaf', leaf };
  };

  const referenceFor = (of: string, ask: FieldReference): Formula => {
    const key = JSON.stringify([of, ask.field, ask.relation, ask.cased]);
    let reference = referenceByKey.get(key);
    if (reference === undefined) {
      reference = references.push({ ...ask, of }) - 1;
      referenceByKey.set(key, reference);
    }
    // Without a value there is nothing to compare: the leaf is the witness.
    return join('and', [leafFor(of, [{ kind: 'any' }]), { op: 'reference', reference }]);
  };

  const valueFormula = (field: string | undefined, { ask }: ItemValue): Formula => {
    switch (ask.kind) {
      case 'predicates':
        return leafFor(field, ask.predicates);
      case 'exists': {
        const present = leafFor(field, undefined);
        return ask.present ? present : { op: 'not', part: present };
      }
      case 'null':
        return { op: 'not', part: leafFor(field, [{ kind: 'any' }]) };
      case 'fieldref':
        return referenceFor(field as string, ask);
    }
  };

  const itemFormula = ({ field, values, all, negated }: Item): Formula => {
    let formula: Formula;
    if (all) {
      formula = join(
        'and',
        values.map((value) => valueFormula(field, value)),
      );
    } else {
      // Values of one item are one question: a list of ten thousand is one leaf.
      const predicates = values.flatMap(({ ask }) =>
        ask.kind === 'predicates' ? ask.predicates : [],
      );
      const others = values
        .filter(({ ask }) => ask.kind !== 'predicates')
        .map((value) => valueFormula(field, value));
      const parts = predicates.length > 0 ? [leafFor(field, predicates), ...others] : others;
      formula = join('or', parts);
    }
    return negated ? { op: 'not', part: formula } : formula;
  };

  return {
    leaves,
    references,
    add(detection) {
      const items = new Map<Item, Formula>();
      const walk = (expression: Expression): Formula => {
        switch (expression.kind) {
          case 'named':
            return walk(expression.part);
          case 'not':
            return { op: 'not', part: walk(expression.part) };
          case 'item': {
            const formula = items.get(expression) ?? itemFormula(expression);
            items.set(expression, formula);
            return formula;
          }
          default:
            return join(expression.kind, expression.parts.map(walk));
        }
      };
      return { formula: walk(detection.expression), items };
    },
  };
}

function join(op: 'and' | 'or', parts: readonly Formula[]): Formula {
  return parts.length === 1 ? parts[0] : { op, parts };
}

/**
 * Leaves of which one must hold before the formula can: the choice that is expected to hold for
 * the fewest values. Undefined when the formula can hold without any.
 */
export function witnessesOf(
  formula: Formula,
  leaves: readonly Leaf[],
): ReadonlySet<number> | undefined {
  return search(formula, leaves, false)?.leaves;
}

interface Witnesses {
  readonly leaves: ReadonlySet<number>;
  /** How telling the least telling of them is. */
  readonly worth: number;
}

function search(
  formula: Formula,
  leaves: readonly Leaf[],
  negated: boolean,
): Witnesses | undefined {
  switch (formula.op) {
    case 'leaf':
      if (negated) return undefined;
      return { leaves: new Set([formula.leaf]), worth: worthOf(leaves[formula.leaf]) };
    case 'reference':
      return undefined;
    case 'not':
      return search(formula.part, leaves, !negated);
    default: {
      const found = formula.parts.map((part) => search(part, leaves, negated));
      if ((formula.op === 'and') !== negated) {
        return found.reduce((best, other) => {
          if (best === undefined || other === undefined) return best ?? other;
          return other.worth > best.worth ? other : best;
        }, undefined);
      }
      const all = new Set<number>();
      let worth = Number.POSITIVE_INFINITY;
      for (const part of found) {
        if (part === undefined) return undefined;
        for (const leaf of part.leaves) all.add(leaf);
        worth = Math.min(worth, part.worth);
      }
      return { leaves: all, worth: worth - Math.log2(found.length) };
    }
  }
}

/** A long literal is rare, a comparison of numbers holds for many values, presence for most. */
function worthOf({ predicates }: Leaf): number {
  if (predicates === undefined) return 0;
  let worth = Number.POSITIVE_INFINITY;
  for (const predicate of predicates) worth = Math.min(worth, worthOfPredicate(predicate));
  return worth - Math.log2(Math.max(1, predicates.length));
}

function worthOfPredicate(predicate: Predicate): number {
  switch (predicate.kind) {
    case 'equals':
      return predicate.text.length + 2;
    case 'startswith':
    case 'endswith':
    case 'contains':
      return predicate.text.length;
    case 'wildcard':
      return predicate.pattern.segments.reduce(
        (sum, { units }) => sum + units.filter((unit) => unit >= 0).length,
        0,
      );
    case 'regex':
      return Math.max(0.5, ...(predicate.regex.needles ?? []).map((needle) => needle.length));
    case 'cidr':
      return predicate.network.prefix / 8;
    case 'compare':
    case 'time':
      return 1;
    case 'any':
      return 0;
  }
}
