/**
 * Endless logs at little cost: a made-up day is played once, and its lines are stamped again and
 * again with other ids and times. Every copy has the same variety of logins, failures and lines of
 * other matters as the day itself. Seeded: the same call writes the same bytes.
 */

import { playWorld } from '../test/world/index.ts';

export interface StampedLogOptions {
  readonly flows: number;
  /** Names of stacks of the world; all when empty. */
  readonly stacks?: readonly string[];
  /** Leaves out what is no JSON object, such as stack traces. */
  readonly onlyJson?: boolean;
  readonly seed?: number;
}

/** Logins of the day that is played; all further ones are copies. */
const PLAYED = 4000;
/** Lines that are copied at a stretch, so that the log runs forward in time. */
const STRETCH = 400;
const BLOCK_BYTES = 1 << 20;

/** A line as fixed texts, and what is stamped anew between them. */
interface LineTemplate {
  readonly texts: readonly string[];
  readonly stamps: readonly Stamp[];
}

/** Writes the text for a copy. */
type Stamp = (copy: number) => string;

/** Blocks of whole lines, about 1 MB each, and what they hold. */
export function* stampedLog({
  flows,
  stacks = [],
  onlyJson = false,
  seed = 1,
}: StampedLogOptions): Generator<{
  readonly text: string;
  readonly lines: number;
}> {
  const copies = Math.ceil(flows / PLAYED);
  const played = Math.ceil(flows / copies);
  const { lines, ids } = play(played, stacks, seed);
  const templates = compile(onlyJson ? lines.filter(isJsonObject) : lines, ids);
  let text = '';
  let count = 0;
  for (let from = 0; from < templates.length; from += STRETCH) {
    const stretch = templates.slice(from, from + STRETCH);
    for (let copy = 0; copy < copies; copy++) {
      for (const template of stretch) text += stamped(template, copy);
      count += stretch.length;
      if (text.length < BLOCK_BYTES) continue;
      yield { text, lines: count };
      text = '';
      count = 0;
    }
  }
  if (count > 0) yield { text, lines: count };
}

function play(flows: number, stacks: readonly string[], seed: number) {
  const lines: string[] = [];
  const ids = new Set<string>();
  for (const item of playWorld({ flows, stacks, seed })) {
    if (item.kind === 'line') lines.push(item.text);
    else for (const id of Object.values(item.truth.ids).flat()) addId(ids, id);
  }
  return { lines, ids };
}

function isJsonObject(line: string): boolean {
  try {
    return line.startsWith('{') && JSON.parse(line) !== null;
  } catch {
    return false;
  }
}

const WORD = /[A-Za-z0-9_-]{8,}/g;

function addId(ids: Set<string>, id: string | undefined): void {
  for (const [word] of id?.matchAll(WORD) ?? []) if (/\d/.test(word)) ids.add(word);
}

/** Traces and requests that belong to no login. */
const FOREIGN_ID = /^(?:[0-9a-f]{16,64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const ISO_TIME = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/g;
/** Seconds since 1970, and what may follow of their fraction. */
const UNIX_TIME = /\b1[78]\d{8}(?=\d{0,9}\b)/g;

function compile(lines: readonly string[], ids: ReadonlySet<string>): LineTemplate[] {
  const stampOf = new Map<string, Stamp>();
  const idStamp = (word: string): Stamp => {
    let stamp = stampOf.get(word);
    if (stamp === undefined) {
      stamp = createIdStamp(word, stampOf.size + 1);
      stampOf.set(word, stamp);
    }
    return stamp;
  };
  return lines.map((line) => {
    const found: { readonly at: number; readonly length: number; readonly stamp: Stamp }[] = [];
    for (const { 0: word, index } of line.matchAll(WORD)) {
      if (!ids.has(word) && !FOREIGN_ID.test(word)) continue;
      found.push({ at: index, length: word.length, stamp: idStamp(word) });
    }
    for (const { 0: time, index } of line.matchAll(ISO_TIME)) {
      found.push({ at: index, length: time.length, stamp: createIsoStamp(time) });
    }
    for (const { 0: seconds, index } of line.matchAll(UNIX_TIME)) {
      const stamp: Stamp = (copy) => String(Number(seconds) + copy);
      found.push({ at: index, length: seconds.length, stamp });
    }
    return templateOf(
      `${line}\n`,
      found.sort((a, b) => a.at - b.at),
    );
  });
}

function templateOf(
  line: string,
  found: readonly { readonly at: number; readonly length: number; readonly stamp: Stamp }[],
): LineTemplate {
  const texts: string[] = [];
  const stamps: Stamp[] = [];
  let from = 0;
  for (const { at, length, stamp } of found) {
    if (at < from) continue;
    texts.push(line.slice(from, at));
    stamps.push(stamp);
    from = at + length;
  }
  return { texts: [...texts, line.slice(from)], stamps };
}

function stamped({ texts, stamps }: LineTemplate, copy: number): string {
  let line = texts[0];
  for (let i = 0; i < stamps.length; i++) line += stamps[i](copy) + texts[i + 1];
  return line;
}

/** Another id of the same look for each copy, the same wherever the id stands. */
function createIdStamp(word: string, number: number): Stamp {
  const isHex = /^(?=.*[a-f])[0-9a-f-]+$/.test(word);
  let madeFor = -1;
  let made = '';
  return (copy) => {
    if (copy !== madeFor) {
      made = idLike(word, isHex, number, copy);
      madeFor = copy;
    }
    return made;
  };
}

const DIGITS = '0123456789';
const HEX = '0123456789abcdef';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();

function idLike(word: string, isHex: boolean, number: number, copy: number): string {
  let state = Math.imul(number, 0x9e3779b1) ^ Math.imul(copy + 1, 0x85ebca6b);
  // A number keeps its first digit, lest it begin with a zero.
  let id = /^\d+$/.test(word) ? word[0] : '';
  for (const letter of word.slice(id.length)) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    id += pick(isHex && letter !== '-' ? HEX : lettersLike(letter), (state >>> 8) & 0xffff);
  }
  return id;
}

function lettersLike(letter: string): string {
  if (letter >= '0' && letter <= '9') return DIGITS;
  if (letter >= 'a' && letter <= 'z') return LOWER;
  return letter >= 'A' && letter <= 'Z' ? UPPER : letter;
}

const pick = (letters: string, n: number): string => letters[n % letters.length];

/** The time a second later for each copy, in the form and zone it is written in. */
function createIsoStamp(time: string): Stamp {
  const separator = time[10];
  const atMs = Date.parse(`${time.slice(0, 10)}T${time.slice(11)}Z`);
  return (copy) => {
    const iso = isoSeconds(atMs + copy * 1000);
    return separator === 'T' ? iso : iso.replace('T', separator);
  };
}

const known = new Map<number, string>();

function isoSeconds(ms: number): string {
  let iso = known.get(ms);
  if (iso === undefined) {
    iso = new Date(ms).toISOString().slice(0, 19);
    known.set(ms, iso);
  }
  return iso;
}
