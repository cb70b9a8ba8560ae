import {
  type Condition,
  fieldsNamed,
  fieldsOfCondition,
  parseWhere,
  type Selection,
} from '../aggregate/index.ts';
import {
  closestName,
  ID_NAMESPACES,
  InputError,
  type Rule,
  STAGES,
  type Stage,
} from '../model/index.ts';
import { aliasesOf, plainName } from '../normalise/index.ts';
import type { Library } from './library.ts';
import { type Moment, momentMs, parseMoment } from './moment.ts';
import type { AnalyzeOptions } from './options.ts';

/** What the user asked to look at, checked, before the input is read. */
export interface Request {
  readonly since: Moment | undefined;
  readonly until: Moment | undefined;
  readonly where: Condition | undefined;
  readonly rules: readonly string[];
  readonly stages: readonly Stage[];
  readonly by: readonly string[];
  /** Fields to keep for each flow. */
  readonly keep: readonly string[];
}

/** @throws InputError for what no run could answer: unknown rules, stages, bad times, bad conditions. */
export function readRequest(
  options: AnalyzeOptions,
  { rules: { ruleSet }, mappings }: Library,
): Request {
  const { rules } = ruleSet;
  const aliases = aliasesOf(mappings);
  const by = [...new Set((options.by ?? []).map((name) => idFieldOr(name, aliases)))];
  const where =
    options.where === undefined
      ? undefined
      : parseWhere(options.where, { rules: rules.map(({ name }) => name) });
  const fields = [
    ...by.flatMap(fieldsNamed),
    ...(where === undefined ? [] : fieldsOfCondition(where)),
  ];
  return {
    since:
      options.since === undefined ? undefined : parseMoment('--since', options.since, options.tz),
    until:
      options.until === undefined ? undefined : parseMoment('--until', options.until, options.tz),
    where,
    rules: [...new Set((options.rule ?? []).flatMap((name) => causesNamed(name, rules)))],
    stages: (options.stage ?? []).map(stageNamed),
    by,
    keep: [...new Set(fields)],
  };
}

/** @param endMs time of the last event: what `-6h` counts from. */
export function selectionOf(request: Request, endMs: number | undefined): Selection {
  return {
    sinceMs: momentMs(request.since, endMs),
    untilMs: momentMs(request.until, endMs),
    where: request.where,
    rules: request.rules,
    stages: request.stages,
  };
}

/**
 * The field of an id in place of the name that a mapping gives it, so that a breakdown hides its values
 * as it hides those of any id.
 */
function idFieldOr(name: string, aliases: ReturnType<typeof aliasesOf>): string {
  const field = aliases.get(plainName(name)) ?? name;
  return (ID_NAMESPACES as readonly string[]).includes(field) ? field : name;
}

/** A rule by its name, or else all rules of a class. */
function causesNamed(name: string, rules: readonly Rule[]): readonly string[] {
  if (name === 'unclassified' || rules.some((rule) => rule.name === name)) return [name];
  const named = rules.filter((rule) => rule.class === name);
  if (named.length > 0) return named.map((rule) => rule.name);
  const near = closestName(name, new Set(rules.flatMap((rule) => [rule.name, rule.class])));
  throw new InputError('unknown-rule', {
    message: `--rule: no rule or class is called "${name}"`,
    hint: near === undefined ? 'scanlens rules list prints the names' : `did you mean "${near}"?`,
  });
}

function stageNamed(name: string): Stage {
  const stage = STAGES.find((known) => known === name);
  if (stage !== undefined) return stage;
  const near = closestName(name, STAGES);
  throw new InputError('unknown-stage', {
    message: `--stage: no stage is called "${name}"`,
    hint: near === undefined ? `the stages are ${STAGES.join(', ')}` : `did you mean "${near}"?`,
  });
}
