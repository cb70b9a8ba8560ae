import { readAhead } from './file-source.ts';

/** Some bytes of an open file that is read as it is stored; threads of a process can share it. */
export interface FileRange {
  /** Its file descriptor. */
  readonly fd: number;
  readonly from: number;
  /** Infinite for all that follows. */
  readonly to: number;
}

const NEWLINE = 0x0a;

/**
 * The lines that begin in a range, whole, so that ranges that follow each other give each line of
 * the file once. Chunks are valid as those of `Source.open`.
 * @param onRead told how many bytes of the range came in
 * @throws BrokenSource when reading fails midway.
 */
export async function* linesInRange(
  { fd, from, to }: FileRange,
  onRead?: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  if (to <= from) return;
  // A line begins behind a newline: the search for both ends starts one byte before.
  let at = Math.max(from - 1, 0);
  let hasBegun = from === 0;
  for await (const chunk of readAhead(fd, at)) {
    const end = lineEnd(chunk, to - 1 - at);
    let start = 0;
    if (!hasBegun) {
      start = lineEnd(chunk, 0) ?? chunk.length;
      hasBegun = start < chunk.length || chunk[start - 1] === NEWLINE;
    }
    onRead?.(Math.max(Math.min(chunk.length, to - at), 0));
    at += chunk.length;
    if (end !== undefined && end <= start) return;
    if (start < chunk.length) yield chunk.subarray(start, end);
    if (end !== undefined) return;
  }
}

/** Behind the first newline of the chunk from `from` on, if there is one. */
function lineEnd(chunk: Uint8Array, from: number): number | undefined {
  if (from >= chunk.length) return undefined;
  const newline = chunk.indexOf(NEWLINE, Math.max(from, 0));
  return newline === -1 ? undefined : newline + 1;
}
