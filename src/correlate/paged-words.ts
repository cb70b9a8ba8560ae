const PAGE_BITS = 16;

/** Words of a page. A record whose size divides this never lies across two pages. */
export const PAGE_WORDS: number = 1 << PAGE_BITS;

/**
 * A growing row of 32-bit words in pages of 256 KiB. To grow is to add a page: nothing is copied,
 * and never are an old and a new array held at once. Words begin as 0.
 */
export class PagedWords {
  readonly pages: Uint32Array[];
  readonly #isShared: boolean;

  /**
   * The first page begins small, for the many tables that stay so.
   * @param isShared pages that are sent to other threads are not copied: all see the same words
   */
  constructor(pages?: Uint32Array[], isShared = false) {
    this.#isShared = isShared;
    this.pages = pages ?? [this.#page(1 << 8)];
  }

  /** Makes room for the words before `length`. */
  reserve(length: number): void {
    const first = this.pages[0]!;
    if (length <= first.length) return;
    if (first.length < PAGE_WORDS) {
      const larger = this.#page(length > PAGE_WORDS / 4 ? PAGE_WORDS : length * 4);
      larger.set(first);
      this.pages[0] = larger;
    }
    while (this.pages.length * PAGE_WORDS < length) this.pages.push(this.#page(PAGE_WORDS));
  }

  get(at: number): number {
    return this.pages[at >>> PAGE_BITS]![at & (PAGE_WORDS - 1)]!;
  }

  set(at: number, word: number): void {
    this.pages[at >>> PAGE_BITS]![at & (PAGE_WORDS - 1)] = word;
  }

  /** The page of a word; the word stands in it at {@link offsetOf}. */
  pageOf(at: number): Uint32Array {
    return this.pages[at >>> PAGE_BITS]!;
  }

  fill(word: number): void {
    for (const page of this.pages) page.fill(word);
  }

  #page(words: number): Uint32Array {
    if (!this.#isShared) return new Uint32Array(words);
    return new Uint32Array(new SharedArrayBuffer(words * Uint32Array.BYTES_PER_ELEMENT));
  }
}

export function offsetOf(at: number): number {
  return at & (PAGE_WORDS - 1);
}
