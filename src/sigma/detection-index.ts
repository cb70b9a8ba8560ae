import type { DetectionIndex, KnownValue, SigmaRecord } from './contract.ts';
import type { Detection, Expression, Item, ItemValue } from './detection.ts';
import { fold } from './fold.ts';
import { createFormulaTable, type Formula, type Reference, witnessesOf } from './formula.ts';
import { LeafSet } from './leaf-set.ts';
import { relates, satisfies } from './predicate.ts';
import type { SigmaValue } from './sigma-value.ts';
import type { ItemTrace, Trace, ValueTrace } from './trace.ts';
import { createValueIndex, type IndexedPredicate, type ValueIndex } from './value-index.ts';

const NONE: readonly number[] = Object.freeze([]);

/** Compiles detections together; see {@link DetectionIndex}. */
export function compileDetections(detections: readonly Detection[]): DetectionIndex {
  const table = createFormulaTable();
  const compiled = detections.map((detection) => table.add(detection));
  const { leaves, references } = table;

  const fields = new Set<string>();
  let hasKeywords = false;
  for (const detection of detections) {
    for (const field of detection.fields.keys()) fields.add(field);
    hasKeywords ||= detection.hasKeywords;
  }

  const witnessed: number[][] = leaves.map(() => []);
  const unwitnessed: number[] = [];
  for (const [number, { formula }] of compiled.entries()) {
    const witnesses = witnessesOf(formula, leaves);
    if (witnesses === undefined) unwitnessed.push(number);
    else for (const leaf of witnesses) witnessed[leaf].push(number);
  }

  const ownPredicates = new Map<string | undefined, IndexedPredicate[]>();
  const presentLeaf = new Map<string, number>();
  for (const [leaf, { field, predicates }] of leaves.entries()) {
    if (predicates === undefined) {
      presentLeaf.set(field as string, leaf);
      continue;
    }
    let own = ownPredicates.get(field);
    if (own === undefined) {
      own = [];
      ownPredicates.set(field, own);
    }
    for (const predicate of predicates) {
      own.push({ predicate, leaf });
    }
  }
  const keywordPredicates = ownPredicates.get(undefined) ?? [];
  const keywordIndex = lazy(() =>
    keywordPredicates.length > 0 ? createValueIndex(keywordPredicates) : undefined,
  );
  // Built when a field is first asked for: most runs see few of the fields of a large library.
  const ownIndexes = new Map<string, ValueIndex | undefined>();
  const ownIndex = (field: string): ValueIndex | undefined => {
    let index = ownIndexes.get(field);
    if (index === undefined && !ownIndexes.has(field)) {
      const own = ownPredicates.get(field);
      index = own && createValueIndex(own);
      ownIndexes.set(field, index);
    }
    return index;
  };

  const valueLeaves = new LeafSet(leaves.length);
  const recordLeaves = new LeafSet(leaves.length);
  const candidates = new LeafSet(detections.length);
  const matches = new LeafSet(detections.length);

  const addCandidates = (leaf: number): void => {
    for (const detection of witnessed[leaf]) candidates.add(detection);
  };

  const decide = (refer: Refer): readonly number[] => {
    for (const detection of unwitnessed) candidates.add(detection);
    if (candidates.size === 0) return NONE;
    matches.clear();
    for (let i = 0; i < candidates.size; i++) {
      const detection = candidates.members[i];
      if (holds(compiled[detection].formula, recordLeaves, references, refer)) {
        matches.add(detection);
      }
    }
    return matches.sorted(NONE);
  };

  const markRecord = (record: SigmaRecord): void => {
    recordLeaves.clear();
    candidates.clear();
    for (const field of fields) {
      const values = record.get(field);
      if (values === undefined) continue;
      const present = presentLeaf.get(field);
      if (present !== undefined) recordLeaves.add(present);
      const index = ownIndex(field);
      if (index === undefined) continue;
      for (const value of values) if (value !== null) index.mark(value, recordLeaves);
    }
    const keywords = hasKeywords ? keywordIndex() : undefined;
    if (keywords !== undefined) {
      for (const value of record.values()) keywords.mark(value, recordLeaves);
    }
  };

  const referIn =
    (record: SigmaRecord): Refer =>
    (reference) =>
      refers(reference, record.get(reference.of) ?? [], record.get(reference.field) ?? []);

  // Made once: an event that matches nothing must cost no allocation.
  let knownValues: readonly KnownValue[] = [];
  let knownFrom = 0;
  let knownTo = 0;
  const referInKnown: Refer = (reference) =>
    refersInKnown(reference, knownValues, knownFrom, knownTo);

  return {
    size: detections.length,
    fields,
    hasKeywords,
    comparedFields: new Set(references.flatMap(({ of, field }) => [of, field])),
    unwitnessed,
    leavesOf(field, text) {
      valueLeaves.clear();
      const present = presentLeaf.get(field);
      if (present !== undefined) valueLeaves.add(present);
      ownIndex(field)?.mark(text, valueLeaves);
      keywordIndex()?.mark(text, valueLeaves);
      return valueLeaves.sorted(NONE);
    },
    canMatch: (known) => known.some((leaf) => witnessed[leaf].length > 0),
    matchKnown(values, from, to) {
      recordLeaves.clear();
      candidates.clear();
      for (let i = from; i < to; i++) {
        const known = values[i].leaves;
        for (let j = 0; j < known.length; j++) {
          if (recordLeaves.add(known[j])) addCandidates(known[j]);
        }
      }
      knownValues = values;
      knownFrom = from;
      knownTo = to;
      return decide(referInKnown);
    },
    match(record) {
      markRecord(record);
      for (let i = 0; i < recordLeaves.size; i++) addCandidates(recordLeaves.members[i]);
      return decide(referIn(record));
    },
    trace(detection, record) {
      markRecord(record);
      const { items } = compiled[detection];
      const refer = referIn(record);
      return traceOf(detections[detection].expression, record, (item) =>
        holds(items.get(item) as Formula, recordLeaves, references, refer),
      );
    },
  };
}

