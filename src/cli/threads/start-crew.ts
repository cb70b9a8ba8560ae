import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Crew } from './crew.ts';
import type { ThreadOptions } from './message.ts';

const CHUNK_BYTES = 2 * 1024 ** 2;

/** The program stands beside this file, compiled or not as this one is. */
const PROGRAM = new URL(`reading-thread${extname(import.meta.url)}`, import.meta.url);

export function startCrew(
  count: number,
  options: ThreadOptions,
  {
    env,
    chunkBytes = CHUNK_BYTES,
  }: { env: Readonly<Record<string, string | undefined>>; chunkBytes?: number },
): Crew {
  const threads = Array.from(
    { length: count },
    () => new Worker(PROGRAM, { workerData: options, env: { ...env } }),
  );
  return new Crew(threads, chunkBytes);
}
