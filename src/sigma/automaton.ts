import { FOLDED_UNIT } from './fold.ts';

/** Finds many needles in one walk over a text, whatever their number (Aho and Corasick, 1975). */
export interface Automaton {
  /**
   * Calls `found` with the number of each needle that ends at `end`, once for every place.
   * The text need not be folded.
   */
  scan(text: string, found: (needle: number, end: number) => void): void;
}

const NONE = -1;

/**
 * Rows are made for so many states at most. Texts of a log pass through a few thousand; hostile
 * ones may meet every state, and go on without rows.
 */
const MAX_ROWS = 1 << 12;
const FIRST_ROWS = 1 << 6;

/**
 * The automaton walks over bytes: a unit below 128 is one, any other its folded form in two or
 * three, as in UTF-8. So an alphabet of thousands of characters costs no wider rows.
 *
 * A state that is left for the first time gets a row with the next state for every class; the
 * many states that no text reaches cost nothing but their place in the trie.
 *
 * @param needles folded, distinct, none empty.
 */
export function createAutomaton(needles: readonly string[]): Automaton {
  return new ByteAutomaton(needles);
}

class ByteAutomaton implements Automaton {
  readonly #classOf: Uint8Array;
  readonly #classes: number;
  readonly #trie: Trie;
  readonly #links: Links;
  /** By state: where its row begins, or NONE. */
  readonly #rowAt: Int32Array;
  #rows: Int32Array;
  #rowsEnd = 0;

  constructor(needles: readonly string[]) {
    const { classOf, count } = byteClasses(needles);
    this.#classOf = classOf;
    this.#classes = count;
    this.#trie = buildTrie(needles, classOf);
    this.#links = link(this.#trie);
    this.#rowAt = new Int32Array(this.#trie.size).fill(NONE);
    this.#rows = new Int32Array(FIRST_ROWS * count);
    this.#addRow(0);
  }

  scan(text: string, found: (needle: number, end: number) => void): void {
    const classOf = this.#classOf;
    const rowAt = this.#rowAt;
    const { report, outLink } = this.#links;
    const { needleAt } = this.#trie;
    const { length } = text;
    let rows = this.#rows;
    let state = 0;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      const row = rowAt[state];
      if (unit < 0x80 && row !== NONE) state = rows[row + classOf[unit]];
      else {
        state = this.#nextOfUnit(state, FOLDED_UNIT[unit]);
        rows = this.#rows;
      }
      for (let at = report[state]; at !== NONE; at = outLink[at]) found(needleAt[at], i + 1);
    }
  }

  /** The state after a folded unit. */
  #nextOfUnit(state: number, unit: number): number {
    const classOf = this.#classOf;
    if (unit < 0x80) return this.#next(state, classOf[unit]);
    if (unit < 0x800) {
      return this.#next(
        this.#next(state, classOf[0xc0 | (unit >> 6)]),
        classOf[0x80 | (unit & 0x3f)],
      );
    }
    const first = this.#next(state, classOf[0xe0 | (unit >> 12)]);
    const second = this.#next(first, classOf[0x80 | ((unit >> 6) & 0x3f)]);
    return this.#next(second, classOf[0x80 | (unit & 0x3f)]);
  }

  /** The state after a byte of a class. */
  #next(state: number, byteClass: number): number {
    const row = this.#rowAt[state];
    if (row !== NONE) return this.#rows[row + byteClass];
    if (this.#rowsEnd < MAX_ROWS * this.#classes) {
      const added = this.#addRow(state);
      return this.#rows[added + byteClass];
    }
    for (let from = state; ; from = this.#links.fail[from]) {
      const known = this.#rowAt[from];
      if (known !== NONE) return this.#rows[known + byteClass];
      const child = childOf(this.#trie, from, byteClass);
      if (child !== NONE) return child;
    }
  }

  /** Makes the row of a state: what it does not know, the next shorter end of the text may. */
  #addRow(state: number): number {
    const { fail } = this.#links;
    const row = this.#rowsEnd;
    this.#rowsEnd += this.#classes;
    if (this.#rowsEnd > this.#rows.length) {
      const grown = new Int32Array(this.#rows.length * 2);
      grown.set(this.#rows);
      this.#rows = grown;
    }
    if (state !== 0) {
      const passed: number[] = [];
      let shorter = fail[state];
      for (; this.#rowAt[shorter] === NONE; shorter = fail[shorter]) passed.push(shorter);
      const known = this.#rowAt[shorter];
      this.#rows.copyWithin(row, known, known + this.#classes);
      for (const one of passed.reverse()) this.#fillRow(row, one);
    }
    this.#fillRow(row, state);
    this.#rowAt[state] = row;
    return row;
  }

  #fillRow(row: number, state: number): void {
    const { firstChild, sibling, edges } = this.#trie;
    for (let child = firstChild[state]; child !== NONE; child = sibling[child]) {
      this.#rows[row + edges[child]] = child;
    }
  }
}

