import { DOCUMENT_KEYS } from './document-keys.ts';
import { belongsToWrapper, tellsWrapper } from './wrappers/json-wrappers.ts';

/** Decides whether anybody asks for the scalars at a path. */
export type WantsPath = (segments: readonly string[]) => boolean;

/** Whether an entry may hold a record of its own, or shows that the record is a wrapper. */
export const Payload = { none: 0, ifObject: 1, always: 2 } as const;

export type Payload = (typeof Payload)[keyof typeof Payload];

const NODE_LIMIT = 1 << 16;
const KEY_POOL_LIMIT = 1 << 22;
const INITIAL_SLOTS = 1 << 10;

const utf8 = new TextDecoder();
const utf8Encoder = new TextEncoder();

/**
 * The field paths seen so far, as small dense numbers, found by the bytes of a key.
 *
 * Whether a path is wanted is asked once and remembered. A log with endlessly many distinct
 * keys cannot fill the memory: {@link clearIfFull} starts over, which costs time and changes
 * no answer.
 */
export class PathTree {
  /** Grows when the tree was cleared; node numbers of an older generation mean nothing. */
  generation = 0;
  #wants: WantsPath;
  #slots = new Int32Array(INITIAL_SLOTS).fill(-1);
  #parent: number[] = [];
  #hash: number[] = [];
  #keyStart: number[] = [];
  #keyEnd: number[] = [];
  #segments: (readonly string[])[] = [];
  #wanted: boolean[] = [];
  #payload: Payload[] = [];
  #opensDocument: boolean[] = [];
  /** Length of a key whose bytes stand in a record as they are, quote excluded; else -1. */
  #plainLength: number[] = [];
  /** The key that last followed this one in its object; for a parent, see `#firstChild`. */
  #successor: number[] = [];
  #firstChild: number[] = [];
  /** As {@link name} gives them, where somebody asked; and nodes as {@link named} gives them. */
  #names: (string | undefined)[] = [];
  readonly #named = new Map<string, number>();
  #keys = new Uint8Array(1 << 12);
  #keysUsed = 0;

  constructor(wants: WantsPath) {
    this.#wants = wants;
    this.#addRoot();
  }

  get size(): number {
    return this.#segments.length;
  }

  /** Segments of the path from the root; a dotted key counts as several, array levels as none. */
  segments(node: number): readonly string[] {
    return this.#segments[node]!;
  }

  /** -1 for the root. */
  parent(node: number): number {
    return this.#parent[node]!;
  }

  /** The bytes of a path's last key, escapes resolved; valid until a path is added. */
  key(node: number): Uint8Array {
    return this.#keys.subarray(this.#keyStart[node]!, this.#keyEnd[node]!);
  }

  wanted(node: number): boolean {
    return this.#wanted[node]!;
  }

  /** What the entries of a path say about a record inside the record. */
  payload(node: number): Payload {
    return this.#payload[node]!;
  }

  /** True for a key that, as the first of a line, begins a document of many records. */
  opensDocument(node: number): boolean {
    return this.#opensDocument[node]!;
  }

  /** The node of a name whose dots part segments, such as `k8s.pod.name`. */
  named(name: string): number {
    let node = this.#named.get(name);
    if (node === undefined) {
      const bytes = utf8Encoder.encode(name);
      node = this.child(0, hashOfKey(bytes, 0, bytes.length), bytes, 0, bytes.length);
      this.#named.set(name, node);
    }
    return node;
  }

  /** The segments of a path with dots between them. */
  name(node: number): string {
    this.#names[node] ??= this.#segments[node]!.join('.');
    return this.#names[node]!;
  }

  /**
   * The node of a key at the root that stands as bytes and followed `previous`, which is 0 for the
   * first of its record.
   */
  following(previous: number, bytes: Uint8Array, start: number, end: number): number {
    const guess = this.guessWhole(0, previous, bytes, start, end);
    if (guess !== -1) return guess;
    const node = this.child(0, hashOfKey(bytes, start, end), bytes, start, end);
    this.learn(0, previous, node);
    return node;
  }

  /**
   * Guesses the key at `start` from the one that came before it, since records repeat their
   * shape. `previous` is 0 at the beginning of an object.
   * @returns the node if its key and the closing quote stand there, else -1.
   */
  guess(parent: number, previous: number, bytes: Uint8Array, start: number): number {
    const node = previous === 0 ? this.#firstChild[parent]! : this.#successor[previous]!;
    if (node === 0) return -1;
    const length = this.#plainLength[node]!;
    if (length < 0 || bytes[start + length] !== 0x22) return -1;
    const keys = this.#keys;
    let at = this.#keyStart[node]!;
    for (let i = start; i < start + length; i += 1, at += 1) if (keys[at] !== bytes[i]) return -1;
    return node;
  }

  /** As {@link guess}, for a key whose end is known: it need not stand as JSON writes it. */
  guessWhole(
    parent: number,
    previous: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): number {
    const node = previous === 0 ? this.#firstChild[parent]! : this.#successor[previous]!;
    return node !== 0 && this.#sameKey(node, bytes, start, end) ? node : -1;
  }

