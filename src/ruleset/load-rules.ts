import type { Correlation, Explanation, Problem } from '../model/index.ts';
import {
  compileDetections,
  type Detection,
  type DetectionIndex,
  entryOf,
  type YamlNode,
  type YamlSnapshot,
} from '../sigma/index.ts';
import { type ReadCorrelation, type RuleNames, readCorrelation } from './correlation.ts';
import { documentHash } from './document-hash.ts';
import { withoutCycles } from './explanation-cycle.ts';
import { filteredRules, narrowed } from './filter.ts';
import { withinGroupings } from './groupings.ts';
import { checkField } from './known-fields.ts';
import { type RuleDocument, type RuleFile, readRuleFile } from './rule-document.ts';
import { PRODUCT } from './rule-schema.ts';
import type { RuleSet } from './rule-set.ts';
import { sha256 } from './sha256.ts';

export interface LoadOptions {
  /** Take rules of every product for event rules; else only those about logins are evaluated. */
  readonly anyLogsource?: boolean;
  /** Documents read before, without their tests; see {@link snapshotRules}. */
  readonly snapshot?: YamlSnapshot | undefined;
}

/** A rule as it is evaluated. */
export interface ActiveRule {
  readonly document: RuleDocument;
  /** Narrowed by filters. */
  readonly detection: Detection;
}

export interface LoadedRules {
  readonly ruleSet: RuleSet;
  /** What is wrong, by file and place. */
  readonly problems: readonly Problem[];
  /** The rules of `ruleSet.rules`, in the same order. */
  readonly active: readonly ActiveRule[];
  /** Every document that could be read, evaluated or not, by file and place. */
  readonly documents: readonly RuleDocument[];
}

/**
 * Reads, checks and compiles rule files. All problems are found at once; a document with an error
 * is left out and never disables another. The order of the files does not matter.
 */
