/**
 * Reads lines of JSON objects into columns. It takes only lines about which there is no doubt:
 * whatever is unusual (a key not met before, broken JSON, deep nesting) is left to the host's
 * scanner, whose answer counts.
 */

import { afterEscape, resolve } from './escapes';
import {
  ENTRIES,
  end,
  entryStart,
  FALSE,
  inner,
  input,
  inScratch,
  kind,
  line,
  NULL,
  NUMBER,
  path,
  ROWS,
  rowEnd,
  rowInScratch,
  rowStart,
  SCRATCH_BYTES,
  STRING,
  scratch,
  start,
  TRUE,
} from './memory';
import {
  find,
  flagsOf,
  guess,
  HOLDS_OBJECT,
  lengthOf,
  OPENS_DOCUMENT,
  TELLS_WRAPPER,
  WANTED,
} from './paths';
import { isPlainShape } from './shapes';

const MAX_DEPTH: i32 = 64;
/** No line is begun when there is room for fewer entries. */
const SPARE_ENTRIES: i32 = 1 << 13;
const TOLD_AND_WANTED: u8 = TELLS_WRAPPER | WANTED;
/** Where a walk ends that met something doubtful. */
const DOUBT: usize = 0;

const NEWLINE: u8 = 0x0a;
const QUOTE: u8 = 0x22;
const COMMA: u8 = 0x2c;
const COLON: u8 = 0x3a;
const BACKSLASH: u8 = 0x5c;
const OPEN_BRACE: u8 = 0x7b;
const CLOSE_BRACE: u8 = 0x7d;
const OPEN_BRACKET: u8 = 0x5b;
const CLOSE_BRACKET: u8 = 0x5d;

/** Lines and blank lines passed so far; rows, entries and bytes of scratch in the columns. */
export let lines: i32 = 0;
export let blanks: i32 = 0;
export let rows: i32 = 0;
export let entries: i32 = 0;
export let scratchUsed: i32 = 0;
/** The line at which a scan ended was read, but its row left open: it may be a wrapper's. */
export let isOpen: bool = false;
/** What was read last has a path that tells wrappers. */
export let isTold: bool = false;
/** Where the bytes stand from which places count, whether that is the scratch, and the entries' `inner`. */
let base: usize = input;
let isScratch: u8 = 0;
let isInner: u8 = 0;

/** Takes over where the host's columns stand. */
export function enter(
  linesSoFar: i32,
  rowsSoFar: i32,
  entriesSoFar: i32,
  scratchSoFar: i32,
): void {
  lines = linesSoFar;
  blanks = 0;
  rows = rowsSoFar;
  entries = entriesSoFar;
  scratchUsed = scratchSoFar;
}

/**
 * Reads the lines between two places of the input, the latter behind a newline.
 * @returns the beginning of the first line that was not read: because it is doubtful, or because
 * the columns are full
 */
export function scan(from: i32, to: i32, maxLineBytes: i32): i32 {
  let at: usize = input + from;
  const until: usize = input + to;
  isOpen = false;
  base = input;
  isScratch = 0;
  isInner = 0;
  while (at < until && rows < ROWS && entries < ENTRIES - SPARE_ENTRIES) {
    const first = afterBlank(at);
    const entriesBefore = entries;
    const scratchBefore = scratchUsed;
    let after = first;
    isTold = false;
    if (load<u8>(first) == OPEN_BRACE) {
      after = object(first, 0, 1);
      if (after != DOUBT) after = afterBlank(after);
      if (after == DOUBT || load<u8>(after) != NEWLINE || <i32>(after - at) > maxLineBytes) {
        entries = entriesBefore;
        scratchUsed = scratchBefore;
        return <i32>(at - input);
      }
      if (isTold && !isPlainShape(entriesBefore, entries)) {
        isOpen = true;
        return <i32>(at - input);
      }
      closeRow(at, after);
    } else if (load<u8>(first) == NEWLINE && <i32>(first - at) <= maxLineBytes) {
      lines++;
      blanks++;
    } else {
      return <i32>(at - input);
    }
    at = after + 1;
  }
  return <i32>(at - input);
}

/**
 * Adds the entries of the object that fills the place between two of the input, or of the scratch,
 * to the open row. @returns false when there is doubt about it: nothing was added
 */
