import { EntryKind } from '../../model/index.ts';
import { memberOf } from '../json-cursor.ts';
import type { RowWriter } from '../row-writer.ts';
import { type JsonWrapper, WRAPPER_SEVERITY, wrapperOf } from './json-wrappers.ts';

/** Bytes of the line, or of the scratch. */
export interface Span {
  readonly inScratch: 0 | 1;
  readonly start: number;
  readonly end: number;
}

/** A line that stood in a wrapper. What the wrapper says beside it is left in the open row. */
export interface Unwrapped {
  readonly wrapper: JsonWrapper;
  readonly payload: Span;
  /** Names the stream of lines that run on into each other. */
  readonly stream: string;
}

const SYSLOG_LEVELS = ['fatal', 'fatal', 'fatal', 'error', 'warning', 'notice', 'info', 'debug'];

/** Takes lines out of the records that runtimes, shippers and stores put around them. */
export function createUnwrapper(rows: RowWriter): (record: Span) => Unwrapped | undefined {
  const { columns, paths } = rows;
  const nameOf = (node: number) => paths.name(node);

  const bytesOf = (entry: number) =>
    columns.inScratch[entry] === 1 ? columns.scratch : columns.bytes;
  const textOf = (entry: number) =>
    utf8.decode(bytesOf(entry).subarray(columns.start[entry], columns.end[entry]));

  function payloadOf(wrapper: JsonWrapper, record: Span, from: number): Span | undefined {
    const name = wrapper.payload;
    if (name.endsWith('.')) {
      const bytes = record.inScratch === 1 ? columns.scratch : columns.bytes;
      const member = memberOf(bytes, record, name.slice(0, -1));
      return member === undefined ? undefined : { inScratch: record.inScratch, ...member };
    }
    let found: Span | undefined;
    const letters: number[] = [];
    for (let entry = from; entry < columns.entries; entry += 1) {
      if (nameOf(columns.path[entry]!) !== name) continue;
      if (columns.kind[entry] === EntryKind.string) {
        const inScratch = columns.inScratch[entry] === 1 ? 1 : 0;
        found = { inScratch, start: columns.start[entry]!, end: columns.end[entry]! };
      } else if (columns.kind[entry] === EntryKind.number) {
        letters.push(Number(textOf(entry)) & 0xff);
      }
    }
    return found ?? (letters.length > 0 ? written(letters) : undefined);
  }

  /** journald writes a message that is no valid UTF-8 as an array of its bytes. */
  function written(letters: readonly number[]): Span {
    columns.reserveScratch(letters.length);
    const start = columns.scratchUsed;
    columns.scratch.set(letters, start);
    columns.scratchUsed = start + letters.length;
    return { inScratch: 1, start, end: columns.scratchUsed };
  }

  function keep(wrapper: JsonWrapper, from: number): void {
    const until = columns.entries;
    let to = from;
    for (let entry = from; entry < until; entry += 1) {
      const name = nameOf(columns.path[entry]!);
      const isPayload =
        name === wrapper.payload ||
        (wrapper.payload.endsWith('.') && name.startsWith(wrapper.payload));
      if (isPayload) continue;
      const kept = wrapper.fields[name];
      if (kept === undefined && wrapper.rest === 'dropped') continue;
      columns.path[to] = kept === undefined ? columns.path[entry]! : paths.named(kept);
      columns.kind[to] = columns.kind[entry]!;
      columns.inScratch[to] = columns.inScratch[entry]!;
      columns.inner[to] = columns.inner[entry]!;
      columns.start[to] = columns.start[entry]!;
      columns.end[to] = columns.end[entry]!;
      if (kept === WRAPPER_SEVERITY) wordSyslogLevel(to);
      to += 1;
    }
    columns.entries = to;
  }

  /** The levels of syslog are numbers that mean something else in every other place. */
  function wordSyslogLevel(entry: number): void {
    const text = textOf(entry);
    const word = /^[0-7]$/.test(text) ? SYSLOG_LEVELS[Number(text)]! : undefined;
    if (word === undefined) return;
    const bytes = encoder.encode(word);
    columns.reserveScratch(bytes.length);
    const start = columns.scratchUsed;
    columns.scratch.set(bytes, start);
    columns.scratchUsed = start + bytes.length;
    columns.kind[entry] = EntryKind.string;
    columns.inScratch[entry] = 1;
    columns.start[entry] = start;
    columns.end[entry] = columns.scratchUsed;
  }

  function streamOf(wrapper: JsonWrapper, from: number): string {
    let stream = wrapper.name;
    for (let entry = from; entry < columns.entries; entry += 1) {
      const name = nameOf(columns.path[entry]!);
      const isKey = wrapper.streams.some((key) =>
        key.endsWith('.') ? name.startsWith(key) : name === key,
      );
      if (isKey && columns.end[entry]! - columns.start[entry]! < MAX_KEY_BYTES) {
        stream += ` ${textOf(entry)}`;
      }
    }
    return stream;
  }

  return (record) => {
    const from = columns.entryStart[columns.rows]!;
    const found: string[] = [];
    for (let entry = from; entry < columns.entries; entry += 1) {
      found.push(nameOf(columns.path[entry]!));
    }
    const wrapper = wrapperOf(found);
    if (wrapper === undefined) return undefined;
    const payload = payloadOf(wrapper, record, from);
    if (payload === undefined) return undefined;
    const stream = streamOf(wrapper, from);
    keep(wrapper, from);
    return { wrapper, payload, stream };
  };
}

const MAX_KEY_BYTES = 256;

const utf8 = new TextDecoder();
const encoder = new TextEncoder();