  /** Remembers for {@link guess} that `node` followed `previous`. */
  learn(parent: number, previous: number, node: number): void {
    if (previous === 0) this.#firstChild[parent] = node;
    else this.#successor[previous] = node;
  }

  plainLength(node: number): number {
    return this.#plainLength[node]!;
  }

  /** The node of `key` (bytes `start` to `end` of `bytes`, hashed by the caller) below `parent`. */
  child(parent: number, hash: number, bytes: Uint8Array, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    let slot = mix(parent, hash) & mask;
    for (;;) {
      const node = this.#slots[slot]!;
      if (node === -1) return this.#add(parent, hash, bytes, start, end, slot);
      if (
        this.#hash[node] === hash &&
        this.#parent[node] === parent &&
        this.#sameKey(node, bytes, start, end)
      ) {
        return node;
      }
      slot = (slot + 1) & mask;
    }
  }

  /** To be called between batches only: it makes every node number invalid. */
  clearIfFull(): void {
    if (this.size < NODE_LIMIT && this.#keysUsed < KEY_POOL_LIMIT) return;
    this.generation += 1;
    this.#slots = new Int32Array(INITIAL_SLOTS).fill(-1);
    for (const column of [
      this.#parent,
      this.#hash,
      this.#keyStart,
      this.#keyEnd,
      this.#plainLength,
      this.#successor,
      this.#firstChild,
      this.#segments,
      this.#wanted,
      this.#payload,
      this.#opensDocument,
      this.#names,
    ]) {
      column.length = 0;
    }
    this.#named.clear();
    this.#keysUsed = 0;
    this.#addRoot();
  }

  #addRoot(): void {
    this.#parent.push(-1);
    this.#hash.push(0);
    this.#keyStart.push(0);
    this.#keyEnd.push(0);
    this.#plainLength.push(-1);
    this.#successor.push(0);
    this.#firstChild.push(0);
    this.#segments.push([]);
    this.#wanted.push(false);
    this.#payload.push(Payload.none);
    this.#opensDocument.push(false);
  }

  #sameKey(node: number, bytes: Uint8Array, start: number, end: number): boolean {
    let at = this.#keyStart[node]!;
    if (this.#keyEnd[node]! - at !== end - start) return false;
    const keys = this.#keys;
    for (let i = start; i < end; i += 1, at += 1) if (keys[at] !== bytes[i]) return false;
    return true;
  }

  #add(
    parent: number,
    hash: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    slot: number,
  ): number {
    const node = this.size;
    const key = utf8.decode(bytes.subarray(start, end));
    const segments = [...this.#segments[parent]!, ...key.split('.')];
    this.#reserveKeys(end - start);
    this.#keys.set(bytes.subarray(start, end), this.#keysUsed);
    this.#parent.push(parent);
    this.#hash.push(hash);
    this.#keyStart.push(this.#keysUsed);
    this.#keysUsed += end - start;
    this.#keyEnd.push(this.#keysUsed);
    this.#plainLength.push(isPlain(bytes, start, end) ? end - start : -1);
    this.#successor.push(0);
    this.#firstChild.push(0);
    this.#segments.push(segments);
    const payload = payloadOf(segments);
    this.#wanted.push(this.#wants(segments) || belongsToWrapper(segments.join('.')));
    this.#payload.push(payload);
    this.#opensDocument.push(parent === 0 && DOCUMENT_KEYS.has(key));
    this.#slots[slot] = node;
    if (node * 2 > this.#slots.length) this.#growSlots();
    return node;
  }

  #reserveKeys(bytes: number): void {
    if (this.#keysUsed + bytes <= this.#keys.length) return;
    const grown = new Uint8Array(Math.max(this.#keys.length * 2, this.#keysUsed + bytes));
    grown.set(this.#keys);
    this.#keys = grown;
  }

  #growSlots(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let node = 1; node < this.size; node += 1) {
      let slot = mix(this.#parent[node]!, this.#hash[node]!) & mask;
      while (slots[slot] !== -1) slot = (slot + 1) & mask;
      slots[slot] = node;
    }
    this.#slots = slots;
  }
}

/** FNV-1a of the bytes of a key, as {@link PathTree.child} wants it. */
export function hashOfKey(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return hash;
}

/** Fields in which loggers put a record that is JSON itself, the likeliest first. */
export const NESTING_FIELDS: readonly string[] = ['message', 'msg', 'log', 'body'];

function payloadOf(segments: readonly string[]): Payload {
  const path = segments.join('.');
  if (tellsWrapper(path)) return Payload.always;
  return NESTING_FIELDS.includes(path) ? Payload.ifObject : Payload.none;
}

/** True when JSON writes the key as it is: no quote, backslash or control character in it. */
function isPlain(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at]!;
    if (byte < 0x20 || byte === 0x22 || byte === 0x5c) return false;
  }
  return true;
}

function mix(parent: number, hash: number): number {
  const h = Math.imul(parent ^ (hash >>> 15) ^ hash, 0x2c1b3c6d);
  return h ^ (h >>> 13);
}
