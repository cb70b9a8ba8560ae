/** How the bytes of an entry are to be read. Escapes are already resolved. */
export const EntryKind = { string: 0, number: 1, true: 2, false: 3, null: 4 } as const;

export type EntryKind = (typeof EntryKind)[keyof typeof EntryKind];

/** `log` is what a logger wrote as an object with names of its own choice, `text` what it wrote for people. */
export const RecordKind = { log: 0, text: 1, span: 2, spanEvent: 3 } as const;

export type RecordKind = (typeof RecordKind)[keyof typeof RecordKind];

/**
 * What a decoder hands on: the wanted scalars of some records, as byte ranges.
 *
 * Rows and entries are columns, not objects. Row `r` owns entries `entryStart[r]` up to
 * `entryStart[r + 1]`. An entry's bytes stand in `bytes`, or in `scratch` when
 * `inScratch[e]` is 1 (a string whose escapes had to be resolved). The batch and its
 * buffers are valid until the decoder is fed again.
 */
export interface RecordBatch {
  readonly bytes: Uint8Array;
  readonly scratch: Uint8Array;
  readonly rows: number;
  /**
   * 1-based line number in its source: where the record begins. Rows of one line share it. In a
   * binary stream the number of the message.
   */
  readonly line: Uint32Array;
  /** Where the row's record stands in `bytes`. */
  readonly rowStart: Uint32Array;
  readonly rowEnd: Uint32Array;
  /** 1 where it stands in `scratch` instead: a record joined from several lines, or rendered. */
  readonly rowInScratch: Uint8Array;
  /** What each record is, as a number of {@link RecordKind}. */
  readonly rowKind: Uint8Array;
  readonly entryStart: Uint32Array;
  /** Node of the {@link PathTree} that names the entry's field. */
  readonly path: Uint32Array;
  readonly kind: Uint8Array;
  readonly inScratch: Uint8Array;
  /** 1 when the entry stood in JSON inside a string field, one level down. */
  readonly inner: Uint8Array;
  readonly start: Uint32Array;
  readonly end: Uint32Array;
}

export const REJECT_CODES = [
  'not-json',
  'not-object',
  'unknown-shape',
  'other-form',
  'line-too-long',
  'too-deep',
  'truncated',
  'bad-protobuf',
  'corrupt-gzip',
  'corrupt-zstd',
] as const;

export type RejectCode = (typeof REJECT_CODES)[number];

/** A line that could not be read. It is counted by `code`; the first few are shown. */
export interface Rejected {
  readonly line: number;
  readonly code: RejectCode;
  /** One line for people, free of log text. */
  readonly reason: string;
  /** Only a part of the line is lost: the line carries other records. */
  readonly within?: true;
}