export function loadRules(files: readonly RuleFile[], options: LoadOptions = {}): LoadedRules {
  const problems: Problem[] = [];
  const ordered = [...files].sort(
    (a, b) => (a.layer ?? 0) - (b.layer ?? 0) || compare(a.file, b.file),
  );
  const documents = ordered
    .filter(({ file }) => !/\.test\.ya?ml$/.test(file))
    .flatMap((file) => readRuleFile(file, problems, options.snapshot));
  const effective = withoutOverridden(documents);
  const names = namesOf(effective);
  const usable = effective.filter((document) => isUsable(document, names));
  const obsolete = obsoleteIds(usable);
  const current = usable.filter(({ facts }) => !obsolete.has(facts.id));

  const rules = current.filter(({ kind }) => kind === 'rule');
  const filtersOf = new Map<RuleDocument, RuleDocument[]>();
  for (const filter of effective.filter(({ kind }) => kind === 'filter')) {
    for (const rule of filteredRules(filter, rules, names)) {
      if (!current.includes(filter)) continue;
      filtersOf.set(rule, [...(filtersOf.get(rule) ?? []), filter]);
    }
  }
  const active = rules
    .filter((rule) => isEvaluated(rule, options))
    .map((document): ActiveRule => {
      const detection = document.detection as Detection;
      return { document, detection: narrowed(detection, filtersOf.get(document) ?? []) };
    })
    .sort((a, b) => compare(a.document.facts.name, b.document.facts.name));

  const correlations = current
    .filter(({ kind }) => kind === 'correlation')
    .sort((a, b) => compare(a.facts.name, b.facts.name))
    .map((document) => readCorrelation(document, names))
    .filter((correlation) => correlation !== undefined);
  const sound = withoutSelfReference(correlations);
  const explanations = withinGroupings(withoutCycles(sound)).map(
    ({ explanation }) => explanation as Explanation,
  );

  const numbersOf = (scope: 'event' | 'flow'): number[] =>
    active.flatMap(({ document }, i) => (document.facts.scope === scope ? [i] : []));
  const eventRules = numbersOf('event');
  const flowRules = numbersOf('flow');
  const compiled = (numbers: readonly number[]) =>
    compileDetections(numbers.map((number) => active[number].detection));
  const factsNamed = new Map(active.map(({ document: { facts } }) => [facts.name, facts]));
  const aboutFlows = sound.filter(({ correlation }) =>
    correlation.rules.some((name) => factsNamed.get(name)?.scope === 'flow'),
  );
  const flows = withFields(
    compiled(flowRules),
    aboutFlows.flatMap(({ correlation }) => fieldsOf(correlation)),
  );
  const inForce = [
    ...active.map(({ document }) => document),
    ...current.filter(({ kind }) => kind === 'filter'),
    ...sound.map(({ document }) => document),
  ];
  const ruleSet: RuleSet = {
    rules: active.map(({ document }) => document.facts),
    events: withFields(compiled(eventRules), [
      ...sound.flatMap(({ correlation }) => fieldsOf(correlation)),
      ...([...flows.fields].some((field) => field.endsWith('.pod')) ? ['k8s.pod.name'] : []),
    ]),
    eventRules,
    flows,
    flowRules,
    explanations,
    correlations: sound.map(({ correlation }) => correlation),
    digest: sha256(
      inForce
        .map(({ node }) => documentHash(node))
        .sort()
        .join('\n'),
    ),
  };
  problems.sort((a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column);
  return { ruleSet, problems, active, documents };
}

/** Fields of events that no detection reads are wanted all the same where events are compared by them. */
function withFields(index: DetectionIndex, fields: readonly string[]): DetectionIndex {
  return { ...index, fields: new Set([...index.fields, ...fields]) };
}

function fieldsOf({ groupBy, field }: Correlation): readonly string[] {
  return [...groupBy, ...(field === undefined ? [] : [field])].flatMap((key) => [
    ...key.fieldOf.values(),
  ]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Later layers take the place of earlier ones; twice in one layer is reported. */
function withoutOverridden(documents: readonly RuleDocument[]): readonly RuleDocument[] {
  const removed = new Set<RuleDocument>();
  for (const key of ['id', 'name'] as const) {
    const holder = new Map<string, RuleDocument>();
    for (const document of documents) {
      const value = document.facts[key];
      const earlier = holder.get(value);
      if (earlier === undefined || value === '') {
        holder.set(value, document);
      } else if (earlier.layer < document.layer) {
        removed.add(earlier);
        holder.set(value, document);
      } else {
        removed.add(document);
        const { node, report } = document;
        const place = entryOf(node, key)?.value ?? node.entries[0]?.keySpan ?? node;
        const where = `${earlier.file}:${earlier.facts.line}`;
        report.error(place, `duplicate-${key}`, `${key} "${value}" is taken by ${where}`);
      }
    }
  }
  return documents.filter((document) => !removed.has(document));
}

function namesOf(documents: readonly RuleDocument[]): RuleNames {
  const known = new Map<string, RuleDocument>();
  const candidates = documents.filter(({ kind }) => kind !== 'filter');
  for (const document of candidates) known.set(document.facts.id, document);
  for (const document of candidates) known.set(document.facts.name, document);
  return {
    get: (nameOrId) => known.get(nameOrId),
    names: new Set(candidates.map(({ facts }) => facts.name)),
  };
}

/** Checks what needs all documents: the fields of rules about logins. */
function isUsable(document: RuleDocument, names: RuleNames): boolean {
  if (document.kind === 'correlation') return document.sound;
  let fine = document.sound && document.detection !== undefined;
  if (document.logsource.product !== PRODUCT) return fine;
  const scope = document.logsource.category === 'flow' ? 'flow' : 'event';
  for (const [field, span] of document.fields) {
    const unknown = checkField(field, scope, names.names);
    if (unknown === undefined) continue;
    document.report.error(span, 'unknown-field', unknown.message, unknown.hint);
    fine = false;
  }
  return fine;
}

/** Ids that another rule says it has taken the place of. */
function obsoleteIds(documents: readonly RuleDocument[]): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { node } of documents) {
    const related = entryOf(node, 'related')?.value;
    for (const item of related?.kind === 'list' ? related.items : []) {
      const type = textAt(item, 'type');
      const id = textAt(item, 'id');
      if (id !== undefined && (type === 'obsolete' || type === 'merged' || type === 'renamed')) {
        ids.add(id);
      }
    }
  }
  return ids;
}

function textAt(node: YamlNode, key: string): string | undefined {
  const value = entryOf(node, key)?.value;
  return value?.kind === 'scalar' ? String(value.value) : undefined;
}

function isEvaluated({ facts, own }: RuleDocument, { anyLogsource }: LoadOptions): boolean {
  if (facts.status === 'deprecated' || facts.status === 'unsupported') return false;
  return own || anyLogsource === true;
}

/** Correlations may build on correlations, but not in a circle. */
function withoutSelfReference(
  correlations: readonly ReadCorrelation[],
): readonly ReadCorrelation[] {
  const byName = new Map(correlations.map((read) => [read.correlation.rule.name, read]));
  const reaches = (from: ReadCorrelation, target: string, seen: Set<string>): boolean =>
    from.correlation.rules.some((name) => {
      if (name === target) return true;
      const next = byName.get(name);
      if (next === undefined || seen.has(name)) return false;
      seen.add(name);
      return reaches(next, target, seen);
    });
  return correlations.filter((read) => {
    const { name } = read.correlation.rule;
    if (!reaches(read, name, new Set())) return true;
    const { node, report } = read.document;
    const place = entryOf(node, 'correlation')?.keySpan ?? node;
    report.error(place, 'correlation-cycle', `correlation "${name}" builds on itself`);
    return false;
  });
}
