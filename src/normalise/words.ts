/**
 * A text as plain words, so that `loginSuccess`, `login_success`, `LOGIN-SUCCESS` and
 * `Login success` read alike: lower case, one blank between words and at both ends.
 */
export function wordsOf(text: string): string {
  return ` ${text
    .slice(0, MAX_WORDS)
    .replace(CAMEL, '$1 $2')
    .toLowerCase()
    .replace(BREAKS, ' ')
    .trim()} `;
}

/** What happened stands at the beginning of a message. */
const MAX_WORDS = 2048;
const CAMEL = /([\p{Ll}\d])(\p{Lu})/gu;
const BREAKS = /[^\p{L}\p{N}]+/gu;
