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
 * Rows for states that texts have reached: those of a log reach some thousands. When there are
 * more, all are forgotten and made anew.
 */
const MAX_ROWS = 1 << 12;
const FIRST_ROWS = 1 << 6;
/** The row of the root; there is no row 0. */
const ROOT_ROW = 1;

/**
 * The automaton walks over bytes: a unit below 128 is one, any other its folded form in two or
 * three, as in UTF-8. So an alphabet of thousands of characters costs no wider rows.
 *
 * @param needles folded, distinct, none empty.
 */
export function createAutomaton(needles: readonly string[]): Automaton {
  return new ByteAutomaton(needles);
}

/**
 * A state that a text reaches has a row, in which a step stands for each class of bytes once it
 * was taken: twice the number of the row that it leads to, and one more where a needle ends there.
 */
class ByteAutomaton implements Automaton {
  readonly #classOf: Uint8Array;
  readonly #classes: number;
  readonly #trie: Trie;
  readonly #links: Links;
  /** Steps by row and class; 0 for one that was not taken yet. */
  #steps: Uint16Array;
  #rows = ROOT_ROW;
  readonly #stateOf = new Int32Array(MAX_ROWS);
  /** The row of a state, or 0. */
  readonly #rowOf: Uint16Array;

  constructor(needles: readonly string[]) {
    const { classOf, count } = byteClasses(needles);
    this.#classOf = classOf;
    this.#classes = count;
    this.#trie = buildTrie(needles, classOf);
    this.#links = link(this.#trie);
    this.#steps = new Uint16Array(FIRST_ROWS * count);
    this.#rowOf = new Uint16Array(this.#trie.size);
    this.#rowOf[0] = ROOT_ROW;
  }

  scan(text: string, found: (needle: number, end: number) => void): void {
    const classOf = this.#classOf;
    const classes = this.#classes;
    const { length } = text;
    let steps = this.#steps;
    let row = ROOT_ROW;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      let step = unit < 0x80 ? steps[row * classes + classOf[unit]] : 0;
      if (step === 0) {
        step = this.#stepOfUnit(row, FOLDED_UNIT[unit]);
        steps = this.#steps;
      }
      row = step >> 1;
      if ((step & 1) === 1) this.#report(row, i + 1, found);
    }
  }

  #report(row: number, end: number, found: (needle: number, end: number) => void): void {
    const { report, outLink } = this.#links;
    const { needleAt } = this.#trie;
    for (let at = report[this.#stateOf[row]]; at !== NONE; at = outLink[at]) {
      found(needleAt[at], end);
    }
  }

  /** The step of a folded unit. */
  #stepOfUnit(row: number, unit: number): number {
    if (unit < 0x80) return this.#step(row, unit);
    if (unit < 0x800) {
      return this.#step(this.#step(row, 0xc0 | (unit >> 6)) >> 1, 0x80 | (unit & 0x3f));
    }
    const first = this.#step(row, 0xe0 | (unit >> 12));
    const second = this.#step(first >> 1, 0x80 | ((unit >> 6) & 0x3f));
    return this.#step(second >> 1, 0x80 | (unit & 0x3f));
  }

  #step(row: number, byte: number): number {
    const byteClass = this.#classOf[byte];
    const known = this.#steps[row * this.#classes + byteClass];
    if (known !== 0) return known;
    const state = this.#next(this.#stateOf[row], byteClass);
    const rowsBefore = this.#rows;
    const target = this.#rowOf[state] || this.#addRow(state);
    const step = (target << 1) | (this.#links.report[state] === NONE ? 0 : 1);
    // Unless all rows were forgotten, the one that this step leaves among them.
    if (this.#rows >= rowsBefore) this.#steps[row * this.#classes + byteClass] = step;
    return step;
  }

  /** The state after a byte of a class. */
  #next(state: number, byteClass: number): number {
    const { fail } = this.#links;
    for (let from = state; ; from = fail[from]) {
      const child = childOf(this.#trie, from, byteClass);
      if (child !== NONE) return child;
      if (from === 0) return 0;
    }
  }

  #addRow(state: number): number {
    if (this.#rows + 1 === MAX_ROWS) this.#forgetRows();
    this.#rows++;
    const needed = (this.#rows + 1) * this.#classes;
    if (needed > this.#steps.length) {
      const grown = new Uint16Array(this.#steps.length * 2);
      grown.set(this.#steps);
      this.#steps = grown;
    }
    this.#stateOf[this.#rows] = state;
    this.#rowOf[state] = this.#rows;
    return this.#rows;
  }

  #forgetRows(): void {
    for (let row = ROOT_ROW + 1; row <= this.#rows; row++) this.#rowOf[this.#stateOf[row]] = 0;
    this.#steps.fill(0);
    this.#rows = ROOT_ROW;
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
