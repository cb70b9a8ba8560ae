import type { Readable, Writable } from 'node:stream';
import type { RangeLimits } from './threads/range-plan.ts';

/** What the command line needs of the running process, so that tests need no process. */
export interface CliProcess {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & Terminal;
  readonly stderr: Writable & Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute; relative paths on the command line start here. */
  readonly cwd: string;
  /** Milliseconds of a clock that never goes back. Paces the progress line, decides nothing. */
  readonly now: () => number;
  /** Of reading threads: their program, where it is not the compiled one, and what is large. */
  readonly threads?: { readonly program: URL; readonly limits?: RangeLimits | undefined };
  /** Calls the listener when the user interrupts; returns how to stop listening. */
  readonly onInterrupt: (listener: () => void) => () => void;
}

interface Terminal {
  readonly isTTY?: boolean;
  /** Width in cells; undefined when the stream is no terminal. */
  readonly columns?: number;
  /** Height in lines, likewise. */
  readonly rows?: number;
}
