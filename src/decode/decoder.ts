import type { RecordBatch, Rejected } from '../model/index.ts';

/** Takes what a decoder finds. Batches are valid during the call only. */
export interface RecordSink {
  records(batch: RecordBatch): void;
  rejected(line: Rejected): void;
}

/**
 * Turns the bytes of one source into records. Where the chunks are cut makes no difference.
 * Every line is a record, a rejected line or a blank one.
 */
export interface Decoder {
  /** Lines begun so far, blank and rejected ones included. */
  readonly lines: number;
  readonly blank: number;
  feed(chunk: Uint8Array, sink: RecordSink): void;
  /** Reads the last line, which may lack its newline. */
  end(sink: RecordSink): void;
}
