/**
 * Steps through JSON that is known to be valid, or that is read for what it may give: of broken
 * JSON some positions are wrong, but none lies beyond `end`.
 */

/** A value's place; `end` is behind its last byte. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export function afterBlank(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const byte = bytes[at]!;
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d && byte !== 0x0a) break;
    at += 1;
  }
  return at;
}

/** The position behind the value that begins at `at`. */
function afterValue(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at];
  if (first === 0x22) return afterString(bytes, at, end);
  if (first !== 0x7b && first !== 0x5b) {
    let i = at;
    while (i < end && !endsScalar(bytes[i]!)) i += 1;
    return i;
  }
  let depth = 0;
  for (let i = at; i < end; i += 1) {
    const byte = bytes[i]!;
    if (byte === 0x22) {
      i = afterString(bytes, i, end) - 1;
    } else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
    } else if (byte === 0x7d || byte === 0x5d) {
      depth -= 1;
      if (depth === 0) return i + 1;
    }
  }
  return end;
}

function afterString(bytes: Uint8Array, quote: number, end: number): number {
  for (let at = quote + 1; at < end; at += 1) {
    const byte = bytes[at]!;
    if (byte === 0x5c) at += 1;
    else if (byte === 0x22) return at + 1;
  }
  return end;
}

function endsScalar(byte: number): boolean {
  return byte === 0x2c || byte === 0x7d || byte === 0x5d || byte <= 0x20;
}

/** The values of an object by their keys, escapes in keys left as they stand. */
export function* membersOf(
  bytes: Uint8Array,
  start: number,
  end: number,
): Generator<{ readonly key: string } & Range> {
  let at = afterBlank(bytes, start, end);
  if (bytes[at] !== 0x7b) return;
  at = afterBlank(bytes, at + 1, end);
  while (at < end && bytes[at] === 0x22) {
    const keyEnd = afterString(bytes, at, end);
    const key = utf8.decode(bytes.subarray(at + 1, keyEnd - 1));
    const colon = afterBlank(bytes, keyEnd, end);
    if (bytes[colon] !== 0x3a) return;
    const value = afterBlank(bytes, colon + 1, end);
    const valueEnd = afterValue(bytes, value, end);
    yield { key, start: value, end: valueEnd };
    at = afterBlank(bytes, valueEnd, end);
    if (bytes[at] !== 0x2c) return;
    at = afterBlank(bytes, at + 1, end);
  }
}

/** The value of one key of an object. */
export function memberOf(bytes: Uint8Array, { start, end }: Range, key: string): Range | undefined {
  for (const member of membersOf(bytes, start, end)) if (member.key === key) return member;
  return undefined;
}

/** The elements of an array. */
export function* elementsOf(bytes: Uint8Array, start: number, end: number): Generator<Range> {
  let at = afterBlank(bytes, start, end);
  if (bytes[at] !== 0x5b) return;
  at = afterBlank(bytes, at + 1, end);
  while (at < end && bytes[at] !== 0x5d) {
    const elementEnd = afterValue(bytes, at, end);
    if (elementEnd === at) return;
    yield { start: at, end: elementEnd };
    at = afterBlank(bytes, elementEnd, end);
    if (bytes[at] !== 0x2c) return;
    at = afterBlank(bytes, at + 1, end);
  }
}

const utf8 = new TextDecoder();
