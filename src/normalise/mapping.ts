import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import {
  closestName,
  EVENT_FIELDS,
  FLOW_KINDS,
  type FlowKind,
  type Problem,
  STAGES,
  STEP_OUTCOMES,
  type Stage,
  type StepOutcome,
} from '../model/index.ts';
import {
  compileDetections,
  createReporter,
  type Detection,
  entryOf,
  fromSnapshot,
  parseDetection,
  plainOf,
  type Reporter,
  readYaml,
  type YamlNode,
  type YamlSnapshot,
} from '../sigma/index.ts';
import { USER_TARGETS } from './field-names.ts';

/** Recognises what a line means: the first rule that matches an event names its stage. */
export interface StageRule {
  readonly name: string;
  /** Undefined for a rule that says: this line, whatever it sounds like, is no step of a login. */
  readonly stage: Stage | undefined;
  readonly outcome: StepOutcome;
  readonly kind: FlowKind;
  /** Wins over a stage that the line names in a field of its own. */
  readonly certain: boolean;
  readonly detection: Detection;
  readonly file: string;
  readonly line: number;
}

/** A mapping file: names of fields, and stage rules in their order. */
export interface Mapping {
  readonly file: string;
  readonly fields: readonly { readonly field: string; readonly names: readonly string[] }[];
  readonly stages: readonly StageRule[];
}

interface MappingFile {
  readonly fields?: Readonly<Record<string, string | readonly string[]>>;
  readonly stages?: readonly {
    readonly name: string;
    readonly stage: Stage | 'none';
    readonly outcome?: StepOutcome;
    readonly kind?: FlowKind;
    readonly certain?: boolean;
  }[];
}

/** JSON Schema of a mapping file. */
export const MAPPING_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  properties: {
    description: { type: 'string' },
    phrases: {
      type: 'object',
      description: 'parts of detections to be repeated below by their YAML anchors',
    },
    fields: {
      type: 'object',
      description: 'names that this log uses, by the field they mean',
      additionalProperties: {
        oneOf: [
          { type: 'string', minLength: 1 },
          { type: 'array', minItems: 1, items: { type: 'string', minLength: 1 } },
        ],
      },
    },
    stages: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'stage', 'detection'],
        additionalProperties: false,
        properties: {
          name: { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
          stage: { enum: [...STAGES, 'none'] },
          outcome: { enum: STEP_OUTCOMES },
          kind: { enum: FLOW_KINDS },
          certain: { type: 'boolean', description: 'wins over a stage that the line names itself' },
          detection: { type: 'object' },
        },
      },
    },
  },
} as const;

/** Compiled when it is first needed: the files of the package are known to be sound. */
let compiled: ValidateFunction<MappingFile> | undefined;

function errorsIn(plain: unknown): readonly ErrorObject[] {
  compiled ??= new Ajv({ allErrors: true, allowUnionTypes: true }).compile(MAPPING_SCHEMA);
  return compiled(plain) ? [] : (compiled.errors ?? []);
}

/**
 * Reads a mapping file. Everything that is wrong with it is told, each with its place;
 * `mapping` holds what could be read.
 * @param snapshot documents read before, to be looked up by the text.
 */
export function parseMapping(
  file: string,
  text: string,
  snapshot?: YamlSnapshot,
): { mapping: Mapping; problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const known = fromSnapshot(text, snapshot);
  const report = createReporter(file, text, problems, { isSound: known !== undefined });
  const documents = known ?? readYaml(text, report);
  const root = documents[0];
  if (documents.length > 1) {
    report.error(documents[1], 'many-documents', 'a mapping file holds one document');
  }
  if (root === undefined) {
    return { mapping: { file, fields: [], stages: [] }, problems };
  }
  if (!report.isSound) reportSchemaErrors(errorsIn(plainOf(root)), root, report);
  const mapping: Mapping = {
    file,
    fields: readFields(root, report),
    stages: readStages(file, root, report),
  };
  return { mapping, problems };
}

function readFields(root: YamlNode, report: Reporter): Mapping['fields'] {
  const fields: { field: string; names: string[] }[] = [];
  const node = entryOf(root, 'fields')?.value;
  if (node?.kind !== 'map') return fields;
  const known = [...EVENT_FIELDS, ...USER_TARGETS.keys()];
  for (const { key, keySpan, value } of node.entries) {
    if (!known.includes(key)) {
      const near = closestName(key, known);
      report.error(
        keySpan,
        'unknown-field',
        `unknown field "${key}"`,
        near === undefined ? 'the README lists the fields of an event' : `did you mean "${near}"?`,
      );
      continue;
    }
    const items = value.kind === 'list' ? value.items : [value];
    const names = items.flatMap((item) =>
      item.kind === 'scalar' && typeof item.value === 'string' ? [item.value] : [],
    );
    fields.push({ field: key, names });
  }
  return fields;
}

