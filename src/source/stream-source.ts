import type { Readable } from 'node:stream';
import { plainContent } from './plain-content.ts';
import { BrokenSource, type Source } from './source.ts';

export const STDIN_NAME = 'stdin';

/** Standard input or any other stream; it can be opened once. */
export function streamSource(stream: Readable, name: string = STDIN_NAME): Source {
  return {
    name,
    sizeBytes: undefined,
    open: (onRead) => plainContent(storedBytes(stream, onRead), name),
  };
}

async function* storedBytes(
  stream: Readable,
  onRead: ((storedBytes: number) => void) | undefined,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array);
      onRead?.(bytes.length);
      yield bytes;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new BrokenSource('truncated', `reading stopped midway (${code})`);
  }
}
