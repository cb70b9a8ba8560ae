import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type ParsedNode,
  Parser,
  Scalar,
} from 'yaml';
import type { Reporter, Span } from './reporter.ts';

/** A YAML value with its place; aliases are resolved. */
export type YamlNode = YamlMap | YamlList | YamlScalar;

export interface YamlScalar extends Span {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** As written, without quotes. */
  readonly source: string;
  /** Where the text of a one-line string begins, so that a place inside can be told. */
  readonly textStart: number | undefined;
}

export interface YamlList extends Span {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
}

export interface YamlMap extends Span {
  readonly kind: 'map';
  readonly entries: readonly YamlEntry[];
  /** Hash of what a document says, where it was worked out before. */
  readonly hash?: string;
}

export interface YamlEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: YamlNode;
}

/** Longest file text that is read. */
const MAX_TEXT_LENGTH = 32 * 1024 * 1024;
const MAX_DEPTH = 64;
/** Aliases save typing in a rule; a file that needs more of them is a bomb or should be generated. */
const MAX_ALIASES = 100;
const MAX_NODES_BY_ALIAS = 20_000;

/**
 * Reads all documents of a file.
 *
 * Syntax errors, duplicate keys, unknown tags, merge keys, endless nesting and alias bombs are
 * reported; a document that has one is left out, the others stay.
 */
export function readYaml(text: string, report: Reporter): readonly YamlNode[] {
  if (text.length > MAX_TEXT_LENGTH) {
    report.error({ start: 0, end: 0 }, 'yaml-too-large', 'the file is longer than 32 MiB');
    return [];
  }
  const tokens = [...new Parser().parse(text)];
  const deep = tokenBelow(tokens, MAX_DEPTH);
  if (deep !== undefined) {
    tooDeep(report, { start: deep.offset, end: deep.offset + 1 });
    return [];
  }
  const composer = new Composer<ParsedNode, false>({
    prettyErrors: false,
    logLevel: 'silent',
    version: '1.2',
    schema: 'core',
  });
  const documents = composer.compose(tokens, false, text.length);
  const nodes: YamlNode[] = [];
  for (const document of documents) {
    const complaints = [...document.errors, ...document.warnings];
    let lastLine = 0;
    for (const { pos, message, code } of complaints) {
      // What follows the first mistake of a line is mostly its echo.
      const { line } = report.place(Math.min(pos[0], text.length));
      if (line === lastLine) continue;
      lastLine = line;
      report.error(
        { start: Math.min(pos[0], text.length), end: Math.min(pos[1], text.length) },
        'yaml-syntax',
        `YAML: ${message}`,
        code === 'TAB_AS_INDENT' ? 'indent with spaces' : undefined,
      );
    }
    if (complaints.length > 0 || document.contents === null) continue;
    if (isScalar(document.contents) && document.contents.value === null) continue;
    const node = resolve(document, text, report);
    if (node !== undefined) nodes.push(node);
  }
  return nodes;
}

/**
 * A token nested deeper than `limit`. The parser keeps its own stack, the composer recurses: deep
 * nesting must be found between the two, or it exhausts the call stack.
 */
function tokenBelow(tokens: readonly CST.Token[], limit: number): CST.Token | undefined {
  const open: [CST.Token, number][] = tokens.map((token) => [token, 0]);
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    const [token, depth] = entry;
    if (depth > limit) return token;
    if (token.type === 'document') {
      if (token.value !== undefined) open.push([token.value, depth]);
    } else if ('items' in token) {
      for (const item of token.items) {
        if (item.key) open.push([item.key, depth + 1]);
        if (item.value) open.push([item.value, depth + 1]);
      }
    }
  }
  return undefined;
}

function tooDeep(report: Reporter, span: Span): void {
  report.error(span, 'yaml-too-deep', `YAML: nested deeper than ${MAX_DEPTH} levels`);
}

class Refused extends Error {}

function resolve(
  document: Document.Parsed<ParsedNode, false>,
  text: string,
  report: Reporter,
): YamlNode | undefined {
  let aliases = 0;
  let nodesByAlias = 0;
  const refuse = (span: Span, code: string, message: string, hint?: string): never => {
    report.error(span, code, message, hint);
    throw new Refused();
  };
  const walk = (node: Node, depth: number, at: Span | undefined): YamlNode => {
    const [start, end] = node.range ?? [0, 0];
    const span = at ?? { start, end };
    if (depth > MAX_DEPTH) {
      tooDeep(report, span);
      throw new Refused();
    }
    if (at !== undefined && ++nodesByAlias > MAX_NODES_BY_ALIAS) {
      refuse(span, 'yaml-alias-bomb', `YAML: aliases expand to over ${MAX_NODES_BY_ALIAS} values`);
    }
    if (isAlias(node)) {
      if (++aliases > MAX_ALIASES) {
        refuse(span, 'yaml-alias-bomb', `YAML: more than ${MAX_ALIASES} aliases in a document`);
      }
      const target = node.resolve(document as unknown as Document<Node, true>);
      if (target === undefined) return refuse(span, 'yaml-syntax', 'YAML: unknown alias');
      return walk(target, depth + 1, span);
    }
    if (isMap(node)) {
      const entries: YamlEntry[] = [];
      for (const pair of node.items) {
        const key = pair.key as Node;
        const keySpan = at ?? { start: key.range?.[0] ?? start, end: key.range?.[1] ?? start };
        if (!isScalar(key)) refuse(keySpan, 'yaml-key', 'YAML: a key must be a plain word');
        const name = String((key as Scalar).value);
        if (name === '<<') {
          refuse(keySpan, 'yaml-merge-key', 'YAML: merge keys (<<) are not supported');
        }
        const empty = { start: keySpan.end, end: keySpan.end };
        const value: YamlNode =
          pair.value === null
            ? { kind: 'scalar', value: null, source: '', textStart: undefined, ...empty }
            : walk(pair.value as Node, depth + 1, at);
        entries.push({ key: name, keySpan, value });
      }
      return { kind: 'map', entries, ...span };
    }
    if (isSeq(node)) {
      const items = node.items.map((item) => walk(item as Node, depth + 1, at));
      return { kind: 'list', items, ...span };
    }
    const scalar = node as Scalar;
    const value = scalar.value as YamlScalar['value'];
    const source = scalar.source ?? String(value);
    const quote = scalar.type === Scalar.QUOTE_DOUBLE || scalar.type === Scalar.QUOTE_SINGLE;
    const textStart = span.start + (quote ? 1 : 0);
    const exact = at === undefined && text.startsWith(source, textStart);
    return { kind: 'scalar', value, source, textStart: exact ? textStart : undefined, ...span };
  };
  try {
    return walk(document.contents as Node, 0, undefined);
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

/** The entry of a map by its key. */
export function entryOf(node: YamlNode, key: string): YamlEntry | undefined {
  return node.kind === 'map' ? node.entries.find((entry) => entry.key === key) : undefined;
}

/** The node as plain JSON values. Keys cannot reach a prototype. */
export function plainOf(node: YamlNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainOf);
  const object: Record<string, unknown> = Object.create(null);
  for (const { key, value } of node.entries) object[key] = plainOf(value);
  return object;
}
