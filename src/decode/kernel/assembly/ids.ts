/**
 * Ids as `IdMask` of the host sees them, as far as they hold a digit. What the host tells by lists
 * of words, and rare forms, are left to it.
 */

import { hexDigit } from './escapes';
import { hashBytes, salt, setHash } from './hash';

/** What is left out of the digest; as `Mask` of the host. */
export const NONE: i32 = 0;
export const ID: i32 = 1;
export const PENDING_UUID: i32 = 2;
export const PENDING_STATE: i32 = 3;
export const PENDING_PLAIN_STATE: i32 = 4;
export const COUNTER: i32 = 5;
/** The host has to look. */
export const UNSURE: i32 = -1;

/** How ids are told; as `FieldRole` of the host. */
const ROLE_ID: i32 = 6;
const ROLE_TRACE: i32 = 7;
const ROLE_REQUEST: i32 = 8;
const ROLE_WEAK: i32 = 9;
export const ROLE_STATE: i32 = 10;
export const ROLE_CODE: i32 = 11;
const ROLE_RID: i32 = 12;

/** As `ID_NAMESPACES`. */
const QRCODE_ID: i32 = 1;
const TICKET: i32 = 2;
const SCENE: i32 = 3;
const STATE: i32 = 4;
const CODE: i32 = 5;
const TRACE_ID: i32 = 6;
const REQUEST_ID: i32 = 7;

/** The last id: its namespace and, trimmed, its text. */
export let namespace: i32 = 0;
let from: usize = 0;
let to: usize = 0;
let length: i32 = 0;
let digits: i32 = 0;
let lowers: i32 = 0;
let uppers: i32 = 0;
let others: i32 = 0;
let zeros: i32 = 0;
let stars: i32 = 0;
let marks: i32 = 0;
let joiners: i32 = 0;

/** The entry that is looked at, and its hash. */
let entryFrom: usize = 0;
let entryTo: usize = 0;
let entryHigh: i32 = 0;
let entryLow: i32 = 0;

const MAX_ID_BYTES: i32 = 1000;

/** What a byte counts as: a one in one of eight counters of a byte each. */
const DIGIT: i32 = 0;
const LOWER: i32 = 1;
const UPPER: i32 = 2;
const OTHER: i32 = 3;
const MARK: i32 = 4;
const JOINER: i32 = 5;
const STAR: i32 = 6;
const ZERO: i32 = 7;
const kinds: usize = heap.alloc(256 << 3);
/** After this many bytes a counter may be full. */
const MOST_AT_ONCE: usize = 255;

for (let byte = 0; byte < 256; byte++) countAs(byte, OTHER);
for (let byte = 0x31; byte <= 0x39; byte++) countAs(byte, DIGIT);
countAs(0x30, ZERO);
for (let byte = 0x61; byte <= 0x7a; byte++) {
  countAs(byte, LOWER);
  countAs(byte - 0x20, UPPER);
}
// . : ~ + / = % @ |
for (let i = 0; i < 9; i++) {
  const marksPacked: u64 = 0x40253d2f2b7e3a2e;
  countAs(i == 8 ? 0x7c : <i32>((marksPacked >> (<u64>i << 3)) & 0xff), MARK);
}
countAs(0x2d, JOINER);
countAs(0x5f, JOINER);
countAs(0x2a, STAR);

function countAs(byte: i32, kind: i32): void {
  store<u64>(kinds + (byte << 3), <u64>1 << (<u64>kind << 3));
}

/** Takes the entry that {@link maskOf} is asked about. */
@inline
export function enterEntry(at: usize, until: usize, high: i32, low: i32): void {
  entryFrom = at;
  entryTo = until;
  entryHigh = high;
  entryLow = low;
}

/**
 * Tells what of a string or number is masked. The hash of an id that is masked stands in `high`
 * and `low` then.
 * @param asked 0: nobody asks for its value; 1: a random id is a value like any other
 */
