import { FOLDED_UNIT, UNITS_THAT_FOLD } from './fold.ts';

/**
 * Which UTF-16 units an automaton tells apart: the folded units of its needles have a class each,
 * all others share class 0. One map serves the automata of a whole index.
 */
export interface UnitClasses {
  readonly classOf: Readonly<Uint16Array>;
  readonly count: number;
}

/** @param needles folded texts. */
export function unitClasses(needles: Iterable<string>): UnitClasses {
  const byUnit = new Map<number, number>();
  for (const needle of needles) {
    for (let i = 0; i < needle.length; i++) {
      const unit = needle.charCodeAt(i);
      if (!byUnit.has(unit)) byUnit.set(unit, byUnit.size + 1);
    }
  }
  const classOf = new Uint16Array(0x10000);
  for (const [unit, unitClass] of byUnit) classOf[unit] = unitClass;
  for (const unit of UNITS_THAT_FOLD) classOf[unit] = byUnit.get(FOLDED_UNIT[unit]) ?? 0;
  return { classOf, count: byUnit.size + 1 };
}

/** Finds many needles in one walk over a text, whatever their number (Aho and Corasick, 1975). */
export interface Automaton {
  /**
   * Calls `found` with the number of each needle that ends at `end`, once for every place.
   * The text need not be folded.
   */
  scan(text: string, found: (needle: number, end: number) => void): void;
}

/** States this near the root are entered all the time: their next state is looked up in one step. */
const DENSE_DEPTH = 2;
const NONE = -1;

/**
 * States near the root, and those with several children, have a row with the next state for every
 * class. The long tails of needles, nearly all states, know their one child and where to go back to.
 *
 * @param needles folded, distinct, none empty.
 */
export function createAutomaton(needles: readonly string[], classes: UnitClasses): Automaton {
  const trie = buildTrie(needles, classes);
  const { order, fail, report, outLink } = linkBack(trie);
  const { rowOf, rows } = denseRows(trie, order, fail, classes.count);
  const { onlyClass, firstChild, needleAt } = trie;
  const { classOf, count } = classes;
  // One cache line holds what a step needs to know of a state.
  const states = new Int32Array(trie.size * 4);
  for (let state = 0; state < trie.size; state++) {
    states[state * 4 + ROW] = rowOf[state] === NONE ? ~onlyClass[state] : rowOf[state] * count;
    states[state * 4 + CHILD] = firstChild[state];
    states[state * 4 + FAIL] = fail[state];
    states[state * 4 + REPORT] = report[state];
  }
  return {
    scan(text, found) {
      let state = 0;
      for (let i = 0; i < text.length; i++) {
        const unitClass = classOf[text.charCodeAt(i)];
        if (unitClass === 0) {
          state = 0;
          continue;
        }
        let row = states[state * 4 + ROW];
        while (row < 0 && ~row !== unitClass) {
          state = states[state * 4 + FAIL];
          row = states[state * 4 + ROW];
        }
        state = row < 0 ? states[state * 4 + CHILD] : rows[row + unitClass];
        for (let at = states[state * 4 + REPORT]; at !== NONE; at = outLink[at]) {
          found(needleAt[at], i + 1);
        }
      }
    },
  };
}

/** Columns of a state: the place of its row or the complement of its only child's class. */
const ROW = 0;
const CHILD = 1;
const FAIL = 2;
const REPORT = 3;

interface Trie {
  readonly size: number;
  /** First child and next sibling of a state, or NONE. */
  readonly firstChild: Int32Array;
  readonly sibling: Int32Array;
  /** Class on the edge that leads to a state. */
  readonly edge: Uint16Array;
  readonly depth: Int32Array;
  /** Class of the only child; 0, which no edge has, for states with none or several. */
  readonly onlyClass: Uint16Array;
  readonly branching: Uint8Array;
  /** The needle that ends at a state, or NONE. */
  readonly needleAt: Int32Array;
}

function buildTrie(needles: readonly string[], { classOf, count }: UnitClasses): Trie {
  const most = needles.reduce((sum, needle) => sum + needle.length, 1);
  const firstChild = new Int32Array(most).fill(NONE);
  const sibling = new Int32Array(most).fill(NONE);
  const edge = new Uint16Array(most);
  const depth = new Int32Array(most);
  const needleAt = new Int32Array(most).fill(NONE);
  const rootChild = new Int32Array(count).fill(NONE);
  let size = 1;
  for (const [number, needle] of needles.entries()) {
    let state = 0;
    for (let i = 0; i < needle.length; i++) {
      const unitClass = classOf[needle.charCodeAt(i)];
      let child = state === 0 ? rootChild[unitClass] : firstChild[state];
      if (state !== 0) while (child !== NONE && edge[child] !== unitClass) child = sibling[child];
      if (child === NONE) {
        child = size++;
        edge[child] = unitClass;
        depth[child] = i + 1;
        sibling[child] = firstChild[state];
        firstChild[state] = child;
        if (state === 0) rootChild[unitClass] = child;
      }
      state = child;
    }
    needleAt[state] = number;
  }
  const onlyClass = new Uint16Array(size);
  const branching = new Uint8Array(size);
  for (let state = 0; state < size; state++) {
    const child = firstChild[state];
    if (child === NONE) continue;
    if (sibling[child] === NONE) onlyClass[state] = edge[child];
    else branching[state] = 1;
  }
  return { size, firstChild, sibling, edge, depth, onlyClass, branching, needleAt };
}

/** Where to go on when no child fits, and where a needle ends on the way back. */
function linkBack(trie: Trie) {
  const { size, firstChild, sibling, edge, needleAt } = trie;
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
        target = childOf(trie, back, edge[child]);
      }
      fail[child] = target === NONE ? 0 : target;
      outLink[child] = report[fail[child]];
      report[child] = needleAt[child] === NONE ? outLink[child] : child;
    }
  }
  return { order, fail, report, outLink };
}

function childOf({ firstChild, sibling, edge }: Trie, state: number, unitClass: number): number {
  let child = firstChild[state];
  while (child !== NONE && edge[child] !== unitClass) child = sibling[child];
  return child;
}

function denseRows(trie: Trie, order: Int32Array, fail: Int32Array, count: number) {
  const { size, firstChild, sibling, edge, depth, branching, onlyClass } = trie;
  const rowOf = new Int32Array(size).fill(NONE);
  let dense = 0;
  for (const state of order) {
    if (depth[state] <= DENSE_DEPTH || branching[state] === 1) rowOf[state] = dense++;
  }
  const rows = new Int32Array(dense * count);
  const sparseBack: number[] = [];
  for (const state of order) {
    const row = rowOf[state];
    if (row === NONE) continue;
    if (state !== 0) {
      let back = fail[state];
      sparseBack.length = 0;
      while (rowOf[back] === NONE) {
        if (onlyClass[back] !== 0) sparseBack.push(back);
        back = fail[back];
      }
      rows.copyWithin(row * count, rowOf[back] * count, (rowOf[back] + 1) * count);
      for (const sparse of sparseBack.reverse()) {
        rows[row * count + onlyClass[sparse]] = firstChild[sparse];
      }
    }
    for (let child = firstChild[state]; child !== NONE; child = sibling[child]) {
      rows[row * count + edge[child]] = child;
    }
  }
  return { rowOf, rows };
}
