/** A set of the numbers below a size, of one bit each. */
export class BitSet {
  readonly #words: Uint32Array;

  constructor(size: number) {
    this.#words = new Uint32Array((size + 31) >>> 5);
  }

  has(number: number): boolean {
    return (this.#words[number >>> 5]! & (1 << (number & 31))) !== 0;
  }

  add(number: number): void {
    const word = number >>> 5;
    this.#words[word] = this.#words[word]! | (1 << (number & 31));
  }
}