export function scanObject(from: i32, to: i32, scratched: bool, within: bool): bool {
  base = scratched ? scratch : input;
  isScratch = <u8>scratched;
  isInner = <u8>within;
  isTold = false;
  const entriesBefore = entries;
  const scratchBefore = scratchUsed;
  const first = afterBlank(base + from);
  let until = base + to;
  while (until > first && isBlankOrBreak(load<u8>(until - 1))) until--;
  if (scratched) {
    // What is resolved goes behind it.
    if (until >= scratch + SCRATCH_BYTES) return false;
    scratchUsed = max(scratchUsed, <i32>(until - scratch) + 1);
  }
  // No walk goes beyond a newline.
  const behind = load<u8>(until);
  store<u8>(until, NEWLINE);
  let after = load<u8>(first) == OPEN_BRACE ? object(first, 0, 1) : DOUBT;
  if (after != DOUBT) after = afterBlank(after);
  store<u8>(until, behind);
  if (after == until) return true;
  entries = entriesBefore;
  scratchUsed = scratchBefore;
  return false;
}

@inline
function isBlankOrBreak(byte: u8): bool {
  return byte == 0x20 || byte == 0x0d || byte == 0x0a || byte == 0x09;
}

function closeRow(from: usize, to: usize): void {
  const row = rows << 2;
  lines++;
  store<i32>(line + row, lines);
  store<u32>(rowStart + row, <u32>(from - input));
  store<u32>(rowEnd + row, <u32>(to - input));
  store<u8>(rowInScratch + rows, 0);
  rows++;
  store<i32>(entryStart + row + 4, entries);
}

/** Passes over blanks within the line. */
@inline
function afterBlank(at: usize): usize {
  let byte = load<u8>(at);
  while (byte == 0x20 || byte == 0x0d || byte == 0x09) byte = load<u8>(++at);
  return at;
}

function object(open: usize, node: i32, depth: i32): usize {
  if (depth > MAX_DEPTH) return DOUBT;
  let at = afterBlank(open + 1);
  if (load<u8>(at) == CLOSE_BRACE) return at + 1;
  let child: i32 = 0;
  let isFirst = true;
  while (true) {
    if (load<u8>(at) != QUOTE) return DOUBT;
    const guessed = guess(node, child, at + 1);
    if (guessed != 0) {
      child = guessed;
      at += lengthOf(guessed) + 2;
    } else {
      const close = plainKey(at + 1);
      if (close == DOUBT) return DOUBT;
      child = find(node, child, at + 1, close);
      if (child == 0) return DOUBT;
      at = close + 1;
    }
    if (isFirst && depth == 1 && flagsOf(child) & OPENS_DOCUMENT) return DOUBT;
    isFirst = false;
    if (load<u8>(at) != COLON) {
      at = afterBlank(at);
      if (load<u8>(at) != COLON) return DOUBT;
    }
    at = value(afterBlank(at + 1), child, depth);
    if (at == DOUBT) return DOUBT;
    let byte = load<u8>(at);
    if (byte != COMMA) {
      at = afterBlank(at);
      byte = load<u8>(at);
      if (byte == CLOSE_BRACE) return at + 1;
      if (byte != COMMA) return DOUBT;
    }
    at = afterBlank(at + 1);
  }
}

function array(open: usize, node: i32, depth: i32): usize {
  if (depth > MAX_DEPTH) return DOUBT;
  let at = afterBlank(open + 1);
  if (load<u8>(at) == CLOSE_BRACKET) return at + 1;
  while (true) {
    at = value(at, node, depth);
    if (at == DOUBT) return DOUBT;
    at = afterBlank(at);
    const byte = load<u8>(at);
    if (byte == CLOSE_BRACKET) return at + 1;
    if (byte != COMMA) return DOUBT;
    at = afterBlank(at + 1);
  }
}

