import type { Problem } from '../model/index.ts';
import type { Mapping } from '../normalise/index.ts';
import { type LoadedRules, loadRules, type RuleFile } from '../ruleset/index.ts';
import { adviseOn } from './advice.ts';
import { reportOverlaps } from './overlap.ts';
import { checkLock } from './rule-lock.ts';

export interface LintOptions {
  /** The lock file to compare with; undefined when there is none to keep to. */
  readonly lock?: { readonly file: string; readonly text: string } | undefined;
  /** Only layers from here on are advised on; errors are shown of all. Default 0. */
  readonly fromLayer?: number;
}

export interface LintResult {
  readonly loaded: LoadedRules;
  /** Errors and advice, by file and place. */
  readonly problems: readonly Problem[];
}

/** Finds everything that is wrong, or should be better, in rule files. */
export function lintRules(
  files: readonly RuleFile[],
  mappings: readonly Mapping[],
  { lock, fromLayer = 0 }: LintOptions = {},
): LintResult {
  const loaded = loadRules(files);
  const problems: Problem[] = [...loaded.problems];
  const activeByDocument = new Map(loaded.active.map((rule) => [rule.document, rule]));
  const advised = loaded.documents.filter(
    ({ own, sound, layer }) => own && sound && layer >= fromLayer,
  );
  for (const document of advised) {
    if (document.kind === 'filter') continue;
    adviseOn(document, activeByDocument.get(document), problems);
  }
  reportOverlaps(loaded, mappings, problems);
  if (lock !== undefined) {
    const locked = loaded.documents.filter(
      ({ kind, layer, sound }) => sound && layer === 0 && kind !== 'filter',
    );
    checkLock(lock, locked, problems);
  }
  problems.sort(
    (a, b) =>
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column,
  );
  return { loaded, problems };
}
