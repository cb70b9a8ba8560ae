import { RE2JS } from 're2js';
import {
  ABANDON_REASONS,
  closestName,
  FLOW_KINDS,
  InputError,
  OUTCOME_KINDS,
  STAGES,
} from '../model/index.ts';
import { COMPARISONS, type Comparison, type Condition, compareValues } from './condition.ts';
import { OUTCOME_FACETS } from './facet.ts';

export interface WhereOptions {
  /** The flag or file the text came from, for error messages. */
  readonly at?: string;
  /** Names of rules, to check `cause` and `symptom`; unchecked without. */
  readonly rules?: readonly string[];
}

/** Parentheses nested deeper than this are nobody's intent. */
const MAX_DEPTH = 100;

/**
 * Reads a condition on flows: comparisons `field op value` joined by `&&` (binds tighter), `||`
 * and parentheses, such as `region=sh && client~8.0`. Values may stand in single or double
 * quotes. `~` is a regular expression in RE2's language, found anywhere in the value.
 * @throws InputError with the column of the mistake.
 */
export function parseWhere(text: string, options: WhereOptions = {}): Condition {
  const tokens = tokenise(text, options);
  let next = 0;
  let depth = 0;

  const condition = any();
  const rest = tokens[next];
  if (rest.kind !== 'end') throw mistake(rest, `expected && or || before ${quote(rest.text)}`);
  return condition;

  function any(): Condition {
    const parts = [all()];
    while (tokens[next].text === '||' && tokens[next].kind === 'mark') {
      next++;
      parts.push(all());
    }
    return parts.length === 1 ? parts[0] : { kind: 'any', parts };
  }

  function all(): Condition {
    const parts = [term()];
    while (tokens[next].text === '&&' && tokens[next].kind === 'mark') {
      next++;
      parts.push(term());
    }
    return parts.length === 1 ? parts[0] : { kind: 'all', parts };
  }

  function term(): Condition {
    const token = tokens[next++];
    if (token.kind === 'mark' && token.text === '(') {
      depth++;
      if (depth > MAX_DEPTH)
        throw mistake(token, `parentheses are nested deeper than ${MAX_DEPTH} levels`);
      const inner = any();
      depth--;
      const close = tokens[next++];
      if (close.kind !== 'mark' || close.text !== ')')
        throw mistake(close, 'the parenthesis is not closed', `it opens at column ${token.column}`);
      return inner;
    }
    if (token.kind !== 'word')
      throw mistake(
        token,
        token.kind === 'end'
          ? 'a comparison is missing'
          : `expected a field, not ${quote(token.text)}`,
        'write field=value, such as region=sh',
      );
    return comparison(token);
  }

  function comparison(field: Token): Condition {
    const operator = tokens[next++];
    const sign = COMPARISONS.find((known) => operator.kind === 'mark' && known === operator.text);
    if (sign === undefined)
      throw mistake(
        operator,
        `${quote(field.text)} is not compared with anything`,
        `use one of ${COMPARISONS.join(' ')}`,
      );
    const value = tokens[next++];
    if (value.kind !== 'word' && value.kind !== 'string')
      throw mistake(value, `a value is missing after ${sign}`, 'quote values with spaces or signs');
    if (sign === '=' || sign === '!=') check(field, value);
    return {
      kind: 'compare',
      name: field.text,
      comparison: sign,
      value: value.text,
      matches: matcher(sign, value),
    };
  }

  /** Any field may stand in logs; but the outcome's are known, and so are their values. */
  function check(field: Token, value: Token): void {
    const known = allowed(field.text);
    if (known === undefined) {
      const near = closestName(field.text, OUTCOME_FACETS);
      if (near !== undefined && allowed(near)?.includes(value.text))
        throw mistake(field, `unknown field ${quote(field.text)}`, `did you mean ${quote(near)}?`);
      return;
    }
    if (value.text === '' || known.includes(value.text)) return;
    const near = closestName(value.text, known);
    throw mistake(
      value,
      `${quote(field.text)} is never ${quote(value.text)}`,
      near !== undefined
        ? `did you mean ${quote(near)}?`
        : known.length <= 10
          ? `it is one of ${known.join(', ')}`
          : 'scanlens rules list prints the names',
    );
  }

  function allowed(name: string): readonly string[] | undefined {
    switch (name) {
      case 'outcome':
        return OUTCOME_KINDS;
      case 'kind':
        return FLOW_KINDS;
      case 'stage':
        return STAGES;
      case 'reason':
        return ABANDON_REASONS;
      case 'cause':
        return options.rules && [...options.rules, 'unclassified'];
      case 'symptom':
        return options.rules;
      default:
        return undefined;
    }
  }

  function matcher(sign: Comparison, value: Token): (text: string) => boolean {
    const wanted = value.text;
    switch (sign) {
      case '=':
      case '!=':
        return (text) => text === wanted;
      case '~':
      case '!~': {
        const pattern = compile(value);
        return (text) => pattern.matcher(text).find();
      }
      case '>':
        return (text) => compareValues(text, wanted) > 0;
      case '>=':
        return (text) => compareValues(text, wanted) >= 0;
      case '<':
        return (text) => compareValues(text, wanted) < 0;
      case '<=':
        return (text) => compareValues(text, wanted) <= 0;
    }
  }

  function compile(value: Token): RE2JS {
    try {
      return RE2JS.compile(value.text);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw mistake(value, reason.replace(/^error parsing regexp: /, 'bad pattern: '));
    }
  }

  function mistake(token: Token, message: string, hint?: string): InputError {
    return mistakeAt(token.column, message, hint, options);
  }
}

