import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js';
import { type Requirement, requirementOf } from './required-literal.ts';

export interface RegexFlags {
  readonly caseless: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
}

/** A regular expression that runs in time linear to the text. */
export interface Regex {
  readonly source: string;
  readonly flags: RegexFlags;
  /** The same, flags included, as one RE2 pattern. */
  readonly pattern: string;
  /** One of these stands, folded, in every match; see {@link requirementOf}. */
  readonly needles: readonly string[] | undefined;
  /** Of each of these sets one stands, folded, in every match as well. */
  readonly also: readonly (readonly string[])[];
  /** Whether it matches anywhere in the text. */
  test(text: string): boolean;
}

export interface RegexMistake {
  readonly message: string;
  readonly hint: string | undefined;
}

/** Compiled programs beyond this many steps are refused: each step costs time per character. */
const MAX_PROGRAM = 20_000;

/**
 * @param isSound the expression was compiled before: it is compiled anew when it is first needed,
 *   which most expressions of a large library never are.
 * @returns the mistake when RE2 cannot run the expression.
 */
export function compileRegex(
  source: string,
  flags: RegexFlags,
  isSound = false,
): Regex | RegexMistake {
  const translated = toRe2(source);
  const letters =
    (flags.caseless ? 'i' : '') + (flags.multiline ? 'm' : '') + (flags.dotAll ? 's' : '');
  const pattern = letters === '' ? translated : `(?${letters})${translated}`;
  let compiled: RE2JS | undefined;
  if (!isSound) {
    try {
      compiled = RE2JS.compile(pattern);
    } catch (error) {
      if (!(error instanceof RE2JSException)) throw error;
      return { message: reasonOf(error), hint: hintFor(source) };
    }
    if (compiled.programSize() > MAX_PROGRAM) {
      return {
        message: `compiles to ${compiled.programSize()} steps, more than ${MAX_PROGRAM}`,
        hint: 'lower the counted repetitions',
      };
    }
  }
  let requirement: Requirement | undefined;
  const required = () => {
    requirement ??= requirementOf(translated, flags.caseless);
    return requirement;
  };
  return {
    source,
    flags,
    pattern,
    get needles() {
      return required().needles;
    },
    get also() {
      return required().also;
    },
    test: (text) => {
      compiled ??= RE2JS.compile(pattern);
      return compiled.test(text);
    },
  };
}

function reasonOf(error: RE2JSException): string {
  if (!(error instanceof RE2JSSyntaxException)) return error.message;
  const part = error.getPattern();
  return part === null || part === ''
    ? error.getDescription()
    : `${error.getDescription()}: ${part}`;
}

function hintFor(source: string): string | undefined {
  if (/\(\?(?:[=!]|<[=!])/.test(source)) {
    return 'lookaround is no part of Sigma; write a second selection and "not" in the condition';
  }
  if (/\\[1-9]|\(\?P=/.test(source)) return 'backreferences are no part of Sigma';
  if (/[*+?}]\+/.test(source)) return 'possessive repetition has no meaning here; drop the last +';
  return undefined;
}

/** Writes the escapes of PCRE and Python that RE2 lacks as RE2 has them: `\Z`, `\uXXXX`. */
function toRe2(source: string): string {
  return source.replace(/\\(?:u([0-9a-fA-F]{4})|[\s\S])/g, (written, code: string | undefined) => {
    if (code !== undefined) return `\\x{${code}}`;
    return written === '\\Z' ? '\\z' : written;
  });
}
