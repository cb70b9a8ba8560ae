import { EntryKind } from '../../model/index.ts';
import { hex4, isSimpleEscape, resolveEscapes } from '../escapes.ts';
import type { JsonScanner } from '../json-scanner.ts';
import type { RowWriter } from '../row-writer.ts';
import { type CarriedEntry, putBack } from '../wrappers/carried.ts';
import type { TextField, TextStart } from './text-field.ts';
import { textStartOf } from './text-start.ts';
import { exceptionOf, showsItGoesOn } from './trace-lines.ts';

/** So much of a line decides what it is. */
const HEADER_BYTES = 1 << 16;
/** More streams than these do not stay open side by side: the one open longest is closed. */
const MAX_OPEN = 1024;

/** Where a line of text came from. */
export interface TextOrigin {
  /** Forms of the wrappers around it, each with a slash behind. */
  readonly wrappers: string;
  /** Lines of one stream run on into each other; empty for a line without a wrapper. */
  readonly stream: string;
  readonly line: number;
  /** What the wrappers say beside the line. */
  readonly carried: readonly CarriedEntry[];
}

interface OpenRecord extends TextOrigin {
  readonly start: TextStart;
  goesOn: TextStart['goesOn'];
  bytes: Uint8Array;
  length: number;
  /** Length of the first line. */
  readonly firstLine: number;
  isFull: boolean;
  lastLine: number;
}

/** Joins lines of text to records, a stream of lines apart from the other. */
export interface TextRecords {
  readonly isOpen: boolean;
  isOpenIn(stream: string): boolean;
  /** True where a record of text begins; `text` has a character for each byte. */
  begins(bytes: Uint8Array, start: number, end: number): boolean;
  /** Reads one line. @returns false when it neither begins a record nor goes on with one. */
  read(bytes: Uint8Array, start: number, end: number, origin: TextOrigin): boolean;
  /** Closes the record that is open in a stream. */
  close(stream: string): void;
  closeAll(): void;
}

