import type { RejectCode } from './record-batch.ts';

export interface RejectedSample {
  readonly file: string;
  readonly line: number;
  readonly code: RejectCode;
  readonly reason: string;
}

/**
 * What became of every line of one source.
 *
 * `lines = blank + rejected + joined + carrying`, where a carrying line is one that a record
 * begins on. `records = events + other`. Where a line is a record, that makes
 * `lines = blank + rejected + joined + events + other`; a line that holds a whole request of an
 * exporter carries many records, or none.
 */
export interface SourceSummary {
  readonly name: string;
  /** Plain bytes: after decompression. */
  readonly bytes: number;
  /** Lines of text; messages of a binary stream. */
  readonly lines: number;
  readonly blank: number;
  /** Lines that only continue a record which another line began, such as those of a stack trace. */
  readonly joined: number;
  readonly records: number;
  /** Records that say something about a login. */
  readonly events: number;
  /** Records of other matters. */
  readonly other: number;
  /** Lines that gave nothing. */
  readonly rejected: Readonly<Partial<Record<RejectCode, number>>>;
  /** Unreadable parts of lines that carry other records. */
  readonly damaged: Readonly<Partial<Record<RejectCode, number>>>;
  /** Records by the form they stood in, wrappers first: `json`, `docker/json`, `cri/text`. */
  readonly forms: Readonly<Record<string, number>>;
}

export interface InputSummary {
  readonly sources: readonly SourceSummary[];
  /** Events that carry no id of any flow; part of `events`. */
  readonly unlinked: number;
  /** Events without a readable time; part of `events`. */
  readonly timeless: number;
  /** The first few rejected lines by source and line. */
  readonly samples: readonly RejectedSample[];
  /** Logger schemas recognised, with their line counts. */
  readonly schemas: Readonly<Record<string, number>>;
  /** True when reading stopped before the end (interrupt). */
  readonly partial: boolean;
}