function value(at: usize, node: i32, depth: i32): usize {
  const flags = flagsOf(node);
  const byte = load<u8>(at);
  switch (byte) {
    case QUOTE:
      return string(at + 1, node, flags);
    case OPEN_BRACE:
      return object(at, node, depth + 1);
    case OPEN_BRACKET:
      return array(at, node, depth + 1);
    case 0x74:
      return load<u32>(at) == 0x65757274 ? scalar(at, at + 4, node, flags, TRUE) : DOUBT;
    case 0x66:
      return load<u32>(at + 1) == 0x65736c61 ? scalar(at, at + 5, node, flags, FALSE) : DOUBT;
    case 0x6e:
      return load<u32>(at) == 0x6c6c756e ? scalar(at, at + 4, node, flags, NULL) : DOUBT;
    default: {
      const after = number(at);
      if ((flags & TOLD_AND_WANTED) == TOLD_AND_WANTED) isTold = true;
      return after == DOUBT ? DOUBT : scalar(at, after, node, flags, NUMBER);
    }
  }
}

@inline
function scalar(from: usize, to: usize, node: i32, flags: u8, what: u8): usize {
  if ((flags & WANTED) == 0) return to;
  return add(node, what, isScratch, <u32>(from - base), <u32>(to - base)) ? to : DOUBT;
}

@inline
function add(node: i32, what: u8, resolved: u8, from: u32, to: u32): bool {
  const entry = entries;
  if (entry == ENTRIES) return false;
  store<i32>(path + (entry << 2), node);
  store<u8>(kind + entry, what);
  store<u8>(inScratch + entry, resolved);
  store<u8>(inner + entry, isInner);
  store<u32>(start + (entry << 2), from);
  store<u32>(end + (entry << 2), to);
  entries = entry + 1;
  return true;
}

/** The first quote, backslash or control character from `at` on. */
@inline
function special(at: usize): usize {
  while (true) {
    const bytes = v128.load(at);
    const found = v128.or(
      v128.or(
        i8x16.eq(bytes, i8x16.splat(QUOTE)),
        i8x16.eq(bytes, i8x16.splat(BACKSLASH)),
      ),
      i8x16.lt_u(bytes, i8x16.splat(0x20)),
    );
    const mask = i8x16.bitmask(found);
    if (mask != 0) return at + ctz(mask);
    at += 16;
  }
}

/** The quote that closes a key without escapes. */
function plainKey(from: usize): usize {
  const at = special(from);
  return load<u8>(at) == QUOTE ? at : DOUBT;
}

/** @returns the place behind the closing quote */
function string(from: usize, node: i32, flags: u8): usize {
  let at = special(from);
  let isEscaped = false;
  while (load<u8>(at) != QUOTE) {
    if (load<u8>(at) != BACKSLASH) return DOUBT;
    isEscaped = true;
    const after = afterEscape(at);
    if (after == 0) return DOUBT;
    at = special(after);
  }
  if ((flags & WANTED) == 0) return at + 1;
  if (flags & TELLS_WRAPPER) isTold = true;
  if (flags & HOLDS_OBJECT && at > from && mayBeObject(from)) return DOUBT;
  if (!isEscaped) {
    return add(node, STRING, isScratch, <u32>(from - base), <u32>(at - base)) ? at + 1 : DOUBT;
  }
  if (scratchUsed + <i32>(at - from) > SCRATCH_BYTES) return DOUBT;
  const target = scratch + scratchUsed;
  const to = resolve(from, at, target);
  const isAdded = add(node, STRING, 1, scratchUsed, scratchUsed + <i32>(to - target));
  scratchUsed += <i32>(to - target);
  return isAdded ? at + 1 : DOUBT;
}

/** True for a string that begins with a brace, or with something that may stand for a blank. */
function mayBeObject(from: usize): bool {
  const byte = load<u8>(from);
  return byte == OPEN_BRACE || byte <= 0x20 || byte == BACKSLASH;
}

function number(from: usize): usize {
  let at = load<u8>(from) == 0x2d ? from + 1 : from;
  if (load<u8>(at) == 0x30) {
    at++;
  } else {
    const after = digits(at);
    if (after == at) return DOUBT;
    at = after;
  }
  if (load<u8>(at) == 0x2e) {
    const after = digits(at + 1);
    if (after == at + 1) return DOUBT;
    at = after;
  }
  if ((load<u8>(at) | 0x20) == 0x65) {
    const sign = load<u8>(at + 1);
    const exponent = sign == 0x2b || sign == 0x2d ? at + 2 : at + 1;
    const after = digits(exponent);
    if (after == exponent) return DOUBT;
    at = after;
  }
  return at;
}

@inline
function digits(at: usize): usize {
  while (<u32>load<u8>(at) - 0x30 < 10) at++;
  return at;
}
