/** One environment variable: how its text is read, what holds without it, what it is for. */
export interface Setting<T> {
  /** @throws {Error} whose message says what is wrong with the text. */
  readonly parse: (text: string) => T;
  readonly fallback: T;
  readonly help: string;
}

/** Whole numbers between two bounds, both allowed. */
export function integer(
  help: string,
  fallback: number,
  bounds: { readonly min: number; readonly max: number },
): Setting<number> {
  return {
    help,
    fallback,
    parse(text) {
      const value = Number(text);
      if (!Number.isInteger(value) || value < bounds.min || value > bounds.max) {
        throw new Error(`is no whole number from ${bounds.min} to ${bounds.max}`);
      }
      return value;
    },
  };
}

/** A share, 0 to 1. */
export function ratio(help: string, fallback: number): Setting<number> {
  return {
    help,
    fallback,
    parse(text) {
      const value = Number(text);
      if (text.trim() === '' || !(value >= 0 && value <= 1)) {
        throw new Error('is no number from 0 to 1');
      }
      return value;
    },
  };
}

export function text(help: string): Setting<string | undefined>;
export function text(help: string, fallback: string): Setting<string>;
export function text(help: string, fallback?: string): Setting<string | undefined> {
  return { help, fallback, parse: (value) => value };
}

export function flag(help: string, fallback = false): Setting<boolean> {
  return {
    help,
    fallback,
    parse(value) {
      if (/^(1|true|yes|on)$/i.test(value)) return true;
      if (/^(0|false|no|off)$/i.test(value)) return false;
      throw new Error('is neither on nor off');
    },
  };
}

export function oneOf<T extends string>(
  help: string,
  fallback: T,
  values: readonly T[],
): Setting<T> {
  return {
    help: `${help} (${values.join(', ')})`,
    fallback,
    parse(value) {
      if (!values.includes(value as T)) throw new Error(`is none of ${values.join(', ')}`);
      return value as T;
    },
  };
}

/** An http or https address. */
export function url(help: string): Setting<URL | undefined>;
export function url(help: string, fallback: string): Setting<URL>;
export function url(help: string, fallback?: string): Setting<URL | undefined> {
  return {
    help,
    fallback: fallback === undefined ? undefined : new URL(fallback),
    parse(value) {
      if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) {
        throw new Error('is no http or https address');
      }
      return new URL(value);
    },
  };
}

/** Names separated by commas; blanks around them do not count. */
export function list(help: string): Setting<readonly string[]> {
  return {
    help,
    fallback: [],
    parse: (value) =>
      value
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
  };
}

/** `name:value` pairs separated by commas. */
export function pairs(help: string): Setting<readonly (readonly [string, string])[]> {
  return {
    help,
    fallback: [],
    parse: (value) =>
      list(help)
        .parse(value)
        .map((pair) => {
          const colon = pair.indexOf(':');
          if (colon < 1) throw new Error('is no list of name:value');
          return [pair.slice(0, colon), pair.slice(colon + 1)] as const;
        }),
  };
}