function readStages(file: string, root: YamlNode, report: Reporter): readonly StageRule[] {
  const node = entryOf(root, 'stages')?.value;
  if (node?.kind !== 'list') return [];
  const rules: StageRule[] = [];
  const names = new Set<string>();
  const detections: { detection: Detection; node: YamlNode }[] = [];
  for (const item of node.items) {
    const detectionNode = entryOf(item, 'detection')?.value;
    if (detectionNode?.kind !== 'map') continue;
    const detection = parseDetection(detectionNode, report);
    if (detection === undefined) continue;
    detections.push({ detection, node: detectionNode });
    const name = wordOf(item, 'name', undefined);
    const stage = wordOf(item, 'stage', [...STAGES, 'none']);
    const nameEntry = entryOf(item, 'name');
    if (name === undefined || stage === undefined || nameEntry === undefined) continue;
    if (names.has(name)) {
      report.error(nameEntry.value, 'duplicate-name', `a second stage rule is named "${name}"`);
    }
    names.add(name);
    rules.push({
      name,
      stage: stage === 'none' ? undefined : (stage as Stage),
      outcome: (wordOf(item, 'outcome', STEP_OUTCOMES) as StepOutcome | undefined) ?? 'seen',
      kind: (wordOf(item, 'kind', FLOW_KINDS) as FlowKind | undefined) ?? 'qr',
      certain: isTrue(item, 'certain'),
      detection,
      file,
      line: report.place(nameEntry.keySpan.start).line,
    });
  }
  if (!report.isSound) checkDetections(detections, report);
  return rules;
}

function checkDetections(
  detections: readonly { readonly detection: Detection; readonly node: YamlNode }[],
  report: Reporter,
): void {
  const { unwitnessed } = compileDetections(detections.map(({ detection }) => detection));
  for (const number of unwitnessed) {
    report.error(
      detections[number].node,
      'matches-everything',
      'the detection holds for a line that says nothing',
      'ask for at least one value that must be there',
    );
  }
  for (const { detection, node } of detections) {
    if (!detection.hasKeywords) continue;
    report.error(
      node,
      'keywords',
      'stage rules cannot use keywords: they would see every value of every line',
      'name the field, such as message or words',
    );
  }
}

function isTrue(item: YamlNode, key: string): boolean {
  const node = entryOf(item, key)?.value;
  return node?.kind === 'scalar' && node.value === true;
}

/** A word of a closed list, or any word when there is none. */
function wordOf(
  item: YamlNode,
  key: string,
  allowed: readonly string[] | undefined,
): string | undefined {
  const node = entryOf(item, key)?.value;
  if (node?.kind !== 'scalar' || typeof node.value !== 'string') return undefined;
  return allowed === undefined || allowed.includes(node.value) ? node.value : undefined;
}

function reportSchemaErrors(
  errors: readonly ErrorObject[],
  root: YamlNode,
  report: Reporter,
): void {
  for (const error of errors) {
    // Each branch of a choice complains for itself; the choice's own complaint is enough.
    if (error.schemaPath.includes('/oneOf/')) continue;
    const node = nodeAt(root, error.instancePath);
    const where = error.instancePath === '' ? 'the file' : `"${lastOf(error.instancePath)}"`;
    const params = error.params as Readonly<Record<string, unknown>>;
    switch (error.keyword) {
      case 'additionalProperties': {
        const name = String(params.additionalProperty);
        const entry = entryOf(node, name);
        const near = closestName(name, Object.keys(propertiesAt(error.instancePath)));
        report.error(
          entry?.keySpan ?? node,
          'unknown-key',
          `unknown key "${name}"`,
          near === undefined ? undefined : `did you mean "${near}"?`,
        );
        break;
      }
      case 'required':
        report.error(
          node,
          'missing-key',
          `the stage rule lacks "${String(params.missingProperty)}"`,
        );
        break;
      case 'enum': {
        const allowed = (params.allowedValues as readonly string[]).join(', ');
        const said = node.kind === 'scalar' ? String(node.value) : '';
        const near = closestName(said, params.allowedValues as readonly string[]);
        report.error(
          node,
          'unknown-value',
          `${where} cannot be "${said}"`,
          near === undefined ? `one of: ${allowed}` : `did you mean "${near}"?`,
        );
        break;
      }
      case 'oneOf':
        report.error(node, 'wrong-type', `${where} must be a name or a list of names`);
        break;
      default:
        report.error(node, 'wrong-type', `${where} ${error.message ?? 'is wrong'}`);
    }
  }
}

function propertiesAt(instancePath: string): object {
  return instancePath.startsWith('/stages')
    ? MAPPING_SCHEMA.properties.stages.items.properties
    : MAPPING_SCHEMA.properties;
}

function lastOf(instancePath: string): string {
  return unescapePointer(instancePath.slice(instancePath.lastIndexOf('/') + 1));
}

function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

function nodeAt(root: YamlNode, instancePath: string): YamlNode {
  let node = root;
  for (const part of instancePath.split('/').slice(1)) {
    const child =
      node.kind === 'list' ? node.items[Number(part)] : entryOf(node, unescapePointer(part))?.value;
    if (child === undefined) return node;
    node = child;
  }
  return node;
}
