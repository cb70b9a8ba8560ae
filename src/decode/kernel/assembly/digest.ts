/** The digests of rows, as `RowDigest` of the host makes them. */

import { hashBytes, high, low, mix } from './hash';
import * as ids from './ids';
import {
  end,
  entryStart,
  inner,
  input,
  inScratch,
  kind,
  NUMBER,
  path,
  STRING,
  scratch,
  start,
} from './memory';
import { NODES } from './paths';
import { AS_ID, AS_TEXT, IGNORED, Plan, planOf, TIME, TIME_PART, UNPLANNED } from './plans';
import { effectHigh, effectLow, findText } from './texts';
import * as urls from './urls';

/** The digest of the row that was read last stands in `high` and `low`; this is beside it. */
export let contentHigh: i32 = 0;
export let contentLow: i32 = 0;

const MAX_MASKED: i32 = 32;
const TEXT_MASK: i32 = 6;
/** As `FieldRole` of the host. */
const ROLE_URL: i32 = 15;
const ROLE_QUERY: i32 = 17;
const SKIPPED: i32 = 0x5bd1e995;

/** Its masked ids. */
export let masked: i32 = 0;
export const maskedEntry: usize = heap.alloc(MAX_MASKED << 2);
export const mask: usize = heap.alloc(MAX_MASKED);
export const namespace: usize = heap.alloc(MAX_MASKED);
export const idHigh: usize = heap.alloc(MAX_MASKED << 2);
export const idLow: usize = heap.alloc(MAX_MASKED << 2);

/** The entry for whose text the host has to look before the row has a digest; -1 for none. */
export let unknownText: i32 = -1;

/** The row at which a path was met of which one entry counts. */
const metAt: usize = heap.alloc(NODES << 2);
let stamp: i32 = 0;
let a: i32 = 0;
let b: i32 = 0;

/** @returns false for a row that the host has to digest. */
export function digestRow(row: i32): bool {
  const from = load<i32>(entryStart + (row << 2));
  const until = load<i32>(entryStart + (row << 2) + 4);
  const hasInner: i32 = until > from ? <i32>load<u8>(inner + until - 1) : 0;
  stamp++;
  a = hasInner;
  b = 0x2545f491;
  contentHigh = 0;
  contentLow = 0;
  masked = 0;
  unknownText = -1;
  for (let entry = from; entry < until; entry++) {
    const node = load<i32>(path + (entry << 2));
    if (node >= NODES) return false;
    const plan = planOf(node);
    if (plan.digestAs == IGNORED) continue;
    if (plan.digestAs == UNPLANNED) return false;
    if (!addEntry(entry, entry - from, node, plan, hasInner != 0)) return false;
  }
  mix(a, b);
  return true;
}

/** @param place of the entry in its row: a template finds times by it, whatever is ignored between */
function addEntry(entry: i32, place: i32, node: i32, plan: Plan, hasInner: bool): bool {
  const what = load<u8>(kind + entry);
  const isInner = load<u8>(inner + entry);
  const base = load<u8>(inScratch + entry) == 1 ? scratch : input;
  const from = base + load<u32>(start + (entry << 2));
  const to = base + load<u32>(end + (entry << 2));
  let tag = (node * 0x9e3779b1) ^ <i32>what ^ (<i32>isInner << 3);
  if (hasInner && isInner == 0 && plan.isProse == 1 && holdsObject(from, to)) {
    add(tag, SKIPPED, SKIPPED);
    return true;
  }
  if (plan.hasMarks == 1) tag ^= marksOf(plan, what, load<u8>(from)) * 0x27d4eb2f;
  if (plan.digestAs == TIME) {
    add(tag, 0, place);
    return true;
  }
  hashBytes(from, to);
  const entryHigh = high;
  const entryLow = low;
  switch (plan.digestAs) {
    case AS_ID: {
      if (!isFirst(node)) return false;
      if (what > NUMBER) break;
      ids.enterEntry(from, to, entryHigh, entryLow);
      const found = ids.maskOf(plan.role, plan.namespace, plan.asked, what == STRING);
      if (found == ids.NONE) break;
      if (found == ids.UNSURE) return false;
      addContent(plan, entryHigh, entryLow);
      add(tag, 0, found);
      return take(entry, found);
    }
    case AS_TEXT: {
      if (plan.isProse == 0 && !isFirst(node)) return false;
      if (what != STRING || from == to) break;
      if (plan.role == ROLE_URL || plan.role == ROLE_QUERY) {
        const isRead =
          plan.role == ROLE_URL
            ? urls.readUrl(node, from, to, plan.asked != 0)
            : urls.readQuery(from, to);
        if (!isRead) {
          if (urls.isPathUnknown) unknownText = entry;
          return false;
        }
        if (!takeFound(entry)) return false;
        add(tag ^ TEXT_MASK, urls.effectHigh, urls.effectLow);
      } else {
        if (!findText(node, entryHigh, entryLow)) {
          unknownText = entry;
          return false;
        }
        add(tag ^ TEXT_MASK, effectHigh, effectLow);
      }
      addContent(plan, entryHigh, entryLow);
      return true;
    }
    case TIME_PART:
      if (!isFirst(node)) return false;
      addContent(plan, entryHigh, entryLow);
      add(tag, 0, place);
      return true;
    default:
      break;
  }
  add(tag, entryHigh, entryLow);
  return true;
}

@inline
function add(tag: i32, high: i32, low: i32): void {
  a = rotl<i32>((a ^ high ^ tag) * 0x7feb352d, 13);
  b = rotl<i32>(((b + low) ^ a) * 0x846ca68b, 17);
}

@inline
function addContent(plan: Plan, high: i32, low: i32): void {
  contentHigh += (high ^ plan.salt) * 0x9e3779b1;
  contentLow += (low + plan.salt) * 0x85ebca77;
}

function marksOf(plan: Plan, what: u8, first: u8): i32 {
  if (what == NUMBER) return plan.marksOfNumber;
  if (what != STRING) return plan.marksOfOther;
  return first >= 0x41 && first <= 0x5a ? plan.marksOfUpper : plan.marksOfText;
}

function isFirst(node: i32): bool {
  const place = metAt + (node << 2);
  if (load<i32>(place) == stamp) return false;
  store<i32>(place, stamp);
  return true;
}

/** Takes the id that was masked last. */
function take(entry: i32, found: i32): bool {
  const at = masked;
  if (at == MAX_MASKED) return false;
  store<i32>(maskedEntry + (at << 2), entry);
  store<u8>(mask + at, <u8>found);
  store<u8>(namespace + at, <u8>ids.namespace);
  store<i32>(idHigh + (at << 2), high);
  store<i32>(idLow + (at << 2), low);
  masked = at + 1;
  return true;
}

/** Takes the ids that were found inside a text. */
function takeFound(entry: i32): bool {
  for (let i = 0; i < urls.found; i++) {
    if (masked == MAX_MASKED) return false;
    store<i32>(maskedEntry + (masked << 2), entry);
    store<u8>(mask + masked, <u8>TEXT_MASK);
    store<u8>(namespace + masked, load<u8>(urls.foundNamespace + i));
    store<i32>(idHigh + (masked << 2), load<i32>(urls.foundHigh + (i << 2)));
    store<i32>(idLow + (masked << 2), load<i32>(urls.foundLow + (i << 2)));
    masked++;
  }
  return true;
}

function holdsObject(from: usize, to: usize): bool {
  let at = from;
  while (at < to && load<u8>(at) <= 0x20) at++;
  return at < to && load<u8>(at) == 0x7b;
}
