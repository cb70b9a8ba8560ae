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

/** Columns of a state. */
const CHILD = 0;
const SIBLING = 1;
const FAIL = 2;
const REPORT = 3;
const WIDTH = 4;

/**
 * States this near the root, in bytes, are entered all the time, and those with this many children
 * are slow to search: both have a row with the next state for every class.
 */
const DENSE_DEPTH = 2;
const DENSE_CHILDREN = 8;

/**
 * The automaton walks over bytes: a unit below 128 is one, any other its folded form in two or
 * three, as in UTF-8. So an alphabet of thousands of characters costs no wider rows.
 *
 * @param needles folded, distinct, none empty.
 */
export function createAutomaton(needles: readonly string[]): Automaton {
  const { classOf, count } = byteClasses(needles);
  const trie = buildTrie(needles, classOf);
  const { states, outLink, rows } = link(trie, count);
  const { edges, needleAt } = trie;

  /** The state after a byte of a class. */
  const next = (from: number, byteClass: number): number => {
    let state = from;
    for (;;) {
      const head = states[state * WIDTH + CHILD];
      if (head < NONE) return rows[(-2 - head) * count + byteClass];
      let child = head;
      while (child !== NONE && edges[child] !== byteClass) child = states[child * WIDTH + SIBLING];
      if (child !== NONE) return child;
      state = states[state * WIDTH + FAIL];
    }
  };

  return {
    scan(text, found) {
      let state = 0;
      for (let i = 0; i < text.length; i++) {
        const unit = text.charCodeAt(i);
        if (unit < 0x80) {
          const byteClass = classOf[unit];
          if (byteClass === 0) {
            state = 0;
            continue;
          }
          state = next(state, byteClass);
        } else {
          const folded = FOLDED_UNIT[unit];
          if (folded < 0x80) {
            state = next(state, classOf[folded]);
          } else if (folded < 0x800) {
            state = next(state, classOf[0xc0 | (folded >> 6)]);
            state = next(state, classOf[0x80 | (folded & 0x3f)]);
          } else {
            state = next(state, classOf[0xe0 | (folded >> 12)]);
            state = next(state, classOf[0x80 | ((folded >> 6) & 0x3f)]);
            state = next(state, classOf[0x80 | (folded & 0x3f)]);
          }
        }
        for (let at = states[state * WIDTH + REPORT]; at !== NONE; at = outLink[at]) {
          found(needleAt[at], i + 1);
        }
      }
    },
  };
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
  readonly children: Uint8Array;
  readonly depth: Uint8Array;
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
  const children = new Uint8Array(most);
  const depth = new Uint8Array(most);
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
      depth[child] = Math.min(255, depth[state] + 1);
      sibling[child] = firstChild[state];
      firstChild[state] = child;
      children[state]++;
      if (state === 0) rootChild[byteClass] = child;
    }
    state = child;
  };
  for (const [number, needle] of needles.entries()) {
    state = 0;
    eachByte(needle, descend);
    needleAt[state] = number;
  }
  return { size, firstChild, sibling, edges, children, depth, needleAt };
}

/** Where to go on when no child fits, and where a needle ends on the way back. */
function link(trie: Trie, count: number) {
  const { size, firstChild, sibling, edges, children, depth, needleAt } = trie;
  const isDense = (state: number): boolean =>
    depth[state] <= DENSE_DEPTH || children[state] >= DENSE_CHILDREN;
  const order = new Int32Array(size);
  const fail = new Int32Array(size);
  const outLink = new Int32Array(size).fill(NONE);
  const states = new Int32Array(size * WIDTH);
  let known = 1;
  let dense = 1;
  states[REPORT] = NONE;
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
      outLink[child] = states[fail[child] * WIDTH + REPORT];
      states[child * WIDTH + FAIL] = fail[child];
      states[child * WIDTH + REPORT] = needleAt[child] === NONE ? outLink[child] : child;
      if (isDense(child)) dense++;
    }
  }
  // From the root on, so that the row of a state that is gone back to is there already.
  const rows = new Int32Array(dense * count);
  const rowOf = (state: number): number => -2 - states[state * WIDTH + CHILD];
  let row = 0;
  for (const state of order) {
    states[state * WIDTH + SIBLING] = sibling[state];
    if (!isDense(state)) {
      states[state * WIDTH + CHILD] = firstChild[state];
      continue;
    }
    if (state !== 0) {
      const passed: number[] = [];
      let back = fail[state];
      for (; !isDense(back); back = fail[back]) passed.push(back);
      rows.copyWithin(row * count, rowOf(back) * count, (rowOf(back) + 1) * count);
      for (const sparse of passed.reverse()) fillRow(trie, rows, row * count, sparse);
    }
    fillRow(trie, rows, row * count, state);
    states[state * WIDTH + CHILD] = -2 - row++;
  }
  return { states, outLink, rows };
}

function childOf({ firstChild, sibling, edges }: Trie, state: number, byteClass: number): number {
  let child = firstChild[state];
  while (child !== NONE && edges[child] !== byteClass) child = sibling[child];
  return child;
}

function fillRow(trie: Trie, rows: Int32Array, at: number, state: number): void {
  const { firstChild, sibling, edges } = trie;
  for (let child = firstChild[state]; child !== NONE; child = sibling[child]) {
    rows[at + edges[child]] = child;
  }
}
