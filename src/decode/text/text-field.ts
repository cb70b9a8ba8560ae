/** The part of a line that decides what it is. */
export interface Head {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

const latin1 = new TextDecoder('latin1');

/** A character for each byte. */
export function textOf({ bytes, start, end }: Head): string {
  return latin1.decode(bytes.subarray(start, end));
}

/**
 * A part of a text by the name it is read under: a place in the text, or words that stand for it
 * where the text words it in a way of its own.
 */
export type TextField =
  | { readonly name: string; readonly start: number; readonly end: number }
  | { readonly name: string; readonly text: string };

/** A record of text by its first line. Places count from the start of that line. */
export interface TextStart {
  readonly form: string;
  readonly fields: readonly TextField[];
  /** Where the words for people begin; the whole line where no header stands before them. */
  readonly message: number;
  /** Where they end, when something else follows them on the line. */
  readonly messageEnd?: number;
  /** `name=value` pairs make up the line; or they may stand behind the words, which end before them. */
  readonly pairs?: 'alone' | 'behind-words';
  /** Where a JSON object with further fields begins; it ends with the line. */
  readonly json?: number;
  /**
   * Which lines go on with it: none, those that show by their indent or their wording that they
   * belong to a record, or all that begin no record of their own.
   */
  readonly goesOn: 'never' | 'indented' | 'always' | 'to-end-mark';
}
