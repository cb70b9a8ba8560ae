import type { Decoder, RecordSink } from '../decoder.ts';
import type { PathTree } from '../path-tree.ts';
import { RowWriter } from '../row-writer.ts';
import { createDocumentReader, readNested } from '../traces/document-reader.ts';
import { length32At, type ProtoFraming, varintAt } from './framing.ts';
import { ProtobufRecords } from './protobuf-records.ts';

export interface OtlpProtoOptions {
  /** Longer messages are rejected without being held in memory. */
  readonly maxMessageBytes?: number;
}

const DEFAULT_MAX_MESSAGE_BYTES: number = 256 << 20;

/** Field 1, length-delimited: the only field of a request. */
const RESOURCE_TAG = 0x0a;

/** Where a message stands in the buffer; `stop` may lie beyond its end. */
interface Frame {
  readonly start: number;
  readonly stop: number;
}

/**
 * Reads OTLP requests of traces and logs in protobuf. Each message counts as a line. A bare request
 * is read resource by resource, as if each were a message: so it need not be held as a whole.
 */
export function createOtlpProtoDecoder(
  framing: ProtoFraming,
  paths: PathTree,
  options: OtlpProtoOptions = {},
): Decoder {
  const maxMessageBytes = options.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES;
  const out = new RowWriter(paths);
  const records = new ProtobufRecords(out);
  const readDocument = createDocumentReader(out);
  /** The beginning of a message whose end has not been fed yet. */
  let held = new Uint8Array(1 << 12);
  let heldBytes = 0;
  /** Bytes of a message that is too long, still to come. */
  let skipBytes = 0;
  /** Offset of the first byte of the buffer at hand. */
  let origin = 0;
  let isLost = false;
  let messages = 0;

  /** @returns undefined when the bytes do not tell yet, `lost` when they are no message. */
  function frameAt(bytes: Uint8Array, at: number, end: number): Frame | 'lost' | undefined {
    if (framing === 'length32') {
      if (end - at < 4) return undefined;
      return { start: at + 4, stop: at + 4 + length32At(bytes, at) };
    }
    const isBare = framing === 'bare';
    if (isBare && bytes[at] !== RESOURCE_TAG) return 'lost';
    const lengthAt = isBare ? at + 1 : at;
    const length = varintAt(bytes, lengthAt, end);
    if (length === undefined) return end - lengthAt < 5 ? undefined : 'lost';
    return { start: isBare ? at : length.end, stop: length.end + length.value };
  }

  function readMessage(bytes: Uint8Array, start: number, stop: number, isCutOff: boolean): void {
    records.readRequest(bytes, start, stop, { line: messages, origin, isCutOff });
    readNested(records.takeNested(), out, readDocument);
  }

  /** Reads the messages that are whole. @returns the position behind the last one */
  function readMessages(bytes: Uint8Array, end: number): number {
    let at = 0;
    while (at < end) {
      const frame = frameAt(bytes, at, end);
      if (frame === undefined) break;
      if (frame === 'lost') {
        isLost = true;
        messages += 1;
        out.reject(messages, 'bad-protobuf', `no message begins, at byte ${origin + at}`);
        at = end;
        break;
      }
      const { start, stop } = frame;
      if (stop - at > maxMessageBytes) {
        messages += 1;
        const reason = `the message at byte ${origin + at} is longer than ${maxMessageBytes} bytes`;
        out.reject(messages, 'line-too-long', reason);
        skipBytes = Math.max(0, stop - end);
        at = Math.min(stop, end);
        continue;
      }
      if (stop > end) break;
      messages += 1;
      readMessage(bytes, start, stop, false);
      at = stop;
    }
    out.flush();
    paths.clearIfFull();
    return at;
  }

  function hold(part: Uint8Array): void {
    if (heldBytes + part.length > held.length) {
      const grown = new Uint8Array(Math.max(held.length * 2, heldBytes + part.length));
      grown.set(held.subarray(0, heldBytes));
      held = grown;
    }
    held.set(part, heldBytes);
    heldBytes += part.length;
  }

  /** Bytes that the held message lacks, as far as it tells. */
  function lackingBytes(): number {
    const frame = frameAt(held, 0, heldBytes);
    if (frame === undefined) return 1;
    if (frame === 'lost' || frame.stop > maxMessageBytes) return 0;
    return frame.stop - heldBytes;
  }

  function read(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length && !isLost) {
      const rest = chunk.length - at;
      if (skipBytes > 0) {
        const skipped = Math.min(skipBytes, rest);
        skipBytes -= skipped;
        origin += skipped;
        at += skipped;
      } else if (heldBytes > 0) {
        const taken = Math.min(lackingBytes(), rest);
        hold(chunk.subarray(at, at + taken));
        at += taken;
        if (lackingBytes() > 0) continue;
        origin += readMessages(held, heldBytes);
        heldBytes = 0;
      } else {
        const used = readMessages(chunk.subarray(at), rest);
        origin += used;
        at += used;
        if (skipBytes > 0) continue;
        hold(chunk.subarray(at));
        return;
      }
    }
  }

  return {
    get lines() {
      return messages;
    },
    blank: 0,
    joined: 0,
    isOpen: true,
    forms: () => out.forms(),
    feed(chunk, sink) {
      out.enter(sink);
      read(chunk);
    },
    end(sink: RecordSink) {
      if (heldBytes === 0) return;
      out.enter(sink);
      messages += 1;
      const frame = frameAt(held, 0, heldBytes);
      const start = frame === undefined || frame === 'lost' ? heldBytes : frame.start;
      readMessage(held, start, heldBytes, true);
      out.flush();
      heldBytes = 0;
    },
  };
}
