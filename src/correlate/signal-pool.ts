import { grown } from './grow.ts';
import type { TextTable } from './partial-pool.ts';

const END = 0xffffffff;

/** Most correlation keys that one signal can carry. */
export const MAX_KEYS = 2;

/** One rule hit as it is folded: the earliest of its flow wins, of several the smallest hash. */
export interface SignalEvent {
  rule: number;
  /** Index into STAGES plus one; 0 for none. */
  stage: number;
  timeMs: number;
  hash: number;
  source: number;
  line: number;
  /** Numbers in the text table plus one; 0 for none. */
  keys: [number, number];
}

/** Rule hits by the id their event belongs to: one entry per id and rule. */
export class SignalPool {
  size = 0;
  next = new Uint32Array(1 << 8);
  rule = new Uint16Array(1 << 8);
  stage = new Uint8Array(1 << 8);
  time = new Float64Array(1 << 8);
  hash = new Uint32Array(1 << 8);
  source = new Uint32Array(1 << 8);
  line = new Uint32Array(1 << 8);
  keys = new Uint32Array(1 << 9);
  readonly #heads = new Map<number, number>();
  readonly #texts: TextTable;
  readonly #sourceNames: readonly string[];

  constructor(texts: TextTable, sourceNames: readonly string[]) {
    this.#texts = texts;
    this.#sourceNames = sourceNames;
  }

  /** Forgets everything folded so far. */
  clear(): void {
    this.#heads.clear();
    this.size = 0;
  }

  /** The entries of an id. */
  *of(node: number): Generator<number> {
    let at = this.#heads.get(node) ?? END;
    while (at !== END) {
      yield at;
      at = this.next[at]!;
    }
  }

  sourceOf(at: number): string {
    return this.#sourceNames[this.source[at]!]!;
  }

  keyOf(at: number, key: number): string | undefined {
    const number = this.keys[at * MAX_KEYS + key]!;
    return number === 0 ? undefined : this.#texts.text(number - 1);
  }

  fold(node: number, event: SignalEvent): void {
    for (const at of this.of(node)) {
      if (this.rule[at] !== event.rule) continue;
      if (this.#isEarlier(event, at)) this.#write(at, event);
      return;
    }
    const at = this.size;
    this.#reserve(at + 1);
    this.next[at] = this.#heads.get(node) ?? END;
    this.#heads.set(node, at);
    this.rule[at] = event.rule;
    this.#write(at, event);
    this.size = at + 1;
  }

  absorb(
    node: number,
    other: SignalPool,
    otherNode: number,
    sourceOf: (source: number) => number,
  ): void {
    for (const at of other.of(otherNode)) {
      const keyAt = (key: number): number => {
        const text = other.keyOf(at, key);
        return text === undefined ? 0 : this.#texts.add(text) + 1;
      };
      this.fold(node, {
        rule: other.rule[at]!,
        stage: other.stage[at]!,
        timeMs: other.time[at]!,
        hash: other.hash[at]!,
        source: sourceOf(other.source[at]!),
        line: other.line[at]!,
        keys: [keyAt(0), keyAt(1)],
      });
    }
  }

  #isEarlier(event: SignalEvent, at: number): boolean {
    if (event.timeMs !== this.time[at]) return event.timeMs < this.time[at]!;
    if (event.hash !== this.hash[at]) return event.hash < this.hash[at]!;
    const source = this.#sourceNames[event.source]!;
    const held = this.sourceOf(at);
    return source === held ? event.line < this.line[at]! : source < held;
  }

  #write(at: number, event: SignalEvent): void {
    this.stage[at] = event.stage;
    this.time[at] = event.timeMs;
    this.hash[at] = event.hash;
    this.source[at] = event.source;
    this.line[at] = event.line;
    this.keys[at * MAX_KEYS] = event.keys[0];
    this.keys[at * MAX_KEYS + 1] = event.keys[1];
  }

  #reserve(length: number): void {
    if (length <= this.next.length) return;
    this.next = grown(this.next, length);
    this.rule = grown(this.rule, length);
    this.stage = grown(this.stage, length);
    this.time = grown(this.time, length);
    this.hash = grown(this.hash, length);
    this.source = grown(this.source, length);
    this.line = grown(this.line, length);
    this.keys = grown(this.keys, length * MAX_KEYS);
  }
}
