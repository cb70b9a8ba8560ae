/** A key of a JSON object that means something to its reader. */
export interface Key {
  readonly bytes: Uint8Array;
  /** As compact JSON writes it before its value: with quotes and a colon. */
  readonly written: Uint8Array;
  readonly meaning: number;
}

const utf8 = new TextEncoder();

/**
 * Finds what a key of a JSON object means, from its bytes. Objects repeat their shape, so the key
 * that last followed another is looked for first.
 */
export class KeyTable {
  readonly #byLength: (Key[] | undefined)[] = [];
  /** By the meaning of the key before, or by the kind of object that was entered. */
  readonly #expected: (Key | undefined)[] = [];

  /** @param names by meaning, several of them parted by blanks; a meaning is a number above 0. */
  constructor(names: Readonly<Record<number, string>>) {
    for (const [meaning, spellings] of Object.entries(names)) {
      for (const name of spellings.trim().split(/\s+/)) {
        const bytes = utf8.encode(name);
        const keys = this.#byLength[bytes.length] ?? [];
        this.#byLength[bytes.length] = keys;
        const written = utf8.encode(`${JSON.stringify(name)}:`);
        keys.push({ bytes, written, meaning: Number(meaning) });
      }
    }
    for (let at = 0; at < MAX_CONTEXT; at += 1) this.#expected.push(undefined);
  }

  /** The meaning of a key; 0 for one that means nothing here. */
  find(bytes: Uint8Array, start: number, end: number): number {
    return this.lookUp(bytes, start, end)?.meaning ?? 0;
  }

  lookUp(bytes: Uint8Array, start: number, end: number): Key | undefined {
    const keys = this.#byLength[end - start];
    if (keys === undefined) return undefined;
    for (let i = 0; i < keys.length; i += 1) {
      const key = keys[i]!;
      let at = end - start - 1;
      // From the end, where `startTimeUnixNano` and its like differ the sooner.
      while (at >= 0 && key.bytes[at] === bytes[start + at]) at -= 1;
      if (at < 0) return key;
    }
    return undefined;
  }

  /** The key that last came behind `before`. */
  expected(before: number): Key | undefined {
    return this.#expected[before];
  }

  learn(before: number, key: Key): void {
    this.#expected[before] = key;
  }
}

/** Meanings, and numbers that stand for the beginning of an object, are smaller. */
const MAX_CONTEXT = 128;