export function maskOf(role: i32, ns: i32, asked: i32, isText: bool): i32 {
  const at = entryFrom;
  const until = entryTo;
  switch (role) {
    case ROLE_ID: {
      const isId = read(at, until);
      if (isId != 1) return isId == 0 ? NONE : UNSURE;
      if (ns == SCENE) dropScenePrefix();
      if (asked != 0 && !isRandom()) return NONE;
      return take(ns, ID);
    }
    case ROLE_TRACE: {
      const isId = readTrace(at, until);
      if (isId != 1) return isId == 0 ? NONE : UNSURE;
      // Its 32 digits are random enough for everybody.
      namespace = TRACE_ID;
      salt(TRACE_ID + 1);
      return ID;
    }
    case ROLE_REQUEST:
      return request(at, until);
    case ROLE_RID:
      if (!isText) return NONE;
      return isPlatformRid(at, until) ? NONE : request(at, until);
    case ROLE_WEAK: {
      if (!isText) return NONE;
      if (ns == TRACE_ID) {
        const isId = readTrace(at, until);
        // Half a trace is too little under a name that means one in some logs only.
        if (isId == 1 && length == 16) return NONE;
        if (isId != 1) return isId == 0 ? NONE : UNSURE;
        namespace = TRACE_ID;
        salt(TRACE_ID + 1);
        return ID;
      }
      const isToken = readToken(at, until, ns == TICKET ? 16 : 8);
      if (isToken != 1) return isToken == 0 ? NONE : UNSURE;
      if (holds(0x2f)) return NONE;
      if (ns == SCENE) dropScenePrefix();
      return take(ns, ns == QRCODE_ID ? PENDING_UUID : ID);
    }
    case ROLE_STATE: {
      const isId = read(at, until);
      if (isId != 1) return isId == 0 ? NONE : UNSURE;
      if (others > 0) return NONE;
      if (asked != 0 && !isRandom()) return NONE;
      if (isTokenOf(6)) return take(STATE, ID);
      return take(STATE, digits == length && length >= 6 ? PENDING_PLAIN_STATE : PENDING_STATE);
    }
    case ROLE_CODE: {
      if (!isText) return NONE;
      const isToken = readToken(at, until, 10);
      if (isToken != 1) return isToken == 0 ? NONE : UNSURE;
      if (lowers == 0 && (marks > 0 || digits < 4)) return NONE;
      if (asked != 0 && !isRandom()) return NONE;
      return take(CODE, ID);
    }
    default:
      return UNSURE;
  }
}

/**
 * Reads the value of a query whose name is that of an id.
 * @returns 1 for an id whose salted hash now stands, 0 for none, {@link UNSURE}
 */
export function readInQuery(role: i32, ns: i32, at: usize, until: usize): i32 {
  if (role == ROLE_TRACE) {
    const isTrace = readTrace(at, until);
    if (isTrace == 1) salt(TRACE_ID + 1);
    return isTrace;
  }
  let isId: i32;
  if (role == ROLE_WEAK) isId = readToken(at, until, 6);
  else if (role == ROLE_CODE) isId = readToken(at, until, 8);
  else isId = read(at, until);
  if (isId != 1) return isId;
  if (role == ROLE_REQUEST && isCounter()) return 0;
  if (ns == SCENE) dropScenePrefix();
  hashBytes(from, to);
  salt(ns + 1);
  return 1;
}

function take(ns: i32, mask: i32): i32 {
  namespace = ns;
  if (from == entryFrom && to == entryTo) setHash(entryHigh, entryLow);
  else hashBytes(from, to);
  salt(ns + 1);
  return mask;
}

function request(at: usize, until: usize): i32 {
  const isId = read(at, until);
  if (isId != 1) return isId == 0 ? NONE : UNSURE;
  if (!isCounter()) return take(REQUEST_ID, ID);
  namespace = REQUEST_ID;
  hashBytes(from, to);
  return COUNTER;
}

/** @returns 1 for an id, 0 for none, {@link UNSURE} for a text without digits */
function read(at: usize, until: usize): i32 {
  trim(at, until);
  if (length == 0 || length > MAX_ID_BYTES) return 0;
  count();
  const clear = digits + lowers + uppers + others;
  if (clear == 0 || zeros == clear) return 0;
  if (stars > 0 && clear < 8) return 0;
  return digits == 0 ? UNSURE : 1;
}

function readToken(at: usize, until: usize, minLength: i32): i32 {
  const isId = read(at, until);
  return isId == 1 ? (isTokenOf(minLength) ? 1 : 0) : isId;
}

function isTokenOf(minLength: i32): bool {
  return (
    length >= minLength &&
    others == 0 &&
    stars == 0 &&
    (lowers + uppers > 0 || digits >= 12)
  );
}

function isRandom(): bool {
  return <i32>(to - from) >= 16 && digits > 0 && others == 0 && marks == joiners;
}

function isCounter(): bool {
  return length < 8 || (lowers + uppers == 0 && length < 12) || isPrefixed();
}

/** `req-1f`: a word, a dash, and a short count. */
function isPrefixed(): bool {
  for (let at = to - 1; at >= from && to - at <= 7; at--) {
    if (load<u8>(at) != 0x2d) continue;
    for (let before = from; before < at; before++) {
      if (<u32>load<u8>(before) - 0x30 < 10) return false;
    }
    return true;
  }
  return false;
}

