import { EntryKind } from '../../model/index.ts';
import { hex4, isSimpleEscape, resolveEscapes } from '../escapes.ts';
import { HeldBytes } from '../held-bytes.ts';
import type { JsonScanner, ScanPlace } from '../json-scanner.ts';
import type { RowWriter } from '../row-writer.ts';
import { CarriedEntries } from '../wrappers/carried.ts';
import type { Wrapping } from '../wrappers/wrapping.ts';
import { Pairs } from './key-values.ts';
import { type Head, type TextField, type TextStart, textOf } from './text-field.ts';
import { textStartOf } from './text-start.ts';
import { exceptionOf, showsItGoesOn } from './trace-lines.ts';

/** So much of a line decides what it is. */
const HEADER_BYTES = 1 << 16;
/** More streams than these do not stay open side by side: the one open longest is closed. */
const MAX_OPEN = 1024;
/** Records that are kept to be used again. */
const MAX_SPARE = 16;

/** Where a line of text came from. What its wrappers say beside it stands in the open row. */
export interface TextOrigin {
  readonly wrapping: Wrapping;
  readonly line: number;
}

/** A record whose next line may still come. Used again when it is written. */
class OpenRecord {
  origin!: TextOrigin;
  start!: TextStart;
  goesOn!: TextStart['goesOn'];
  readonly carried = new CarriedEntries();
  readonly text = new HeldBytes();
  /** Length of the first line. */
  firstLine = 0;
  isFull = false;
  lastLine = 0;
}

/** Joins lines of text to records, a stream of lines apart from the other. */
export interface TextRecords {
  readonly isOpen: boolean;
  isOpenIn(stream: string): boolean;
  /** True where a record of text or of JSON begins. */
  begins(bytes: Uint8Array, start: number, end: number): boolean;
  /**
   * Reads one line, and takes the open row with it.
   * @returns false when it neither begins a record nor goes on with one.
   */
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
  const spare: OpenRecord[] = [];
  const pairs = new Pairs();

  function begin(start: TextStart, { bytes, start: from }: Head, to: number, origin: TextOrigin) {
    const record = spare.pop() ?? new OpenRecord();
    record.origin = origin;
    record.start = start;
    record.goesOn = start.goesOn;
    record.carried.take(rows);
    record.text.clear();
    record.text.add(bytes, from, to);
    record.firstLine = to - from;
    record.isFull = false;
    record.lastLine = origin.line;
    // What follows writes rows, over what stood in the open one.
    close(origin.wrapping.stream);
    if (start.goesOn === 'never') {
      write(record);
      return;
    }
    if (open.size >= MAX_OPEN) {
      const [oldest] = open.keys();
      close(oldest!);
    }
    open.set(origin.wrapping.stream, record);
  }

  function close(stream: string): void {
    const record = open.get(stream);
    if (record === undefined) return;
    open.delete(stream);
    write(record);
  }

  function goOn(record: OpenRecord, bytes: Uint8Array, from: number, to: number, line: number) {
    columns.dropOpenRow();
    // In the answer of a log store many lines of text stand on one.
    if (line !== record.lastLine) rows.joined += 1;
    record.lastLine = line;
    const { text } = record;
    if (text.length + 1 + to - from > options.maxRecordBytes) {
      if (!record.isFull) {
        const reason = `the record is longer than ${options.maxRecordBytes} bytes (--max-line-bytes): its rest is left out`;
        rows.reject(line, 'line-too-long', reason, true);
      }
      record.isFull = true;
      return;
    }
    text.addByte(0x0a);
    text.add(bytes, from, to);
  }

  function write(record: OpenRecord): void {
    const { start, text, firstLine, origin, carried } = record;
    carried.putBack(rows);
    const base = columns.addToScratch(text.bytes, 0, text.length);
    const end = base + text.length;
    for (const field of start.fields) addField(field, base);
    const message = base + start.message;
    const messageEnd = Math.max(message, addPairs(start, base, firstLine));
    addRange('message', message, messageEnd);
    if (text.length > firstLine) {
      // Some loggers put the words below the header.
      const rest = start.message < firstLine ? 'stack_trace' : 'message';
      addRange(rest, base + firstLine + 1, end);
    }
    if (start.form === 'trace' || text.length > firstLine) addException(record);
    if (start.json !== undefined) {
      scanScratch(base + start.json, base + firstLine, JSON_TAIL);
    } else if (columns.scratch[message] === 0x7b) {
      scanScratch(message, messageEnd, JSON_MESSAGE);
    }
    rows.endRow(origin.wrapping.label(start.form), origin.line, base, end, 1);
    if (spare.length < MAX_SPARE) spare.push(record);
  }

