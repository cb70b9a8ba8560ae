import { InputError, type RejectCode } from '../model/index.ts';
import { BrokenSource, findSources, type Source } from '../source/index.ts';
import type { CliProcess } from './cli-process.ts';

const SEARCH_MS = 1000;
/** Between two looks at what has come in. */
const LOOK_MS = 100;

interface Reader {
  chunk(bytes: Uint8Array): void;
  broken(code: RejectCode, reason: string): void;
  end(): void;
}

/**
 * Feeds every source side by side as it grows, and the files that appear later under the names and
 * patterns, until the user interrupts or nothing can come any more.
 * @param look called after something has come in, ten times a second at most; it is waited for,
 *   and as long as it takes, it rests four times.
 * @returns whether the user interrupted.
 * @throws InputError when a source cannot be opened, or is evidently no text.
 */
export async function followSources(
  files: readonly string[],
  run: { source(name: string): Reader },
  { io, look }: { readonly io: CliProcess; readonly look: (() => Promise<void>) | undefined },
): Promise<{ readonly interrupted: boolean }> {
  const args = files.length === 0 ? ['-'] : files;
  const canAppear = args.some((arg) => arg !== '-');
  const taken = new Set<string>();
  const open = new Set<Promise<void>>();
  let interrupted = false;
  let failure: unknown;
  let hasNews = false;
  let stop = () => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const stopListening = io.onInterrupt(() => {
    interrupted = true;
    stop();
  });

  async function read(source: Source): Promise<void> {
    const reader = run.source(source.name);
    const chunks = source.open()[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await Promise.race([chunks.next(), stopped]);
        if (next === undefined || next.done === true) break;
        reader.chunk(next.value);
        hasNews = true;
      }
      reader.end();
    } catch (error) {
      if (!(error instanceof BrokenSource)) throw error;
      reader.broken(error.code, error.message);
    } finally {
      // What waits for its next line is not waited for.
      chunks.return?.().catch(() => undefined);
    }
  }

  async function search(): Promise<void> {
    for (const arg of args) {
      for (const source of await appeared(arg, { cwd: io.cwd, stdin: io.stdin, taken })) {
        const reading = read(source)
          .catch((error) => {
            failure ??= error;
            stop();
          })
          .finally(() => open.delete(reading));
        open.add(reading);
      }
    }
  }

  try {
    await search();
    let searchedMs = io.now();
    let restMs = LOOK_MS;
    while (!interrupted && failure === undefined && (canAppear || open.size > 0)) {
      await Promise.race([stopped, pause(restMs), ...(canAppear ? [] : [Promise.all(open)])]);
      restMs = LOOK_MS;
      if (look !== undefined && hasNews) {
        hasNews = false;
        const begun = io.now();
        await look();
        restMs = Math.max(LOOK_MS, 4 * (io.now() - begun));
      }
      if (canAppear && io.now() - searchedMs >= SEARCH_MS) {
        await search();
        searchedMs = io.now();
      }
    }
    await Promise.all(open);
    if (failure !== undefined) throw failure;
  } finally {
    stop();
    stopListening();
  }
  return { interrupted };
}

/** What stands under a name now and did not before; what is not there yet is waited for. */
async function appeared(
  arg: string,
  options: Omit<Parameters<typeof findSources>[1], 'follow'>,
): Promise<readonly Source[]> {
  try {
    return (await findSources([arg], { ...options, follow: true })).sources;
  } catch (error) {
    if (error instanceof InputError && NOT_YET.has(error.code)) return [];
    throw error;
  }
}

const NOT_YET: ReadonlySet<string> = new Set(['no-such-file', 'no-match', 'no-logs']);

const pause = (ms: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, ms);
  });
