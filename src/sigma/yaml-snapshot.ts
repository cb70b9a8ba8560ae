import { createReporter } from './reporter.ts';
import { readYaml, type YamlNode } from './yaml.ts';

/** Documents read before, by the content of their file. Reading YAML takes 2 ms a kilobyte. */
export type YamlSnapshot = ReadonlyMap<string, readonly YamlNode[]>;

/**
 * The documents of files without problems, as JSON for {@link parseSnapshot}.
 * @param prune takes away what later readers do not need.
 */
export function snapshotYaml(
  files: readonly { readonly file: string; readonly text: string }[],
  prune: (document: YamlNode) => YamlNode,
): string {
  const entries = files.flatMap(({ file, text }) => {
    const problems: unknown[] = [];
    const documents = readYaml(text, createReporter(file, text, problems as never[]));
    return problems.length > 0 ? [] : [[contentKey(text), documents.map(prune)] as const];
  });
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify({ version: 1, documents: Object.fromEntries(entries) });
}

/** @returns an empty snapshot for anything else than what {@link snapshotYaml} wrote. */
export function parseSnapshot(json: string): YamlSnapshot {
  try {
    const { version, documents } = JSON.parse(json) as {
      version?: unknown;
      documents?: Record<string, readonly YamlNode[]>;
    };
    return version === 1 && documents ? new Map(Object.entries(documents)) : new Map();
  } catch (error) {
    if (error instanceof SyntaxError) return new Map();
    throw error;
  }
}

/** The documents of a text that a snapshot knows. */
export function fromSnapshot(
  text: string,
  snapshot: YamlSnapshot | undefined,
): readonly YamlNode[] | undefined {
  return snapshot === undefined || snapshot.size === 0 ? undefined : snapshot.get(contentKey(text));
}

/** Length and 64 bits of hash (two rounds of FNV-1a with different seeds): no defence, an identity. */
function contentKey(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x85ebca6b);
    b ^= b >>> 13;
  }
  const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');
  return `${text.length.toString(16)}-${hex(a)}${hex(b)}`;
}
