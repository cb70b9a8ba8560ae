import type { RejectCode } from '../model/index.ts';
import { BrokenSource, type Source } from '../source/index.ts';
import type { CliProcess } from './cli-process.ts';
import { createProgress } from './progress.ts';

/** Takes the bytes of sources; it is waited for before more is read. */
export interface SourceTaker {
  source(name: string): {
    chunk(bytes: Uint8Array): void | Promise<void>;
    broken(code: RejectCode, reason: string): void | Promise<void>;
    end(): void | Promise<void>;
  };
}

export interface ReadSourcesOptions {
  readonly io: Pick<CliProcess, 'stderr' | 'now' | 'onInterrupt'>;
  /** Shows no progress. */
  readonly quiet: boolean;
}

/**
 * Feeds every source to the analysis, one after the other, until they end or the user interrupts.
 * A source that breaks is counted by the analysis and does not stop the others.
 * @returns whether the user interrupted: then what came in by then has been fed.
 * @throws InputError when a source cannot be opened or is evidently no text.
 */
export async function readSources(
  sources: readonly Source[],
  taker: SourceTaker,
  { io, quiet }: ReadSourcesOptions,
): Promise<{ readonly interrupted: boolean }> {
  let interrupted = false;
  let stopWaiting = () => {};
  const stopListening = io.onInterrupt(() => {
    interrupted = true;
    stopWaiting();
  });
  /** A stream may bring nothing for hours: an interrupt does not wait for its next chunk. */
  const nextOrStop = (chunks: AsyncIterator<Uint8Array>) =>
    new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
      stopWaiting = () => resolve({ done: true, value: undefined });
      chunks.next().then(resolve, reject);
    });
  const progress = quiet ? undefined : createProgress(io, totalBytes(sources));
  try {
    for (const source of sources) {
      if (interrupted) break;
      const reader = taker.source(source.name);
      const chunks = source.open((bytes) => progress?.read(bytes))[Symbol.asyncIterator]();
      try {
        while (!interrupted) {
          const next = await nextOrStop(chunks);
          if (next.done) break;
          await reader.chunk(next.value);
        }
        await reader.end();
      } catch (error) {
        if (!(error instanceof BrokenSource)) throw error;
        await reader.broken(error.code, error.message);
      }
      if (interrupted) abandon(chunks);
    }
  } finally {
    progress?.clear();
    stopListening();
  }
  return { interrupted };
}

/** Undefined as soon as one source has no known size. */
function totalBytes(sources: readonly Source[]): number | undefined {
  let total = 0;
  for (const { sizeBytes } of sources) {
    if (sizeBytes === undefined) return undefined;
    total += sizeBytes;
  }
  return total;
}

/** Closes the file in the background; a read that never comes back is not waited for. */
function abandon(chunks: AsyncIterator<Uint8Array>): void {
  chunks.return?.().catch(() => undefined);
}
