import { closestName, InputError, STAGES, type Stage } from '../model/index.ts';
import { LOGIN_LATENCY, UNCLASSIFIED } from './snapshot.ts';

/** What a check measures. */
export type Metric =
  /** Failed of decided flows: all, or those of one cause, or those that failed at one stage. */
  | { readonly kind: 'failure_rate'; readonly of: Subject | undefined }
  /** Failures that no rule explains, of all failures. */
  | { readonly kind: 'unclassified_share' }
  /** Flows whose user left, of those and the decided ones. */
  | { readonly kind: 'abandoned_rate' }
  /** Milliseconds; `over` names a latency of a {@link Snapshot}. */
  | {
      readonly kind: 'latency';
      readonly statistic: LatencyStatistic;
      readonly over: string;
    }
  /** Flows begun; the peak is that of the busiest minute. */
  | { readonly kind: 'flows_per_second'; readonly statistic: 'mean' | 'peak' };

export type Subject =
  | { readonly kind: 'rule'; readonly rule: string }
  | { readonly kind: 'stage'; readonly stage: Stage };

export const LATENCY_STATISTICS = ['mean', 'p50', 'p95', 'p99'] as const;

export type LatencyStatistic = (typeof LATENCY_STATISTICS)[number];

/** Which units its limits take. */
export type Dimension = 'ratio' | 'duration' | 'frequency';

export function dimensionOf(metric: Metric): Dimension {
  switch (metric.kind) {
    case 'latency':
      return 'duration';
    case 'flows_per_second':
      return 'frequency';
    default:
      return 'ratio';
  }
}

/** As it is written in a configuration. */
export function metricText(metric: Metric): string {
  switch (metric.kind) {
    case 'failure_rate':
      if (metric.of === undefined) return 'failure_rate';
      return `failure_rate(${metric.of.kind === 'rule' ? metric.of.rule : metric.of.stage})`;
    case 'latency':
      return `${metric.statistic}(${metric.over.replace(/^>/, '')})`;
    case 'flows_per_second':
      return metric.statistic === 'mean' ? 'flows_per_second' : 'flows_per_second(peak)';
    default:
      return metric.kind;
  }
}

const NAMES = [
  'failure_rate',
  'unclassified_share',
  'abandoned_rate',
  'flows_per_second',
  ...LATENCY_STATISTICS,
] as const;

/** Stages that a flow passes one after the other: polling runs beside them. */
const TIMED_STAGES: readonly Stage[] = STAGES.filter((stage) => stage !== 'polled');

/** What a name that is not understood is answered with. */
export interface Mistake {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  /** Where in the text, from 0. */
  readonly offset: number;
}

/** A mistake in a text that stands somewhere; whoever reads the text knows where. */
export class TextMistake extends Error {
  override readonly name = 'TextMistake';
  readonly mistake: Mistake;

  constructor(mistake: Mistake) {
    super(mistake.message);
    this.mistake = mistake;
  }
}

/** @throws TextMistake */
export function fail(
  code: string,
  message: string,
  hint: string | undefined,
  offset: number,
): never {
  throw new TextMistake({ code, message, hint, offset });
}

/** The mistake as the user's, at a flag or argument. */
export function inputErrorAt(place: string, { mistake }: TextMistake): InputError {
  return new InputError(mistake.code, {
    message: mistake.message,
    at: `${place}:${mistake.offset + 1}`,
    hint: mistake.hint,
  });
}

/**
 * Reads `failure_rate`, `failure_rate(exchange)`, `failure_rate(code_used)`, `p95(exchange)`,
 * `p95(confirmed>exchange)`, `mean(login)`, `flows_per_second(peak)` and so on.
 * @param rules names that a cause may have.
 * @throws TextMistake for anything else: a metric that is not understood must never pass.
 */
export function parseMetric(text: string, rules: readonly string[]): Metric {
  const [, name, bracket, inner] = /^\s*([^\s()]*)\s*(\(\s*(.*?)\s*\))?\s*$/.exec(text) ?? [];
  if (name === undefined)
    fail('unknown-metric', `"${text.trim()}" is no metric`, hintFor(text.trim()), 0);
  const at = text.indexOf('(') + 1;
  const argument = bracket === undefined ? undefined : inner;
  switch (name) {
    case 'failure_rate':
      return {
        kind: 'failure_rate',
        of: argument === undefined ? undefined : parseSubject(argument, rules, at),
      };
    case 'unclassified_share':
    case 'abandoned_rate':
      if (argument !== undefined)
        fail('unknown-metric', `${name} takes no argument`, undefined, at);
      return { kind: name };
    case 'flows_per_second': {
      const statistic = argument ?? 'mean';
      if (statistic === 'mean' || statistic === 'peak') return { kind: name, statistic };
      return fail('unknown-metric', `flows_per_second has a mean and a peak`, undefined, at);
    }
    case 'mean':
    case 'p50':
    case 'p95':
    case 'p99':
      if (argument === undefined)
        fail('unknown-metric', `${name} of what?`, `${name}(exchange), ${name}(login)`, 0);
      return { kind: 'latency', statistic: name, over: parseLatency(argument, at) };
    default:
      return fail('unknown-metric', `unknown metric "${name}"`, hintFor(name), 0);
  }
}

function hintFor(name: string): string {
  const near = closestName(name, NAMES);
  return near === undefined ? `it is one of ${NAMES.join(', ')}` : `did you mean "${near}"?`;
}

function parseSubject(text: string, rules: readonly string[], at: number): Subject {
  const stage = STAGES.find((known) => known === text);
  if (stage !== undefined) return { kind: 'stage', stage };
  if (text === UNCLASSIFIED || rules.includes(text)) return { kind: 'rule', rule: text };
  const near = closestName(text, [...STAGES, UNCLASSIFIED, ...rules]);
  return fail(
    'unknown-rule',
    `"${text}" is neither a rule nor a stage`,
    near === undefined ? 'scanlens rules list prints the rules' : `did you mean "${near}"?`,
    at,
  );
}

function parseLatency(text: string, at: number): string {
  if (text === LOGIN_LATENCY) return LOGIN_LATENCY;
  const parts = text.split('>');
  const [from, to] = parts.length === 1 ? [undefined, text.trim()] : parts.map((p) => p.trim());
  if (parts.length > 2) fail('unknown-metric', 'a latency lies between two stages', undefined, at);
  if (from === undefined) {
    const stage = timedStage(to, at);
    if (stage === TIMED_STAGES[0])
      fail('unknown-stage', `${stage} comes first: nothing takes time before it`, undefined, at);
    return `>${stage}`;
  }
  const start = timedStage(from, at);
  const end = timedStage(to, at + text.indexOf('>') + 1);
  if (TIMED_STAGES.indexOf(start) >= TIMED_STAGES.indexOf(end))
    fail(
      'unknown-metric',
      `${start} does not come before ${end}`,
      start === end ? undefined : `did you mean "${end}>${start}"?`,
      at,
    );
  return `${start}>${end}`;
}

function timedStage(text: string, at: number): Stage {
  const stage = TIMED_STAGES.find((known) => known === text);
  if (stage !== undefined) return stage;
  if (text === 'polled')
    fail('unknown-stage', 'polling runs beside the other stages and has no latency', undefined, at);
  const near = closestName(text, [...TIMED_STAGES, LOGIN_LATENCY]);
  return fail(
    'unknown-stage',
    `unknown stage "${text}"`,
    near === undefined ? `it is one of ${TIMED_STAGES.join(', ')}` : `did you mean "${near}"?`,
    at,
  );
}
