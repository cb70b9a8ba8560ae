import { redactValue } from '../aggregate/index.ts';
import { visible } from '../report/index.ts';
import type { ItemTrace, SigmaValue, Trace, ValueTrace } from '../sigma/index.ts';

export interface TraceOptions {
  /** Ids of logins in clear; secrets never are. */
  readonly showIds: boolean;
}

/** Of a long list of values that do not hold, as many are shown. */
const SHOWN_MISSES = 5;
const SHOWN_LENGTH = 160;

/** A tree of PASS and FAIL lines, with what the record really holds. */
export function traceLines(trace: Trace, options: TraceOptions): readonly string[] {
  return linesOf(trace, 0, options);
}

function linesOf(trace: Trace, depth: number, options: TraceOptions): string[] {
  const line = (matched: boolean, text: string): string =>
    `${'  '.repeat(depth)}${matched ? 'PASS' : 'FAIL'} ${text}`;
  switch (trace.kind) {
    case 'named':
      return [line(trace.matched, trace.name), ...linesOf(trace.part, depth + 1, options)];
    case 'not':
      return [line(trace.matched, 'not'), ...linesOf(trace.part, depth + 1, options)];
    case 'item':
      return itemLines(trace, depth, options);
    default: {
      const word = trace.kind === 'and' ? 'all of' : 'one of';
      return [
        line(trace.matched, word),
        ...trace.parts.flatMap((part) => linesOf(part, depth + 1, options)),
      ];
    }
  }
}

function itemLines(trace: ItemTrace, depth: number, options: TraceOptions): string[] {
  const { item, values, matched } = trace;
  const indent = '  '.repeat(depth);
  const modifiers = item.modifiers === '' ? '' : ` ${item.modifiers.replaceAll('|', ' ')}`;
  const name = item.field === undefined ? `keyword${modifiers}` : `${item.field}${modifiers}`;
  const actual = actualText(trace, options);
  const mark = (passed: boolean): string => (passed ? 'PASS' : 'FAIL');
  if (values.length === 1) {
    const text = `${visible(name)}: ${shown(values[0], options)}   ${actual}`;
    return [`${indent}${mark(matched)} ${text}`];
  }
  const joined = item.all ? 'all of' : 'one of';
  const negated = item.negated ? 'not ' : '';
  const hits = values.filter((value) => value.matched);
  const misses = values.filter((value) => !value.matched);
  const listed = [...hits, ...misses.slice(0, SHOWN_MISSES)];
  const hidden = misses.length - Math.min(misses.length, SHOWN_MISSES);
  return [
    `${indent}${mark(matched)} ${visible(name)}: ${negated}${joined} ${values.length}   ${actual}`,
    ...listed.map((value) => `${indent}  ${mark(value.matched)} ${shown(value, options)}`),
    ...(hidden > 0 ? [`${indent}  FAIL ${hidden} more`] : []),
  ];
}

/** What the rule asks for; of a comparison with another field what that one holds, too. */
function shown({ value, other }: ValueTrace, options: TraceOptions): string {
  const { ask } = value;
  const text = ask.kind === 'predicates' ? `"${value.shown}"` : value.shown;
  const compared = ask.kind === 'fieldref' ? ` (${valuesText(ask.field, other, options)})` : '';
  return `${cut(visible(text))}${compared}`;
}

function actualText({ item, actual }: ItemTrace, options: TraceOptions): string {
  if (item.field !== undefined) return `is ${valuesText(item.field, actual, options)}`;
  if (actual === undefined || actual.length === 0) return 'in no value';
  return `in ${valuesText('message', actual, options)}`;
}

function valuesText(
  field: string,
  values: readonly SigmaValue[] | undefined,
  { showIds }: TraceOptions,
): string {
  if (values === undefined) return 'absent';
  if (values.length === 0) return 'empty';
  const texts = values
    .slice(0, 3)
    .map((value) =>
      value === null ? 'null' : `"${cut(visible(redactValue(field, value, { showIds })))}"`,
    );
  return values.length > 3 ? `${texts.join(', ')} and ${values.length - 3} more` : texts.join(', ');
}

function cut(text: string): string {
  return text.length <= SHOWN_LENGTH ? text : `${text.slice(0, SHOWN_LENGTH)}…`;
}
