import { BrokenSource } from './source.ts';

/** A piece of a frame, as it comes in; the last one ends the frame. */
export interface FramePiece {
  readonly bytes: Uint8Array;
  readonly endsFrame: boolean;
}

/** What is read next of a frame; see RFC 8878, section 3.1. */
const Part = {
  magic: 0,
  skippedSize: 1,
  skipped: 2,
  descriptor: 3,
  header: 4,
  blockHeader: 5,
  block: 6,
  checksum: 7,
} as const;

const ZSTD_MAGIC = 0xfd2fb528;
const SKIPPED_MAGIC = 0x184d2a50;
const DICTIONARY_BYTES = [0, 1, 2, 4];
const CONTENT_SIZE_BYTES = [0, 2, 4, 8];

/**
 * Finds where the frames of a zstd stream end: a decoder reads one frame, and files hold many, one
 * after the other.
 * @throws BrokenSource `truncated` when the stream stops inside a frame, with all before it given
 *   out; `corrupt-zstd` where something else than a frame begins.
 */
export async function* zstdFrames(stored: AsyncIterable<Uint8Array>): AsyncGenerator<FramePiece> {
  let part: number = Part.magic;
  /** Bytes of the part that are still to come, and what is known of those that have. */
  let wanted = 4;
  let value = 0;
  let scale = 1;
  let hasChecksum = false;
  let isLastBlock = false;
  let isSkipped = false;
  let isBegun = false;

  const next = (following: number, bytes: number) => {
    part = following;
    wanted = bytes;
    value = 0;
    scale = 1;
  };
  /** Draws the conclusion of a part that is whole; true when that ends the frame. */
  const close = (): boolean => {
    switch (part) {
      case Part.magic:
        isSkipped = value - (value % 16) === SKIPPED_MAGIC;
        if (!isSkipped && value !== ZSTD_MAGIC) {
          throw new BrokenSource('corrupt-zstd', 'no zstd frame begins where one should');
        }
        if (isSkipped) next(Part.skippedSize, 4);
        else next(Part.descriptor, 1);
        return false;
      case Part.skippedSize:
        next(Part.skipped, value);
        return wanted === 0;
      case Part.descriptor: {
        const isSingle = (value >> 5) & 1;
        const size = CONTENT_SIZE_BYTES[value >> 6]! || isSingle;
        hasChecksum = ((value >> 2) & 1) === 1;
        next(Part.header, 1 - isSingle + DICTIONARY_BYTES[value & 3]! + size);
        return false;
      }
      case Part.header:
        next(Part.blockHeader, 3);
        return false;
      case Part.blockHeader: {
        isLastBlock = (value & 1) === 1;
        const type = (value >> 1) & 3;
        if (type === 3) throw new BrokenSource('corrupt-zstd', 'a zstd block is of no known type');
        next(Part.block, type === 1 ? 1 : value >> 3);
        return wanted === 0 && close();
      }
      case Part.block:
        if (!isLastBlock) next(Part.blockHeader, 3);
        else if (hasChecksum) next(Part.checksum, 4);
        else return true;
        return false;
      default:
        return true;
    }
  };

  for await (const chunk of stored) {
    let from = 0;
    for (let at = 0; at < chunk.length; ) {
      isBegun = true;
      const isBulk = part === Part.skipped || part === Part.block;
      const taken = isBulk ? Math.min(wanted, chunk.length - at) : 1;
      if (!isBulk) {
        value += chunk[at]! * scale;
        scale *= 256;
      }
      wanted -= taken;
      at += taken;
      if (wanted > 0 || !close()) continue;
      if (!isSkipped) yield { bytes: chunk.subarray(from, at), endsFrame: true };
      from = at;
      isBegun = false;
      next(Part.magic, 4);
    }
    if (from < chunk.length && !isSkipped) {
      yield { bytes: chunk.subarray(from), endsFrame: false };
    }
  }
  if (isBegun) throw new BrokenSource('truncated', 'the zstd data stops before its end');
}
