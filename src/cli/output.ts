import type { Writable } from 'node:stream';
import { InputError } from '../model/index.ts';

/** Thrown when the reader of our output has gone, as `head` does. */
export class ClosedPipe extends Error {
  override readonly name = 'ClosedPipe';
}

export interface Output {
  /**
   * Resolves once the stream has taken the text, so that memory stays small behind a slow reader.
   * @throws ClosedPipe when the reader has gone.
   * @throws InputError when the system refuses (disk full).
   */
  write(text: string): Promise<void>;
  /** Gives the stream back. */
  release(): void;
}

export function createOutput(stream: Writable): Output {
  let failure: NodeJS.ErrnoException | undefined;
  const onError = (error: NodeJS.ErrnoException) => {
    failure ??= error;
  };
  stream.on('error', onError);
  return {
    write: (text) =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) return reject(outputError(failure));
        if (text === '') return resolve();
        stream.write(text, (error) => {
          if (error) reject(outputError(error));
          else resolve();
        });
      }),
    release: () => {
      // A broken pipe may still be reported after the last write; it must not end as a crash.
      if (failure === undefined) stream.off('error', onError);
    },
  };
}

function outputError(error: NodeJS.ErrnoException): Error {
  if (
    error.code === 'EPIPE' ||
    error.code === 'ERR_STREAM_DESTROYED' ||
    error.code === 'ECONNRESET'
  ) {
    return new ClosedPipe('the reader of the output has gone');
  }
  return new InputError('unwritable', {
    message: `the output cannot be written (${error.code ?? error.message})`,
  });
}
