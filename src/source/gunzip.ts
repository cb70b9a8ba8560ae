import { createGunzip } from 'node:zlib';
import { BrokenSource } from './source.ts';

/**
 * Compressed bytes handed to zlib at once. zlib drops the output of the very call that fails, so
 * this is the most that a corrupt place takes with it.
 */
const SLICE_BYTES = 16 * 1024;
const OUTPUT_BYTES = 256 * 1024;

/**
 * Unpacks gzip as it comes in. Members written one after another are one text; zero bytes after
 * the last one are padding.
 * @throws BrokenSource `truncated` when the data stops inside a member, with everything before
 *   given out; `corrupt-gzip` when it cannot be unpacked, with all but the last 16 KiB given out.
 */
export async function* gunzip(stored: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const inflater = createGunzip({ chunkSize: OUTPUT_BYTES });
  let ready: Uint8Array[] = [];
  let failure: NodeJS.ErrnoException | undefined;
  let finished = false;
  inflater.on('data', (chunk: Uint8Array) => ready.push(chunk));
  inflater.on('error', (error) => {
    failure = error;
  });
  const closed = new Promise<void>((resolve) => {
    inflater.once('close', () => {
      finished = true;
      resolve();
    });
  });
  // Padding after the last member ends the output early and leaves the write's callback uncalled.
  const ended = new Promise<void>((resolve) => {
    inflater.once('end', () => {
      finished = true;
      resolve();
    });
  });
  const take = () => {
    const taken = ready;
    ready = [];
    return taken;
  };
  try {
    reading: for await (const chunk of stored) {
      for (let at = 0; at < chunk.length; at += SLICE_BYTES) {
        const slice = chunk.subarray(at, at + SLICE_BYTES);
        const written = new Promise<void>((resolve) => {
          inflater.write(slice, () => resolve());
        });
        await Promise.race([written, ended, closed]);
        yield* take();
        if (finished || failure !== undefined) break reading;
      }
    }
    // Ending only after the last write has come back keeps what a truncated member still gave.
    if (!finished && failure === undefined) {
      inflater.end();
      await closed;
    }
    yield* take();
  } finally {
    inflater.destroy();
  }
  if (failure?.code === 'Z_BUF_ERROR') {
    throw new BrokenSource('truncated', 'the gzip data stops before its end');
  }
  if (failure !== undefined) {
    throw new BrokenSource('corrupt-gzip', `the gzip data is corrupt (${failure.message})`);
  }
}
