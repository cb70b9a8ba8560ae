/**
 * What follows from a URL or a query string, as `TextMask` and `findIds` of the host find it. Taken
 * are plain ones: a path, and pairs of plain names and values. The rest is for the host.
 */

import { hashBytes, high, low, salt, setHash } from './hash';
import * as ids from './ids';
import * as texts from './texts';

/** Hash of what follows, the ids aside. */
export let effectHigh: i32 = 0;
export let effectLow: i32 = 0;

/** All would be known of the URL, were its path. */
export let isPathUnknown: bool = false;

/** The ids that were found. */
const MAX_FOUND: i32 = 16;
export let found: i32 = 0;
export const foundNamespace: usize = heap.alloc(MAX_FOUND);
export const foundHigh: usize = heap.alloc(MAX_FOUND << 2);
export const foundLow: usize = heap.alloc(MAX_FOUND << 2);

const QUESTION: u8 = 0x3f;
const HASH: u8 = 0x23;
const EQUALS: u8 = 0x3d;
const AMPERSAND: u8 = 0x26;
const SLASH: u8 = 0x2f;
const POINT: u8 = 0x2e;

/** A query that is shorter says nothing. */
const MIN_QUERY_BYTES: i32 = 3;
const MAX_NAME_BYTES: i32 = 40;
const MAX_VALUE_BYTES: i32 = 1000;

/** What a byte may be part of. */
const OF_NAME: u8 = 1;
const OF_VALUE: u8 = 2;
const IS_DROPPED: u8 = 4;
const uses: usize = heap.alloc(256);
memory.fill(uses, 0, 256);
for (let byte = 0x30; byte <= 0x7a; byte++) {
  const isLetter = (byte >= 0x41 && byte <= 0x5a) || byte >= 0x61;
  if (byte <= 0x39 || isLetter) store<u8>(uses + byte, OF_NAME | OF_VALUE);
}
store<u8>(uses + 0x5f, OF_NAME | OF_VALUE | IS_DROPPED);
store<u8>(uses + 0x2d, OF_NAME | OF_VALUE | IS_DROPPED);
store<u8>(uses + POINT, OF_NAME | OF_VALUE | IS_DROPPED);
store<u8>(uses + 0x7e, OF_VALUE);
store<u8>(uses + 0x2b, OF_VALUE);
store<u8>(uses + SLASH, OF_VALUE);
store<u8>(uses + 0x2a, OF_VALUE);

/** Names of ids by the hash of their letters and digits, as the host has told them. */
@unmanaged
class Name {
  high: i32;
  low: i32;
  namespace: i32;
  role: i32;
  /** The host has to look at the rest of the text. */
  isDoubtful: i32;
}

const MAX_NAMES: i32 = 64;
const names: usize = heap.alloc(MAX_NAMES * offsetof<Name>());
let nameCount: i32 = 0;
const plainName: usize = heap.alloc(MAX_NAME_BYTES + 8);

export function clearNames(): void {
  nameCount = 0;
}

export function learnName(
  nameHigh: i32,
  nameLow: i32,
  namespace: i32,
  role: i32,
  isDoubtful: bool,
): void {
  if (nameCount == MAX_NAMES) return;
  const name = changetype<Name>(names + nameCount * offsetof<Name>());
  name.high = nameHigh;
  name.low = nameLow;
  name.namespace = namespace;
  name.role = role;
  name.isDoubtful = <i32>isDoubtful;
  nameCount++;
}

/**
 * @param hasPath its path is a value
 * @returns false for one that the host has to read
 */
export function readUrl(node: i32, from: usize, to: usize, hasPath: bool): bool {
  let pathEnd = from;
  while (pathEnd < to && load<u8>(pathEnd) != QUESTION && load<u8>(pathEnd) != HASH) pathEnd++;
  begin();
  if (hasScheme(from, pathEnd)) return false;
  if (pathEnd < to && load<u8>(pathEnd) == QUESTION && !addQuery(pathEnd + 1, to)) return false;
  if (!hasPath || from == pathEnd) return true;
  hashBytes(from, pathEnd);
  if (!texts.findText(node, high, low)) {
    isPathUnknown = true;
    return false;
  }
  add(texts.effectHigh);
  add(texts.effectLow);
  add(0);
  return true;
}

/** @returns false for a query that the host has to read */
export function readQuery(from: usize, to: usize): bool {
  begin();
  return addQuery(from, to);
}

