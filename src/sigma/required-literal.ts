import { fold } from './fold.ts';

/** What stands in every text that a regular expression matches. */
export interface Requirement {
  /** At least one of these; undefined when none can be told. */
  readonly needles: readonly string[] | undefined;
  /** Of each of these sets at least one as well. */
  readonly also: readonly (readonly string[])[];
}

/**
 * Literals that stand, folded, in every folded text that a regular expression matches. Looking
 * for them first is much cheaper than running the expression.
 *
 * Reads RE2 syntax. Whatever it does not know tells nothing, so a wrong answer cannot hide a match.
 */
export function requirementOf(source: string, caseless: boolean): Requirement {
  const reader = { source, at: 0 };
  try {
    const { must, sets } = readAlternatives(reader, caseless, 0);
    if (reader.at !== source.length) return NO_REQUIREMENT;
    const also = sets
      .filter((set) => set !== must && set.every(isTelling))
      .sort((a, b) => worthOf(b) - worthOf(a));
    return { needles: must, also: also.slice(0, MAX_ALSO) };
  } catch (error) {
    if (error instanceof Unknown) return NO_REQUIREMENT;
    throw error;
  }
}

const NO_REQUIREMENT: Requirement = { needles: undefined, also: [] };
/** More sets cost more than they save. */
const MAX_ALSO = 4;

class Unknown extends Error {}

interface Reader {
  readonly source: string;
  at: number;
}

interface Need {
  /** The only texts the part matches, folded; undefined when there are many or it is unknown. */
  readonly exact: readonly string[] | undefined;
  /** One of these stands in every match. */
  readonly must: readonly string[] | undefined;
  /** Of each of these one stands in every match; `must` is the best of them. */
  readonly sets: readonly (readonly string[])[];
}

const NOTHING: Need = { exact: undefined, must: undefined, sets: [] };
const EMPTY: Need = { exact: [''], must: undefined, sets: [] };
const MAX_EXACT = 16;
const MAX_MUST = 64;
const MAX_DEPTH = 100;

function readAlternatives(reader: Reader, caseless: boolean, depth: number): Need {
  if (depth > MAX_DEPTH) throw new Unknown();
  const flags = { caseless };
  const branches = [readSequence(reader, flags, depth)];
  while (reader.source[reader.at] === '|') {
    reader.at++;
    branches.push(readSequence(reader, flags, depth));
  }
  if (branches.length === 1) return branches[0];
  const exact = union(
    branches.map((branch) => branch.exact),
    MAX_EXACT,
  );
  const must = union(
    branches.map((branch) => branch.must),
    MAX_MUST,
  );
  return { exact, must, sets: must === undefined ? [] : [must] };
}

function union(sets: readonly (readonly string[] | undefined)[], limit: number) {
  const all = new Set<string>();
  for (const set of sets) {
    if (set === undefined) return undefined;
    for (const text of set) all.add(text);
  }
  return all.size <= limit ? [...all] : undefined;
}

function readSequence(reader: Reader, flags: { caseless: boolean }, depth: number): Need {
  let run: readonly string[] = [''];
  let whole = true;
  let best: readonly string[] | undefined;
  const sets: (readonly string[])[] = [];
  const consider = (set: readonly string[] | undefined): void => {
    if (set === undefined || shortest(set) === 0) return;
    sets.push(set);
    if (worthOf(set) > worthOf(best)) best = set;
  };
  for (;;) {
    const c = reader.source[reader.at];
    if (c === undefined || c === '|' || c === ')') break;
    const part = readRepeated(reader, flags, depth);
    const joined = part.exact && product(run, part.exact);
    if (joined !== undefined) {
      run = joined;
      continue;
    }
    consider(run);
    if (part.exact === undefined) for (const set of part.sets) consider(set);
    run = part.exact ?? [''];
    whole = false;
  }
  consider(run);
  return { exact: whole ? run : undefined, must: best, sets };
}

/** In a log of logins these stand in every other line. */
const COMMON = /state|code|token|open_?id|qr|scan|login|session|callback|wechat|user|http|api/g;
const HAN = /[\u3000-\u9fff]/g;

/**
 * What a set is worth: how seldom one of its members is likely to stand in a text. Longer ones are
 * rarer; a Chinese character says as much as three letters.
 */
function worthOf(set: readonly string[] | undefined): number {
  if (set === undefined) return 0;
  let worth = Number.POSITIVE_INFINITY;
  for (const text of set) {
    // A single character is not looked for at all.
    const rest = text.length === 1 ? 0 : text.replace(COMMON, '').replace(HAN, 'xxx').length;
    worth = Math.min(worth, rest + text.length / 64);
  }
  return worth;
}

/** A single character stands nearly everywhere, unless it is a Chinese one. */
function isTelling(text: string): boolean {
  return text.length > 1 || (text >= '\u3400' && text <= '\u9fff');
}

/** Length of the shortest member. */
function shortest(set: readonly string[] | undefined): number {
  return set === undefined ? 0 : Math.min(...set.map((text) => text.length));
}

function product(left: readonly string[], right: readonly string[]): readonly string[] | undefined {
  if (left.length === 1 && right.length === 1) return [left[0] + right[0]];
  if (left.length * right.length > MAX_EXACT) return undefined;
  return [...new Set(left.flatMap((a) => right.map((b) => a + b)))];
}

