import { type Condition, namesIn, parseCondition } from './condition.ts';
import { type Ask, checkModifiers, readValue } from './modifier.ts';
import type { Reporter, Span } from './reporter.ts';
import type { YamlEntry, YamlMap, YamlNode, YamlScalar } from './yaml.ts';

/** One value of an item. */
export interface ItemValue {
  readonly ask: Ask;
  /** As the rule has it, for explanations. */
  readonly shown: string;
  readonly span: Span;
}

/** `field|modifiers: values`, the leaf of a detection. */
export interface Item {
  readonly kind: 'item';
  /** Undefined for keywords, which read every value of the event. */
  readonly field: string | undefined;
  /** As written after the field, such as `contains|all`. */
  readonly modifiers: string;
  readonly values: readonly ItemValue[];
  /** Every value has to hold; else one is enough. */
  readonly all: boolean;
  /** The item holds when its values do not. */
  readonly negated: boolean;
  readonly span: Span;
}

/** What a rule looks for. */
export type Expression =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Expression[] }
  | { readonly kind: 'not'; readonly part: Expression }
  /** A named part of the detection, kept for explanations. */
  | { readonly kind: 'named'; readonly name: string; readonly part: Expression }
  | Item;

export interface Detection {
  readonly expression: Expression;
  /** Every field the detection reads, with the first place that names it. */
  readonly fields: ReadonlyMap<string, Span>;
  readonly hasKeywords: boolean;
}

/**
 * Reads a `detection` section: named parts and a `condition`.
 * @param fields gains the fields that are named, even when the detection is wrong.
 * @returns undefined when it has an error; all that can be told at once are reported.
 */
export function parseDetection(
  node: YamlNode,
  report: Reporter,
  fields: Map<string, Span> = new Map(),
): Detection | undefined {
  if (node.kind !== 'map') {
    report.error(node, 'wrong-type', '"detection" must be a map of named parts and a condition');
    return undefined;
  }
  const parts = parseParts(node, report, fields);
  const condition = node.entries.find(({ key }) => key === 'condition');
  if (condition === undefined) {
    const span = node.entries[0]?.keySpan ?? node;
    report.error(span, 'missing-condition', '"detection" has no condition');
    return undefined;
  }
  const names = [...parts.keys()];
  const conditions = parseConditions(condition, names, report);
  if (conditions === undefined) return undefined;
  const used = new Set(conditions.flatMap((part) => [...namesIn(part)]));
  for (const [name, { span }] of parts) {
    if (!used.has(name) && !name.startsWith('_')) {
      const message = `"${name}" is not used by the condition`;
      report.warning(span, 'unused-identifier', message, 'begin its name with _ or take it out');
    }
  }
  const expressions = conditions.map((part) => resolve(part, parts));
  if (expressions.includes(undefined)) return undefined;
  if ([...parts.values()].some(({ expression }) => expression === undefined)) return undefined;
  return detectionOf(
    expressions.length === 1
      ? (expressions[0] as Expression)
      : { kind: 'or', parts: expressions as Expression[] },
  );
}

/** A detection for an expression put together by hand, as filters do. */
export function detectionOf(expression: Expression): Detection {
  const fields = new Map<string, Span>();
  let hasKeywords = false;
  const add = (field: string, span: Span): void => {
    if (!fields.has(field)) fields.set(field, span);
  };
  const walk = (part: Expression): void => {
    if (part.kind === 'not' || part.kind === 'named') walk(part.part);
    else if (part.kind !== 'item') for (const inner of part.parts) walk(inner);
    else {
      if (part.field === undefined) hasKeywords = true;
      else add(part.field, part.span);
      for (const { ask, span } of part.values) if (ask.kind === 'fieldref') add(ask.field, span);
    }
  };
  walk(expression);
  return { expression, fields, hasKeywords };
}

interface NamedPart {
  /** Undefined when the part is wrong. */
  readonly expression: Expression | undefined;
  readonly span: Span;
}

function parseParts(
  node: YamlMap,
  report: Reporter,
  fields: Map<string, Span>,
): ReadonlyMap<string, NamedPart> {
  const reader = { report, fields };
  const parts = new Map<string, NamedPart>();
  for (const { key, keySpan, value } of node.entries) {
    if (key === 'condition') continue;
    if (key === 'timeframe') {
      const hint = 'write a correlation document with a timespan';
      report.error(keySpan, 'unsupported', '"timeframe" is not supported', hint);
    }
    if (!/^[A-Za-z0-9_-]+$/.test(key)) {
      const hint = 'use letters, digits, _ and -';
      report.error(keySpan, 'wrong-identifier', `"${key}" cannot be named in a condition`, hint);
    }
    parts.set(key, { expression: parsePart(value, keySpan, reader), span: keySpan });
  }
  return parts;
}

function parseConditions(
  entry: YamlEntry,
  names: readonly string[],
  report: Reporter,
): readonly Condition[] | undefined {
  const nodes = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  if (nodes.length === 0) {
    report.error(entry.value, 'condition-syntax', 'the list of conditions is empty');
    return undefined;
  }
  const conditions = nodes.map((node) => {
    if (node.kind === 'scalar') return parseCondition(node, names, 'part of the detection', report);
    report.error(node, 'wrong-type', 'a condition must be a text');
    return undefined;
  });
  return conditions.includes(undefined) ? undefined : (conditions as Condition[]);
}

