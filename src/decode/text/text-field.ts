/**
 * A part of a text by the name it is read under: a place in the text, or words that stand for it
 * where the text words it in a way of its own.
 */
export type TextField =
  | {
      readonly name: string;
      readonly start: number;
      readonly end: number;
      /** It stood in quotes, with backslashes before what could not stand there. */
      readonly isEscaped?: boolean;
    }
  | { readonly name: string; readonly text: string };

/** A record of text by its first line. Places count from the start of that line. */
export interface TextStart {
  readonly form: string;
  readonly fields: readonly TextField[];
  /** Where the words for people begin; the whole line where no header stands before them. */
  readonly message: number;
  /** Where they end, when something else follows them on the line. */
  readonly messageEnd?: number;
  /** Where a JSON object with further fields begins; it ends with the line. */
  readonly json?: number;
  /**
   * Which lines go on with it: none, those that show by their indent or their wording that they
   * belong to a record, or all that begin no record of their own.
   */
  readonly goesOn: 'never' | 'indented' | 'always' | 'to-end-mark';
}