/** Whether two fields of the record at hand relate. */
type Refer = (reference: Reference) => boolean;

function lazy<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function holds(
  formula: Formula,
  leaves: LeafSet,
  references: readonly Reference[],
  refer: Refer,
): boolean {
  switch (formula.op) {
    case 'leaf':
      return leaves.has(formula.leaf);
    case 'not':
      return !holds(formula.part, leaves, references, refer);
    case 'reference':
      return refer(references[formula.reference]);
    case 'and':
      for (const part of formula.parts) if (!holds(part, leaves, references, refer)) return false;
      return true;
    case 'or':
      for (const part of formula.parts) if (holds(part, leaves, references, refer)) return true;
      return false;
  }
}

/** Whether any value of one field relates to any value of the other. */
function refers(
  { relation, cased }: Reference,
  values: readonly SigmaValue[],
  others: readonly SigmaValue[],
): boolean {
  for (const value of values) {
    if (value === null) continue;
    for (const other of others) {
      if (other === null) continue;
      const matched = cased
        ? relates(relation, value, other)
        : relates(relation, fold(value), fold(other));
      if (matched) return true;
    }
  }
  return false;
}

function refersInKnown(
  reference: Reference,
  values: readonly KnownValue[],
  from: number,
  to: number,
): boolean {
  const textsOf = (field: string): string[] => {
    const texts: string[] = [];
    for (let i = from; i < to; i++) if (values[i].field === field) texts.push(values[i].text);
    return texts;
  };
  return refers(reference, textsOf(reference.of), textsOf(reference.field));
}

function traceOf(
  expression: Expression,
  record: SigmaRecord,
  itemHolds: (item: Item) => boolean,
): Trace {
  switch (expression.kind) {
    case 'item':
      return itemTrace(expression, record, itemHolds(expression));
    case 'named': {
      const part = traceOf(expression.part, record, itemHolds);
      return { kind: 'named', name: expression.name, matched: part.matched, part };
    }
    case 'not': {
      const part = traceOf(expression.part, record, itemHolds);
      return { kind: 'not', matched: !part.matched, part };
    }
    default: {
      const parts = expression.parts.map((part) => traceOf(part, record, itemHolds));
      const matched =
        expression.kind === 'and'
          ? parts.every((part) => part.matched)
          : parts.some((part) => part.matched);
      return { kind: expression.kind, matched, parts };
    }
  }
}

function itemTrace(item: Item, record: SigmaRecord, matched: boolean): ItemTrace {
  const read = item.field === undefined ? [...record.values()] : record.get(item.field);
  const found = new Set<string>();
  const values = item.values.map((value) => valueTrace(value, item, read, record, found));
  const actual = item.field === undefined ? [...found] : read;
  return { kind: 'item', matched, item, values, actual };
}

/** @param found gains the values that satisfy the one asked for. */
function valueTrace(
  value: ItemValue,
  item: Item,
  read: readonly SigmaValue[] | undefined,
  record: SigmaRecord,
  found: Set<string>,
): ValueTrace {
  const { ask } = value;
  switch (ask.kind) {
    case 'exists':
      return { value, matched: (read !== undefined) === ask.present, other: undefined };
    case 'null':
      return { value, matched: !read?.some((text) => text !== null), other: undefined };
    case 'fieldref': {
      const other = record.get(ask.field);
      const reference = { ...ask, of: item.field as string };
      return { value, matched: refers(reference, read ?? [], other ?? []), other };
    }
    case 'predicates': {
      let matched = false;
      for (const text of read ?? []) {
        if (text === null) continue;
        if (!ask.predicates.some((predicate) => satisfies(predicate, text))) continue;
        matched = true;
        found.add(text);
      }
      return { value, matched, other: undefined };
    }
  }
}
