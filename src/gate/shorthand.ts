import type { InputError } from '../model/index.ts';
import { type Check, DEFAULT_DISCOVERY_RATE } from './check.ts';
import { type Limit, parseLimit } from './limit.ts';
import {
  type Dimension,
  dimensionOf,
  fail,
  inputErrorAt,
  type Metric,
  parseMetric,
  TextMistake,
} from './metric.ts';

export interface ShorthandOptions {
  /** The flag, for messages. */
  readonly flag: string;
  readonly id: string;
  readonly rules: readonly string[];
}

/**
 * Reads a condition under which the gate fails: `failure_rate > 5%`,
 * `failure_rate > baseline + 0.5pp`, `failure_rate per rule > baseline + 0.2pp`,
 * `p95(exchange) > baseline * 1.25`, `flows_per_second < baseline - 10/s`.
 * @throws InputError with the column of the mistake.
 */
export function parseShorthand(text: string, options: ShorthandOptions): Check {
  try {
    return read(text, options);
  } catch (error) {
    if (error instanceof TextMistake) throw placed(error, options);
    throw error;
  }
}

function placed(mistake: TextMistake, { flag }: ShorthandOptions): InputError {
  return inputErrorAt(flag, mistake);
}

function read(text: string, { id, rules }: ShorthandOptions): Check {
  const match = /^([^<>()]*(?:\([^()]*\))?[^<>()]*?)(<=|>=|<|>)(.*)$/s.exec(text);
  if (match === null)
    fail(
      'bad-condition',
      `"${text.trim()}" compares nothing`,
      "write it like 'failure_rate > baseline + 0.5pp'",
      0,
    );
  const [, left, sign, right] = match;
  const [, before, per] = /^(.*?)\s+per\s+(\S+)\s*$/s.exec(left) ?? [undefined, left, undefined];
  if (per !== undefined && per !== 'rule' && per !== 'stage')
    fail('bad-condition', `per "${per}"?`, 'per rule, or per stage', left.lastIndexOf(per));
  const metric = at(left.length - left.trimStart().length, () => parseMetric(before.trim(), rules));
  if (per !== undefined && !(metric.kind === 'failure_rate' && metric.of === undefined))
    fail('bad-condition', `only failure_rate is taken per ${per}`, undefined, 0);
  return {
    id,
    metric,
    per,
    limits: [readBound(right, sign.startsWith('>'), metric, left.length + sign.length)],
    falseDiscoveryRate: DEFAULT_DISCOVERY_RATE,
    dependence: 'independent',
    level: 'error',
  };
}

/** @param upper whether the gate fails above the bound. */
function readBound(text: string, upper: boolean, metric: Metric, offset: number): Limit {
  const dimension = dimensionOf(metric);
  const bound = text.trim();
  const start = offset + text.length - text.trimStart().length;
  const [, rest] = /^baseline\b\s*(.*)$/s.exec(bound) ?? [];
  if (rest === undefined) {
    if (/^[a-z]/i.test(bound))
      fail(
        'bad-condition',
        `"${bound}" is no bound`,
        'a value with its unit, or baseline + 0.5pp',
        start,
      );
    return at(start, () => parseLimit(upper ? 'max' : 'min', bound, dimension));
  }
  return at(start + bound.length - rest.length, () => readChange(rest, upper, dimension));
}

function readChange(text: string, upper: boolean, dimension: Dimension): Limit {
  if (text === '') return { kind: upper ? 'max_increase' : 'max_decrease', value: 0 };
  const [sign, amount] = [text[0], text.slice(1)];
  const offset = 1 + amount.length - amount.trimStart().length;
  if (sign === '*' || sign === '×') {
    const factor = /^\s*\d+(\.\d+)?\s*$/.test(amount) ? Number(amount) : Number.NaN;
    if (!(upper ? factor >= 1 : factor >= 0 && factor <= 1))
      fail(
        'bad-condition',
        upper ? 'the factor is a number from 1' : 'the factor is a number from 0 to 1',
        upper ? 'like baseline * 1.25' : 'like baseline * 0.7',
        offset,
      );
    const value = Number(Math.abs(factor - 1).toPrecision(12));
    return { kind: upper ? 'max_relative_increase' : 'max_relative_decrease', value };
  }
  if (sign !== (upper ? '+' : '-'))
    fail(
      'bad-condition',
      `a bound ${upper ? 'above' : 'below'} the baseline is written baseline ${upper ? '+' : '-'} …`,
      undefined,
      0,
    );
  return at(offset, () =>
    parseLimit(upper ? 'max_increase' : 'max_decrease', amount.trim(), dimension),
  );
}

/** Reads a part of the text: its mistakes stand so far into the whole. */
function at<T>(offset: number, readPart: () => T): T {
  try {
    return readPart();
  } catch (error) {
    if (!(error instanceof TextMistake)) throw error;
    throw new TextMistake({ ...error.mistake, offset: error.mistake.offset + offset });
  }
}
