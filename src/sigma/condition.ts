import type { Reporter, Span } from './reporter.ts';
import { didYouMean } from './suggest.ts';
import type { YamlScalar } from './yaml.ts';

/** A condition over names, as written; selectors are resolved to the names they mean. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | { readonly kind: 'name'; readonly name: string; readonly span: Span };

interface Token {
  readonly text: string;
  readonly span: Span;
}

class Mistake extends Error {}

const MAX_NESTING = 64;

/**
 * Reads a condition: `or` binds least, then `and`, `not`, `1 of` / `any of` / `all of`, and
 * parentheses. Selectors take `them` or a name with `*`; names that begin with `_` are left out
 * unless the pattern begins so.
 *
 * @param names what may be named; `what` says what they are, for messages.
 * @returns undefined when the condition is wrong; the first mistake is reported.
 */
export function parseCondition(
  scalar: YamlScalar,
  names: readonly string[],
  what: string,
  report: Reporter,
): Condition | undefined {
  try {
    const tokens = tokenise(scalar, report);
    if (tokens.length === 0) {
      report.error(scalar, 'condition-syntax', 'the condition is empty');
      return undefined;
    }
    const parser = new ConditionParser(tokens, names, what, report);
    return parser.parse();
  } catch (error) {
    if (error instanceof Mistake) return undefined;
    throw error;
  }
}

function tokenise(scalar: YamlScalar, report: Reporter): readonly Token[] {
  const text = String(scalar.value ?? '');
  const tokens: Token[] = [];
  const spanOf = (from: number, to: number): Span =>
    scalar.textStart === undefined
      ? scalar
      : { start: scalar.textStart + from, end: scalar.textStart + to };
  const lexer = /\s+|[A-Za-z0-9_*-]+|[()]/y;
  for (let at = 0; at < text.length; at = lexer.lastIndex) {
    lexer.lastIndex = at;
    const match = lexer.exec(text);
    if (match === null) {
      const span = spanOf(at, at + 1);
      if (text[at] === '|') {
        const hint = 'count with a correlation document (type: event_count)';
        report.error(span, 'condition-syntax', 'pipe aggregations are not supported', hint);
      } else {
        const shown = text.slice(at, at + 1);
        report.error(span, 'condition-syntax', `"${shown}" has no meaning in a condition`);
      }
      throw new Mistake();
    }
    const span = spanOf(at, lexer.lastIndex);
    if (match[0].trim() !== '') tokens.push({ text: match[0], span });
  }
  return tokens;
}

class ConditionParser {
  private at = 0;
  private readonly tokens: readonly Token[];
  private readonly names: readonly string[];
  private readonly what: string;
  private readonly report: Reporter;

  constructor(tokens: readonly Token[], names: readonly string[], what: string, report: Reporter) {
    this.tokens = tokens;
    this.names = names;
    this.what = what;
    this.report = report;
  }

  parse(): Condition {
    const condition = this.alternatives(0);
    const rest = this.tokens[this.at];
    if (rest !== undefined) {
      if (rest.text === ')') this.fail(rest.span, 'this parenthesis was never opened');
      const hint = didYouMean(rest.text, ['and', 'or']) ?? 'join the parts with "and" or "or"';
      this.fail(rest.span, `"${rest.text}" cannot follow here`, hint);
    }
    return condition;
  }

  private alternatives(depth: number): Condition {
    return this.joined('or', () => this.joined('and', () => this.negation(depth)));
  }

  private joined(kind: 'and' | 'or', next: () => Condition): Condition {
    const parts = [next()];
    while (this.tokens[this.at]?.text === kind) {
      this.at++;
      parts.push(next());
    }
    return parts.length === 1 ? parts[0] : { kind, parts };
  }

  private negation(depth: number): Condition {
    let negated = false;
    while (this.tokens[this.at]?.text === 'not') {
      this.at++;
      negated = !negated;
    }
    const part = this.operand(depth);
    return negated ? { kind: 'not', part } : part;
  }

