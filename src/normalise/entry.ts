import { EntryKind, type RecordBatch } from '../model/index.ts';
import type { Hash64 } from './hash.ts';

const utf8 = new TextDecoder();

/** The entry of a record batch that is being read: one object that moves on, so that none is made. */
export class Entry {
  index = 0;
  kind: number = EntryKind.null;
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  /** Hash of the bytes. */
  high = 0;
  low = 0;
  #batch: RecordBatch | undefined;

  enter(batch: RecordBatch | undefined): void {
    this.#batch = batch;
  }

  moveTo(index: number): void {
    const batch = this.#batch!;
    this.index = index;
    this.kind = batch.kind[index];
    this.bytes = batch.inScratch[index] === 1 ? batch.scratch : batch.bytes;
    this.start = batch.start[index];
    this.end = batch.end[index];
  }

  /** Moves back to an entry whose hash is wanted again. */
  returnTo(index: number, hash: Hash64): void {
    this.moveTo(index);
    this.hashWith(hash);
  }

  hashWith(hash: Hash64): void {
    hash.ofBytes(this.bytes, this.start, this.end);
    this.high = hash.high;
    this.low = hash.low;
  }

  get isText(): boolean {
    return this.kind === EntryKind.string;
  }

  /** A string or a number. */
  get isScalar(): boolean {
    return this.kind <= EntryKind.number;
  }

  text(): string {
    return utf8.decode(this.bytes.subarray(this.start, this.end));
  }

  /** The text of a whole number of at most seven digits; undefined for anything else. */
  integer(): string | undefined {
    const length = this.end - this.start;
    if (length > 8 || length === 0) return undefined;
    const text = this.text().trim();
    return /^-?\d{1,7}$/.test(text) ? String(Number(text)) : undefined;
  }
}

/** True for a text that may be a JSON object. */
export function holdsObject({ bytes, start, end }: Entry): boolean {
  let at = start;
  while (at < end && bytes[at] <= 0x20) at += 1;
  return at < end && bytes[at] === 0x7b;
}
