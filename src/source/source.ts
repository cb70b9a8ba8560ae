import type { RejectCode } from '../model/index.ts';

/** Bytes with a name: a file, or standard input. */
export interface Source {
  /** As the user named it, so that `name:line` can be followed; `stdin` for standard input. */
  readonly name: string;
  /** Bytes as stored (compressed ones for `.gz` and `.zst`); undefined for a stream that can be read once. */
  readonly sizeBytes: number | undefined;
  /** Where it stands, if it is a file whose content is read as it is stored: it may be read in pieces. */
  readonly path?: string | undefined;
  /**
   * The content, decompressed. A chunk is valid until the next one is asked for: its buffer is
   * used again.
   * @param onRead told of every read: how many stored bytes came in.
   * @throws BrokenSource after the last good chunk, when the source breaks midway.
   * @throws InputError when it cannot be opened, or is evidently no text.
   */
  open(onRead?: (storedBytes: number) => void): AsyncIterable<Uint8Array>;
}

/** A source ended badly after what it has given: cut short, corrupt, or the disk failed. */
export class BrokenSource extends Error {
  override readonly name = 'BrokenSource';
  readonly code: RejectCode;

  constructor(code: RejectCode, message: string) {
    super(message);
    this.code = code;
  }
}
