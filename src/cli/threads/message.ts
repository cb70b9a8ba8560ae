import type { PackedReading, Part, PartRead, ReaderOptions } from '../../analysis/index.ts';
import type { FileRange } from '../../source/index.ts';
import type { LibraryOptions } from '../library.ts';

/** What a reading thread is started with: it loads the rules and mappings by itself. */
export interface ThreadOptions {
  readonly cwd: string;
  readonly library: LibraryOptions;
  readonly reader: Omit<ReaderOptions, 'ruleSet' | 'mappings'>;
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
  | { readonly kind: 'finish' };

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
    };
