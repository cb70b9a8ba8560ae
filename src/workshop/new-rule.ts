import { redact } from '../aggregate/index.ts';
import { flowRecord } from '../classify/index.ts';
import {
  EVENT_FIELDS,
  type Flow,
  type FlowLine,
  InputError,
  STAGES,
  type Stage,
} from '../model/index.ts';
import type { Mapping } from '../normalise/index.ts';
import { type LoadedRules, OTHER_CATEGORIES } from '../ruleset/index.ts';
import { createEventReader, type EventValue } from './event-reader.ts';
import { createEventMatcher, eventOfLine } from './match-events.ts';
import { tellingPhrase } from './telling-phrase.ts';
import { yamlMap, yamlText } from './yaml-text.ts';

/** Of what a rule is made. */
export type RuleSample =
  | { readonly kind: 'lines'; readonly lines: readonly string[] }
  | {
      readonly kind: 'flow';
      readonly flow: Flow;
      readonly lines: readonly FlowLine[];
      /** Unix milliseconds of the end of the data. */
      readonly watermarkMs: number | undefined;
    };

export interface NewRuleOptions {
  /** A fresh UUID. */
  readonly id: string;
  /** Made up from what the rule looks for when not given. */
  readonly name?: string | undefined;
  readonly sample: RuleSample;
}

export interface NewRule {
  readonly name: string;
  readonly text: string;
  /** Rules that match the sample already, the strongest first. */
  readonly known: readonly string[];
}

/**
 * A rule with one test that matches and one that does not, made from a line that no rule explains
 * or from a flow. Ids and secrets are taken out of the texts it keeps. The skeleton passes lint;
 * its author decides what it means.
 *
 * @throws InputError when the sample has nothing a rule could hold on to.
 */
export function newRule(
  loaded: LoadedRules,
  mappings: readonly Mapping[],
  options: NewRuleOptions,
): NewRule {
  const draft =
    options.sample.kind === 'flow'
      ? flowDraft(loaded, options.sample)
      : eventDraft(loaded, mappings, options.sample.lines);
  const taken = new Set(loaded.documents.map(({ facts }) => facts.name));
  const name = options.name ?? freeName(draft.name, taken);
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new InputError('wrong-name', {
      message: `"${name}" cannot be the name of a rule`,
      hint: 'use letters, digits and _, not beginning with a digit',
    });
  }
  const text = `title: ${yamlText(draft.title)}
id: ${options.id}
name: ${name}
status: experimental
logsource: {product: wechat_login, category: ${draft.category}}
detection:
${draft.detection.map((line) => `    ${line}\n`).join('')}level: medium
custom_attributes:
    flow.class: ${name.toLowerCase()}
${draft.priority === 0 ? '' : `    flow.priority: ${draft.priority}\n`}    flow.title.zh: ${yamlText(draft.title)}
    flow.remediation:
        en: Say what to do about it.
        zh: 请写明处理办法。
    flow.tests:
${draft.tests.map((line) => `        ${line}\n`).join('')}`;
  return { name, text, known: draft.known };
}

interface Draft {
  readonly title: string;
  readonly name: string;
  readonly category: string;
  readonly detection: readonly string[];
  readonly tests: readonly string[];
  readonly priority: number;
  readonly known: readonly string[];
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let i = 2; taken.has(name); i++) name = `${wanted}_${i}`;
  return name;
}

function slug(text: string): string {
  const words = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 40)
    .replace(/_+$/, '');
  return /^[a-z]/.test(words) ? words : `rule_${words}`.replace(/_+$/, '');
}

function eventDraft(
  loaded: LoadedRules,
  mappings: readonly Mapping[],
  lines: readonly string[],
): Draft {
  const read = createEventReader({ fields: new Set(EVENT_FIELDS), hasKeywords: true }, mappings);
  const match = createEventMatcher(loaded, mappings);
  for (const line of lines) {
    const sign = signOf(read(JSON.stringify(eventOfLine(line))));
    if (sign === undefined) continue;
    const known = match(line).rules;
    const priorities = loaded.ruleSet.rules
      .filter(({ name }) => known.includes(name))
      .map(({ priority }) => priority);
    return {
      ...sign,
      priority: priorities.length === 0 ? 0 : Math.max(...priorities) + 1,
      known,
    };
  }
  throw new InputError('nothing-telling', {
    message: 'no line has an error code, an exception or words that a rule could look for',
  });
}

type Sign = Omit<Draft, 'priority' | 'known'>;

