/**
 * A seeded source of chance: Chris Doty-Humphrey's sfc32, 128 bits of state.
 * The same seeds give the same numbers on every machine.
 */
export class Rng {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** Further seeds name a stream of their own, such as one per flow. */
  constructor(seed: number, ...stream: readonly number[]) {
    this.#a = seed | 0;
    this.#b = 0x9e3779b9;
    this.#c = 0x243f6a88;
    for (const part of stream) {
      this.#b = (this.#b ^ Math.imul(part + 1, 0x85ebca6b)) | 0;
      this.#word();
      this.#c = (this.#c + Math.imul(part + 1, 0xc2b2ae35)) | 0;
      this.#word();
    }
    for (let round = 0; round < 12; round++) this.#word();
  }

  #word(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** At least 0, below 1. */
  next(): number {
    return this.#word() / 0x1_0000_0000;
  }

  /** A whole number, at least 0 and below `bound`. */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  whole(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }

  /** Picks in proportion to `weightOf`; the weights need not add up to anything. */
  weighted<T>(choices: readonly T[], weightOf: (choice: T) => number): T {
    let total = 0;
    for (const choice of choices) total += weightOf(choice);
    let left = this.next() * total;
    for (const choice of choices) {
      left -= weightOf(choice);
      if (left < 0) return choice;
    }
    return choices[choices.length - 1] as T;
  }

  /** Log-normal, the usual shape of latencies and of people's patience. */
  logNormal(median: number, sigma: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return median * Math.exp(sigma * radius * Math.cos(2 * Math.PI * this.next()));
  }

  text(alphabet: string, length: number): string {
    let text = '';
    for (let i = 0; i < length; i++) text += alphabet[this.below(alphabet.length)];
    return text;
  }

  hex(length: number): string {
    let text = '';
    while (text.length < length) {
      const word = this.#word();
      text += `${HEX[word >>> 16]}${HEX[word & 0xffff]}`;
    }
    return text.length === length ? text : text.slice(0, length);
  }
}

const HEX = Array.from({ length: 0x1_0000 }, (_, value) => value.toString(16).padStart(4, '0'));

/** Streams of chance apart from each other, so that more noise does not change the logins. */
export const CHANCE = { login: 1, noise: 2, delivery: 3, world: 4 } as const;
