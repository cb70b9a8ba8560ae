import {
  BOUND_OPERATORS,
  type Correlation,
  type CorrelationType,
  type Explanation,
  type GroupKey,
  type RuleCondition,
} from '../model/index.ts';
import {
  type Condition,
  didYouMean,
  entryOf,
  parseCondition,
  plainOf,
  type Reporter,
  type Span,
  type YamlNode,
  type YamlScalar,
} from '../sigma/index.ts';
import { durationMs } from './duration.ts';
import { checkField } from './known-fields.ts';
import type { RuleDocument } from './rule-document.ts';

/** What a correlation document says. */
export interface ReadCorrelation {
  readonly document: RuleDocument;
  readonly correlation: Correlation;
  /** When it has `flow.explains`. */
  readonly explanation: Explanation | undefined;
}

/** Finds rules and correlations by name or id. */
export interface RuleNames {
  get(nameOrId: string): RuleDocument | undefined;
  /** All names, for hints. */
  readonly names: ReadonlySet<string>;
}

const TEMPORAL: readonly CorrelationType[] = ['temporal', 'temporal_ordered'];

/**
 * Reads a correlation document that fits its schema.
 * @returns undefined when it is wrong; all that is wrong is reported.
 */
export function readCorrelation(
  document: RuleDocument,
  rules: RuleNames,
): ReadCorrelation | undefined {
  const { node, report, facts } = document;
  let fine = true;
  const wrong = (span: Span, code: string, message: string, hint?: string): void => {
    report.error(span, code, message, hint);
    fine = false;
  };
  const section = entryOf(node, 'correlation')?.value as YamlNode;
  const type = scalarAt(section, 'type')?.value as CorrelationType;
  const isTemporal = TEMPORAL.includes(type);

  const members: RuleDocument[] = [];
  for (const scalar of scalarsAt(section, 'rules')) {
    const member = rules.get(String(scalar.value));
    if (member === undefined) {
      const name = String(scalar.value);
      wrong(scalar, 'unknown-rule', `there is no rule "${name}"`, didYouMean(name, rules.names));
    } else if (member === document) {
      wrong(scalar, 'correlation-cycle', 'a correlation cannot be about itself');
    } else if (members.includes(member)) {
      wrong(scalar, 'repeated-rule', `rule "${member.facts.name}" is named twice`);
    } else {
      members.push(member);
    }
  }
  if (isTemporal && fine && members.length < 2) {
    const span = entryOf(section, 'rules')?.keySpan as Span;
    wrong(span, 'wrong-value', `"${type}" needs at least two rules`);
  }

  const aliases = readAliases(section, members, rules, wrong);
  const keyOf = (scalar: YamlScalar): GroupKey => {
    const name = String(scalar.value);
    const alias = aliases.get(name);
    const fieldOf = new Map<string, string>();
    for (const member of members) {
      const own = alias?.get(member.facts.name);
      if (alias !== undefined && own === undefined) {
        wrong(scalar, 'alias-gap', `alias "${name}" has no field for rule "${member.facts.name}"`);
        continue;
      }
      const field = own?.field ?? name;
      fieldOf.set(member.facts.name, field);
      const unknown = unknownFieldOf(member, field, rules.names) ?? ungrouped(member, field);
      if (unknown !== undefined) {
        wrong(own?.span ?? scalar, 'unknown-field', unknown.message, unknown.hint);
      }
    }
    return { name, fieldOf };
  };
  const groupBy = scalarsAt(section, 'group-by').map(keyOf);
  for (const name of aliases.keys()) {
    const isUsed =
      groupBy.some((key) => key.name === name) ||
      scalarAt(entryOf(section, 'condition')?.value, 'field')?.value === name;
    if (isUsed) continue;
    const aliasSection = entryOf(section, 'aliases')?.value as YamlNode;
    const span = entryOf(aliasSection, name)?.keySpan as Span;
    report.warning(span, 'unused-alias', `alias "${name}" is not used by "group-by" or "field"`);
  }

  const condition = readCondition(section, type, members, report, wrong);
  const fieldScalar = scalarAt(entryOf(section, 'condition')?.value, 'field');
  const explains =
    readExplains(document, members, wrong) ??
    // A failure across flows is the cause of the hits that make it up.
    (facts.effect === 'failure'
      ? { cause: facts.name, symptoms: members.map((member) => member.facts.name) }
      : undefined);
  if (!fine || condition === undefined) return undefined;

  const timespanMs = durationMs(String(scalarAt(section, 'timespan')?.value)) as number;
  const correlation: Correlation = {
    rule: facts,
    type,
    rules: members.map((member) => member.facts.name),
    groupBy,
    timespanMs,
    field: fieldScalar && keyOf(fieldScalar),
    percentile: condition.percentile,
    bounds: condition.bounds,
    condition: condition.expression,
    generate:
      scalarAt(section, 'generate')?.value === true || scalarAt(node, 'generate')?.value === true,
  };
  if (!fine) return undefined;
  const explanation = explains && {
    name: facts.name,
    ordered: type === 'temporal_ordered',
    ...explains,
    timespanMs,
    groupBy,
  };
  return { document, correlation, explanation };
}

