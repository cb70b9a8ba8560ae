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

/** Prints a line for each rule: name, class, scope, effect, level, title. */
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
  await stdout.write(aligned(rows));
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

/** Columns two blanks apart, without lines: it pipes. */
function aligned(rows: readonly (readonly string[])[]): string {
  const table = new Table({
    chars: NO_LINES,
    style: { border: [], head: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows) table.push(row.map(visible));
  const lines = table.toString().split('\n');
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

const NO_LINES = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left'],
    ...['bottom-right', 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'],
  ].map((place) => [place, '']),
);
NO_LINES.middle = '  ';
