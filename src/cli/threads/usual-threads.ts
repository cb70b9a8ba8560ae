/** More wait for the first one, which puts together what was read and judges it. */
const MOST_THREADS = 8;

/**
 * How many threads read when nobody says it. The compiler and the collector that run beside a
 * reading thread keep a second core busy.
 */
export function usualThreads(cores: number): number {
  return cores <= 2 ? 1 : Math.min(cores, MOST_THREADS);
}