function resolve(
  condition: Condition,
  parts: ReadonlyMap<string, NamedPart>,
): Expression | undefined {
  if (condition.kind === 'name') {
    const part = parts.get(condition.name)?.expression;
    return part && { kind: 'named', name: condition.name, part };
  }
  if (condition.kind === 'not') {
    const part = resolve(condition.part, parts);
    return part && { kind: 'not', part };
  }
  const resolved = condition.parts.map((part) => resolve(part, parts));
  return resolved.includes(undefined)
    ? undefined
    : { kind: condition.kind, parts: resolved as Expression[] };
}

interface Reader {
  readonly report: Reporter;
  readonly fields: Map<string, Span>;
}

/** A map is AND, a list of maps OR, a list of scalars keywords. */
function parsePart(node: YamlNode, span: Span, reader: Reader): Expression | undefined {
  switch (node.kind) {
    case 'map':
      return parseMap(node, span, reader);
    case 'scalar':
      return parseItem(undefined, [], node, span, reader);
    case 'list': {
      if (node.items.length === 0) {
        reader.report.error(node, 'empty-list', 'the list is empty: it could never match');
        return undefined;
      }
      if (node.items.every((item) => item.kind === 'scalar')) {
        return parseItem(undefined, [], node, span, reader);
      }
      const parts = node.items.map((item) =>
        item.kind === 'list'
          ? wrongList(item, reader)
          : item.kind === 'map'
            ? parseMap(item, item, reader)
            : parseItem(undefined, [], item, item, reader),
      );
      if (parts.includes(undefined)) return undefined;
      return parts.length === 1 ? parts[0] : { kind: 'or', parts: parts as Expression[] };
    }
  }
}

function wrongList(node: YamlNode, reader: Reader): undefined {
  reader.report.error(node, 'wrong-type', 'a list cannot stand inside a list');
}

function parseMap(node: YamlMap, span: Span, reader: Reader): Expression | undefined {
  if (node.entries.length === 0) {
    reader.report.error(span, 'empty-map', 'the map is empty: it would match everything');
    return undefined;
  }
  const parts = node.entries.map((entry) => parseEntry(entry, reader));
  if (parts.includes(undefined)) return undefined;
  return parts.length === 1 ? parts[0] : { kind: 'and', parts: parts as Expression[] };
}

function parseEntry(entry: YamlEntry, reader: Reader): Expression | undefined {
  const [name, ...rest] = entry.key.split('|');
  const field = name.replaceAll(' ', '');
  if (field !== '' && !reader.fields.has(field)) reader.fields.set(field, entry.keySpan);
  let at =
    entry.keySpan.start + (entry.keySpan.end - entry.keySpan.start > entry.key.length ? 1 : 0);
  const exact = entry.keySpan.end - entry.keySpan.start <= entry.key.length + 2;
  at += name.length + 1;
  const modifiers = rest.map((text) => {
    const span = exact ? { start: at, end: at + text.length } : entry.keySpan;
    at += text.length + 1;
    return { name: text.trim(), span };
  });
  return parseItem(field === '' ? undefined : field, modifiers, entry.value, entry.keySpan, reader);
}

function parseItem(
  field: string | undefined,
  modifiers: readonly { readonly name: string; readonly span: Span }[],
  node: YamlNode,
  span: Span,
  reader: Reader,
): Item | undefined {
  const chain = checkModifiers(modifiers, field, reader.report);
  if (node.kind === 'map') {
    const hint = 'write the dotted path as the field name';
    reader.report.error(node, 'wrong-type', 'a field cannot hold a map', hint);
    return undefined;
  }
  const nodes = node.kind === 'list' ? node.items : [node];
  if (nodes.length === 0) {
    reader.report.error(node, 'empty-list', 'the list of values is empty', 'null means "no value"');
    return undefined;
  }
  if (chain?.all && nodes.length === 1) {
    const place = modifiers.find(({ name }) => name === 'all')?.span ?? span;
    reader.report.error(place, 'all-of-one', '"all" needs more than one value', 'take "all" out');
    return undefined;
  }
  let fine = chain !== undefined;
  const values: ItemValue[] = [];
  for (const item of nodes) {
    if (item.kind !== 'scalar') {
      reader.report.error(
        item,
        'wrong-type',
        'a value must be a text, a number, a boolean or null',
      );
      fine = false;
    } else if (item.value === null && node.kind === 'list') {
      const hint = 'make it a selection of its own and join both with "or"';
      reader.report.error(item, 'null-in-list', 'null cannot stand in a list of values', hint);
      fine = false;
    } else if (chain !== undefined) {
      const ask = readValue(item, chain, field === undefined, reader.report);
      if (ask === undefined) fine = false;
      else values.push({ ask, shown: shownOf(item), span: item });
      if (ask?.kind === 'fieldref' && !reader.fields.has(ask.field)) {
        reader.fields.set(ask.field, item);
      }
    }
  }
  if (!fine || chain === undefined) return undefined;
  return {
    kind: 'item',
    field,
    modifiers: modifiers.map(({ name }) => name).join('|'),
    values,
    all: chain.all,
    negated: chain.negated,
    span,
  };
}

function shownOf(scalar: YamlScalar): string {
  return scalar.value === null ? 'null' : String(scalar.value);
}
