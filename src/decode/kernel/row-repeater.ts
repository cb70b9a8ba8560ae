import type { EventBatch, RecordBatch } from '../../model/index.ts';
import { ROWS_PER_BATCH } from '../record-columns.ts';
import type { KernelExports } from './exports.ts';

const NODES = 1 << 12;
/** As in `assembly/events.ts`. */
const MAX_EVENT_IDS = 64;
const MAX_SCHEMAS = 64;
/** As in `assembly/digest.ts`. */
const MAX_MASKED = 32;
/** As `Template` in `assembly/templates.ts` is laid out, in words. */
const OFFSET_WORD = 18;
const FIRST_PLACE_WORD = 20;
const FIRST_RANK_WORD = 28;
const LESSON_WORDS = 36;

/** How the entries of a path go into a digest; see `assembly/plans.ts`. */
export interface DigestPlan {
  readonly digestAs: number;
  readonly role: number;
  readonly namespace: number;
  readonly isAsked: boolean;
  readonly isProse: boolean;
  readonly salt: number;
  /** By the kind of the entry; undefined where its presence says nothing. */
  readonly marks:
    | {
        readonly number: number;
        readonly upper: number;
        readonly text: number;
        readonly other: number;
      }
    | undefined;
}

/** A name of an id, by the hash of its letters and digits in lower case. */
export interface QueryName {
  readonly hash: { readonly high: number; readonly low: number };
  readonly namespace: number;
  readonly role: number;
  /** Whether it is one depends on the rest of the text. */
  readonly isDoubtful: boolean;
}

/** What the kernel has to know of a template to write the events of its rows. */
export interface RepeatPlan {
  readonly digest: { readonly high: number; readonly low: number };
  readonly number: number;
  readonly schema: number;
  readonly isEvent: boolean;
  readonly severity: number;
  readonly stage: number;
  readonly outcome: number;
  readonly kind: number;
  readonly contentHigh: number;
  readonly contentLow: number;
  readonly hostHigh: number;
  readonly hostLow: number;
  /** By masked entry, whether the row takes its id; 32 at most. */
  readonly takes: readonly boolean[];
  readonly ids: readonly {
    readonly namespace: number;
    readonly high: number;
    readonly low: number;
  }[];
  /** Entries that may hold the time, 8 at most, by their distance from the row's first. */
  readonly timePlaces: readonly number[];
  /** The lowest is believed; whole numbers. */
  readonly timeRanks: readonly number[];
  /** Of times that name no zone; NaN when it depends on the time. */
  readonly offsetMs: number;
}

/** Columns of an `EventBatch`, one event a row. */
export type EventHome = {
  readonly [Name in Exclude<
    keyof EventBatch,
    'count' | 'templates' | 'idText'
  >]: EventBatch[Name] extends Uint8Array
    ? Uint8Array
    : EventBatch[Name] extends Float64Array
      ? Float64Array
      : Uint32Array;
};

/** Whose columns they are. */
interface ColumnOwner {
  readonly columns: RecordBatch;
  /** True while all that the columns hold stands in the kernel's memory. */
  readonly holdsBatch: boolean;
}

/**
 * Digests rows in the kernel's columns and writes the events of those whose template it knows.
 * What digests and templates are is for the normaliser to say; the kernel only computes as it does.
 */
export class RowRepeater {
  /** Here the events are written; beyond it they cannot grow. */
  readonly home: EventHome;
  /** The masked ids of the row at which {@link repeat} stopped. */
  readonly maskedEntry: Int32Array;
  readonly mask: Uint8Array;
  readonly namespace: Uint8Array;
  readonly idHigh: Int32Array;
  readonly idLow: Int32Array;
  /** Rows by schema that were repeated since {@link clearCounts}. */
  readonly rowsBySchema: Uint32Array;
  readonly #lesson: Int32Array;
  readonly #lessonOffset: Float64Array;
  readonly #lessonIds: Int32Array;
  readonly #exports: KernelExports;
  readonly #home: ColumnOwner;
  #owner: object | undefined;

  constructor(exports: KernelExports, home: ColumnOwner) {
    const { buffer } = exports.memory;
    type Place = { readonly value: number };
    const signed = (place: Place, length: number) => new Int32Array(buffer, place.value, length);
    const words = (place: Place, length: number) => new Uint32Array(buffer, place.value, length);
    const bytes = (place: Place, length: number) => new Uint8Array(buffer, place.value, length);
    const ids = ROWS_PER_BATCH * MAX_EVENT_IDS;
    this.#exports = exports;
    this.#home = home;
    this.home = {
      row: words(exports.eventRow, ROWS_PER_BATCH),
      line: words(exports.eventLine, ROWS_PER_BATCH),
      timeMs: new Float64Array(buffer, exports.eventTime.value, ROWS_PER_BATCH),
      severity: bytes(exports.eventSeverity, ROWS_PER_BATCH),
      stage: bytes(exports.eventStage, ROWS_PER_BATCH),
      outcome: bytes(exports.eventOutcome, ROWS_PER_BATCH),
      kind: bytes(exports.eventKind, ROWS_PER_BATCH),
      hashHigh: words(exports.eventHashHigh, ROWS_PER_BATCH),
      hashLow: words(exports.eventHashLow, ROWS_PER_BATCH),
      template: words(exports.eventTemplate, ROWS_PER_BATCH),
      idStart: words(exports.eventIdStart, ROWS_PER_BATCH + 1),
      idNamespace: bytes(exports.eventIdNamespace, ids),
      idHigh: words(exports.eventIdHigh, ids),
      idLow: words(exports.eventIdLow, ids),
    };
    this.maskedEntry = signed(exports.maskedEntry, MAX_MASKED);
    this.mask = bytes(exports.mask, MAX_MASKED);
    this.namespace = bytes(exports.namespace, MAX_MASKED);
    this.idHigh = signed(exports.idHigh, MAX_MASKED);
    this.idLow = signed(exports.idLow, MAX_MASKED);
    this.rowsBySchema = words(exports.rowsBySchema, MAX_SCHEMAS);
    this.#lesson = signed(exports.lesson, LESSON_WORDS);
    this.#lessonOffset = new Float64Array(buffer, exports.lesson.value + OFFSET_WORD * 4, 1);
    this.#lessonIds = signed(exports.lessonIds, MAX_EVENT_IDS * 3);
  }

