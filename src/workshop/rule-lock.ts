import type { Problem } from '../model/index.ts';
import { documentHash, type RuleDocument } from '../ruleset/index.ts';
import { createReporter, entryOf, type Span } from '../sigma/index.ts';

/** What a lock file says of one rule. An id stays with its rule for ever. */
interface LockedRule {
  readonly id: string;
  readonly name: string;
  /** Of what the rule says, whatever its layout and tests. */
  readonly sha256: string;
}

export const LOCK_FILE = 'rules.lock.json';

/** The lock file for these rules. */
export function lockText(documents: readonly RuleDocument[]): string {
  const rules = documents
    .map(({ facts, node }): LockedRule => {
      return { id: facts.id, name: facts.name, sha256: documentHash(node) };
    })
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  return `${JSON.stringify({ version: 1, rules }, undefined, 2)}\n`;
}

/**
 * Compares rules with the lock file: an id that changed its name or vanished, and a rule that is
 * new or says something else since the lock was written.
 */
export function checkLock(
  lock: { readonly file: string; readonly text: string },
  documents: readonly RuleDocument[],
  problems: Problem[],
): void {
  const report = createReporter(lock.file, lock.text, problems);
  const locked = parseLock(lock.text);
  const whole = { start: 0, end: 0 };
  const hint = 'scanlens rules lint --update-lock';
  if (locked === undefined) {
    report.error(whole, 'lock-unreadable', 'this is no lock file of rules', hint);
    return;
  }
  const byId = new Map(locked.map((rule) => [rule.id, rule]));
  for (const document of documents) {
    const { facts, node, file, text } = document;
    const own = createReporter(file, text, problems);
    const place = (entryOf(node, 'id')?.value as Span | undefined) ?? whole;
    const known = byId.get(facts.id);
    byId.delete(facts.id);
    if (known === undefined) {
      own.warning(place, 'lock-missing', `rule "${facts.name}" is not in the lock file`, hint);
    } else if (known.name !== facts.name) {
      const advice = 'give the rule a new id, and relate it to the old one (type: renamed)';
      const message = `this id belongs to rule "${known.name}" in the lock file`;
      own.error(place, 'lock-renamed', message, advice);
    } else if (known.sha256 !== documentHash(node)) {
      const message = `rule "${facts.name}" has changed since the lock file was written`;
      own.warning(place, 'lock-stale', message, hint);
    }
  }
  for (const { id, name } of byId.values()) {
    const at = lock.text.indexOf(id);
    report.error(
      { start: at, end: at + id.length },
      'lock-gone',
      `rule "${name}" is gone`,
      'keep it with "status: deprecated", or name it in "related" of its successor',
    );
  }
}

function parseLock(text: string): readonly LockedRule[] | undefined {
  try {
    const lock = JSON.parse(text) as { version?: unknown; rules?: unknown };
    if (lock.version !== 1 || !Array.isArray(lock.rules)) return undefined;
    const isRule = (rule: unknown): rule is LockedRule =>
      typeof rule === 'object' &&
      rule !== null &&
      ['id', 'name', 'sha256'].every((key) => typeof rule[key as keyof typeof rule] === 'string');
    return lock.rules.every(isRule) ? lock.rules : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