  /** Adds the pairs of the first line. @returns where its words end. */
  function addPairs(start: TextStart, base: number, firstLine: number): number {
    const end = base + Math.min(firstLine, HEADER_BYTES);
    let wordsEnd = base + (start.messageEnd ?? firstLine);
    if (start.pairs === undefined) return wordsEnd;
    if (start.pairs === 'alone') pairs.read(columns.scratch, base, end);
    else {
      const found = pairs.readBehindWords(columns.scratch, base + start.message, end);
      if (found === -1) return wordsEnd;
      wordsEnd = found;
    }
    let node = 0;
    for (let i = 0; i < pairs.count; i += 1) {
      node = paths.following(node, columns.scratch, pairs.nameStart[i]!, pairs.nameEnd[i]!);
      if (pairs.isEscaped[i] === 1) addEscaped(node, pairs.start[i]!, pairs.end[i]!);
      else add(node, pairs.start[i]!, pairs.end[i]!);
    }
    return wordsEnd;
  }

  function add(node: number, start: number, end: number): void {
    if (start < end && paths.wanted(node)) {
      columns.add(node, EntryKind.string, 1, 0, start, end);
    }
  }

  function addRange(name: string, start: number, end: number): void {
    add(paths.named(name), start, end);
  }

  function addEscaped(node: number, start: number, end: number): void {
    if (!isEscapedAsJson(columns.scratch, start, end)) {
      add(node, start, end);
      return;
    }
    columns.reserveScratch(end - start);
    const from = columns.scratchUsed;
    columns.scratchUsed = resolveEscapes(columns.scratch, start, end, columns.scratch, from);
    add(node, from, columns.scratchUsed);
  }

  function addField(field: TextField, base: number): void {
    if ('text' in field) addText(field.name, field.text);
    else addRange(field.name, base + field.start, base + field.end);
  }

  function addText(name: string, text: string): void {
    const bytes = utf8.encode(text);
    const from = columns.addToScratch(bytes, 0, bytes.length);
    addRange(name, from, columns.scratchUsed);
  }

  function scanScratch(start: number, end: number, place: ScanPlace): void {
    // It must not move while it is read from.
    columns.reserveScratch(end - start);
    scanner.scan(columns.scratch, start, end, place);
  }

  /** The exception of the record: on its first line where that is nothing else, or on the next. */
  function addException({ start, text: { bytes, length }, firstLine }: OpenRecord): void {
    const isFirst = start.form === 'trace';
    const from = isFirst ? 0 : firstLine + 1;
    const lineEnd = isFirst ? firstLine : bytes.subarray(0, length).indexOf(0x0a, from);
    const to = Math.min(lineEnd === -1 ? length : lineEnd, from + HEADER_BYTES);
    const exception = exceptionOf(decoder.decode(bytes.subarray(from, to)).trim());
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
      const record = open.get(origin.wrapping.stream);
      const head = headOf(bytes, from, end);
      if (record !== undefined && record.goesOn === 'to-end-mark') {
        goOn(record, bytes, from, end, origin.line);
        if (END_MARK.test(textOf(head))) record.goesOn = 'indented';
        return true;
      }
      const start = textStartOf(head, record !== undefined);
      if (start !== undefined) {
        begin(start, head, end, origin);
        return true;
      }
      if (record !== undefined && (record.goesOn === 'always' || showsItGoesOn(head))) {
        goOn(record, bytes, from, end, origin.line);
        return true;
      }
      if (origin.wrapping.count === 0) return false;
      // A wrapper vouches for the line, and may have its time.
      begin(PLAIN, head, end, origin);
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

const decoder = new TextDecoder();
const utf8 = new TextEncoder();

function headOf(bytes: Uint8Array, start: number, end: number): Head {
  return { bytes, start, end: Math.min(end, start + HEADER_BYTES) };
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
