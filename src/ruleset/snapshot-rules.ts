import { snapshotYaml, type YamlNode } from '../sigma/index.ts';
import { documentHash } from './document-hash.ts';
import { loadRules } from './load-rules.ts';
import type { RuleFile } from './rule-document.ts';

/**
 * Rule files as JSON for `parseSnapshot`: what an analysis needs of them, without tests, in a form
 * that is read at once. A file with a problem is left out and so read, and reported, from its text.
 * Files of other YAML, such as mappings, may be among them.
 */
export function snapshotRules(files: readonly RuleFile[]): string {
  const problems = loadRules(files).problems.filter(({ code }) => code !== 'unknown-document');
  const wrong = new Set(problems.map(({ file }) => file));
  return snapshotYaml(
    files.filter(({ file }) => !wrong.has(file)),
    prepared,
  );
}

/** Without its tests, and with its hash. */
function prepared(document: YamlNode): YamlNode {
  if (document.kind !== 'map') return document;
  const entries = document.entries.map((entry) => {
    if (entry.key !== 'custom_attributes' || entry.value.kind !== 'map') return entry;
    const kept = entry.value.entries.filter(({ key }) => key !== 'flow.tests');
    return { ...entry, value: { ...entry.value, entries: kept } };
  });
  return { ...document, entries, hash: documentHash(document) };
}
