import { createAutomaton } from './automaton.ts';
import { decimalOf } from './decimal.ts';
import { fold } from './fold.ts';
import type { LeafSet } from './leaf-set.ts';
import { addressKey, addressOf, maskedAddress } from './network.ts';
import { type Comparison, type Predicate, predicateKey, satisfies } from './predicate.ts';
import type { CompiledPattern } from './text-pattern.ts';

/** A predicate and the leaf that it makes true. */
export interface IndexedPredicate {
  readonly predicate: Predicate;
  readonly leaf: number;
}

/** Finds what holds for one value of one field, among any number of predicates. */
export interface ValueIndex {
  /** Adds the leaves that hold for the text. */
  mark(text: string, leaves: LeafSet): void;
}

/** A predicate that must be run to know. */
interface Check {
  readonly predicate: Predicate;
  readonly leaves: number[];
  /** Sets of needles of which one has to stand in the value, beside the one that the check waits for. */
  readonly also: readonly (readonly string[])[];
}

/** What follows when a needle is found: a leaf holds, if it stands in the right place, or a check is due. */
type Consequence =
  | { readonly at: 'anywhere' | 'start' | 'end'; readonly leaf: number }
  | { readonly at: 'check'; readonly check: Check };

interface Bound {
  readonly limit: number;
  readonly leaf: number;
}

/** Predicates sorted by how they are found. */
interface Sorted {
  readonly always: number[];
  readonly exact: Map<string, number[]>;
  readonly exactCased: Map<string, number[]>;
  readonly needles: Map<string, Consequence[]>;
  /** Checks that no needle guards. */
  readonly unguarded: Check[];
  /** Each from the bound that most numbers pass. */
  readonly bounds: Readonly<Record<Comparison, Bound[]>>;
  readonly networks: NetworkGroup[];
}

interface NetworkGroup {
  /** Groups of an address: two for IPv4, eight for IPv6. */
  readonly length: number;
  readonly prefix: number;
  readonly leaves: Map<string, number[]>;
}

/**
 * Sets of folded texts, the rarest first: of each one has to stand in a value before the predicate
 * can hold. They go into the automaton of the index. Empty when nothing is known that is worth
 * looking for.
 */
function needlesOf(predicate: Predicate): readonly (readonly string[])[] {
  switch (predicate.kind) {
    case 'startswith':
    case 'endswith':
    case 'contains':
      return [[fold(predicate.text)]];
    case 'wildcard': {
      const longest = longestLiteral(predicate.pattern);
      return longest === '' ? [] : [[fold(longest)]];
    }
    case 'regex': {
      const { needles, also } = predicate.regex;
      return needles?.every((needle) => needle.length >= 2) ? [needles, ...also] : [];
    }
    default:
      return [];
  }
}

function longestLiteral({ segments }: CompiledPattern): string {
  let longest = '';
  for (const { units } of segments) {
    let run = '';
    for (const unit of units) {
      run = unit < 0 ? '' : run + String.fromCharCode(unit);
      if (run.length > longest.length) longest = run;
    }
  }
  return longest;
}

function sort(entries: readonly IndexedPredicate[]): Sorted {
  const sorted: Sorted = {
    always: [],
    exact: new Map(),
    exactCased: new Map(),
    needles: new Map(),
    unguarded: [],
    bounds: { gt: [], gte: [], lt: [], lte: [] },
    networks: [],
  };
  const checks = new Map<string, Check>();
  for (const { predicate, leaf } of entries) {
    switch (predicate.kind) {
      case 'any':
        sorted.always.push(leaf);
        break;
      case 'equals':
        listIn(predicate.cased ? sorted.exactCased : sorted.exact, predicate.text).push(leaf);
        break;
      case 'compare':
        sorted.bounds[predicate.op].push({ limit: predicate.number, leaf });
        break;
      case 'cidr': {
        const { address, prefix } = predicate.network;
        const { length } = address;
        let group = sorted.networks.find((one) => one.length === length && one.prefix === prefix);
        if (group === undefined) {
          group = { length, prefix, leaves: new Map() };
          sorted.networks.push(group);
        }
        listIn(group.leaves, addressKey(address)).push(leaf);
        break;
      }
      default: {
        const needles = needlesOf(predicate);
        const at = placeOf(predicate);
        if (at !== undefined) {
          listIn(sorted.needles, needles[0][0]).push({ at, leaf });
          break;
        }
        const key = predicateKey(predicate);
        const known = checks.get(key);
        if (known !== undefined) {
          known.leaves.push(leaf);
          break;
        }
        const [due, ...also] = needles;
        const check: Check = { predicate, leaves: [leaf], also };
        checks.set(key, check);
        if (due === undefined) sorted.unguarded.push(check);
        else for (const needle of due) listIn(sorted.needles, needle).push({ at: 'check', check });
        for (const needle of also.flat()) listIn(sorted.needles, needle);
      }
    }
  }
  const { gt, gte, lt, lte } = sorted.bounds;
  for (const rising of [gt, gte]) rising.sort((a, b) => a.limit - b.limit);
  for (const falling of [lt, lte]) falling.sort((a, b) => b.limit - a.limit);
  return sorted;
}

/** Where the needle has to stand, for a predicate that then holds at once. */
function placeOf(predicate: Predicate): 'anywhere' | 'start' | 'end' | undefined {
  if ('cased' in predicate && predicate.cased) return undefined;
  switch (predicate.kind) {
    case 'contains':
      return 'anywhere';
    case 'startswith':
      return 'start';
    case 'endswith':
      return 'end';
    default:
      return undefined;
  }
}

