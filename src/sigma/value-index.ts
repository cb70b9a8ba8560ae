import { type Automaton, createAutomaton, type UnitClasses } from './automaton.ts';
import { decimalOf } from './decimal.ts';
import { fold } from './fold.ts';
import type { LeafSet } from './leaf-set.ts';
import { addressKey, addressOf, maskedAddress } from './network.ts';
import { type Predicate, predicateKey, satisfies } from './predicate.ts';
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

/** A predicate that must be run to know; at most once a value. */
interface Check {
  readonly predicate: Predicate;
  readonly leaves: number[];
  /** Number of the value it was run on last. */
  ranOn: number;
}

/** What follows when a needle is found. */
interface Needle {
  readonly contains: number[];
  readonly starts: number[];
  readonly ends: number[];
  readonly checks: Check[];
}

interface Bound {
  readonly limit: number;
  readonly leaf: number;
}

/**
 * Folded texts of which one has to stand in a value before the predicate can hold, or undefined.
 * They go into the automaton of the index.
 */
export function needlesOf(predicate: Predicate): readonly string[] | undefined {
  switch (predicate.kind) {
    case 'startswith':
    case 'endswith':
    case 'contains':
      return [fold(predicate.text)];
    case 'wildcard': {
      const longest = longestLiteral(predicate.pattern);
      return longest === '' ? undefined : [fold(longest)];
    }
    case 'regex': {
      const { needles } = predicate.regex;
      return needles?.every((needle) => needle.length >= 2) ? needles : undefined;
    }
    default:
      return undefined;
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

export function createValueIndex(
  entries: readonly IndexedPredicate[],
  classes: UnitClasses,
): ValueIndex {
  const always: number[] = [];
  const exact = new Map<string, number[]>();
  const exactCased = new Map<string, number[]>();
  const needles = new Map<string, Needle>();
  const checks = new Map<string, Check>();
  const ungated: Check[] = [];
  const above: Bound[] = [];
  const aboveOrAt: Bound[] = [];
  const below: Bound[] = [];
  const belowOrAt: Bound[] = [];
  const networks = new Map<number, Map<string, number[]>>();

  const needleFor = (text: string): Needle => {
    let needle = needles.get(text);
    if (needle === undefined) {
      needle = { contains: [], starts: [], ends: [], checks: [] };
      needles.set(text, needle);
    }
    return needle;
  };
  const checkOf = (predicate: Predicate): { check: Check; isNew: boolean } => {
    const key = predicateKey(predicate);
    const known = checks.get(key);
    if (known !== undefined) return { check: known, isNew: false };
    const check: Check = { predicate, leaves: [], ranOn: 0 };
    checks.set(key, check);
    return { check, isNew: true };
  };

  for (const { predicate, leaf } of entries) {
    switch (predicate.kind) {
      case 'any':
        always.push(leaf);
        break;
      case 'equals':
        listIn(predicate.cased ? exactCased : exact, predicate.text).push(leaf);
        break;
      case 'compare': {
        const bounds = { gt: above, gte: aboveOrAt, lt: below, lte: belowOrAt }[predicate.op];
        bounds.push({ limit: predicate.number, leaf });
        break;
      }
      case 'cidr': {
        const { address, prefix } = predicate.network;
        const kind = address.length * 1000 + prefix;
        let byAddress = networks.get(kind);
        if (byAddress === undefined) {
          byAddress = new Map();
          networks.set(kind, byAddress);
        }
        listIn(byAddress, addressKey(address)).push(leaf);
        break;
      }
      default: {
        const gates = needlesOf(predicate);
        const list = gates && listOf(predicate, needleFor(gates[0]));
        if (list !== undefined) {
          list.push(leaf);
          break;
        }
        const { check, isNew } = checkOf(predicate);
        check.leaves.push(leaf);
        if (!isNew) break;
        if (gates === undefined) ungated.push(check);
        else for (const gate of gates) needleFor(gate).checks.push(check);
      }
    }
  }

  const byNumber = [...needles.values()];
  const soleLeaves = Int32Array.from(byNumber, soleLeaf);
  const lengths = [...needles.keys()].map((text) => text.length);
  const automaton: Automaton | undefined =
    needles.size === 0 ? undefined : createAutomaton([...needles.keys()], classes);
  above.sort((a, b) => a.limit - b.limit);
  aboveOrAt.sort((a, b) => a.limit - b.limit);
  below.sort((a, b) => b.limit - a.limit);
  belowOrAt.sort((a, b) => b.limit - a.limit);
  const hasBounds = above.length + aboveOrAt.length + below.length + belowOrAt.length > 0;

  let text = '';
  let folded: string | undefined;
  let round = 0;
  let leaves: LeafSet;
  const foldedText = (): string => {
    folded ??= fold(text);
    return folded;
  };
  const run = (check: Check): void => {
    if (check.ranOn === round) return;
    check.ranOn = round;
    if (check.leaves.every((leaf) => leaves.has(leaf))) return;
    if (satisfies(check.predicate, text, foldedText())) addAll(check.leaves, leaves);
  };
  const found = (number: number, end: number): void => {
    const sole = soleLeaves[number];
    if (sole !== NO_LEAF) {
      leaves.add(sole);
      return;
    }
    const needle = byNumber[number];
    if (needle.contains.length > 0) addAll(needle.contains, leaves);
    if (end === lengths[number] && needle.starts.length > 0) addAll(needle.starts, leaves);
    if (end === text.length && needle.ends.length > 0) addAll(needle.ends, leaves);
    for (const check of needle.checks) run(check);
  };

  return {
    mark(value, set) {
      text = value;
      folded = undefined;
      round++;
      leaves = set;
      addAll(always, set);
      if (exact.size > 0) {
        const hit = exact.get(foldedText());
        if (hit !== undefined) addAll(hit, set);
      }
      if (exactCased.size > 0) {
        const hit = exactCased.get(text);
        if (hit !== undefined) addAll(hit, set);
      }
      automaton?.scan(text, found);
      for (const check of ungated) run(check);
      if (hasBounds) {
        const number = decimalOf(text);
        if (number !== undefined) {
          for (const { limit, leaf } of above)
            if (number > limit) set.add(leaf);
            else break;
          for (const { limit, leaf } of aboveOrAt)
            if (number >= limit) set.add(leaf);
            else break;
          for (const { limit, leaf } of below)
            if (number < limit) set.add(leaf);
            else break;
          for (const { limit, leaf } of belowOrAt)
            if (number <= limit) set.add(leaf);
            else break;
        }
      }
      if (networks.size > 0) {
        const address = addressOf(text);
        if (address !== undefined) {
          for (const [kind, byAddress] of networks) {
            if (Math.floor(kind / 1000) !== address.length) continue;
            const hit = byAddress.get(addressKey(maskedAddress(address, kind % 1000)));
            if (hit !== undefined) addAll(hit, set);
          }
        }
      }
    },
  };
}

/** Where a predicate goes that holds as soon as its needle stands in the right place. */
function listOf(predicate: Predicate, needle: Needle): number[] | undefined {
  if ('cased' in predicate && predicate.cased) return undefined;
  switch (predicate.kind) {
    case 'contains':
      return needle.contains;
    case 'startswith':
      return needle.starts;
    case 'endswith':
      return needle.ends;
    default:
      return undefined;
  }
}

const NO_LEAF = -1;

/** The leaf of a needle that does nothing but make this one true, wherever it stands. */
function soleLeaf({ contains, starts, ends, checks }: Needle): number {
  const isSole = contains.length === 1 && starts.length + ends.length + checks.length === 0;
  return isSole ? contains[0] : NO_LEAF;
}

function listIn(map: Map<string, number[]>, key: string): number[] {
  let list = map.get(key);
  if (list === undefined) {
    list = [];
    map.set(key, list);
  }
  return list;
}

function addAll(from: readonly number[], leaves: LeafSet): void {
  for (const leaf of from) leaves.add(leaf);
}
