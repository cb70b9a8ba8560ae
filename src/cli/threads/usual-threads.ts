import type { Source } from '../../source/index.ts';

/** More were not measured. */
const MOST_THREADS = 8;

/** From here on a second thread gains a fifth of the time even where it shares its core. */
const WORTH_SHARING_BYTES = 1e9;

/**
 * How many threads read when nobody says it. The compiler and the collector that run beside a
 * reading thread keep a second core busy; with two cores, only large files are worth a thread there.
 */
export function usualThreads(
  cores: number,
  sources: readonly Pick<Source, 'path' | 'sizeBytes'>[],
): number {
  if (cores > 2) return Math.min(cores, MOST_THREADS);
  let bytes = 0;
  for (const { path, sizeBytes = 0 } of sources) if (path !== undefined) bytes += sizeBytes;
  return bytes < WORTH_SHARING_BYTES ? 1 : cores;
}
