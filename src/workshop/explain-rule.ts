import { closestName, InputError, type Rule } from '../model/index.ts';
import type { Mapping } from '../normalise/index.ts';
import { visible } from '../report/index.ts';
import type { ActiveRule, LoadedRules } from '../ruleset/index.ts';
import { compileDetections, jsonRecord, type SigmaRecord, type Trace } from '../sigma/index.ts';
import { createEventReader, recordOf } from './event-reader.ts';
import { isRipe } from './flow-reader.ts';
import { eventOfLine } from './match-events.ts';
import { type TraceOptions, traceLines } from './trace-lines.ts';

/** A line of a log, with its place. */
export interface PlacedLine {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** What a rule is explained on. */
export type Subject =
  | { readonly kind: 'event'; readonly event: object }
  | {
      readonly kind: 'flow';
      readonly id: string;
      /** What flow rules read. */
      readonly record: SigmaRecord;
      /** What event rules read. */
      readonly lines: readonly PlacedLine[];
    };

export interface RuleExplanation {
  readonly matched: boolean;
  readonly text: string;
}

/**
 * Says why a rule matches, or which of its leaves do not hold, by the evaluator of an analysis.
 * An event rule is explained on the first line of a flow that it matches, or else on the line
 * that comes nearest.
 *
 * @throws InputError when there is no such rule.
 */
export function explainRule(
  loaded: LoadedRules,
  mappings: readonly Mapping[],
  name: string,
  subject: Subject,
  options: TraceOptions & { readonly lang: 'en' | 'zh' },
): RuleExplanation {
  const rule = ruleNamed(loaded, name);
  const { facts } = rule.document;
  const index = compileDetections([rule.detection]);
  const traced = (record: SigmaRecord): Trace => index.trace(0, record);
  const head = `${visible(facts.name)}  ${visible(facts.title[options.lang])}`;
  const said = (matched: boolean, trace: Trace, where: string, note?: string): RuleExplanation => {
    const verdict = matched ? 'matches' : 'does not match';
    const lines = [head, `${verdict} ${where}`, ...(note === undefined ? [] : [note])];
    return {
      matched,
      text: `${[...lines, ...traceLines(trace, options).map((line) => `  ${line}`)].join('\n')}\n`,
    };
  };

  if (facts.scope === 'flow') {
    const record = subject.kind === 'flow' ? subject.record : jsonRecord(subject.event);
    const trace = traced(record);
    const where = subject.kind === 'flow' ? `flow ${visible(subject.id)}` : 'this flow record';
    if (!trace.matched || isRipe(facts, record)) return said(trace.matched, trace, where);
    return said(false, trace, where, 'too early: its deadline lies behind the end of the data');
  }

  const read = createEventReader(loaded.ruleSet.events, mappings);
  const eventRecord = (text: string): SigmaRecord =>
    rule.document.own ? recordOf(read(text)) : jsonRecord(eventOfLine(text));
  if (subject.kind === 'event') {
    const trace = traced(eventRecord(JSON.stringify(subject.event)));
    return said(trace.matched, trace, 'this event');
  }
  let best: { readonly trace: Trace; readonly place: string; readonly score: number } | undefined;
  for (const { file, line, text } of subject.lines) {
    const trace = traced(eventRecord(text));
    const score = trace.matched ? Number.POSITIVE_INFINITY : held(trace);
    if (best === undefined || score > best.score) {
      best = { trace, place: `${visible(file)}:${line}`, score };
    }
    if (trace.matched) break;
  }
  if (best === undefined) {
    return { matched: false, text: `${head}\nflow ${visible(subject.id)} has no lines\n` };
  }
  const near = best.trace.matched ? best.place : `any line; nearest is ${best.place}`;
  return said(best.trace.matched, best.trace, near);
}

/** How many items hold as they should. */
function held(trace: Trace): number {
  if (trace.kind === 'item') return trace.matched ? 1 : 0;
  if ('parts' in trace) return trace.parts.reduce((sum, part) => sum + held(part), 0);
  return trace.kind === 'not' ? Number(trace.matched) / 2 : held(trace.part);
}

function ruleNamed({ active, documents }: LoadedRules, name: string): ActiveRule {
  const isNamed = ({ id, name: own }: Rule): boolean => own === name || id === name;
  const found = active.find(({ document }) => isNamed(document.facts));
  if (found !== undefined) return found;
  const known = documents.find(({ facts }) => isNamed(facts));
  if (known !== undefined) {
    const why =
      known.kind === 'rule' ? 'it is deprecated or has an error' : `it is a ${known.kind}`;
    throw new InputError('rule-not-evaluated', {
      message: `rule "${name}" is not evaluated: ${why}`,
      at: `${known.file}:${known.facts.line}`,
    });
  }
  const names = active.map(({ document }) => document.facts.name);
  const near = closestName(name, names);
  throw new InputError('unknown-rule', {
    message: `no rule is called "${name}"`,
    hint: near === undefined ? 'scanlens rules list prints the names' : `did you mean "${near}"?`,
  });
}