/** What stands in an event that a rule can look for, the best evidence first. */
function signOf(values: readonly EventValue[]): Sign | undefined {
  const textOf = (field: string): string | undefined =>
    values.find((value) => value.field === field)?.text;
  const stage = textOf('login.stage');
  const category =
    [...STAGES, ...OTHER_CATEGORIES].find((known) => known === stage) ?? OTHER_CATEGORIES[0];
  const code = textOf('wechat.errcode');
  if (code !== undefined && /^-?\d+$/.test(code) && code !== '0') {
    const errcode = Number(code);
    return {
      title: `WeChat answered ${code}`,
      name: `wx_${code.replace('-', 'minus_')}`,
      category: category === 'app' ? 'exchange' : category,
      detection: [`selection: {wechat.errcode: ${errcode}}`, 'condition: selection'],
      tests: [
        `- {name: the code, expect: match, event: ${yamlMap({ 'wechat.errcode': errcode })}}`,
        `- {name: success, expect: no-match, event: ${yamlMap({ 'wechat.errcode': 0 })}}`,
      ],
    };
  }
  const exception = textOf('exception.type') ?? textOf('error.type');
  if (exception !== undefined && /^[\w.$]+$/.test(exception)) {
    const field = textOf('exception.type') === undefined ? 'error.type' : 'exception.type';
    const simple = exception.split(/[.$]/).at(-1) as string;
    return {
      title: `${simple} was thrown`,
      name: slug(simple.replace(/([a-z])([A-Z])/g, '$1_$2')),
      category,
      detection: [`selection: {${field}|endswith: ${yamlText(simple)}}`, 'condition: selection'],
      tests: [
        `- {name: the exception, expect: match, event: ${yamlMap({ [field]: exception })}}`,
        `- {name: another, expect: no-match, event: ${yamlMap({ [field]: `${simple}Handler` })}}`,
      ],
    };
  }
  for (const field of ['exception.message', 'error.message', 'message']) {
    const message = textOf(field);
    const clean = message === undefined ? '' : redact(message, { showIds: false });
    const phrase = tellingPhrase(clean);
    if (phrase === undefined) continue;
    const words = phrase.split(' ');
    const cut = words.length > 1 ? words.slice(0, -1).join(' ') : phrase.slice(0, -1);
    // A pattern would read * and ? as wildcards.
    const literal = phrase.replace(/[\\*?]/g, '\\$&');
    return {
      title: phrase,
      name: slug(phrase),
      category,
      detection: [`keywords: [${yamlText(literal)}]`, 'condition: keywords'],
      tests: [
        `- {name: the line, expect: match, event: ${yamlMap({ message: clean })}}`,
        `- {name: part of it, expect: no-match, event: ${yamlMap({ message: cut })}}`,
      ],
    };
  }
  return undefined;
}

/** How long a stage may take before it counts as missing. */
const PATIENCE_MS = 300_000;

function flowDraft(
  { ruleSet }: LoadedRules,
  { flow, lines, watermarkMs }: Extract<RuleSample, { kind: 'flow' }>,
): Draft {
  const record = flowRecord(flow, ruleSet.rules, watermarkMs);
  const reached = STAGES.filter((stage) => record.get(`${stage}.ts`) !== undefined);
  const failed = STAGES.find((stage) => record.get(`${stage}.errors`) !== undefined);
  const last = reached.at(-1);
  const missing = last === undefined ? undefined : STAGES[STAGES.indexOf(last) + 1];
  if (failed === undefined && (last === undefined || missing === undefined)) {
    throw new InputError('nothing-telling', {
      message: 'the flow has neither a failed stage nor one that it did not reach',
    });
  }
  const detection =
    failed !== undefined
      ? [
          `failed: {${failed}.failed.ts|exists: true}`,
          `done: {${failed}.ts|exists: true}`,
          'condition: failed and not done',
        ]
      : [
          `waiting: {age_ms.${last}|gte: ${PATIENCE_MS}}`,
          `absent: {${missing}.ts|exists: false}`,
          'condition: waiting and absent',
        ];
  const events = stepsOf(lines, flow);
  const healed = failed ?? (missing as Stage);
  const after = (events.at(-1)?.offset ?? 0) + 1;
  const shown = (all: readonly Step[]): string[] =>
    all.map(
      ({ offset, stage, outcome }) =>
        `      - {offset: ${offset}s, event: {login.flow.id: q1, login.stage: ${stage}, login.outcome: ${outcome}}}`,
    );
  const name = failed === undefined ? `no_${missing}_after_${last}` : `${failed}_failed`;
  return {
    title: failed === undefined ? `No ${missing} after ${last}` : `The ${failed} step failed`,
    name,
    category: 'flow',
    detection,
    tests: [
      '- name: the flow',
      '  expect: match',
      '  events:',
      ...shown(events),
      '- name: it went on',
      '  expect: no-match',
      '  events:',
      ...shown([...events, { offset: after, stage: healed, outcome: 'ok' }]),
    ],
    priority: 0,
    known: flow.signals.map(({ rule }) => ruleSet.rules[rule].name),
  };
}

interface Step {
  /** Whole seconds since the first. */
  readonly offset: number;
  readonly stage: Stage;
  readonly outcome: string;
}

/** The stages of a flow as events of a test, free of its ids. */
function stepsOf(lines: readonly FlowLine[], flow: Flow): readonly Step[] {
  const known = lines.flatMap(({ stage, outcome, timeMs }) =>
    stage === undefined ? [] : [{ stage, outcome, timeMs }],
  );
  const steps =
    known.length > 0
      ? known
      : flow.steps.map(({ stage, outcome, firstMs }) => ({ stage, outcome, timeMs: firstMs }));
  const times = steps.flatMap(({ timeMs }) => (timeMs === undefined ? [] : [timeMs]));
  const begin = Math.min(...times);
  return steps.map(({ stage, outcome, timeMs }, i) => ({
    offset: timeMs === undefined ? i : Math.round((timeMs - begin) / 1000),
    stage,
    outcome,
  }));
}
