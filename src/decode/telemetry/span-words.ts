/** Order of the numbers of the format; zipkin and Jaeger name the same kinds in words. */
export const SPAN_KINDS = [
  'UNSPECIFIED',
  'INTERNAL',
  'SERVER',
  'CLIENT',
  'PRODUCER',
  'CONSUMER',
] as const;

export const SpanStatus = { unset: 0, ok: 1, error: 2 } as const;

const KIND_PREFIX = 'SPAN_KIND_';

/** Index of a kind among {@link SPAN_KINDS}, given as such or by its name in any case; 0 for no kind. */
export function spanKindOf(bytes: Uint8Array, start: number, end: number): number {
  if (isDigit(bytes, start, end)) return bytes[start]! - ZERO;
  const from = isWord(bytes, start, start + KIND_PREFIX.length, KIND_PREFIX)
    ? start + KIND_PREFIX.length
    : start;
  return Math.max(
    0,
    SPAN_KINDS.findIndex((name) => isWord(bytes, from, end, name)),
  );
}

const STATUS_PREFIX = 'STATUS_CODE_';

/** The status that `ERROR`, `STATUS_CODE_OK` and their like name in any case, or its number. */
export function spanStatusOf(bytes: Uint8Array, start: number, end: number): number {
  if (isDigit(bytes, start, end)) return bytes[start]! - ZERO;
  const from = isWord(bytes, start, start + STATUS_PREFIX.length, STATUS_PREFIX)
    ? start + STATUS_PREFIX.length
    : start;
  if (isWord(bytes, from, end, 'ERROR')) return SpanStatus.error;
  return isWord(bytes, from, end, 'OK') ? SpanStatus.ok : SpanStatus.unset;
}

const ZERO = 0x30;

function isDigit(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === 1 && bytes[start]! >= ZERO && bytes[start]! <= ZERO + 9;
}

/** Compares with a word of capitals and underscores, whatever the case of the text. */
function isWord(bytes: Uint8Array, start: number, end: number, word: string): boolean {
  if (end - start !== word.length) return false;
  for (let i = 0; i < word.length; i += 1) {
    const byte = bytes[start + i]!;
    const letter = byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte;
    if (letter !== word.charCodeAt(i)) return false;
  }
  return true;
}

const EXCEPTION = new TextEncoder().encode('exception');

/** True for the name of an event that only wraps an exception: what it says belongs to the span. */
export function isExceptionEvent(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== EXCEPTION.length) return false;
  return EXCEPTION.every((byte, at) => bytes[start + at] === byte);
}