function trim(at: usize, until: usize): void {
  let head = at;
  let tail = until;
  while (head < tail && isPadding(load<u8>(head))) head++;
  while (tail > head && isPadding(load<u8>(tail - 1))) tail--;
  from = head;
  to = tail;
  length = <i32>(tail - head);
}

@inline
function isPadding(byte: u8): bool {
  return byte <= 0x20 || byte == 0x22 || byte == 0x27;
}

function count(): void {
  zeros = 0;
  digits = 0;
  lowers = 0;
  uppers = 0;
  others = 0;
  joiners = 0;
  stars = 0;
  marks = 0;
  let at = from;
  while (at < to) {
    const until = min(to, at + MOST_AT_ONCE);
    let counts: u64 = 0;
    for (; at < until; at++) counts += load<u64>(kinds + (<usize>load<u8>(at) << 3));
    zeros += countOf(counts, ZERO);
    digits += countOf(counts, DIGIT);
    lowers += countOf(counts, LOWER);
    uppers += countOf(counts, UPPER);
    others += countOf(counts, OTHER);
    joiners += countOf(counts, JOINER);
    stars += countOf(counts, STAR);
    marks += countOf(counts, MARK);
  }
  digits += zeros;
  marks += joiners + stars;
}

@inline
function countOf(counts: u64, kind: i32): i32 {
  return <i32>((counts >> (<u64>kind << 3)) & 0xff);
}

function holds(byte: u8): bool {
  for (let at = from; at < to; at++) if (load<u8>(at) == byte) return true;
  return false;
}

/** Scenes come as `qrscene_X` in subscribe events. */
function dropScenePrefix(): void {
  if (to - from <= 8) return;
  if (load<u64>(from) == 0x5f656e6563737271) from += 8;
}

function isPlatformRid(at: usize, until: usize): bool {
  if (until - at != 26) return false;
  for (let i = 0; i < 26; i++) {
    const byte = load<u8>(at + i);
    if (i == 8 || i == 17 ? byte != 0x2d : hexDigit(byte) < 0) return false;
  }
  return true;
}

/** Hex digits of a trace, in lower case. */
const trace: usize = heap.alloc(64);

/** @returns 1 for a trace whose hash now stands, 0 for none, {@link UNSURE} for the rarer forms */
function readTrace(at: usize, until: usize): i32 {
  trim(at, until);
  // projects/P/traces/HEX
  if (length > 36 && load<u8>(from) == 0x70 && !holds(0x52)) {
    let slash = to - 1;
    while (slash > from && load<u8>(slash) != 0x2f) slash--;
    if (to - slash == 33) {
      from = slash + 1;
      length = 32;
    }
  }
  if (length == 32) return plainTrace();
  if (length != 16 && length != 36) return UNSURE;
  if (length == 36 && load<u8>(from) == 0x31 && load<u8>(from + 1) == 0x2d) return UNSURE;
  let digit = 0;
  let zeroBits: i32 = 0;
  const pad = length == 16 ? 16 : 0;
  for (let place = from; place < to; place++) {
    const byte = load<u8>(place);
    const value = hexDigit(byte);
    if (value < 0) {
      if (byte == 0x2d && length == 36 && place > from) continue;
      return UNSURE;
    }
    if (digit == 32) return UNSURE;
    // Upper case letters become lower case; digits have the bit already.
    store<u8>(trace + pad + digit, byte | 0x20);
    if (digit + pad >= 16) zeroBits |= value;
    digit++;
  }
  if (digit + pad != 32) return UNSURE;
  if (zeroBits == 0) return UNSURE;
  hashBytes(trace + 16, trace + 32);
  return 1;
}

/** A trace of 32 hex digits and nothing else. */
function plainTrace(): i32 {
  const head = v128.load(from);
  const tail = v128.load(from + 16);
  if (!isHex(head) || !isHex(tail)) return UNSURE;
  if (v128.any_true(v128.xor(tail, i8x16.splat(0x30))) == 0) return UNSURE;
  v128.store(trace, v128.or(tail, i8x16.splat(0x20)));
  hashBytes(trace, trace + 16);
  return 1;
}

/** True when all sixteen bytes are hex digits. */
@inline
function isHex(bytes: v128): bool {
  const digit = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x30)), i8x16.splat(10));
  const small = v128.or(bytes, i8x16.splat(0x20));
  const letter = i8x16.lt_u(i8x16.sub(small, i8x16.splat(0x61)), i8x16.splat(6));
  return i8x16.all_true(v128.or(digit, letter));
}
