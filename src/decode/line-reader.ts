import { EntryKind } from '../model/index.ts';
import { type LokiLine, linesOfLoki, recordsOfAnswer } from './answers.ts';
import { resolveEscapes } from './escapes.ts';
import { afterBlank, elementsOf, type Range } from './json-cursor.ts';
import { JsonScanner, type ScanFailure } from './json-scanner.ts';
import type { Kernel } from './kernel/kernel.ts';
import { NESTING_FIELDS, Payload } from './path-tree.ts';
import type { RowForm } from './row-form.ts';
import type { RowWriter } from './row-writer.ts';
import { createTextRecords } from './text/text-records.ts';
import { CarriedEntries } from './wrappers/carried.ts';
import { WRAPPER_TIME } from './wrappers/json-wrappers.ts';
import { createPrefixReader, type LinePrefix } from './wrappers/line-prefix.ts';
import { createPartialLines } from './wrappers/partial-lines.ts';
import { createUnwrapper, type Span } from './wrappers/unwrapper.ts';
import { Wrapping } from './wrappers/wrapping.ts';

/** Reads one line after the other, each by its own shape. */
export interface LineReader {
  /** What JSON objects in no wrapper are called: `json` for those that fill a line each. */
  jsonForm: RowForm;
  /**
   * A record that goes on over several lines, or a line that comes in parts, is waiting for more.
   * Whoever closes rows beside this reader must not do so while it is open.
   */
  readonly isOpen: boolean;
  /**
   * Reads any line that is not blank.
   * @param bytes the same as `columns.bytes`
   */
  read(bytes: Uint8Array, start: number, end: number, line: number): void;
  /**
   * As {@link read}, for a line that is a JSON object whose entries stand in the open row already.
   */
  unwrap(bytes: Uint8Array, start: number, end: number, line: number): void;
  /** Gives up what is waiting. */
  end(): void;
}

/**
 * Reads a JSON object that may be a document of many records.
 * @returns false when it is none: nothing was written.
 */
export type ReadDocument = (
  bytes: Uint8Array,
  start: number,
  end: number,
  line: number,
  rows: RowWriter,
) => boolean;

export interface LineReaderOptions {
  /** Longer joined records are cut off. */
  readonly maxRecordBytes: number;
  /** Outermost forms that are read, such as `docker`; lines of others are rejected. All by default. */
  readonly only?: ReadonlySet<string>;
  readonly readDocument?: ReadDocument;
  /** Reads objects about which there is no doubt. Its columns have to be those of the rows. */
  readonly kernel?: Kernel | undefined;
}

const REASONS: Readonly<Record<ScanFailure, string>> = {
  'not-json': 'the line is not valid JSON',
  'not-object': 'the line is JSON, but no object',
  'too-deep': 'objects or arrays are nested deeper than 64 levels',
};
const UNKNOWN = 'the line is neither JSON nor text of a known form';

/** Wrappers within wrappers are opened so far. */
const MAX_WRAPPERS = 3;

/** Where in a line the reading has come to. */
interface Depth {
  readonly line: number;
  /** The whole line, for the row. */
  readonly start: number;
  readonly end: number;
  /** The wrappers so far. */
  readonly wrapping: Wrapping;
}

