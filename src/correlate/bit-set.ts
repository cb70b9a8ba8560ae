/** A set of the numbers below a size, of one bit each. */
export class BitSet {
  /** Numbers that were added, repeats not counted. */
  size = 0;
  #words: Uint32Array;

  /** @param size the numbers must be below */
  constructor(size: number) {
    this.#words = new Uint32Array((size + 31) >>> 5);
  }

  copy(): BitSet {
    const copy = new BitSet(0);
    copy.#words = this.#words.slice();
    copy.size = this.size;
    return copy;
  }

  has(number: number): boolean {
    return (this.#words[number >>> 5]! & (1 << (number & 31))) !== 0;
  }

  add(number: number): void {
    if (this.has(number)) return;
    const word = number >>> 5;
    this.#words[word] = this.#words[word]! | (1 << (number & 31));
    this.size += 1;
  }
}
