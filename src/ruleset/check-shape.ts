import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import {
  didYouMean,
  entryOf,
  plainOf,
  type Reporter,
  type Span,
  type YamlNode,
} from '../sigma/index.ts';

/** Reports every place where a document departs from its schema; true when there is none. */
export type ShapeCheck = (document: YamlNode, report: Reporter) => boolean;

/** The schema is compiled when it is first needed. */
export function createShapeCheck(schema: object): ShapeCheck {
  let validate: ValidateFunction | undefined;
  return (document, report) => {
    validate ??= new Ajv({ allErrors: true, verbose: true, strict: false }).compile(schema);
    if (validate(plainOf(document))) return true;
    const errors = validate.errors ?? [];
    for (const error of errors) if (!isEcho(error, errors)) explain(error, document, report);
    return false;
  };
}

/** `if` and `anyOf` only repeat that a part failed, unless all of its parts are about the type. */
function isEcho(error: ErrorObject, errors: readonly ErrorObject[]): boolean {
  if (error.keyword === 'if') return true;
  const inside = (other: ErrorObject): boolean =>
    other !== error && other.schemaPath.startsWith(`${error.schemaPath}/`);
  if (error.keyword === 'anyOf') return errors.some((other) => inside(other) && !isType(other));
  const wrapper = errors.find(
    (other) => other.keyword === 'anyOf' && error.schemaPath.startsWith(`${other.schemaPath}/`),
  );
  return wrapper !== undefined && isType(error);
}

function isType(error: ErrorObject): boolean {
  return error.keyword === 'type';
}

function explain(error: ErrorObject, document: YamlNode, report: Reporter): void {
  const path = error.instancePath.split('/').slice(1).map(unescapePointer);
  const { node, span } = locate(document, path);
  const name = path.at(-1);
  const about = name === undefined ? 'the document' : `"${name}"`;
  const parent = error.parentSchema as { properties?: object; description?: string };
  const hint = parent.description;
  const value = error.data;
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params.additionalProperty);
      const place = entryOf(node, key)?.keySpan ?? span;
      const known = Object.keys(parent.properties ?? {});
      report.error(place, 'unknown-key', `unknown key "${key}"`, didYouMean(key, known));
      return;
    }
    case 'required': {
      const missing = String(error.params.missingProperty);
      const place = node.kind === 'map' ? (node.entries[0]?.keySpan ?? span) : span;
      report.error(place, 'missing-key', `${about} has no "${missing}"`);
      return;
    }
    case 'enum': {
      const allowed = (error.params.allowedValues as unknown[]).map(String);
      const near = typeof value === 'string' ? didYouMean(value, allowed) : undefined;
      const message = `${about} is not one of ${allowed.join(', ')}`;
      report.error(span, 'wrong-value', message, near);
      return;
    }
    case 'const':
      report.error(span, 'wrong-value', `${about} must be ${error.params.allowedValue}`);
      return;
    case 'type':
      report.error(span, 'wrong-type', `${about} must be ${kindOf(error.params.type)}`, hint);
      return;
    case 'anyOf':
      report.error(span, 'wrong-type', `${about} has the wrong type`, hint);
      return;
    case 'pattern':
      report.error(span, 'wrong-value', `${about} is not written right`, hint && `write ${hint}`);
      return;
    case 'propertyNames':
      return;
    default:
      report.error(span, 'wrong-value', `${about} ${error.message ?? 'is wrong'}`, hint);
  }
}

function kindOf(type: unknown): string {
  const names: Record<string, string> = {
    string: 'a text',
    object: 'a map',
    array: 'a list',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    null: 'null',
  };
  return [type]
    .flat()
    .map((name) => names[String(name)] ?? String(name))
    .join(' or ');
}

function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** The node at a path; as far as it leads. */
function locate(document: YamlNode, path: readonly string[]): { node: YamlNode; span: Span } {
  let node = document;
  let span: Span = document.kind === 'map' ? (document.entries[0]?.keySpan ?? document) : document;
  for (const part of path) {
    if (node.kind === 'map') {
      const entry = entryOf(node, part);
      if (entry === undefined) break;
      node = entry.value;
      span = node.kind === 'scalar' && node.value !== null ? node : entry.keySpan;
    } else if (node.kind === 'list') {
      const item = node.items[Number(part)];
      if (item === undefined) break;
      node = item;
      span = item.kind === 'map' ? (item.entries[0]?.keySpan ?? item) : item;
    }
  }
  return { node, span };
}
