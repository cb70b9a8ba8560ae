import type { Decoder, RecordSink } from './decoder.ts';
import { JsonScanner, type ScanFailure } from './json-scanner.ts';
import type { PathTree } from './path-tree.ts';
import { RecordColumns } from './record-columns.ts';

export interface NdjsonOptions {
  /** Longer lines are rejected without being held in memory. */
  readonly maxLineBytes: number;
}

export const DEFAULT_MAX_LINE_BYTES: number = 4 << 20;

const NEWLINE = 0x0a;

const REASONS: Readonly<Record<ScanFailure, string>> = {
  'not-json': 'the line is not valid JSON',
  'not-object': 'the line is JSON, but no object',
  'too-deep': 'objects or arrays are nested deeper than 64 levels',
};

/**
 * Reads newline-delimited JSON: one object a line. CRLF, a byte order mark, blank lines and a
 * last line without newline are fine; invalid UTF-8 inside strings reads as U+FFFD.
 */
export function createNdjsonDecoder(paths: PathTree, options: NdjsonOptions): Decoder {
  const columns = new RecordColumns();
  const scanner = new JsonScanner(paths, columns);
  /** The beginning of a line whose end has not been fed yet. */
  let held = new Uint8Array(1 << 12);
  let heldBytes = 0;
  let skippingLongLine = false;
  let lines = 0;
  let blank = 0;

  function flush(sink: RecordSink): void {
    if (columns.rows > 0) sink.records(columns);
    columns.clear();
    paths.clearIfFull();
  }

  function readLine(bytes: Uint8Array, from: number, to: number, sink: RecordSink): void {
    lines += 1;
    const start = skipByteOrderMark(bytes, from, to);
    if (to - start > options.maxLineBytes) {
      rejectLongLine(sink);
      return;
    }
    if (isBlank(bytes, start, to)) {
      blank += 1;
      return;
    }
    const failure = scanner.scan(bytes, start, to);
    if (failure !== undefined) {
      sink.rejected({ line: lines, code: failure, reason: REASONS[failure] });
      return;
    }
    columns.closeRow(lines, start, to);
    if (columns.full) flush(sink);
  }

  function rejectLongLine(sink: RecordSink): void {
    const reason = `the line is longer than ${options.maxLineBytes} bytes (--max-line-bytes)`;
    sink.rejected({ line: lines, code: 'line-too-long', reason });
  }

  function hold(part: Uint8Array): void {
    if (skippingLongLine) return;
    // One byte more than allowed is kept, so that readLine sees that the line is too long.
    if (heldBytes + part.length > options.maxLineBytes + BOM_BYTES + 1) {
      skippingLongLine = true;
      heldBytes = 0;
      return;
    }
    if (heldBytes + part.length > held.length) {
      const grown = new Uint8Array(Math.max(held.length * 2, heldBytes + part.length));
      grown.set(held.subarray(0, heldBytes));
      held = grown;
    }
    held.set(part, heldBytes);
    heldBytes += part.length;
  }

  function closeHeldLine(sink: RecordSink): void {
    if (skippingLongLine) {
      skippingLongLine = false;
      lines += 1;
      rejectLongLine(sink);
    } else {
      columns.bytes = held;
      readLine(held, 0, heldBytes, sink);
      flush(sink);
    }
    heldBytes = 0;
  }

  return {
    get lines() {
      return lines;
    },
    get blank() {
      return blank;
    },
    feed(chunk, sink) {
      let from = 0;
      if (heldBytes > 0 || skippingLongLine) {
        const newline = chunk.indexOf(NEWLINE);
        hold(newline === -1 ? chunk : chunk.subarray(0, newline));
        if (newline === -1) return;
        closeHeldLine(sink);
        from = newline + 1;
      }
      columns.bytes = chunk;
      for (let to = chunk.indexOf(NEWLINE, from); to !== -1; to = chunk.indexOf(NEWLINE, from)) {
        readLine(chunk, from, to, sink);
        from = to + 1;
      }
      flush(sink);
      if (from < chunk.length) hold(chunk.subarray(from));
    },
    end(sink) {
      if (heldBytes > 0 || skippingLongLine) closeHeldLine(sink);
    },
  };
}

const BOM_BYTES = 3;

function skipByteOrderMark(bytes: Uint8Array, from: number, to: number): number {
  const marked =
    to - from >= BOM_BYTES &&
    bytes[from] === 0xef &&
    bytes[from + 1] === 0xbb &&
    bytes[from + 2] === 0xbf;
  return marked ? from + BOM_BYTES : from;
}

function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at]!;
    if (byte !== 0x20 && byte !== 0x0d && byte !== 0x09) return false;
  }
  return true;
}
