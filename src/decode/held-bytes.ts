/** Bytes that outlive the batch they stood in. Cleared, it keeps its room for the next. */
export class HeldBytes {
  bytes: Uint8Array = new Uint8Array(1 << 9);
  length = 0;

  /** Adds the bytes between two places of others. */
  add(from: Uint8Array, start: number, end: number): void {
    this.#reserve(end - start);
    this.bytes.set(from.subarray(start, end), this.length);
    this.length += end - start;
  }

  addByte(byte: number): void {
    this.#reserve(1);
    this.bytes[this.length] = byte;
    this.length += 1;
  }

  clear(): void {
    this.length = 0;
    if (this.bytes.length > MAX_KEPT) this.bytes = new Uint8Array(MAX_KEPT);
  }

  #reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, needed));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }
}

/** What one huge record took is given back. */
const MAX_KEPT = 1 << 16;
