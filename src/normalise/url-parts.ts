import type { Entry } from './entry.ts';
import { findIds, type TextIds } from './text-ids.ts';

const SLASH = 0x2f;
const QUESTION = 0x3f;
const HASH = 0x23;

/** Where the parts of a URL begin and end; -1 for those it has not. */
export interface UrlParts {
  readonly serverStart: number;
  readonly pathStart: number;
  readonly pathEnd: number;
  /** Behind the question mark. */
  readonly queryStart: number;
}

/** The parts of an entry that is a URL or begins with the path of one. */
export function partsOfUrl({ bytes, start, end }: Entry): UrlParts {
  let pathEnd = start;
  while (pathEnd < end && bytes[pathEnd] !== QUESTION && bytes[pathEnd] !== HASH) pathEnd += 1;
  const queryStart = pathEnd < end && bytes[pathEnd] === QUESTION ? pathEnd + 1 : -1;
  const schemeEnd = start + schemeLength(bytes, start, pathEnd);
  if (schemeEnd === start) return { serverStart: -1, pathStart: start, pathEnd, queryStart };
  let pathStart = schemeEnd;
  while (pathStart < pathEnd && bytes[pathStart] !== SLASH) pathStart += 1;
  return { serverStart: schemeEnd, pathStart, pathEnd, queryStart };
}

/** Length of `https://`, or 0 when the URL begins with its path. */
function schemeLength(bytes: Uint8Array, start: number, end: number): number {
  const limit = Math.min(end - 2, start + 8);
  for (let at = start; at < limit; at += 1) {
    if (bytes[at] === 0x3a && bytes[at + 1] === SLASH && bytes[at + 2] === SLASH) {
      return at + 3 - start;
    }
  }
  return 0;
}

/** What a query string says. */
export interface Query {
  /** With its question mark. */
  readonly text: string;
  readonly ids: TextIds;
  readonly mayHoldSecret: boolean;
}

const SECRET = /(?:secret|access_token|refresh_token)=/i;

const utf8 = new TextDecoder();

/** Reads the query from `start` to the end of the entry; undefined for one too short to say anything. */
export function readQuery({ bytes, end }: Entry, start: number): Query | undefined {
  if (end - start < 3) return undefined;
  const text = `?${utf8.decode(bytes.subarray(start, end))}`;
  return { text, ids: findIds(text), mayHoldSecret: SECRET.test(text) };
}

/** Authorize URLs carry a state and, rightly, no code. */
const AUTHORIZE = /response_type=code|qrconnect|oauth2\/authorize/;

export function isAboutAuthorizing(text: string): boolean {
  return AUTHORIZE.test(text);
}
