import type { InputError } from '../model/index.ts';
import type { Breakdown } from './breakdown.ts';

/** How a run ended. */
export type Ending =
  | { readonly kind: 'done' }
  /** The gate failed, or a check of rules found something. */
  | { readonly kind: 'findings' }
  /** The gate could not decide, and was told to fail then. */
  | { readonly kind: 'inconclusive' }
  /** Rule files have errors; they have been printed, each with its place. */
  | { readonly kind: 'broken-rules' }
  | { readonly kind: 'mistake'; readonly error: InputError }
  /** The user stopped it; what was known by then has been printed. */
  | { readonly kind: 'interrupted' }
  /** Whoever read our output has seen enough. */
  | { readonly kind: 'closed-pipe' }
  /** Memory or a thread was lost: there is no report, and nobody is to blame. */
  | { readonly kind: 'breakdown'; readonly error: Breakdown }
  /** Ours to mend. */
  | { readonly kind: 'bug'; readonly error: unknown };

export const DONE: Ending = { kind: 'done' };

/**
 * The exit code, which is an interface: 0 fine, 1 findings, 2 usage, configuration or rule error,
 * 3 unusable input, 4 an inconclusive gate that was told to fail, 130 interrupted, and 70
 * (`EX_SOFTWARE`) for a bug or a lost thread, so that none of them looks like another to a script.
 */
export function exitCode(ending: Ending): number {
  switch (ending.kind) {
    case 'done':
    case 'closed-pipe':
      return 0;
    case 'findings':
      return 1;
    case 'broken-rules':
      return 2;
    case 'mistake':
      return ending.error.exitCode;
    case 'inconclusive':
      return 4;
    case 'interrupted':
      return 130;
    case 'breakdown':
    case 'bug':
      return 70;
  }
}

/** Code of the mistake that is answered with a short help: no input is named, none is piped in. */
export const NOTHING_TO_READ = 'nothing-to-read';

/** Wraps a command's action so that what it returns becomes the run's ending. */
export type Ends = <A extends unknown[]>(
  action: (...args: A) => Promise<Ending>,
) => (...args: A) => Promise<void>;