  private operand(depth: number): Condition {
    const token = this.tokens[this.at];
    if (token === undefined) {
      const { end } = this.tokens[this.tokens.length - 1].span;
      this.fail({ start: end - 1, end }, 'the condition ends too early');
    }
    this.at++;
    if (token.text === '(') {
      if (depth > MAX_NESTING) this.fail(token.span, 'too many parentheses inside each other');
      const inner = this.alternatives(depth + 1);
      if (this.tokens[this.at]?.text !== ')') {
        this.fail(token.span, 'this parenthesis is never closed');
      }
      this.at++;
      return inner;
    }
    if (this.tokens[this.at]?.text === 'of') return this.selector(token);
    if (token.text === ')' || token.text === 'and' || token.text === 'or') {
      this.fail(token.span, `"${token.text}" cannot stand here`);
    }
    if (token.text.includes('*')) {
      const hint = `write "1 of ${token.text}" or "all of ${token.text}"`;
      this.fail(token.span, `pattern "${token.text}" needs a selector`, hint);
    }
    if (!this.names.includes(token.text)) this.unknown(token);
    return { kind: 'name', name: token.text, span: token.span };
  }

  private unknown(token: Token): never {
    const lower = token.text.toLowerCase();
    const hint = ['and', 'or', 'not', 'of', 'them', 'all', 'any'].includes(lower)
      ? `operators are written in lower case: "${lower}"`
      : didYouMean(token.text, this.names);
    this.report.error(
      token.span,
      'unknown-identifier',
      `the condition names "${token.text}", but there is no such ${this.what}`,
      hint,
    );
    throw new Mistake();
  }

  private selector(count: Token): Condition {
    if (!['1', 'any', 'all'].includes(count.text)) {
      const hint = 'only "1 of", "any of" and "all of" are known';
      this.fail(count.span, `"${count.text} of" cannot be counted`, hint);
    }
    this.at++;
    const pattern = this.tokens[this.at++];
    if (pattern === undefined || pattern.text === '(' || pattern.text === ')') {
      const after = pattern?.span ?? this.tokens[this.tokens.length - 1].span;
      this.fail(after, `"${count.text} of" needs "them" or a name with *`);
    }
    const chosen = this.names.filter((name) => isChosen(name, pattern.text));
    if (chosen.length === 0) {
      this.report.error(
        pattern.span,
        'unknown-identifier',
        `"${count.text} of ${pattern.text}" chooses nothing: no ${this.what} has such a name`,
        didYouMean(pattern.text.replaceAll('*', ''), this.names),
      );
      throw new Mistake();
    }
    const parts = chosen.map((name): Condition => ({ kind: 'name', name, span: pattern.span }));
    if (parts.length === 1) return parts[0];
    return { kind: count.text === 'all' ? 'and' : 'or', parts };
  }

  private fail(span: Span, message: string, hint?: string): never {
    this.report.error(span, 'condition-syntax', message, hint);
    throw new Mistake();
  }
}

function isChosen(name: string, pattern: string): boolean {
  if (name.startsWith('_') && !pattern.startsWith('_')) return false;
  if (pattern === 'them') return true;
  const [head, ...rest] = pattern.split('*');
  if (rest.length === 0) return name === pattern;
  if (!name.startsWith(head)) return false;
  let at = head.length;
  const tail = rest.pop() as string;
  for (const piece of rest) {
    const found = name.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return name.length - tail.length >= at && name.endsWith(tail);
}

/** The names a condition speaks of. */
export function namesIn(condition: Condition): ReadonlySet<string> {
  const names = new Set<string>();
  const walk = (part: Condition): void => {
    if (part.kind === 'name') names.add(part.name);
    else if (part.kind === 'not') walk(part.part);
    else part.parts.forEach(walk);
  };
  walk(condition);
  return names;
}
