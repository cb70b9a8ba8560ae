interface Key {
  readonly bytes: Uint8Array;
  readonly meaning: number;
}

const utf8 = new TextEncoder();

/** Finds what a key of a JSON object means, from its bytes. */
export class KeyTable {
  readonly #byLength: (Key[] | undefined)[] = [];

  /** @param names by meaning, several of them parted by blanks; a meaning is a number above 0. */
  constructor(names: Readonly<Record<number, string>>) {
    for (const [meaning, spellings] of Object.entries(names)) {
      for (const name of spellings.split(' ')) {
        const bytes = utf8.encode(name);
        const keys = this.#byLength[bytes.length] ?? [];
        this.#byLength[bytes.length] = keys;
        keys.push({ bytes, meaning: Number(meaning) });
      }
    }
  }

  /** @returns 0 for a key that means nothing here */
  find(bytes: Uint8Array, start: number, end: number): number {
    const keys = this.#byLength[end - start];
    if (keys === undefined) return 0;
    for (let i = 0; i < keys.length; i += 1) {
      const key = keys[i]!;
      let at = end - start - 1;
      // From the end, where `startTimeUnixNano` and its like differ the sooner.
      while (at >= 0 && key.bytes[at] === bytes[start + at]) at -= 1;
      if (at < 0) return key.meaning;
    }
    return 0;
  }
}
