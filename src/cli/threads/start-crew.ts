import { Worker } from 'node:worker_threads';
import { Crew } from './crew.ts';
import type { ThreadOptions } from './message.ts';

const CHUNK_BYTES = 2 * 1024 ** 2;

export const READING_THREAD: URL = new URL('reading-thread.js', import.meta.url);

export interface CrewOptions {
  /** What each thread runs. */
  readonly program?: URL | undefined;
  readonly chunkBytes?: number;
}

export function startCrew(
  count: number,
  options: ThreadOptions,
  { program = READING_THREAD, chunkBytes = CHUNK_BYTES }: CrewOptions = {},
): Crew {
  const threads = Array.from({ length: count }, () => new Worker(program, { workerData: options }));
  return new Crew(threads, chunkBytes);
}