type Wrong = (span: Span, code: string, message: string, hint?: string) => void;

function unknownFieldOf(member: RuleDocument, field: string, names: ReadonlySet<string>) {
  if (!member.own || member.kind !== 'rule') return undefined;
  return checkField(field, member.facts.scope === 'flow' ? 'flow' : 'event', names);
}

/** Of the hits of a correlation no more is known than what groups them. */
function ungrouped(member: RuleDocument, field: string) {
  const section = entryOf(member.node, 'correlation')?.value;
  if (member.kind !== 'correlation' || section === undefined) return undefined;
  const names = scalarsAt(section, 'group-by').map(({ value }) => String(value));
  if (names.includes(field)) return undefined;
  return {
    message: `correlation "${member.facts.name}" is not grouped by "${field}"`,
    hint: didYouMean(field, names),
  };
}

function readAliases(
  section: YamlNode,
  members: readonly RuleDocument[],
  rules: RuleNames,
  wrong: Wrong,
): ReadonlyMap<string, ReadonlyMap<string, { readonly field: string; readonly span: Span }>> {
  const aliases = new Map<string, ReadonlyMap<string, { field: string; span: Span }>>();
  const node = entryOf(section, 'aliases')?.value;
  if (node?.kind !== 'map') return aliases;
  for (const { key, value } of node.entries) {
    const fields = new Map<string, { field: string; span: Span }>();
    for (const entry of value.kind === 'map' ? value.entries : []) {
      const member = rules.get(entry.key);
      if (member === undefined || !members.includes(member)) {
        const names = members.map(({ facts }) => facts.name);
        const message = `"${entry.key}" is none of the rules of this correlation`;
        wrong(entry.keySpan, 'unknown-rule', message, didYouMean(entry.key, names));
        continue;
      }
      const field = String(plainOf(entry.value));
      fields.set(member.facts.name, { field, span: entry.value });
    }
    aliases.set(key, fields);
  }
  return aliases;
}

interface ReadConditionResult {
  readonly bounds: Correlation['bounds'];
  readonly percentile: number | undefined;
  readonly expression: RuleCondition | undefined;
}

