/** A mistake of the user: wrong flag, broken rule file, unreadable input. Never a bug of ours. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly code: string;
  /** `file:line:column`, a flag, or a path. */
  readonly at: string | undefined;
  readonly hint: string | undefined;
  /** 2 for usage, configuration and rules; 3 for unusable input. */
  readonly exitCode: 2 | 3;

  constructor(
    code: string,
    details: {
      message: string;
      at?: string | undefined;
      hint?: string | undefined;
      exitCode?: 2 | 3;
    },
  ) {
    super(details.message);
    this.code = code;
    this.at = details.at;
    this.hint = details.hint;
    this.exitCode = details.exitCode ?? 2;
  }
}
