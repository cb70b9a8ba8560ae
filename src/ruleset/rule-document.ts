import type { Problem, Rule } from '../model/index.ts';
import {
  createReporter,
  type Detection,
  entryOf,
  fromSnapshot,
  parseDetection,
  plainOf,
  type Reporter,
  readYaml,
  type Span,
  type YamlMap,
  type YamlSnapshot,
} from '../sigma/index.ts';
import { createShapeCheck } from './check-shape.ts';
import { ruleFacts } from './rule-facts.ts';
import {
  correlationSchema,
  filterSchema,
  foreignRuleSchema,
  ownRuleSchema,
  PRODUCT,
} from './rule-schema.ts';
import { type RuleTest, readTests } from './rule-test.ts';

/** A rule file's text and where it comes from. */
export interface RuleFile {
  readonly file: string;
  readonly text: string;
  /**
   * A rule of a higher layer takes the place of one with its id or name in a lower layer; within a
   * layer both are an error. The built-in library is layer 0, the default.
   */
  readonly layer?: number;
}

/** One document of a rule file, as far as it could be read. */
export interface RuleDocument {
  readonly kind: 'rule' | 'correlation' | 'filter';
  /** Whether it speaks of logins; other rules are plain Sigma. */
  readonly own: boolean;
  readonly layer: number;
  readonly file: string;
  /** The whole file. */
  readonly text: string;
  readonly node: YamlMap;
  readonly facts: Rule;
  readonly logsource: Logsource;
  /** For rules and filters; undefined when it is wrong. */
  readonly detection: Detection | undefined;
  /** Fields that it names, also when it is wrong. */
  readonly fields: ReadonlyMap<string, Span>;
  readonly tests: readonly RuleTest[];
  /** No error was found in it. */
  readonly sound: boolean;
  readonly report: Reporter;
}

export interface Logsource {
  readonly product: string | undefined;
  readonly category: string | undefined;
  readonly service: string | undefined;
}

const checks = {
  own: createShapeCheck(ownRuleSchema),
  foreign: createShapeCheck(foreignRuleSchema),
  correlation: createShapeCheck(correlationSchema),
  filter: createShapeCheck(filterSchema),
};

/** Reads all documents of a file; what is wrong goes to `problems`. */
export function readRuleFile(
  { file, text, layer = 0 }: RuleFile,
  problems: Problem[],
  snapshot?: YamlSnapshot,
): readonly RuleDocument[] {
  const known = fromSnapshot(text, snapshot);
  const report = createReporter(file, text, problems, { isSound: known !== undefined });
  const documents: RuleDocument[] = [];
  for (const node of known ?? readYaml(text, report)) {
    if (node.kind !== 'map') {
      report.error(node, 'wrong-type', 'a rule must be a map');
      continue;
    }
    const document = readDocument(
      node,
      { file, text, layer },
      report,
      problems,
      known !== undefined,
    );
    if (document !== undefined) documents.push(document);
  }
  return documents;
}

function readDocument(
  node: YamlMap,
  { file, text, layer }: Required<RuleFile>,
  report: Reporter,
  problems: readonly Problem[],
  isKnownShape: boolean,
): RuleDocument | undefined {
  const kinds = (['correlation', 'filter', 'detection'] as const).filter((key) =>
    entryOf(node, key),
  );
  const first = node.entries[0]?.keySpan ?? node;
  if (kinds.length !== 1) {
    const message =
      kinds.length === 0
        ? 'the document has neither "detection" nor "correlation" nor "filter"'
        : `"${kinds[0]}" and "${kinds[1]}" cannot stand in one document`;
    report.error(first, 'unknown-document', message);
    return undefined;
  }
  const problemsBefore = problems.length;
  const kind = kinds[0] === 'detection' ? 'rule' : kinds[0];
  const logsource = logsourceOf(node);
  const own = kind !== 'rule' || logsource.product === PRODUCT;
  const check = kind !== 'rule' ? checks[kind] : own ? checks.own : checks.foreign;
  const isShaped = isKnownShape || check(node, report);
  const fields = new Map<string, Span>();
  let detection: Detection | undefined;
  if (kind === 'rule') {
    const section = entryOf(node, 'detection')?.value;
    detection = section && parseDetection(section, report, fields);
  } else if (kind === 'filter') {
    const section = entryOf(node, 'filter')?.value;
    const entries = section?.kind === 'map' ? section.entries : [];
    detection =
      section &&
      parseDetection(
        { ...section, kind: 'map', entries: entries.filter(({ key }) => key !== 'rules') },
        report,
        fields,
      );
  }
  const scope =
    kind === 'correlation'
      ? 'correlation'
      : own && logsource.category === 'flow'
        ? 'flow'
        : 'event';
  const { line } = report.place(first.start);
  return {
    kind,
    own,
    layer,
    file,
    text,
    node,
    facts: isShaped
      ? ruleFacts(plainOf(node), scope, { file, line })
      : ruleFacts(identityOf(node), scope, { file, line }),
    logsource,
    detection,
    fields,
    tests: isShaped && own ? readTests(node) : [],
    sound: !problems.slice(problemsBefore).some(({ severity }) => severity === 'error'),
    report,
  };
}

/** What can be said of a document that does not fit its schema. */
function identityOf(node: YamlMap): object {
  const texts = ['title', 'id', 'name'].map((key) => {
    const value = entryOf(node, key)?.value;
    return [key, value?.kind === 'scalar' ? String(value.value) : undefined] as const;
  });
  return Object.fromEntries(texts);
}

function logsourceOf(node: YamlMap): Logsource {
  const section = entryOf(node, 'logsource')?.value;
  const textAt = (key: string): string | undefined => {
    const value = section && entryOf(section, key)?.value;
    return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined;
  };
  return {
    product: textAt('product'),
    category: textAt('category'),
    service: textAt('service'),
  };
}
