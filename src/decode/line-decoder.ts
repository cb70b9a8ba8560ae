import type { Decoder, RecordSink } from './decoder.ts';
import type { StreamForm } from './form.ts';
import type { Kernel } from './kernel/kernel.ts';
import type { LineReader } from './line-reader.ts';
import type { RowWriter } from './row-writer.ts';

export interface DecoderOptions {
  /** Longer lines are rejected without being held in memory; so are longer joined records. */
  readonly maxLineBytes: number;
  /** Form of the stream where it is known already, as it is for a part of a stream. */
  readonly form?: StreamForm;
  /** Reads the lines about which there is no doubt. Its columns have to be those of the rows. */
  readonly kernel?: Kernel | undefined;
}

/** Bytes that the kernel reads at once: few enough to stay close to the processor. */
const PIECE_BYTES = 1 << 17;

export const DEFAULT_MAX_LINE_BYTES: number = 4 << 20;

const NEWLINE = 0x0a;

/**
 * Cuts a stream into lines and has each read by itself. CRLF, a byte order mark, blank lines and a
 * last line without newline are fine; invalid UTF-8 inside strings reads as U+FFFD.
 */
export function createLineDecoder(
  rows: RowWriter,
  reader: LineReader,
  options: DecoderOptions,
): Decoder {
  const { columns, paths } = rows;
  const { kernel } = options;
  /** The beginning of a line whose end has not been fed yet. */
  let held = new Uint8Array(1 << 12);
  let heldBytes = 0;
  let skippingLongLine = false;
  let lines = 0;
  let blank = 0;

  function flush(): void {
    rows.flush();
    rows.paths.clearIfFull();
  }

  function readLine(bytes: Uint8Array, from: number, to: number): void {
    lines += 1;
    const start = skipByteOrderMark(bytes, from, to);
    if (to - start > options.maxLineBytes) rejectLongLine();
    else if (isBlank(bytes, start, to)) blank += 1;
    else reader.read(bytes, start, to, lines);
  }

  /** Reads the whole lines of a chunk. @returns where the rest begins */
  function readLines(chunk: Uint8Array, start: number): number {
    columns.bytes = chunk;
    let from = start;
    for (let to = chunk.indexOf(NEWLINE, from); to !== -1; to = chunk.indexOf(NEWLINE, from)) {
      readLine(chunk, from, to);
      from = to + 1;
    }
    return from;
  }

  /** As {@link readLines}; what is held goes before the chunk, see {@link fitsBefore}. */
  function readWithKernel(kernel: Kernel, chunk: Uint8Array, start: number): number {
    let from = start;
    while (from < chunk.length) {
      const to = Math.min(from + PIECE_BYTES, chunk.length);
      const until = chunk.lastIndexOf(NEWLINE, to - 1) + 1;
      if (until <= from) return readLines(chunk, from);
      kernel.input.set(held.subarray(0, heldBytes));
      kernel.input.set(chunk.subarray(from, until), heldBytes);
      const length = heldBytes + until - from;
      heldBytes = 0;
      readPiece(kernel, length);
      from = until;
    }
    return from;
  }

  /** Whether the kernel can read what is held together with a chunk whose first line ends there. */
  function fitsBefore(newline: number): boolean {
    if (kernel === undefined || skippingLongLine) return false;
    return newline < PIECE_BYTES && heldBytes + PIECE_BYTES <= kernel.input.length;
  }

  function readPiece(kernel: Kernel, length: number): void {
    const { input } = kernel;
    columns.bytes = input;
    let at = 0;
    while (at < length) {
      if (!reader.isOpen && columns.isAtHome) {
        kernel.learnPaths(paths);
        const scanned = kernel.scan(at, length, lines, options.maxLineBytes);
        at = scanned.at;
        lines = scanned.lines;
        blank += scanned.blanks;
        rows.countRows('json', scanned.rows);
        if (scanned.isOpen) at = readOpen(kernel, at);
        else if (kernel.isFull) rows.flush();
        else if (at < length) at = readDoubtful(input, at);
      } else {
        at = readDoubtful(input, at);
      }
    }
    flush();
  }

  /** Reads a line whose entries stand in the open row: it may be a wrapper. */
  function readOpen(kernel: Kernel, from: number): number {
    const to = kernel.input.indexOf(NEWLINE, from);
    const { rows: rowsBefore, entries, batch } = columns;
    lines += 1;
    reader.unwrap(kernel.input, from, to, lines);
    const isPlain =
      columns.batch === batch && columns.rows === rowsBefore + 1 && columns.entries === entries;
    if (isPlain && rows.form === 'json') kernel.learnPlainShape();
    return to + 1;
  }

  function readDoubtful(bytes: Uint8Array, from: number): number {
    const to = bytes.indexOf(NEWLINE, from);
    readLine(bytes, from, to);
    return to + 1;
  }

  function rejectLongLine(): void {
    const reason = `the line is longer than ${options.maxLineBytes} bytes (--max-line-bytes)`;
    rows.reject(lines, 'line-too-long', reason);
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

  function closeHeldLine(): void {
    if (skippingLongLine) {
      skippingLongLine = false;
      lines += 1;
      rejectLongLine();
    } else {
      columns.bytes = held;
      readLine(held, 0, heldBytes);
      flush();
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
    get joined() {
      return rows.joined;
    },
    get isOpen() {
      return heldBytes > 0 || skippingLongLine || reader.isOpen;
    },
    forms: () => rows.forms(),
    feed(chunk, sink) {
      rows.enter(sink);
      let from = 0;
      if (heldBytes > 0 || skippingLongLine) {
        const newline = chunk.indexOf(NEWLINE);
        if (newline === -1) {
          hold(chunk);
          return;
        }
        if (!fitsBefore(newline)) {
          hold(chunk.subarray(0, newline));
          closeHeldLine();
          from = newline + 1;
        }
      }
      from = kernel === undefined ? readLines(chunk, from) : readWithKernel(kernel, chunk, from);
      flush();
      if (from < chunk.length) hold(chunk.subarray(from));
    },
    end(sink: RecordSink) {
      rows.enter(sink);
      if (heldBytes > 0 || skippingLongLine) closeHeldLine();
      reader.end();
      flush();
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
