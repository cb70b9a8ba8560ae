import type { RejectCode } from './record-batch.ts';

export interface RejectedSample {
  readonly file: string;
  readonly line: number;
  readonly code: RejectCode;
  readonly reason: string;
}

/** What became of every line of one source. `lines = events + other + rejected + blank`. */
export interface SourceSummary {
  readonly name: string;
  readonly bytes: number;
  readonly lines: number;
  readonly blank: number;
  /** Lines that say something about a login. */
  readonly events: number;
  /** Lines of other matters. */
  readonly other: number;
  readonly rejected: Readonly<Partial<Record<RejectCode, number>>>;
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
