import type {
  JudgingFacts,
  PackedReading,
  Part,
  PartRead,
  ReaderOptions,
} from '../../analysis/index.ts';
import type { GuardLimits, PackedIds } from '../../correlate/index.ts';
import type { FileRange } from '../../source/index.ts';
import type { Counted } from '../counting.ts';
import type { LibraryOptions } from '../library.ts';
import type { AnalyzeOptions } from '../options.ts';

/** What a reading thread is started with: it loads the rules and mappings by itself. */
export interface ThreadOptions {
  readonly cwd: string;
  readonly library: LibraryOptions;
  readonly reader: Omit<ReaderOptions, 'ruleSet' | 'mappings'>;
  readonly guard?: GuardLimits | undefined;
  /** How flows are counted, where threads do that. */
  readonly counting?: AnalyzeOptions | undefined;
}

export interface SourceRange {
  /** Place of the source among all, and its name. */
  readonly source: number;
  readonly name: string;
  readonly range: FileRange;
}

/** What became of a range; undefined when reading it failed. */
export type RangeRead = PartRead | undefined;

/** To a reading thread. */
export type Order =
  | {
      readonly kind: 'chunk';
      /** The chunks of a part follow each other. */
      readonly part: Part;
      readonly buffer: SharedArrayBuffer;
      readonly length: number;
      /** The part ends with this chunk. */
      readonly isLast: boolean;
    }
  /** To be read when the ranges sent before are read. */
  | ({ readonly kind: 'range' } & SourceRange)
  /** To give up everything that was read. */
  | { readonly kind: 'finish' }
  /** Or else, one after the other: see `LocalFlows`. */
  | { readonly kind: 'tell-ids' }
  | { readonly kind: 'compare'; readonly others: readonly PackedIds[] }
  | { readonly kind: 'take-out' }
  | { readonly kind: 'count'; readonly facts: JudgingFacts };

/** The ids that a thread has met. */
export interface MetIds {
  readonly ids: PackedIds;
  /** By place of the source among all. */
  readonly ranges: readonly RangeRead[];
}

/** From a reading thread. */
export type Answer =
  | { readonly kind: 'ready' }
  /** A chunk has been read; its buffer comes back. */
  | { readonly kind: 'read'; readonly buffer: SharedArrayBuffer }
  /** So many bytes of a range came in. */
  | { readonly kind: 'progress'; readonly bytes: number }
  | {
      readonly kind: 'finished';
      readonly reading: PackedReading;
      /** By place of the source among all. */
      readonly ranges: readonly RangeRead[];
    }
  | ({ readonly kind: 'ids' } & MetIds)
  | { readonly kind: 'compared' }
  /** What is not counted by the thread itself. */
  | { readonly kind: 'rest'; readonly reading: PackedReading }
  | { readonly kind: 'counted'; readonly counted: Counted };

/** Orders that are put to all threads at once, and what each replies. */
interface Replies {
  readonly finish: 'finished';
  readonly 'tell-ids': 'ids';
  readonly compare: 'compared';
  readonly 'take-out': 'rest';
  readonly count: 'counted';
}
export type Question = Extract<Order, { kind: keyof Replies }>;
export type ReplyTo<Q extends Question> = Extract<Answer, { kind: Replies[Q['kind']] }>;
export type Reply = ReplyTo<Question>;
