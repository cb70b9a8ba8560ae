import { fold } from './fold.ts';

/** `*`: any characters, none included, line breaks too. */
export const ANY_TEXT = Symbol('*');
/** `?`: exactly one character. */
export const ANY_CHARACTER = Symbol('?');

export type PatternPart = string | typeof ANY_TEXT | typeof ANY_CHARACTER;

/** A Sigma value as literal pieces and wildcards; neighbouring pieces are joined. */
export type TextPattern = readonly PatternPart[];

/**
 * Reads a Sigma string: `*` and `?` are wildcards, `\` escapes `*`, `?` and itself, and is an
 * ordinary character before anything else and at the end.
 */
export function parsePattern(source: string): TextPattern {
  const parts: PatternPart[] = [];
  let literal = '';
  const flush = (): void => {
    if (literal !== '') parts.push(literal);
    literal = '';
  };
  for (let i = 0; i < source.length; i++) {
    const c = source[i];
    const next = source[i + 1];
    if (c === '\\' && (next === '*' || next === '?' || next === '\\')) {
      literal += next;
      i++;
    } else if (c === '*') {
      flush();
      if (parts.at(-1) !== ANY_TEXT) parts.push(ANY_TEXT);
    } else if (c === '?') {
      flush();
      parts.push(ANY_CHARACTER);
    } else {
      literal += c;
    }
  }
  flush();
  return parts;
}

/** The text of a pattern without wildcards; undefined when it has one. */
export function plainTextOf(pattern: TextPattern): string | undefined {
  if (pattern.length === 0) return '';
  return pattern.length === 1 && typeof pattern[0] === 'string' ? pattern[0] : undefined;
}

export function mapLiterals(
  pattern: TextPattern,
  change: (literal: string) => string,
): TextPattern {
  return pattern.map((part) => (typeof part === 'string' ? change(part) : part));
}

/** The pattern with `*` put before, after, or on both sides, never twice. */
export function withAnyText(
  pattern: TextPattern,
  where: { readonly before: boolean; readonly after: boolean },
): TextPattern {
  const parts = [...pattern];
  if (where.before && parts[0] !== ANY_TEXT) parts.unshift(ANY_TEXT);
  if (where.after && parts.at(-1) !== ANY_TEXT) parts.push(ANY_TEXT);
  return parts;
}

/** Stands for `?` among the units of a compiled segment. */
const ONE = -1;

/**
 * A pattern ready to match: segments of fixed length, in characters, between the `*`.
 * The first is tied to the start unless the pattern begins with `*`, the last to the end.
 */
export interface CompiledPattern {
  readonly segments: readonly Segment[];
  readonly tiedStart: boolean;
  readonly tiedEnd: boolean;
}

interface Segment {
  /** UTF-16 units, {@link ONE} for `?`. */
  readonly units: Int32Array;
  /** The segment as text when it has no `?`. */
  readonly text: string | undefined;
}

/** @param cased when false, literals are folded; match against folded text. */
export function compilePattern(pattern: TextPattern, cased: boolean): CompiledPattern {
  const segments: Segment[] = [];
  let units: number[] = [];
  let plain = true;
  const flush = (): void => {
    if (units.length === 0) return;
    const text = plain ? units.map((unit) => String.fromCharCode(unit)).join('') : undefined;
    segments.push({ units: Int32Array.from(units), text });
    units = [];
    plain = true;
  };
  for (const part of pattern) {
    if (part === ANY_TEXT) flush();
    else if (part === ANY_CHARACTER) {
      units.push(ONE);
      plain = false;
    } else {
      const literal = cased ? part : fold(part);
      for (let i = 0; i < literal.length; i++) units.push(literal.charCodeAt(i));
    }
  }
  flush();
  return {
    segments,
    tiedStart: pattern[0] !== ANY_TEXT,
    tiedEnd: pattern.at(-1) !== ANY_TEXT,
  };
}

/**
 * Whether the whole text fits the pattern. Segments are placed one after the other at their first
 * fit, so the work is at most the text's length times the longest segment, never more.
 */
export function matchesPattern(pattern: CompiledPattern, text: string): boolean {
  const { segments, tiedStart, tiedEnd } = pattern;
  if (segments.length === 0) return !tiedStart || text.length === 0;
  let at = 0;
  let first = 0;
  let last = segments.length;
  if (tiedStart) {
    at = endOfFit(segments[0], text, 0);
    if (at === -1) return false;
    if (segments.length === 1 && tiedEnd) return at === text.length;
    first = 1;
  }
  let end = text.length;
  if (tiedEnd) {
    last--;
    end = startOfFit(segments[last], text);
    if (end < at) return false;
  }
  for (let s = first; s < last; s++) {
    at = endOfFirstFit(segments[s], text, at);
    if (at === -1 || at > end) return false;
  }
  return true;
}

/** Where the segment ends when it begins at `at`; -1 when it does not fit there. */
function endOfFit(segment: Segment, text: string, at: number): number {
  if (segment.text !== undefined) {
    return text.startsWith(segment.text, at) ? at + segment.text.length : -1;
  }
  const { units } = segment;
  for (let i = 0; i < units.length; i++) {
    if (at >= text.length) return -1;
    if (units[i] === ONE) at += isPairAt(text, at) ? 2 : 1;
    else if (units[i] === text.charCodeAt(at)) at++;
    else return -1;
  }
  return at;
}

/** Where the segment begins when it ends with the text; -1 when it does not fit there. */
function startOfFit(segment: Segment, text: string): number {
  if (segment.text !== undefined) {
    return text.endsWith(segment.text) ? text.length - segment.text.length : -1;
  }
  const { units } = segment;
  let at = text.length;
  for (let i = units.length - 1; i >= 0; i--) {
    if (at <= 0) return -1;
    if (units[i] === ONE) at -= at >= 2 && isPairAt(text, at - 2) ? 2 : 1;
    else if (units[i] === text.charCodeAt(at - 1)) at--;
    else return -1;
  }
  return at;
}

function endOfFirstFit(segment: Segment, text: string, from: number): number {
  if (segment.text !== undefined) {
    const at = text.indexOf(segment.text, from);
    return at === -1 ? -1 : at + segment.text.length;
  }
  for (let at = from; at < text.length; at += isPairAt(text, at) ? 2 : 1) {
    const end = endOfFit(segment, text, at);
    if (end !== -1) return end;
  }
  return -1;
}

/** Whether a surrogate pair, one character of two units, begins at `at`. */
function isPairAt(text: string, at: number): boolean {
  const high = text.charCodeAt(at);
  if (high < 0xd800 || high > 0xdbff) return false;
  const low = text.charCodeAt(at + 1);
  return low >= 0xdc00 && low <= 0xdfff;
}