function listIn<T>(map: Map<string, T[]>, key: string): T[] {
  let list = map.get(key);
  if (list === undefined) {
    list = [];
    map.set(key, list);
  }
  return list;
}

const NO_LEAF = -1;
/** Of a value: the numbers go around before they need more than 32 bits. */
const LAST_NUMBER = 0xffffffff;

export function createValueIndex(entries: readonly IndexedPredicate[]): ValueIndex {
  const { always, exact, exactCased, needles, unguarded, bounds, networks } = sort(entries);
  const find = needles.size === 0 ? undefined : createNeedleSearch(needles);
  const hasBounds = Object.values(bounds).some((list) => list.length > 0);
  let longestExact = -1;
  for (const text of exact.keys()) longestExact = Math.max(longestExact, text.length);
  const value: Value = { text: '', folded: undefined, number: 0 };
  return {
    mark(text, leaves) {
      value.text = text;
      value.folded = undefined;
      value.number = value.number === LAST_NUMBER ? 1 : value.number + 1;
      addAll(always, leaves);
      // Folding keeps the length.
      if (text.length <= longestExact) addAll(exact.get(foldedOf(value)), leaves);
      if (exactCased.size > 0) addAll(exactCased.get(text), leaves);
      find?.(value, leaves);
      for (const check of unguarded) run(check, value, leaves);
      if (hasBounds) {
        const number = decimalOf(text);
        if (number !== undefined) markBounds(bounds, number, leaves);
      }
      if (networks.length > 0) markNetworks(networks, text, leaves);
    },
  };
}

/** The value at hand. */
interface Value {
  text: string;
  /** Folded when it is first needed. */
  folded: string | undefined;
  number: number;
}

function foldedOf(value: Value): string {
  value.folded ??= fold(value.text);
  return value.folded;
}

function createNeedleSearch(
  needles: ReadonlyMap<string, readonly Consequence[]>,
): (value: Value, leaves: LeafSet) => void {
  const texts = [...needles.keys()];
  const numberOf = new Map(texts.map((text, number) => [text, number]));
  const automaton = createAutomaton(texts);
  const lengths = Uint32Array.from(texts, (text) => text.length);
  // Most needles make one leaf true wherever they stand: these need no list.
  const lists = [...needles.values()];
  const soleLeaves = Int32Array.from(lists, ([first, ...more]) =>
    more.length === 0 && first?.at === 'anywhere' ? first.leaf : NO_LEAF,
  );
  /** Number of the value in which a needle was found last. */
  const foundIn = new Uint32Array(texts.length);
  const guards = new Map<Check, readonly Uint32Array[]>();
  for (const { check } of lists.flat().filter(isCheck)) {
    const sets = check.also.map((set) => Uint32Array.from(set, (text) => numberOf.get(text)!));
    guards.set(check, sets);
  }
  /** Checks that a needle of the value at hand has made due. */
  const due = new Set<Check>();
  let value: Value;
  let leaves: LeafSet;
  const found = (number: number, end: number): void => {
    const sole = soleLeaves[number];
    if (sole !== NO_LEAF) leaves.add(sole);
    else {
      const isFirst = foundIn[number] !== value.number;
      for (const consequence of lists[number]) {
        if (consequence.at === 'check') {
          if (isFirst) due.add(consequence.check);
        } else if (
          consequence.at === 'anywhere' ||
          (consequence.at === 'start' ? end === lengths[number] : end === value.text.length)
        ) {
          leaves.add(consequence.leaf);
        }
      }
    }
    foundIn[number] = value.number;
  };
  const isInValue = (number: number): boolean => foundIn[number] === value.number;
  return (nextValue, nextLeaves) => {
    value = nextValue;
    leaves = nextLeaves;
    automaton.scan(value.text, found);
    if (due.size === 0) return;
    for (const check of due) {
      if (guards.get(check)!.every((set) => set.some(isInValue))) run(check, value, leaves);
    }
    due.clear();
  };
}

function isCheck(consequence: Consequence): consequence is Consequence & { at: 'check' } {
  return consequence.at === 'check';
}

function run(check: Check, value: Value, leaves: LeafSet): void {
  if (check.leaves.every((leaf) => leaves.has(leaf))) return;
  if (satisfies(check.predicate, value.text, () => foldedOf(value))) addAll(check.leaves, leaves);
}

function markBounds({ gt, gte, lt, lte }: Sorted['bounds'], number: number, leaves: LeafSet): void {
  for (let i = 0; i < gt.length && number > gt[i].limit; i++) leaves.add(gt[i].leaf);
  for (let i = 0; i < gte.length && number >= gte[i].limit; i++) leaves.add(gte[i].leaf);
  for (let i = 0; i < lt.length && number < lt[i].limit; i++) leaves.add(lt[i].leaf);
  for (let i = 0; i < lte.length && number <= lte[i].limit; i++) leaves.add(lte[i].leaf);
}

function markNetworks(networks: readonly NetworkGroup[], text: string, leaves: LeafSet): void {
  const address = addressOf(text);
  if (address === undefined) return;
  for (const { length, prefix, leaves: byAddress } of networks) {
    if (length !== address.length) continue;
    addAll(byAddress.get(addressKey(maskedAddress(address, prefix))), leaves);
  }
}

function addAll(from: readonly number[] | undefined, leaves: LeafSet): void {
  if (from === undefined) return;
  for (const leaf of from) leaves.add(leaf);
}