interface Token {
  readonly kind: 'word' | 'string' | 'mark' | 'end';
  readonly text: string;
  /** 1-based. */
  readonly column: number;
}

const MARKS = ['&&', '||', '!=', '!~', '>=', '<=', '==', '=~', '=', '~', '>', '<', '(', ')'];

/** Other tools' spellings. */
const SAME_AS: Readonly<Record<string, string>> = { '==': '=', '=~': '~' };

function tokenise(text: string, options: WhereOptions): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const column = at + 1;
    const sign = text[at];
    if (/\s/.test(sign)) {
      at++;
      continue;
    }
    const last = tokens[tokens.length - 1];
    const afterComparison = last?.kind === 'mark' && !['&&', '||', '(', ')'].includes(last.text);
    if (sign === '"' || sign === "'") {
      const { value, end } = quoted(text, at, options);
      tokens.push({ kind: 'string', text: value, column });
      at = end;
      continue;
    }
    const mark = MARKS.find((known) => text.startsWith(known, at));
    if (mark !== undefined) {
      tokens.push({ kind: 'mark', text: SAME_AS[mark] ?? mark, column });
      at += mark.length;
      continue;
    }
    // A value may hold any sign but those that end it; a field's name ends at a comparison too.
    const word = (afterComparison ? VALUE : NAME).exec(text.slice(at))?.[0];
    if (word === undefined)
      throw mistakeAt(
        column,
        `${quote(sign)} has no meaning here`,
        sign === '&' || sign === '|' ? `did you mean ${quote(sign + sign)}?` : undefined,
        options,
      );
    tokens.push({ kind: 'word', text: word, column });
    at += word.length;
  }
  tokens.push({ kind: 'end', text: 'the end', column: text.length + 1 });
  return tokens;
}

const NAME = /^[^\s=!~<>&|()'"]+/;
const VALUE = /^(?:[^\s()&|'"]|&(?!&)|\|(?!\|))+/;

function quoted(
  text: string,
  from: number,
  options: WhereOptions,
): { readonly value: string; readonly end: number } {
  const quoteSign = text[from];
  let value = '';
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === quoteSign) return { value, end: at + 1 };
    if (text[at] === '\\' && (text[at + 1] === quoteSign || text[at + 1] === '\\')) at++;
    value += text[at];
  }
  throw mistakeAt(from + 1, 'the quote is not closed', undefined, options);
}

function mistakeAt(
  column: number,
  message: string,
  hint: string | undefined,
  options: WhereOptions,
): InputError {
  return new InputError('bad-where', {
    message,
    at: `${options.at ?? '--where'}:${column}`,
    hint,
  });
}

function quote(text: string): string {
  return `"${text}"`;
}
