import { type FileHandle, open } from 'node:fs/promises';
import { fileSource } from './file-source.ts';
import type { Source } from './source.ts';

/**
 * Makes a stream readable again: the first reading leaves a copy of the plain bytes in `path`,
 * later readings come from there.
 * @param path a file that does not exist yet, in a folder only the user can enter: log text may
 *   hold secrets. The caller removes it.
 */
export function spooledSource(stream: Source, path: string): Source {
  const copy = fileSource(path, { name: stream.name, sizeBytes: undefined });
  let spooled = false;
  return {
    name: stream.name,
    sizeBytes: stream.sizeBytes,
    open: (onRead) => {
      if (spooled) return copy.open(onRead);
      spooled = true;
      return copying(stream.open(onRead), path);
    },
  };
}

async function* copying(chunks: AsyncIterable<Uint8Array>, path: string) {
  const file: FileHandle = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of chunks) {
      await file.writeFile(chunk);
      yield chunk;
    }
  } finally {
    await file.close();
  }
}