export function createTextRecords(
  rows: RowWriter,
  scanner: JsonScanner,
  options: { readonly maxRecordBytes: number },
): TextRecords {
  const { columns, paths } = rows;
  const open = new Map<string, OpenRecord>();

  function begin(
    start: TextStart,
    bytes: Uint8Array,
    from: number,
    to: number,
    origin: TextOrigin,
  ) {
    if (start.goesOn === 'never') {
      writeRow(start, bytes.subarray(from, to), to - from, origin);
      return;
    }
    if (open.size >= MAX_OPEN) {
      const [oldest] = open.keys();
      close(oldest!);
    }
    open.set(origin.stream, {
      ...origin,
      start,
      goesOn: start.goesOn,
      bytes: bytes.slice(from, to),
      length: to - from,
      firstLine: to - from,
      isFull: false,
      lastLine: origin.line,
    });
  }

  function close(stream: string): void {
    const record = open.get(stream);
    if (record === undefined) return;
    open.delete(stream);
    writeRow(record.start, record.bytes.subarray(0, record.length), record.firstLine, record);
  }

  function goOn(record: OpenRecord, bytes: Uint8Array, from: number, to: number, line: number) {
    // In the answer of a log store many lines of text stand on one.
    if (line !== record.lastLine) rows.joined += 1;
    record.lastLine = line;
    const length = record.length + 1 + to - from;
    if (length > options.maxRecordBytes) {
      if (!record.isFull) {
        const reason = `the record is longer than ${options.maxRecordBytes} bytes (--max-line-bytes): its rest is left out`;
        rows.reject(line, 'line-too-long', reason, true);
      }
      record.isFull = true;
      return;
    }
    if (length > record.bytes.length) {
      const grown = new Uint8Array(Math.max(record.bytes.length * 2, length));
      grown.set(record.bytes.subarray(0, record.length));
      record.bytes = grown;
    }
    record.bytes[record.length] = 0x0a;
    record.bytes.set(bytes.subarray(from, to), record.length + 1);
    record.length = length;
  }

  /** Writes a record whose bytes are not those of the columns: they go to the scratch. */
  function writeRow(start: TextStart, text: Uint8Array, firstLine: number, origin: TextOrigin) {
    columns.reserveScratch(text.length);
    const base = columns.scratchUsed;
    columns.scratch.set(text, base);
    columns.scratchUsed = base + text.length;
    putBack(origin.carried, rows);
    for (const field of start.fields) addField(field, base);
    const messageEnd = Math.max(start.message, start.messageEnd ?? firstLine);
    addRange('message', base + start.message, base + messageEnd);
    if (text.length > firstLine) {
      // Some loggers put the words below the header.
      const rest = start.message < firstLine ? 'stack_trace' : 'message';
      addRange(rest, base + firstLine + 1, base + text.length);
    }
    if (start.form === 'trace' || text.length > firstLine) addException(start, text, firstLine);
    if (start.json !== undefined) {
      const from = base + start.json;
      columns.reserveScratch(firstLine);
      scanner.scan(columns.scratch, from, base + firstLine, JSON_TAIL);
    } else if (columns.scratch[base + start.message] === 0x7b) {
      columns.reserveScratch(firstLine);
      const from = base + start.message;
      scanner.scan(columns.scratch, from, base + messageEnd, JSON_MESSAGE);
    }
    rows.endRow(`${origin.wrappers}${start.form}`, origin.line, base, base + text.length, 1);
  }

  function addRange(name: string, start: number, end: number): void {
    const node = paths.named(name);
    if (start < end && paths.wanted(node)) {
      columns.add(node, EntryKind.string, 1, 0, start, end);
    }
  }

  function addField(field: TextField, base: number): void {
    if ('text' in field) {
      addText(field.name, field.text);
      return;
    }
    const start = base + field.start;
    const end = base + field.end;
    if (field.isEscaped !== true || !isEscapedAsJson(columns.scratch, start, end)) {
      addRange(field.name, start, end);
      return;
    }
    columns.reserveScratch(end - start);
    const from = columns.scratchUsed;
    columns.scratchUsed = resolveEscapes(columns.scratch, start, end, columns.scratch, from);
    addRange(field.name, from, columns.scratchUsed);
  }

  function addText(name: string, text: string): void {
    const bytes = utf8.encode(text);
    columns.reserveScratch(bytes.length);
    const from = columns.scratchUsed;
    columns.scratch.set(bytes, from);
    columns.scratchUsed = from + bytes.length;
    addRange(name, from, columns.scratchUsed);
  }

  /** The exception of the record: on its first line where that is nothing else, or on the next. */
  function addException(start: TextStart, text: Uint8Array, firstLine: number): void {
    const second = firstLine + 1;
    const secondEnd = text.indexOf(0x0a, second);
    const line =
      start.form === 'trace'
        ? text.subarray(0, firstLine)
        : text.subarray(second, secondEnd === -1 ? text.length : secondEnd);
    const exception = exceptionOf(decoder.decode(line.subarray(0, HEADER_BYTES)).trim());
    if (exception === undefined) return;
    addText('exception.type', exception.type);
    if (exception.message !== undefined) addText('exception.message', exception.message);
  }

  return {
    get isOpen() {
      return open.size > 0;
    },
    isOpenIn: (stream) => open.size > 0 && open.has(stream),
    begins: (bytes, start, end) =>
      bytes[start] === 0x7b || textStartOf(headOf(bytes, start, end), false) !== undefined,
    read(bytes, from, to, origin) {
      if (isBinary(bytes, from, to)) return false;
      const end = withoutEnd(bytes, from, to);
      const record = open.get(origin.stream);
      const text = headOf(bytes, from, end);
      if (record !== undefined && record.goesOn === 'to-end-mark') {
        goOn(record, bytes, from, end, origin.line);
        if (END_MARK.test(text)) record.goesOn = 'indented';
        return true;
      }
      const start = textStartOf(text, record !== undefined);
      if (start !== undefined) {
        close(origin.stream);
        begin(start, bytes, from, end, origin);
        return true;
      }
      if (record !== undefined && (record.goesOn === 'always' || showsItGoesOn(text))) {
        goOn(record, bytes, from, end, origin.line);
        return true;
      }
      if (origin.wrappers === '') return false;
      // A wrapper vouches for the line, and may have its time.
      close(origin.stream);
      begin(PLAIN, bytes, from, end, origin);
      return true;
    },
    close,
    closeAll() {
      for (const stream of [...open.keys()]) close(stream);
    },
  };
}

const PLAIN: TextStart = { form: 'text', fields: [], message: 0, goesOn: 'indented' };
const END_MARK = /END OF INNODB MONITOR OUTPUT/;
const JSON_TAIL = { inScratch: 1, inner: 0, stopAtDocument: false } as const;
const JSON_MESSAGE = { inScratch: 1, inner: 1, stopAtDocument: false } as const;

const latin1 = new TextDecoder('latin1');
const decoder = new TextDecoder();
const utf8 = new TextEncoder();

function headOf(bytes: Uint8Array, start: number, end: number): string {
  return latin1.decode(bytes.subarray(start, Math.min(end, start + HEADER_BYTES)));
}

/** Without the carriage return or the line break that a wrapper kept. */
function withoutEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && (bytes[at - 1] === 0x0a || bytes[at - 1] === 0x0d)) at -= 1;
  return at;
}

/** Text has no control characters but tabs, line ends and the escapes of terminals. */
function isBinary(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at]!;
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x1b)
      return true;
  }
  return false;
}

function isEscapedAsJson(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    if (bytes[at] !== 0x5c) continue;
    const letter = bytes[at + 1]!;
    if (letter === 0x75) {
      if (at + 5 >= end || hex4(bytes, at + 2) < 0) return false;
      at += 5;
    } else {
      if (at + 1 >= end || !isSimpleEscape(letter)) return false;
      at += 1;
    }
  }
  return true;
}