/** Calls `visit` with the bytes of a folded text. */
function eachByte(text: string, visit: (byte: number) => void): void {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      visit(unit);
    } else if (unit < 0x800) {
      visit(0xc0 | (unit >> 6));
      visit(0x80 | (unit & 0x3f));
    } else {
      visit(0xe0 | (unit >> 12));
      visit(0x80 | ((unit >> 6) & 0x3f));
      visit(0x80 | (unit & 0x3f));
    }
  }
}

/** Bytes that stand in a needle have a class each, all others share class 0. */
function byteClasses(needles: readonly string[]): { classOf: Uint8Array; count: number } {
  const classOf = new Uint8Array(256);
  let count = 1;
  for (const needle of needles) {
    eachByte(needle, (byte) => {
      if (classOf[byte] === 0) classOf[byte] = count++;
    });
  }
  // Capital letters of ASCII, which a text need not have folded.
  for (let byte = 0; byte < 0x80; byte++) classOf[byte] = classOf[FOLDED_UNIT[byte]];
  return { classOf, count };
}

interface Trie {
  readonly size: number;
  /** First child and next sibling of a state, or NONE. */
  readonly firstChild: Int32Array;
  readonly sibling: Int32Array;
  /** Class on the edge that leads to a state. */
  readonly edges: Uint8Array;
  /** The child of the root for each class, or NONE. */
  readonly rootChild: Int32Array;
  /** The needle that ends at a state, or NONE. */
  readonly needleAt: Int32Array;
}

function buildTrie(needles: readonly string[], classOf: Uint8Array): Trie {
  let most = 1;
  for (const needle of needles) {
    eachByte(needle, () => {
      most++;
    });
  }
  const firstChild = new Int32Array(most).fill(NONE);
  const sibling = new Int32Array(most).fill(NONE);
  const edges = new Uint8Array(most);
  const needleAt = new Int32Array(most).fill(NONE);
  const rootChild = new Int32Array(256).fill(NONE);
  let size = 1;
  let state = 0;
  const descend = (byte: number): void => {
    const byteClass = classOf[byte];
    let child = state === 0 ? rootChild[byteClass] : firstChild[state];
    if (state !== 0) while (child !== NONE && edges[child] !== byteClass) child = sibling[child];
    if (child === NONE) {
      child = size++;
      edges[child] = byteClass;
      sibling[child] = firstChild[state];
      firstChild[state] = child;
      if (state === 0) rootChild[byteClass] = child;
    }
    state = child;
  };
  for (const [number, needle] of needles.entries()) {
    state = 0;
    eachByte(needle, descend);
    needleAt[state] = number;
  }
  return { size, firstChild, sibling, edges, rootChild, needleAt };
}

interface Links {
  /** Where to go on when no child fits. */
  readonly fail: Int32Array;
  /** The first state on that way, itself included, at which a needle ends, or NONE. */
  readonly report: Int32Array;
  /** The next such state after it, or NONE. */
  readonly outLink: Int32Array;
}

function link(trie: Trie): Links {
  const { size, firstChild, sibling, edges, needleAt } = trie;
  const order = new Int32Array(size);
  const fail = new Int32Array(size);
  const report = new Int32Array(size).fill(NONE);
  const outLink = new Int32Array(size).fill(NONE);
  let known = 1;
  for (let at = 0; at < known; at++) {
    const state = order[at];
    for (let child = firstChild[state]; child !== NONE; child = sibling[child]) {
      order[known++] = child;
      let back = state;
      let target = NONE;
      while (back !== 0 && target === NONE) {
        back = fail[back];
        target = childOf(trie, back, edges[child]);
      }
      fail[child] = target === NONE ? 0 : target;
      outLink[child] = report[fail[child]];
      report[child] = needleAt[child] === NONE ? outLink[child] : child;
    }
  }
  return { fail, report, outLink };
}

/** A child of the root, which has hundreds, is looked up. */
function childOf(trie: Trie, state: number, byteClass: number): number {
  if (state === 0) return trie.rootChild[byteClass];
  const { firstChild, sibling, edges } = trie;
  let child = firstChild[state];
  while (child !== NONE && edges[child] !== byteClass) child = sibling[child];
  return child;
}
