import { MAX_GROUPINGS } from '../model/index.ts';
import { PackedTimes, type TimeContext } from './packed-times.ts';
import { offsetOf, PagedWords } from './paged-words.ts';
import type { PartialPool } from './partial-pool.ts';
import { NONE } from './slot-table.ts';
import type { TextTable } from './text-table.ts';

/** Most correlation keys that one signal can carry. */
export const MAX_KEYS: number = MAX_GROUPINGS;

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

/** Words of a signal, and what stands in each after the time. */
const WORDS = 8;
/** In the half that the time leaves free. */
const RULE = 1;
const NEXT = 2;
const HASH = 3;
/** The source above 8 bits of the stage. */
const SOURCE = 4;
const LINE = 5;
const KEYS = 6;

const STAGE_SHIFT = 8;
const RULE_BITS = 0xffff;

/** The pool as plain data, to be sent elsewhere. */
export interface PackedSignals {
  readonly size: number;
  readonly words: Uint32Array[];
  readonly times: TimeContext;
}

/** Rule hits by the id their event belongs to: one entry per id and rule, 32 bytes each. */
export class SignalPool {
  size: number;
  readonly #words: PagedWords;
  readonly #times: PackedTimes;
  readonly #partials: PartialPool;
  readonly #texts: TextTable;
  readonly #sourceNames: readonly string[];

  constructor(
    partials: PartialPool,
    texts: TextTable,
    sourceNames: readonly string[],
    packed?: PackedSignals,
  ) {
    this.#partials = partials;
    this.#texts = texts;
    this.#sourceNames = sourceNames;
    this.size = packed?.size ?? 0;
    this.#words = new PagedWords(packed?.words);
    this.#times = new PackedTimes(packed?.times);
  }

  pack(): PackedSignals {
    return { size: this.size, words: this.#words.pages, times: this.#times.pack() };
  }

  /** The first entry of an id, or {@link NONE}. */
  firstOf(node: number): number {
    return this.#partials.blockOf(node) === NONE ? NONE : this.#partials.signalsOf(node);
  }

  /** The entry of the same id after `at`, or {@link NONE}. */
  nextOf(at: number): number {
    return this.#words.get(at * WORDS + NEXT);
  }

  ruleAt(at: number): number {
    return this.#words.get(at * WORDS + RULE) & RULE_BITS;
  }

  /** Index into STAGES plus one; 0 for none. */
  stageAt(at: number): number {
    return this.#words.get(at * WORDS + SOURCE) & ((1 << STAGE_SHIFT) - 1);
  }

  timeAt(at: number): number {
    return this.#times.read(this.#words.pageOf(at * WORDS), offsetOf(at * WORDS));
  }

  lineAt(at: number): number {
    return this.#words.get(at * WORDS + LINE);
  }

  sourceAt(at: number): string {
    return this.#sourceNames[this.#sourceNumberAt(at)]!;
  }

  keyAt(at: number, key: number): string | undefined {
    const number = this.#words.get(at * WORDS + KEYS + key);
    return number === 0 ? undefined : this.#texts.text(number - 1);
  }

  /** True when the entry `a` wins over `b`, of the same rule. */
  isEarlier(a: number, b: number): boolean {
    return this.#isEarlier(this.timeAt(a), this.#hashAt(a), this.sourceAt(a), this.lineAt(a), b);
  }

  /** Folds a hit at an id that has a partial. */
  fold(node: number, event: SignalEvent): void {
    const first = this.#partials.signalsOf(node);
    for (let at = first; at !== NONE; at = this.nextOf(at)) {
      if (this.ruleAt(at) !== event.rule) continue;
      const { timeMs, hash, line } = event;
      if (this.#isEarlier(timeMs, hash, this.#sourceNames[event.source]!, line, at)) {
        this.#times.take(timeMs);
        this.#times.replace(this.#words.pageOf(at * WORDS), offsetOf(at * WORDS));
        this.#write(at, event);
      }
      return;
    }
    const at = this.size;
    this.size = at + 1;
    this.#words.reserve((at + 1) * WORDS);
    this.#words.set(at * WORDS + RULE, event.rule);
    this.#times.take(event.timeMs);
    this.#times.write(this.#words.pageOf(at * WORDS), offsetOf(at * WORDS));
    this.#words.set(at * WORDS + NEXT, first);
    this.#write(at, event);
    this.#partials.setSignals(node, at);
  }

  /**
   * Folds the signals of another pool's id into `node`, which has a partial.
   * @param textOf the number here of a text there
   */
  absorb(
    node: number,
    other: SignalPool,
    otherNode: number,
    of: {
      readonly text: (text: number) => number;
      readonly source: (source: number) => number;
      readonly linesBefore: (source: number) => number;
    },
  ): void {
    for (let at = other.firstOf(otherNode); at !== NONE; at = other.nextOf(at)) {
      const keyAt = (key: number): number => {
        const number = other.#words.get(at * WORDS + KEYS + key);
        return number === 0 ? 0 : of.text(number - 1) + 1;
      };
      const source = other.#sourceNumberAt(at);
      this.fold(node, {
        rule: other.ruleAt(at),
        stage: other.stageAt(at),
        timeMs: other.timeAt(at),
        hash: other.#hashAt(at),
        source: of.source(source),
        line: of.linesBefore(source) + other.lineAt(at),
        keys: [keyAt(0), keyAt(1)],
      });
    }
  }

  #isEarlier(timeMs: number, hash: number, source: string, line: number, at: number): boolean {
    const time = this.timeAt(at);
    if (timeMs !== time) return timeMs < time;
    if (hash !== this.#hashAt(at)) return hash < this.#hashAt(at);
    const held = this.sourceAt(at);
    return source === held ? line < this.lineAt(at) : source < held;
  }

  #write(at: number, event: SignalEvent): void {
    const words = this.#words;
    words.set(at * WORDS + HASH, event.hash);
    words.set(at * WORDS + SOURCE, (event.source << STAGE_SHIFT) | event.stage);
    words.set(at * WORDS + LINE, event.line);
    words.set(at * WORDS + KEYS, event.keys[0]);
    words.set(at * WORDS + KEYS + 1, event.keys[1]);
  }

  #hashAt(at: number): number {
    return this.#words.get(at * WORDS + HASH);
  }

  #sourceNumberAt(at: number): number {
    return this.#words.get(at * WORDS + SOURCE) >>> STAGE_SHIFT;
  }
}
