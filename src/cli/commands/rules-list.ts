import Table from 'cli-table3';
import { closestName, InputError, type Rule } from '../../model/index.ts';
import { visible } from '../../report/index.ts';
import { namedRules, type RuleDocument } from '../../ruleset/index.ts';
import type { Context } from '../context.ts';
import { DONE, type Ending } from '../ending.ts';
import { loadAllRules } from '../library.ts';

export interface RulesOptions {
  readonly rules?: readonly string[];
  readonly lang: 'en' | 'zh';
}

const HEAD = ['name', 'class', 'scope', 'effect', 'level', 'title'];

/** What a terminal without room for all leaves out: `rules show` tells it. */
const SPARED = ['class', 'scope'];

/**
 * Prints a line for each rule: name, class, scope, effect, level, title. A terminal also gets their
 * names, and no more than fits into a line.
 */
export async function listRules(
  options: RulesOptions & { readonly effect?: string },
  { io, stdout }: Context,
): Promise<Ending> {
  const { ruleSet } = (await loadAllRules(options, io.cwd)).loaded;
  const rows = namedRules(ruleSet)
    .filter(({ effect }) => options.effect === undefined || effect === options.effect)
    .map((rule) => [
      rule.name,
      rule.class,
      rule.scope,
      rule.effect,
      rule.level,
      rule.title[options.lang] || rule.title.en,
    ]);
  await stdout.write(io.stdout.isTTY ? fitted(rows, io.stdout.columns ?? 100) : aligned(rows));
  return DONE;
}

/** Prints what one rule means and does, then its text. */
export async function showRule(
  name: string,
  options: RulesOptions,
  { io, stdout }: Context,
): Promise<Ending> {
  const { documents } = (await loadAllRules(options, io.cwd)).loaded;
  const found = documents.filter(({ facts }) => isNamed(facts, name));
  if (found.length === 0) throw unknownRule(name, documents);
  for (const { facts, file, text } of found) {
    const lines = [
      `${facts.name}  ${facts.title[options.lang] || facts.title.en}`,
      `${facts.class}, ${facts.effect}, ${facts.level}, ${facts.status}  ${file}:${facts.line}`,
      facts.description?.[options.lang] ?? '',
      facts.remediation[options.lang] || facts.remediation.en,
      ...facts.references,
    ].filter((line) => line !== '');
    const shown = [...lines, '', ...text.trimEnd().split('\n')];
    await stdout.write(`${shown.map(visible).join('\n')}\n`);
  }
  return DONE;
}

function isNamed({ name, id, class: label }: Rule, wanted: string): boolean {
  return name === wanted || id === wanted || label === wanted;
}

export function unknownRule(name: string, documents: readonly RuleDocument[]): InputError {
  const near = closestName(
    name,
    documents.flatMap(({ facts }) => [facts.name, facts.class]),
  );
  return new InputError('unknown-rule', {
    message: `no rule or class is called "${name}"`,
    hint: near === undefined ? 'scanlens rules list prints the names' : `did you mean "${near}"?`,
  });
}

/** The rows below a head, in lines of so many cells. */
function fitted(rows: readonly (readonly string[])[], width: number): string {
  const all = [HEAD, ...rows];
  const widths = HEAD.map((_, at) => Math.max(...all.map((row) => row[at].length)) + GAP.length);
  const room = (kept: readonly number[]) =>
    width - kept.slice(0, -1).reduce((sum, at) => sum + widths[at], 0);
  const whole = HEAD.map((_, at) => at);
  const kept = room(whole) >= 40 ? whole : whole.filter((at) => !SPARED.includes(HEAD[at]));
  return aligned(
    all.map((row) => kept.map((at) => row[at])),
    Math.max(20, room(kept)),
  );
}

/** Columns two blanks apart, without lines: it pipes. The last one has at most so many cells. */
function aligned(rows: readonly (readonly string[])[], lastWidth?: number): string {
  const table = new Table({
    chars: NO_LINES,
    colWidths: lastWidth === undefined ? [] : [...rows[0].slice(1).map(() => null), lastWidth],
    style: { border: [], head: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows) table.push(row.map(visible));
  const lines = table.toString().split('\n');
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

const GAP = '  ';
const NO_LINES = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left'],
    ...['bottom-right', 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'],
  ].map((place) => [place, '']),
);
NO_LINES.middle = GAP;
