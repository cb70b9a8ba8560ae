/** Something wrong in a file that a person wrote, with its place. */
export interface Problem {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units as editors count. */
  readonly column: number;
  readonly severity: 'error' | 'warning';
  /** Stable kebab-case name, such as `unknown-modifier`. */
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  /** The line with a caret below the place, for a terminal; control characters are taken out. */
  readonly snippet?: string | undefined;
}