function begin(): void {
  effectHigh = 0;
  effectLow = 0;
  found = 0;
  isPathUnknown = false;
}

function add(what: i32): void {
  setHash(effectHigh, effectLow);
  salt(what);
  effectHigh = high;
  effectLow = low;
}

function hasScheme(from: usize, to: usize): bool {
  for (let at = from; at + 2 < to && at < from + 8; at++) {
    if (load<u8>(at) == 0x3a && load<u16>(at + 1) == 0x2f2f) return true;
  }
  return false;
}

function addQuery(from: usize, to: usize): bool {
  if (<i32>(to - from) < MIN_QUERY_BYTES) return true;
  let hasState = false;
  let hasCode = false;
  let at = from;
  while (true) {
    const equals = afterName(at, to);
    if (equals == 0) return false;
    const value = equals + 1;
    let end = value;
    while (end < to && load<u8>(uses + load<u8>(end)) & OF_VALUE) end++;
    if (end < to && load<u8>(end) != AMPERSAND) return false;
    const name = knownName();
    if (name != null) {
      if (name.isDoubtful != 0) return false;
      if (name.role == ids.ROLE_STATE) hasState = true;
      if (name.role == ids.ROLE_CODE) hasCode = true;
      if (!addId(name, value, end)) return false;
    }
    if (end == to) break;
    at = end + 1;
  }
  if (hasState) {
    if (mayAuthorize(from, to)) return false;
    add(hasCode ? 2 : 3);
  }
  add(found);
  for (let i = 0; i < found; i++) add(load<u8>(foundNamespace + i));
  return true;
}

let nameLength: i32 = 0;

/** Keeps the letters and digits of a name in lower case. @returns its equals sign, or 0 */
function afterName(from: usize, to: usize): usize {
  let at = from;
  let length = 0;
  for (; at < to; at++) {
    const byte = load<u8>(at);
    const use = load<u8>(uses + byte);
    if ((use & OF_NAME) == 0) break;
    if (<i32>(at - from) + 1 >= MAX_NAME_BYTES) return 0;
    if (use & IS_DROPPED) continue;
    store<u8>(plainName + length, byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte);
    length++;
  }
  nameLength = length;
  if (at == from || at == to || load<u8>(at) != EQUALS) return 0;
  return endsLikeSecret() ? 0 : at;
}

/** `secret`, and the tokens whose name ends so. */
function endsLikeSecret(): bool {
  const end = plainName + nameLength;
  if (nameLength >= 6 && load<u32>(end - 6) == 0x72636573) return true;
  return nameLength >= 5 && load<u32>(end - 4) == 0x6e656b6f;
}

function knownName(): Name | null {
  hashBytes(plainName, plainName + nameLength);
  for (let i = 0; i < nameCount; i++) {
    const name = changetype<Name>(names + i * offsetof<Name>());
    if (name.low == low && name.high == high) return name;
  }
  return null;
}

/** @returns false when the host has to look */
function addId(name: Name, from: usize, until: usize): bool {
  let to = until;
  while (to > from && (load<u8>(to - 1) == POINT || load<u8>(to - 1) == SLASH)) to--;
  if (to == from) return true;
  if (<i32>(to - from) > MAX_VALUE_BYTES) return false;
  const isId = ids.readInQuery(name.role, name.namespace, from, to);
  if (isId != 1) return isId == 0;
  for (let i = 0; i < found; i++) {
    if (
      load<i32>(foundLow + (i << 2)) == low &&
      load<i32>(foundHigh + (i << 2)) == high &&
      <i32>load<u8>(foundNamespace + i) == name.namespace
    ) {
      return true;
    }
  }
  if (found == MAX_FOUND) return false;
  store<u8>(foundNamespace + found, <u8>name.namespace);
  store<i32>(foundHigh + (found << 2), high);
  store<i32>(foundLow + (found << 2), low);
  found++;
  return true;
}

/** A part of an authorize URL, whose state means another thing. */
function mayAuthorize(from: usize, to: usize): bool {
  for (let at = from; at + 9 <= to; at++) {
    const eight = load<u64>(at);
    // qrconnec, response, oauth2/a
    if (
      eight == 0x63656e6e6f637271 ||
      eight == 0x65736e6f70736572 ||
      eight == 0x612f32687475616f
    ) {
      return true;
    }
  }
  return false;
}
