import { PassThrough, Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type CliProcess, runCli } from '../../src/cli/index.ts';
import type { RangeLimits } from '../../src/cli/threads/range-plan.ts';

export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url));

/** See {@link CliProcess.threads}. */
export const READING_THREAD = new URL('./reading-thread.mjs', import.meta.url);

export interface RunOptions {
  /** What standard input brings; without it stdin is a terminal nobody types on. */
  readonly stdin?: string | Uint8Array | Readable;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly terminal?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  readonly now?: () => number;
  /** Called with how to interrupt the run, before it starts. */
  readonly interruptible?: (interrupt: () => void) => void;
  readonly stdout?: Writable;
  readonly readingThread?: URL;
  /** From when on files are large. */
  readonly rangeLimits?: RangeLimits;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** Runs the command line in this very process. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const out = collector();
  const err = collector();
  const terminal = { isTTY: options.terminal ?? false };
  const size = {
    ...(options.columns === undefined ? {} : { columns: options.columns }),
    ...(options.rows === undefined ? {} : { rows: options.rows }),
  };
  const stdin =
    options.stdin === undefined
      ? Object.assign(new PassThrough(), { isTTY: true })
      : options.stdin instanceof Readable
        ? options.stdin
        : Readable.from([Buffer.from(options.stdin)]);
  const io: CliProcess = {
    stdin,
    stdout: Object.assign(options.stdout ?? out.stream, terminal, size),
    stderr: Object.assign(err.stream, terminal, size),
    env: options.env ?? {},
    cwd: options.cwd ?? ROOT,
    now: options.now ?? (() => 0),
    threads: { program: options.readingThread ?? READING_THREAD, limits: options.rangeLimits },
    onInterrupt: (listener) => {
      options.interruptible?.(listener);
      return () => undefined;
    },
  };
  const code = await runCli(args, io);
  return { stdout: out.text(), stderr: err.text(), code };
}

function collector(): { readonly stream: Writable; readonly text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString() };
}

/** Splits a command line as a shell does: blanks separate, quotes hold together. */
export function shellWords(line: string): string[] {
  return [...line.matchAll(/(?:'([^']*)'|"([^"]*)"|([^\s'"]+))+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double),
  );
}
