import type { Flow } from './flow.ts';
import type { Verdict } from './verdict.ts';

/** A flow and how it ended. */
export interface Judged {
  readonly flow: Flow;
  readonly verdict: Verdict;
}
