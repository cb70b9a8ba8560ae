import { read } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { InputError } from '../model/index.ts';
import { plainContent } from './plain-content.ts';
import { BrokenSource, type Source } from './source.ts';

const CHUNK_BYTES = 1024 * 1024;

export interface FileSourceOptions {
  /** What to call it. */
  readonly name: string;
  /** Undefined for a pipe or device, which has no size and is read once. */
  readonly sizeBytes: number | undefined;
  /** Its head shows that nothing is to be unpacked. */
  readonly isPlain?: boolean;
}

/** A file of the local file system. */
export function fileSource(
  path: string,
  { name, sizeBytes, isPlain = false }: FileSourceOptions,
): Source {
  return {
    name,
    sizeBytes,
    path: isPlain ? path : undefined,
    open: (onRead) => plainContent(storedBytes(path, name, onRead), name),
  };
}

/** The bytes of a file as they are stored. */
async function* storedBytes(
  path: string,
  name: string,
  onRead: ((storedBytes: number) => void) | undefined,
): AsyncGenerator<Uint8Array> {
  const file = await openForReading(path, name);
  try {
    for await (const chunk of readAhead(file.fd)) {
      onRead?.(chunk.length);
      yield chunk;
    }
  } finally {
    await file.close();
  }
}

/**
 * The bytes of an open file. Reads ahead by one chunk, so that disk and decoder work side by side;
 * two buffers take turns.
 * @param from where to begin, in a file that has a size; by default, where the last read ended
 * @throws BrokenSource when reading fails midway.
 */
export async function* readAhead(fd: number, from?: number): AsyncGenerator<Uint8Array> {
  const buffers = [new Uint8Array(CHUNK_BYTES), new Uint8Array(CHUNK_BYTES)];
  let turn = 0;
  let position = from ?? null;
  let pending = nextRead(fd, buffers[turn], position);
  try {
    for (;;) {
      const bytesRead = await pending;
      if (bytesRead === 0) return;
      const chunk = buffers[turn].subarray(0, bytesRead);
      turn = 1 - turn;
      if (position !== null) position += bytesRead;
      pending = nextRead(fd, buffers[turn], position);
      yield chunk;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new BrokenSource('truncated', `reading stopped midway (${code})`);
  } finally {
    await pending.catch(() => undefined);
  }
}

const readFrom = promisify(read);

function nextRead(fd: number, buffer: Uint8Array, position: number | null): Promise<number> {
  const next = readFrom(fd, buffer, 0, buffer.length, position).then(({ bytesRead }) => bytesRead);
  // It is awaited on the next turn; a failure until then must not count as unhandled.
  next.catch(() => undefined);
  return next;
}

/** @throws InputError */
export async function openForReading(path: string, name: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw unreadable(name, error as NodeJS.ErrnoException);
  }
}

/** What the system said about a path, as a mistake the user can mend. */
export function unreadable(name: string, error: NodeJS.ErrnoException): InputError {
  switch (error.code) {
    case 'ENOENT':
      return new InputError('no-such-file', {
        message: 'no such file or folder',
        at: name,
        exitCode: 3,
      });
    case 'EACCES':
    case 'EPERM':
      return new InputError('unreadable', {
        message: 'no permission to read this',
        at: name,
        hint: 'check its owner and mode, or pipe it in: sudo cat FILE | scanlens -',
        exitCode: 3,
      });
    default:
      return new InputError('unreadable', {
        message: `cannot be read${error.code === undefined ? '' : ` (${error.code})`}`,
        at: name,
        exitCode: 3,
      });
  }
}
