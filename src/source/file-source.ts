import { type FileHandle, open } from 'node:fs/promises';
import { InputError } from '../model/index.ts';
import { plainContent } from './plain-content.ts';
import { BrokenSource, type Source } from './source.ts';

const CHUNK_BYTES = 1024 * 1024;

/**
 * A file of the local file system.
 * @param path where it stands; `name` is what to call it.
 * @param sizeBytes undefined for a pipe or device, which has no size and is read once.
 */
export function fileSource(path: string, name: string, sizeBytes: number | undefined): Source {
  return {
    name,
    sizeBytes,
    open: (onRead) => plainContent(storedBytes(path, name, onRead), name),
  };
}

/** Reads ahead by one chunk, so that disk and decoder work side by side; two buffers take turns. */
async function* storedBytes(
  path: string,
  name: string,
  onRead: ((storedBytes: number) => void) | undefined,
): AsyncGenerator<Uint8Array> {
  const file = await openForReading(path, name);
  const buffers = [new Uint8Array(CHUNK_BYTES), new Uint8Array(CHUNK_BYTES)];
  let turn = 0;
  let pending = nextRead(file, buffers[turn]);
  try {
    for (;;) {
      const bytesRead = await pending;
      if (bytesRead === 0) return;
      const chunk = buffers[turn].subarray(0, bytesRead);
      onRead?.(bytesRead);
      turn = 1 - turn;
      pending = nextRead(file, buffers[turn]);
      yield chunk;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new BrokenSource('truncated', `reading stopped midway (${code})`);
  } finally {
    await pending.catch(() => undefined);
    await file.close();
  }
}

function nextRead(file: FileHandle, buffer: Uint8Array): Promise<number> {
  const read = file.read(buffer, 0, buffer.length, null).then(({ bytesRead }) => bytesRead);
  // It is awaited on the next turn; a failure until then must not count as unhandled.
  read.catch(() => undefined);
  return read;
}

async function openForReading(path: string, name: string): Promise<FileHandle> {
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
