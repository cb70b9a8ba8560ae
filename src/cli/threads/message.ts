import type { PackedReading, Part, ReaderOptions } from '../../analysis/index.ts';
import type { LibraryOptions } from '../library.ts';

/** What a reading thread is started with: it loads the rules and mappings by itself. */
export interface ThreadOptions {
  readonly cwd: string;
  readonly library: LibraryOptions;
  readonly reader: Omit<ReaderOptions, 'ruleSet' | 'mappings'>;
}

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
  | { readonly kind: 'finish' };

/** From a reading thread. */
export type Answer =
  | { readonly kind: 'ready' }
  /** A chunk has been read; its buffer comes back. */
  | { readonly kind: 'read'; readonly buffer: SharedArrayBuffer }
  | { readonly kind: 'finished'; readonly reading: PackedReading };
