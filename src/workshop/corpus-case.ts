import { Ajv } from 'ajv';
import type { Problem, Rule } from '../model/index.ts';
import type { LoadedRules } from '../ruleset/index.ts';
import {
  createReporter,
  type DetectionIndex,
  entryOf,
  plainOf,
  readYaml,
  type YamlNode,
} from '../sigma/index.ts';
import type { CaseResult } from './case-result.ts';
import { type EventReader, recordOf } from './event-reader.ts';
import { type FlowReader, isRipe } from './flow-reader.ts';

/** A case of a `*.test.yml` file: a log beside the rule and how often the rule matches in it. */
export interface CorpusCase {
  /** Name or id. */
  readonly rule: string;
  readonly name: string;
  /** As written in the file. */
  readonly corpus: string;
  readonly lines: readonly string[];
  readonly exactly: number | undefined;
  readonly atLeast: number | undefined;
  readonly atMost: number | undefined;
  /** Whether a hit of another failure rule fails the case. */
  readonly unexpectedFails: boolean;
  readonly file: string;
  readonly line: number;
}

const count = { type: 'integer', minimum: 0 } as const;

const SCHEMA = {
  type: 'object',
  properties: {
    rule: { type: 'string', minLength: 1 },
    cases: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        properties: {
          name: { type: 'string', minLength: 1 },
          corpus: { type: 'string', minLength: 1 },
          exactly: count,
          at_least: count,
          at_most: count,
          unexpected: { enum: ['fail', 'ignore'] },
        },
        required: ['name', 'corpus'],
        anyOf: [{ required: ['exactly'] }, { required: ['at_least'] }, { required: ['at_most'] }],
        additionalProperties: false,
      },
    },
  },
  required: ['rule', 'cases'],
  additionalProperties: false,
} as const;

interface PlainFile {
  readonly rule: string;
  readonly cases: readonly {
    readonly name: string;
    readonly corpus: string;
    readonly exactly?: number;
    readonly at_least?: number;
    readonly at_most?: number;
    readonly unexpected?: 'fail' | 'ignore';
  }[];
}

/**
 * Reads a `*.test.yml` file.
 * @param readCorpus the text of a log named in the file; undefined when there is none.
 */
export function readCorpusCases(
  { file, text }: { readonly file: string; readonly text: string },
  readCorpus: (corpus: string, besideFile: string) => string | undefined,
  problems: Problem[],
): readonly CorpusCase[] {
  const report = createReporter(file, text, problems);
  const validate = new Ajv({ allErrors: true, strict: false }).compile(SCHEMA);
  return readYaml(text, report).flatMap((node) => {
    const plain = plainOf(node) as PlainFile;
    if (!validate(plain)) {
      for (const error of validate.errors ?? []) {
        const place = nodeAt(node, error.instancePath);
        const where = error.instancePath === '' ? 'the document' : error.instancePath.slice(1);
        report.error(place, 'wrong-value', `${where} ${error.message ?? 'is wrong'}`);
      }
      return [];
    }
    return plain.cases.flatMap((one, i) => {
      const place = nodeAt(node, `/cases/${i}/corpus`);
      const log = readCorpus(one.corpus, file);
      if (log === undefined) {
        report.error(place, 'missing-corpus', `there is no file "${one.corpus}"`);
        return [];
      }
      const corpusCase: CorpusCase = {
        rule: plain.rule,
        name: one.name,
        corpus: one.corpus,
        lines: log.split(/\r?\n/).filter((line) => line.trim() !== ''),
        exactly: one.exactly,
        atLeast: one.at_least,
        atMost: one.at_most,
        unexpectedFails: one.unexpected === 'fail',
        file,
        line: report.place(place.start).line,
      };
      return [corpusCase];
    });
  });
}

function nodeAt(document: YamlNode, pointer: string): YamlNode {
  let node = document;
  for (const part of pointer.split('/').slice(1)) {
    const next: YamlNode | undefined =
      node.kind === 'list' ? node.items[Number(part)] : entryOf(node, part)?.value;
    if (next === undefined) break;
    node = next;
  }
  return node;
}

/** Counts the lines that an event rule matches, or the flows that a flow rule does. */
export function runCorpusCase(
  one: CorpusCase,
  rule: Rule,
  index: DetectionIndex,
  { ruleSet }: LoadedRules,
  { readEvent, readFlows }: { readonly readEvent: EventReader; readonly readFlows: FlowReader },
): CaseResult {
  const complaints: string[] = [];
  const others = new Map<string, number>();
  const meet = (numbers: readonly number[]): void => {
    for (const number of numbers) {
      const other = ruleSet.rules[number];
      if (other.name === rule.name || other.effect !== 'failure') continue;
      others.set(other.name, (others.get(other.name) ?? 0) + 1);
    }
  };
  let hits = 0;
  if (rule.scope === 'flow') {
    for (const { record } of readFlows(one.lines).flows) {
      if (isRipe(rule, record) && index.match(record).length > 0) hits++;
      if (one.unexpectedFails) {
        meet(ruleSet.flows.match(record).map((detection) => ruleSet.flowRules[detection]));
      }
    }
  } else {
    for (const line of one.lines) {
      const record = recordOf(readEvent(line));
      if (index.match(record).length > 0) hits++;
      if (one.unexpectedFails) {
        meet(ruleSet.events.match(record).map((detection) => ruleSet.eventRules[detection]));
      }
    }
  }
  const found = `${hits} ${rule.scope === 'flow' ? 'flows' : 'lines'} match`;
  if (one.exactly !== undefined && hits !== one.exactly) {
    complaints.push(`${found}, not ${one.exactly}`);
  }
  if (one.atLeast !== undefined && hits < one.atLeast) {
    complaints.push(`${found}, fewer than ${one.atLeast}`);
  }
  if (one.atMost !== undefined && hits > one.atMost) {
    complaints.push(`${found}, more than ${one.atMost}`);
  }
  for (const [name, times] of others) complaints.push(`${name} matches too, ${times} times`);
  return {
    name: one.name,
    status: complaints.length === 0 ? 'passed' : 'failed',
    message: complaints.length === 0 ? undefined : complaints.join('; '),
    file: one.file,
    line: one.line,
  };
}