function readRepeated(reader: Reader, flags: { caseless: boolean }, depth: number): Need {
  const part = readAtom(reader, flags, depth);
  const { source } = reader;
  const c = source[reader.at];
  let result = part;
  if (c === '*') {
    reader.at++;
    result = NOTHING;
  } else if (c === '+') {
    reader.at++;
    result = atLeastOnce(part);
  } else if (c === '?') {
    reader.at++;
    result = { exact: union([part.exact, ['']], MAX_EXACT), must: undefined, sets: [] };
  } else if (c === '{') {
    const match = /^\{(\d+)(,\d*)?\}/.exec(source.slice(reader.at, reader.at + 16));
    if (match === null) return part;
    reader.at += match[0].length;
    result = match[1] === '0' ? NOTHING : atLeastOnce(part);
  } else {
    return part;
  }
  if (source[reader.at] === '?') reader.at++;
  return result;
}

function atLeastOnce({ exact, must, sets }: Need): Need {
  const own = must ?? nonEmpty(exact);
  return {
    exact: undefined,
    must: own,
    sets: sets.length === 0 && own !== undefined ? [own] : sets,
  };
}

function nonEmpty(set: readonly string[] | undefined): readonly string[] | undefined {
  return set !== undefined && shortest(set) > 0 ? set : undefined;
}

function readAtom(reader: Reader, flags: { caseless: boolean }, depth: number): Need {
  const { source } = reader;
  const c = source[reader.at++];
  switch (c) {
    case '^':
    case '$':
      return EMPTY;
    case '.':
      return NOTHING;
    case '[':
      return readClass(reader, flags.caseless);
    case '(':
      return readGroup(reader, flags, depth);
    case '\\':
      return readEscape(reader, flags.caseless);
    case '*':
    case '+':
    case '?':
      throw new Unknown();
    default:
      return literal(c, flags.caseless);
  }
}

/** One UTF-16 unit; half a pair tells nothing, nor a letter that has more than two cases. */
function literal(unit: string, caseless: boolean): Need {
  const code = unit.charCodeAt(0);
  if (code >= 0xd800 && code <= 0xdfff) return NOTHING;
  const cased = unit.toLowerCase() !== unit.toUpperCase();
  if (caseless && cased && code > 0x7f) return NOTHING;
  const folded = [fold(unit)];
  return { exact: folded, must: folded, sets: [] };
}

function readGroup(reader: Reader, flags: { caseless: boolean }, depth: number): Need {
  const { source } = reader;
  let { caseless } = flags;
  if (source[reader.at] === '?') {
    const head = /^\?(?:P?<[A-Za-z_]\w*>|([a-zA-Z]*)(?:-([a-zA-Z]*))?([:)]))/.exec(
      source.slice(reader.at, reader.at + 80),
    );
    if (head === null) throw new Unknown();
    reader.at += head[0].length;
    if (head[1]?.includes('i')) caseless = true;
    if (head[2]?.includes('i')) caseless = false;
    if (head[3] === ')') {
      flags.caseless = caseless;
      return EMPTY;
    }
  }
  const inner = readAlternatives(reader, caseless, depth + 1);
  if (source[reader.at] !== ')') throw new Unknown();
  reader.at++;
  return inner;
}

function readEscape(reader: Reader, caseless: boolean): Need {
  const { source } = reader;
  const c = source[reader.at++];
  if (c === undefined) throw new Unknown();
  if ('AzbB'.includes(c)) return EMPTY;
  if ('dDwWsS'.includes(c)) return NOTHING;
  const named = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\x07' }[c];
  if (named !== undefined) return literal(named, caseless);
  if (c === 'x') {
    const match = /^(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]{1,6})\})/.exec(
      source.slice(reader.at, reader.at + 8),
    );
    if (match === null) throw new Unknown();
    reader.at += match[0].length;
    const code = Number.parseInt(match[1] ?? match[2], 16);
    return code > 0xffff ? NOTHING : literal(String.fromCharCode(code), caseless);
  }
  if (/[A-Za-z0-9]/.test(c)) throw new Unknown();
  return literal(c, caseless);
}

/** A class of a few plain characters tells them; any other class tells nothing. */
function readClass(reader: Reader, caseless: boolean): Need {
  const { source } = reader;
  let simple = source[reader.at] !== '^';
  if (!simple) reader.at++;
  const members = new Set<string>();
  for (let first = true; ; first = false) {
    let c = source[reader.at++];
    if (c === undefined) throw new Unknown();
    if (c === ']' && !first) break;
    if (c === '[' && source[reader.at] === ':') {
      const end = source.indexOf(':]', reader.at);
      if (end === -1) throw new Unknown();
      reader.at = end + 2;
      simple = false;
      continue;
    }
    if (c === '\\') {
      c = source[reader.at++];
      if (c === undefined) throw new Unknown();
      if (/[A-Za-z0-9]/.test(c)) simple = false;
      if (c === 'p' || c === 'P' || c === 'x') {
        if (source[reader.at] === '{') reader.at = source.indexOf('}', reader.at) + 1;
        else reader.at += c === 'x' ? 2 : 1;
        if (reader.at === 0) throw new Unknown();
      }
    }
    if (source[reader.at] === '-' && source[reader.at + 1] !== ']') simple = false;
    members.add(c);
  }
  if (!simple || members.size > 4) return NOTHING;
  const needs = [...members].map((member) => literal(member, caseless));
  return {
    exact: union(
      needs.map((need) => need.exact),
      MAX_EXACT,
    ),
    must: union(
      needs.map((need) => need.must),
      MAX_MUST,
    ),
    sets: [],
  };
}
