import type { RecordBatch, Rejected } from '../model/index.ts';

/** Takes what a decoder finds. Batches are valid during the call only. */
export interface RecordSink {
  records(batch: RecordBatch): void;
  rejected(line: Rejected): void;
}

/**
 * Turns the bytes of one source into records. Where the chunks are cut makes no difference.
 * Every line carries records, continues one, is rejected or is blank.
 */
export interface Decoder {
  /** Lines begun so far, blank and rejected ones included. */
  readonly lines: number;
  readonly blank: number;
  /** Lines that only continue a record which another line began. */
  readonly joined: number;
  /**
   * What comes next may go on with what was fed: a line, a record of text or a cut line has not ended.
   * While nothing is open, a decoder that begins here reads the same.
   */
  readonly isOpen: boolean;
  /** Records so far by the form they stood in: `json`, `docker/json`, `cri/text`. */
  forms(): Readonly<Record<string, number>>;
  feed(chunk: Uint8Array, sink: RecordSink): void;
  /** Reads the last line, which may lack its newline, and gives up what waited for more. */
  end(sink: RecordSink): void;
}