  /**
   * Tells who asks: plans, texts and templates are those of one normaliser at a time.
   * @returns true when that was another one before.
   */
  enter(owner: object): boolean {
    const isOther = this.#owner !== owner;
    this.#owner = owner;
    return isOther;
  }

  /** Forgets everything: nodes mean other paths now. */
  clear(): void {
    this.#exports.clearPlans();
    this.#exports.clearTexts();
    this.#exports.clearTemplates();
  }

  clearTemplates(): void {
    this.#exports.clearTemplates();
  }

  plan(node: number, plan: DigestPlan): void {
    if (node >= NODES) return;
    const { digestAs, role, namespace, isAsked, isProse, salt, marks } = plan;
    this.#exports.setPlan(node, digestAs, role, namespace, +isAsked, +isProse, salt);
    if (marks === undefined) return;
    this.#exports.setMarks(node, marks.number, marks.upper, marks.text, marks.other);
  }

  /** Remembers what follows from a text or the path of a URL; only for one without ids. */
  learnText(
    node: number,
    hash: { readonly high: number; readonly low: number },
    effect: { readonly high: number; readonly low: number },
  ): void {
    this.#exports.learnText(node, hash.high, hash.low, effect.high, effect.low);
  }

  /** Names under which a query holds ids, whoever asks: they are the same for all normalisers. */
  learnNames(names: readonly QueryName[]): void {
    this.#exports.clearNames();
    for (const { hash, namespace, role, isDoubtful } of names) {
      this.#exports.learnName(hash.high, hash.low, namespace, role, +isDoubtful);
    }
  }

  /** From now on rows of this template are repeated, if there is room for it. */
  learnTemplate(plan: RepeatPlan): void {
    const lesson = this.#lesson;
    lesson.set([
      plan.digest.high,
      plan.digest.low,
      plan.number,
      plan.schema,
      +plan.isEvent,
      plan.severity,
      plan.stage,
      plan.outcome,
      plan.kind,
      plan.contentHigh,
      plan.contentLow,
      plan.hostHigh,
      plan.hostLow,
      plan.takes.reduce((bits, takes, i) => (takes ? bits | (1 << i) : bits), 0),
      plan.timePlaces.length,
      plan.ids.length,
    ]);
    lesson.set(plan.timePlaces, FIRST_PLACE_WORD);
    lesson.set(plan.timeRanks, FIRST_RANK_WORD);
    this.#lessonOffset[0] = plan.offsetMs;
    plan.ids.forEach(({ namespace, high, low }, i) => {
      this.#lessonIds.set([namespace, high, low], i * 3);
    });
    this.#exports.learnTemplate();
  }

  /** True for a batch that stands in the kernel's memory. */
  holds(batch: RecordBatch): boolean {
    return batch === this.#home.columns && this.#home.holdsBatch;
  }

  /**
   * Writes the events of the rows from `row` on, until one is for the host to read.
   * @param events what stands in the columns; what was added since is written back
   * @returns the row it stopped at
   */
  repeat(row: number, rows: number, events: { count: number; ids: number }): number {
    const stop = this.#exports.repeatRows(row, rows, events.count);
    events.count = this.#exports.events.value;
    events.ids = this.#exports.eventIds.value;
    return stop;
  }

  /** The row at which {@link repeat} stopped has a digest. */
  get isDigested(): boolean {
    return this.#exports.isDigested.value !== 0;
  }

  /** Entry of a text that has to be told before that row has a digest; -1 where it lacks something else. */
  get unknownText(): number {
    return this.#exports.unknownText.value;
  }

  get high(): number {
    return this.#exports.digestHigh.value;
  }

  get low(): number {
    return this.#exports.digestLow.value;
  }

  get contentHigh(): number {
    return this.#exports.contentHigh.value;
  }

  get contentLow(): number {
    return this.#exports.contentLow.value;
  }

  get masked(): number {
    return this.#exports.masked.value;
  }

  /** Range of the times of rows that were repeated since {@link clearCounts}. */
  get minTimeMs(): number {
    return this.#exports.minTimeMs.value;
  }

  get maxTimeMs(): number {
    return this.#exports.maxTimeMs.value;
  }

  clearCounts(): void {
    this.#exports.clearCounts();
  }
}
