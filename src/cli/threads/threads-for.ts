import type { Source } from '../../source/index.ts';
import type { ThreadsOption } from '../options.ts';

/** More were not measured. */
const MOST_THREADS = 8;

/** From here on a second thread gains a fifth of the time even where it shares its core. */
const WORTH_SHARING_BYTES = 1e9;

export interface ThreadsChoice {
  readonly threads: number;
  /** What cannot be read in ranges is read by this thread alone. */
  readonly onlyRanges: boolean;
}

/**
 * How many threads read: as many as the user asks for, or one a core. The compiler and the collector
 * that run beside a reading thread keep a second core busy; with two cores, only ranges of large
 * files are worth a thread there.
 */
export function threadsFor(
  { threads }: ThreadsOption,
  cores: number,
  sources: readonly Pick<Source, 'path' | 'sizeBytes'>[],
): ThreadsChoice {
  if (threads !== undefined) return { threads, onlyRanges: false };
  if (cores > 2) return { threads: Math.min(cores, MOST_THREADS), onlyRanges: false };
  let bytes = 0;
  for (const { path, sizeBytes = 0 } of sources) if (path !== undefined) bytes += sizeBytes;
  return { threads: bytes < WORTH_SHARING_BYTES ? 1 : cores, onlyRanges: true };
}
