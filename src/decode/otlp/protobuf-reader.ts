/** How a field's value is written. Groups (3 and 4) left the format long ago; 6 and 7 never were. */
export const Wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

export type ProtobufFault =
  | 'cut-off'
  | 'past-end'
  | 'long-varint'
  | 'wire-type'
  | 'field-number'
  | 'too-deep';

/**
 * Walks the fields of protobuf messages without building any. Never reads beyond the end it is
 * given; whatever does not hold stops the walk and leaves its fault with the byte where it stands.
 *
 * A message inside a message is walked with the same reader: its bytes are `start` to `stop`, and
 * the walk of the outer one goes on at `stop`, wherever the inner walk broke off.
 */
export class ProtobufReader {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  /** Number and wire type of the field just read. */
  field = 0;
  wire = 0;
  /** Value of a varint or a fixed one: the unsigned halves. */
  high = 0;
  low = 0;
  /** Where the content of a length-delimited field stands. */
  start = 0;
  stop = 0;
  fault: ProtobufFault | undefined;
  faultAt = 0;
  /** The input ended before the field just read did: its content is what there is of it. */
  isClipped = false;
  #clipEnd = -1;

  /**
   * Begins a walk at `at`.
   * @param clipEnd where the input broke off in the middle of a message: what leads past it is no
   * fault
   */
  enter(bytes: Uint8Array, at: number, clipEnd = -1): void {
    this.bytes = bytes;
    this.at = at;
    this.fault = undefined;
    this.isClipped = false;
    this.#clipEnd = clipEnd;
  }

  /** Goes on behind a message that is broken inside. */
  recover(at: number): void {
    this.fault = undefined;
    this.at = at;
  }

  /**
   * Reads the next field of the message that goes up to `end`.
   * @returns false at the end of the message, and where it is broken.
   */
  next(end: number): boolean {
    if (this.fault !== undefined || this.at >= end) return false;
    const from = this.at;
    const { bytes } = this;
    let tag = bytes[from]!;
    if (tag < 0x80) this.at = from + 1;
    else {
      if (!this.#varint(end)) return false;
      if (this.high !== 0) return this.fail('field-number', from);
      tag = this.low;
    }
    this.field = tag >>> 3;
    this.wire = tag & 7;
    if (this.field === 0) return this.fail('field-number', from);
    switch (this.wire) {
      case Wire.bytes:
        return this.#length(end);
      case Wire.varint:
        return this.#varint(end);
      case Wire.fixed64:
        if (end - this.at < 8) return this.#endsEarly(end, this.at);
        this.low = word(bytes, this.at);
        this.high = word(bytes, this.at + 4);
        this.at += 8;
        return true;
      case Wire.fixed32:
        if (end - this.at < 4) return this.#endsEarly(end, this.at);
        this.low = word(bytes, this.at);
        this.high = 0;
        this.at += 4;
        return true;
      default:
        return this.fail('wire-type', from);
    }
  }

  /** Notes the first fault of a walk. */
  fail(fault: ProtobufFault, at: number): false {
    if (this.fault === undefined) {
      this.fault = fault;
      this.faultAt = at;
    }
    return false;
  }

  #length(end: number): boolean {
    const from = this.at;
    const first = this.bytes[from]!;
    if (from < end && first < 0x80) {
      this.at = from + 1;
      this.low = first;
      this.high = 0;
    } else if (!this.#varint(end)) return false;
    this.start = this.at;
    this.stop = this.at + this.low;
    if (this.high !== 0 || this.stop > end) {
      if (end !== this.#clipEnd) return this.fail('past-end', from);
      this.isClipped = true;
      this.stop = end;
    }
    this.at = this.stop;
    return true;
  }

  /** Seven bits a byte, the lowest first, ten bytes at most. */
  #varint(end: number): boolean {
    const { bytes } = this;
    const from = this.at;
    let low = 0;
    let high = 0;
    for (let at = from, shift = 0; at < end; at += 1, shift += 7) {
      const byte = bytes[at]!;
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (shift - 32);
      if (byte < 0x80) {
        // The tenth byte has room for one bit.
        if (shift === 63 && byte > 1) return this.fail('long-varint', from);
        this.low = low >>> 0;
        this.high = high >>> 0;
        this.at = at + 1;
        return true;
      }
      if (shift === 63) return this.fail('long-varint', from);
    }
    return this.#endsEarly(end, from);
  }

  /** A field goes on behind its message; at the end of a clipped input that is no fault. */
  #endsEarly(end: number, at: number): false {
    if (end !== this.#clipEnd) return this.fail('cut-off', at);
    this.isClipped = true;
    this.at = end;
    return false;
  }
}

function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
  );
}
