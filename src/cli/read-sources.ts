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
  /**
   * Reads more at the same time; it is waited for at the end, unless the user interrupts.
   * @param onRead is to be told of every read
   */
  readonly elsewhere?: (onRead: (storedBytes: number) => void) => Promise<void>;
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
  { io, quiet, elsewhere }: ReadSourcesOptions,
): Promise<{ readonly interrupted: boolean }> {
  let interrupted = false;
  let stopWaiting = () => {};
  const stopListening = io.onInterrupt(() => {
    interrupted = true;
    stopWaiting();
  });
  /** A stream may bring nothing for hours: an interrupt does not wait for its next chunk. */
  const unlessStopped = <T>(waited: Promise<T>, stopped: T) =>
    new Promise<T>((resolve, reject) => {
      stopWaiting = () => resolve(stopped);
      waited.then(resolve, reject);
    });
  const progress = quiet ? undefined : createProgress(io, totalBytes(sources));
  const onRead = (bytes: number): void => progress?.read(bytes);
  try {
    const rest = elsewhere?.(onRead);
    // It is awaited below; a failure until then must not count as unhandled.
    rest?.catch(() => undefined);
    for (const source of sources) {
      if (interrupted) break;
      const reader = taker.source(source.name);
      const chunks = source.open(onRead)[Symbol.asyncIterator]();
      try {
        while (!interrupted) {
          const next = await unlessStopped(chunks.next(), END);
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
    if (rest !== undefined && !interrupted) await unlessStopped(rest, undefined);
  } finally {
    progress?.clear();
    stopListening();
  }
  return { interrupted };
}

const END: IteratorResult<Uint8Array> = { done: true, value: undefined };

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
