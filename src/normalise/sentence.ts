import type { Entry } from './entry.ts';

/** Prose has blanks or letters beyond ASCII; names of events have neither. */
export function isSentence({ bytes, start, end }: Entry): boolean {
  for (let at = start; at < end; at += 1) {
    if (bytes[at] === 0x20 || bytes[at] >= 0x80) return true;
  }
  return false;
}
