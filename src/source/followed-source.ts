import TailFile from '@logdna/tail-file';
import split2 from 'split2';
import type { Source } from './source.ts';

const POLL_MS = 250;
/** A longer line is left out. */
const FRAMING = { maxLength: 64 << 20, skipOverflow: true };
/** So much waits for its reader at most. */
const MAX_WAITING_CHARACTERS = 1 << 20;

/**
 * A file that is read from its beginning and then for as long as it is wanted, line by line as it
 * grows. A file that is renamed and made anew, or emptied where it stands, goes on with the new
 * content; what the old one lacked of its last line makes a line of its own.
 * @param path where it stands; `name` is what to call it.
 */
export function followedSource(path: string, name: string): Source {
  return { name, sizeBytes: undefined, open: (onRead) => growingLines(path, onRead) };
}

/** An iterator by hand: a generator that waits for a line could not be told to stop. */
function growingLines(
  path: string,
  onRead: ((storedBytes: number) => void) | undefined,
): AsyncIterableIterator<Uint8Array> {
  const tail = tailOf(path, onRead);
  const lines = tail.pipe(split2(FRAMING));
  let waiting = '';
  let isOver = false;
  let failure: unknown;
  let wake = () => {};
  const over = (error?: unknown) => {
    isOver = true;
    failure ??= error;
    wake();
  };
  lines.on('data', (line: string) => {
    waiting += `${line}\n`;
    if (waiting.length > MAX_WAITING_CHARACTERS) lines.pause();
    wake();
  });
  lines.on('end', over);
  lines.on('error', over);
  tail.on('error', over);
  tail.start().catch(over);
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      while (waiting === '' && !isOver) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (waiting === '' && failure !== undefined) throw failure;
      if (waiting === '') return DONE;
      const value = utf8.encode(waiting);
      waiting = '';
      lines.resume();
      return { done: false, value };
    },
    async return() {
      over();
      await tail.quit();
      return DONE;
    },
  };
}

const DONE = { done: true, value: undefined } as const;

const utf8 = new TextEncoder();
const NEWLINE = Buffer.from('\n');

function tailOf(path: string, onRead: ((storedBytes: number) => void) | undefined): TailFile {
  const tail = new TailFile(path, {
    startPos: 0,
    pollFileIntervalMs: POLL_MS,
    // Between the two steps of a rotation there is no file of the name.
    maxPollFailures: Number.MAX_SAFE_INTEGER,
  });
  const push = tail.push.bind(tail);
  let endsLine = true;
  tail.push = (chunk: Buffer | null) => {
    if (chunk !== null && chunk.length > 0) {
      endsLine = chunk.at(-1) === NEWLINE[0];
      onRead?.(chunk.length);
    }
    return push(chunk);
  };
  const endLine = () => {
    if (!endsLine) tail.push(NEWLINE);
  };
  tail.on('renamed', endLine);
  tail.on('truncated', endLine);
  return tail;
}