function readCondition(
  section: YamlNode,
  type: CorrelationType,
  members: readonly RuleDocument[],
  report: Reporter,
  wrong: Wrong,
): ReadConditionResult | undefined {
  const entry = entryOf(section, 'condition');
  const isTemporal = TEMPORAL.includes(type);
  if (entry === undefined) {
    if (isTemporal) return { bounds: [], percentile: undefined, expression: undefined };
    const span = entryOf(section, 'type')?.keySpan as Span;
    wrong(span, 'missing-key', `"${type}" needs a "condition"`, 'such as {gte: 10}');
    return undefined;
  }
  const node = entry.value;
  if (node.kind === 'scalar') {
    if (!isTemporal) {
      wrong(node, 'wrong-type', `the condition of "${type}" must be a map`, 'such as {gte: 10}');
      return undefined;
    }
    const names = members.map(({ facts }) => facts.name);
    const condition = parseCondition(node, names, 'rule in the correlation', report);
    return condition && { bounds: [], percentile: undefined, expression: overRules(condition) };
  }
  const bounds = BOUND_OPERATORS.flatMap((op) => {
    const value = scalarAt(node, op)?.value;
    return typeof value === 'number' ? [{ op, value }] : [];
  });
  const percentile = scalarAt(node, 'percentile')?.value as number | undefined;
  const hasField = scalarAt(node, 'field') !== undefined;
  const needsField = type.startsWith('value_');
  if (bounds.length === 0) {
    const known = BOUND_OPERATORS.join(', ');
    wrong(entry.keySpan, 'missing-key', `the condition has no bound`, `one of ${known}`);
  }
  if (needsField && !hasField) {
    wrong(entry.keySpan, 'missing-key', `"${type}" needs a "field" in its condition`);
  }
  if (!needsField && hasField) {
    const span = entryOf(node, 'field')?.keySpan as Span;
    wrong(span, 'wrong-value', `"${type}" counts hits and takes no "field"`);
  }
  if ((type === 'value_percentile') !== (percentile !== undefined)) {
    const message =
      percentile === undefined
        ? '"value_percentile" needs a "percentile" in its condition'
        : `"${type}" takes no "percentile"`;
    wrong(entryOf(node, 'percentile')?.keySpan ?? entry.keySpan, 'wrong-value', message);
  }
  return { bounds, percentile, expression: undefined };
}

function overRules(condition: Condition): RuleCondition {
  switch (condition.kind) {
    case 'name':
      return { kind: 'rule', name: condition.name };
    case 'not':
      return { kind: 'not', part: overRules(condition.part) };
    default:
      return { kind: condition.kind, parts: condition.parts.map(overRules) };
  }
}

function readExplains(
  { node }: RuleDocument,
  members: readonly RuleDocument[],
  wrong: Wrong,
): { readonly cause: string; readonly symptoms: readonly string[] } | undefined {
  const attributes = entryOf(node, 'custom_attributes')?.value;
  const explains = attributes && entryOf(attributes, 'flow.explains');
  if (explains === undefined) return undefined;
  const type = scalarAt(entryOf(node, 'correlation')?.value, 'type')?.value as CorrelationType;
  if (!TEMPORAL.includes(type)) {
    const message = `"${type}" cannot explain: only "temporal" and "temporal_ordered" can`;
    wrong(explains.keySpan, 'wrong-value', message);
    return undefined;
  }
  const nameOf = (scalar: YamlScalar): string => {
    const name = String(scalar.value);
    const member = members.find(({ facts }) => facts.name === name || facts.id === name);
    if (member !== undefined) return member.facts.name;
    const names = members.map(({ facts }) => facts.name);
    const message = `"${name}" is none of the rules of this correlation`;
    wrong(scalar, 'unknown-rule', message, didYouMean(name, names));
    return name;
  };
  const causeScalar = scalarAt(explains.value, 'cause') as YamlScalar;
  const cause = nameOf(causeScalar);
  const symptoms = scalarsAt(explains.value, 'symptoms').map((scalar) => {
    const symptom = nameOf(scalar);
    if (symptom === cause) wrong(scalar, 'explains-cycle', 'a rule cannot explain itself');
    return symptom;
  });
  if (type === 'temporal_ordered' && members.length > 0 && members[0].facts.name !== cause) {
    wrong(causeScalar, 'wrong-order', 'the cause must be the first of "rules"');
  }
  return { cause, symptoms };
}

function scalarAt(node: YamlNode | undefined, key: string): YamlScalar | undefined {
  const value = node && entryOf(node, key)?.value;
  return value?.kind === 'scalar' ? value : undefined;
}

/** A scalar or a list of them. */
function scalarsAt(node: YamlNode, key: string): readonly YamlScalar[] {
  const value = entryOf(node, key)?.value;
  if (value === undefined || value.kind === 'map') return [];
  const items = value.kind === 'list' ? value.items : [value];
  return items.filter((item) => item.kind === 'scalar');
}