/** Reads lines of every form that is read line by line. */
export function createLineReader(rows: RowWriter, options: LineReaderOptions): LineReader {
  const { columns, paths } = rows;
  const { only, readDocument } = options;
  const bare = new Wrapping();
  const scanner = new JsonScanner(paths, columns, options.kernel);
  const unwrapRecord = createUnwrapper(rows);
  const texts = createTextRecords(rows, scanner, options);
  /** What is put out of the way while something else is done with the rows. */
  const carried = new CarriedEntries();
  const partials = createPartialLines(options, (line) => {
    carried.take(rows);
    rows.joined -= 1;
    rows.reject(line, 'truncated', 'the rest of a line that came in parts is missing');
    carried.putBack(rows);
  });
  const prefixOf = createPrefixReader(texts.begins);
  const accepts = (form: string) => only === undefined || only.has(form);

  function readObject(span: Span, depth: Depth): void {
    const bytes = bytesOf(span);
    const { inScratch } = span;
    // Scratch must not move while it is read from.
    if (inScratch === 1) columns.reserveScratch(span.end - span.start);
    const stopAtDocument = depth.wrapping.count === 0 && readDocument !== undefined;
    const place = { inScratch, inner: 0, stopAtDocument } as const;
    let failure = scanner.scan(bytesOf(span), span.start, span.end, place);
    if (failure === 'document') {
      if (readDocument!(bytes, span.start, span.end, depth.line, rows)) return;
      failure = scanner.scan(bytes, span.start, span.end, { ...place, stopAtDocument: false });
      if (failure === undefined && readAnswer(span, depth)) return;
    }
    if (failure !== undefined) {
      reject(depth, failure as ScanFailure, REASONS[failure as ScanFailure]);
    } else if (scanner.hasPayload) readScanned(span, depth);
    else endJsonRow(depth);
  }

  /**
   * Reads each record that the answer of a log store holds by itself.
   * @returns false when it is no such answer.
   */
  function readAnswer(span: Span, depth: Depth): boolean {
    const bytes = columns.bytes;
    const { within } = rows;
    let count = 0;
    const begin = () => {
      if (count === 0) columns.dropOpenRow();
      rows.within = within || count > 0;
      count += 1;
    };
    for (const { start, end } of recordsOfAnswer(bytes, span)) {
      begin();
      readLine({ inScratch: 0, start, end }, { ...depth, start, end });
    }
    if (accepts('loki')) {
      for (const line of linesOfLoki(bytes, span)) {
        begin();
        readLokiLine(line, depth);
      }
    }
    rows.within = within;
    return count > 0;
  }

  function readLokiLine({ time, line, labels }: LokiLine, depth: Depth): void {
    const add = (name: string, { start, end }: Range) =>
      columns.add(paths.named(name), EntryKind.string, 0, 0, start, end);
    add(WRAPPER_TIME, time);
    let stream = 'loki';
    for (const label of labels) {
      add(`labels.${label.key}`, label);
      stream += ` ${utf8.decode(columns.bytes.subarray(label.start, label.end))}`;
    }
    columns.reserveScratch(line.end - line.start);
    const start = columns.scratchUsed;
    columns.scratchUsed = resolveEscapes(
      columns.bytes,
      line.start,
      line.end,
      columns.scratch,
      start,
    );
    readLine(
      { inScratch: 1, start, end: columns.scratchUsed },
      {
        line: depth.line,
        start: line.start,
        end: line.end,
        wrapping: bare.around('loki', stream),
      },
    );
  }

  /** Reads on with the entries of a record that may be a wrapper in the open row. */
  function readScanned(span: Span, depth: Depth): void {
    const found = depth.wrapping.count < MAX_WRAPPERS ? unwrapRecord(span) : undefined;
    if (found === undefined) {
      readInside();
      endJsonRow(depth);
      return;
    }
    const { wrapper, payload } = found;
    if (depth.wrapping.count === 0 && !accepts(wrapper.name)) {
      rejectOther(depth);
      return;
    }
    const wrapped = inside(depth, wrapper.name, found.stream);
    const whole = partials.put(bytesOf(payload), payload.start, payload.end, {
      stream: wrapped.wrapping.stream,
      line: depth.line,
      isPartial: isCutByDocker(payload, wrapper.name),
    });
    readPayload(payload, wrapped, whole);
  }

  function readPayload(payload: Span, depth: Depth, whole: ReturnType<typeof partials.put>): void {
    switch (whole.kind) {
      case 'whole':
        readLine(payload, depth);
        return;
      case 'waiting':
        columns.dropOpenRow();
        rows.joined += 1;
        return;
      case 'too-long':
        reject(
          { ...depth, line: whole.line },
          'line-too-long',
          `the line is longer than ${options.maxRecordBytes} bytes (--max-line-bytes)`,
        );
        return;
      case 'joined':
        readLine(inScratch(whole.bytes), { ...depth, line: whole.line });
        return;
    }
  }

  function inScratch(bytes: Uint8Array): Span {
    columns.reserveScratch(bytes.length);
    const start = columns.scratchUsed;
    columns.scratch.set(bytes, start);
    columns.scratchUsed = start + bytes.length;
    return { inScratch: 1, start, end: columns.scratchUsed };
  }

  /** Docker cuts a line into parts of this size, of which only the last has a line end. */
  function isCutByDocker(payload: Span, wrapper: string): boolean {
    if (wrapper !== 'docker' && wrapper !== 'fluent') return false;
    const { start, end } = payload;
    return end - start >= DOCKER_PART_BYTES && bytesOf(payload)[end - 1] !== 0x0a;
  }

  /** Reads a line, or what stood in a wrapper, by its shape. */
  function readLine(span: Span, depth: Depth): void {
    const bytes = bytesOf(span);
    const first = afterBlank(bytes, span.start, span.end);
    if (bytes[first] === 0x7b && first < span.end) {
      readObject(closingText({ ...span, start: first }, depth.wrapping.stream), depth);
      return;
    }
    if (
      bytes[first] === 0x5b &&
      depth.wrapping.count === 0 &&
      holdsObjects(bytes, first, span.end)
    ) {
      readArray({ ...span, start: first }, depth);
      return;
    }
    const prefix =
      depth.wrapping.count < MAX_WRAPPERS ? prefixOf(bytes, span.start, span.end) : undefined;
    if (prefix !== undefined) readPrefixed(prefix, span, depth);
    else readText(span, depth);
  }

  /**
   * Closes the record of text that a record of JSON ends. What its row would overwrite is put out
   * of the way meanwhile.
   * @returns where the JSON stands now.
   */
  function closingText(span: Span, stream: string): Span {
    if (!texts.isOpenIn(stream)) return span;
    const payload = span.inScratch === 1 ? columns.scratch.slice(span.start, span.end) : undefined;
    carried.take(rows);
    texts.close(stream);
    carried.putBack(rows);
    return payload === undefined ? span : inScratch(payload);
  }

  /** Reads each object of an array by itself: a line of many records. */
  function readArray(span: Span, depth: Depth): void {
    const within = rows.within;
    for (const { start, end } of elementsOf(columns.bytes, span.start, span.end)) {
      readLine({ ...span, start, end }, { ...depth, start, end });
      rows.within = true;
    }
    rows.within = within;
  }

  function readPrefixed(prefix: LinePrefix, span: Span, depth: Depth): void {
    if (depth.wrapping.count === 0 && !accepts(prefix.form)) {
      rejectOther(depth);
      return;
    }
    for (const { name, start, end } of prefix.fields) {
      columns.add(paths.named(name), EntryKind.string, span.inScratch, 0, start, end);
    }
    const wrapped = inside(depth, prefix.form, prefix.stream);
    const payload = { ...span, start: prefix.payload };
    const whole = partials.put(bytesOf(payload), payload.start, payload.end, {
      stream: wrapped.wrapping.stream,
      line: depth.line,
      isPartial: prefix.isPartial,
    });
    readPayload(payload, wrapped, whole);
  }

  function readText(span: Span, depth: Depth): void {
    if (depth.wrapping.count === 0 && !accepts('text')) {
      rejectText(span, depth);
      return;
    }
    const isRead = texts.read(bytesOf(span), span.start, span.end, depth);
    if (!isRead) reject(depth, 'unknown-shape', UNKNOWN);
  }

  /** Reads the record that stands as JSON text in a string of the open row, one level down. */
  function readInside(): void {
    let inside: Span | undefined;
    let best = NESTING_FIELDS.length;
    const from = columns.entryStart[columns.rows]!;
    for (let entry = columns.entries - 1; entry >= from; entry -= 1) {
      if (columns.kind[entry] !== EntryKind.string) continue;
      const node = columns.path[entry]!;
      if (paths.payload(node) === Payload.none) continue;
      const rank = NESTING_FIELDS.indexOf(paths.segments(node).join('.'));
      if (rank < 0 || rank >= best) continue;
      const start = columns.start[entry]!;
      const end = columns.end[entry]!;
      const span = { inScratch: columns.inScratch[entry] === 1 ? 1 : 0, start, end } as const;
      const text = bytesOf(span);
      if (text[afterBlank(text, start, end)] !== 0x7b) continue;
      inside = span;
      best = rank;
    }
    if (inside === undefined) return;
    columns.reserveScratch(inside.end - inside.start);
    const { inScratch, start, end } = inside;
    scanner.scan(bytesOf(inside), start, end, { inScratch, inner: 1, stopAtDocument: false });
  }

  function endJsonRow({ wrapping, line, start, end }: Depth): void {
    if (wrapping.count === 0) {
      if (!accepts('json')) {
        rows.reject(line, 'other-form', OTHER);
        return;
      }
      rows.endRow(reader.jsonForm, line, start, end);
    } else rows.endRow(wrapping.label('json'), line, start, end);
  }

  function reject(
    { line }: Depth,
    code: ScanFailure | 'unknown-shape' | 'line-too-long',
    reason: string,
  ) {
    rows.reject(line, code, reason);
  }

  /** Says of a line that had to be JSON how far it is from that. */
  function rejectText({ start, end }: Span, depth: Depth): void {
    const failure = accepts('json') ? scanner.scan(columns.bytes, start, end) : undefined;
    if (failure === undefined || failure === 'document') rejectOther(depth);
    else reject(depth, failure, REASONS[failure]);
  }

  function rejectOther({ line }: Depth): void {
    rows.reject(line, 'other-form', OTHER);
  }

  const bytesOf = ({ inScratch }: Span) => (inScratch === 1 ? columns.scratch : columns.bytes);

  const reader: LineReader = {
    jsonForm: 'json',
    get isOpen() {
      return texts.isOpen || partials.isOpen;
    },
    read(_bytes, start, end, line) {
      const depth = { line, start, end, wrapping: bare };
      readLine({ inScratch: 0, start, end }, depth);
    },
    unwrap(_bytes, start, end, line) {
      const depth = { line, start, end, wrapping: bare };
      readScanned({ inScratch: 0, start, end }, depth);
    },
    end() {
      partials.giveUp();
      texts.closeAll();
    },
  };
  return reader;
}

function inside({ line, start, end, wrapping }: Depth, wrapper: string, stream: string): Depth {
  return { line, start, end, wrapping: wrapping.around(wrapper, stream) };
}

function holdsObjects(bytes: Uint8Array, bracket: number, end: number): boolean {
  const next = bytes[afterBlank(bytes, bracket + 1, end)];
  return next === 0x7b || next === 0x5b;
}

const OTHER = 'the line is not of the form that --input-format names';
const DOCKER_PART_BYTES = 16_384;

const utf8 = new TextDecoder();
