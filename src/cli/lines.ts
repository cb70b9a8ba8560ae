import { pipeline, Readable } from 'node:stream';
import split2 from 'split2';
import type { Source } from '../source/index.ts';

/**
 * The lines of a source, one at a time.
 * @throws BrokenSource after the last whole line, when the source breaks midway.
 */
export function linesOf(source: Source): AsyncIterable<string> {
  /** A stream reads ahead, and the source uses its buffers again: each chunk is copied. */
  async function* copies() {
    for await (const chunk of source.open()) yield Buffer.from(chunk);
  }
  // What goes wrong comes out of the iteration; the callback is needed all the same.
  return pipeline(Readable.from(copies()), split2(), () => undefined);
}
