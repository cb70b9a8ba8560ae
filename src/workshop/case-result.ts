/** How one test case of a rule ended. */
export interface CaseResult {
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'todo';
  /** Why it failed. */
  readonly message: string | undefined;
  readonly file: string;
  readonly line: number;
}
