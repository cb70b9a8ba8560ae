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

  const bytesOf = (entry: number) =>
    columns.inScratch[entry] === 1 ? columns.scratch : columns.bytes;
  const textOf = (entry: number) =>
    utf8.decode(bytesOf(entry).subarray(columns.start[entry], columns.end[entry]));

  const spanOf = (entry: number): Span => ({
    inScratch: columns.inScratch[entry] === 1 ? 1 : 0,
    start: columns.start[entry]!,
    end: columns.end[entry]!,
  });

  /** A line that is no string: an object, or bytes as numbers. */
  function payloadOf({ payload }: JsonWrapper, record: Span, from: number): Span | undefined {
    if (payload.endsWith('.')) {
      const bytes = record.inScratch === 1 ? columns.scratch : columns.bytes;
      const member = memberOf(bytes, record, payload.slice(0, -1));
      return member === undefined ? undefined : { inScratch: record.inScratch, ...member };
    }
    const letters: number[] = [];
    for (let entry = from; entry < columns.entries; entry += 1) {
      if (columns.kind[entry] !== EntryKind.number) continue;
      if (paths.name(columns.path[entry]!) === payload) letters.push(Number(textOf(entry)) & 0xff);
    }
    return letters.length > 0 ? written(letters) : undefined;
  }

  /** journald writes a message that is no valid UTF-8 as an array of its bytes. */
  function written(letters: readonly number[]): Span {
    columns.reserveScratch(letters.length);
    const start = columns.scratchUsed;
    columns.scratch.set(letters, start);
    columns.scratchUsed = start + letters.length;
    return { inScratch: 1, start, end: columns.scratchUsed };
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

  /** What is done with the entries of the open row, which begin at `from`. */
  function planOf(from: number): Plan {
    const { entries } = columns;
    const nodes = [...columns.path.subarray(from, entries)];
    const kinds = [...columns.kind.subarray(from, entries)];
    const names = nodes.map((node) => paths.name(node));
    const wrapper = wrapperOf(names);
    const plan = { generation: paths.generation, nodes, kinds, stream: undefined };
    if (wrapper === undefined) return { ...plan, wrapper, payload: -1, kept: [], streams: [] };
    const { payload, fields, rest } = wrapper;
    const isPayload = (name: string) =>
      name === payload || (payload.endsWith('.') && name.startsWith(payload));
    const isStream = (name: string) =>
      wrapper.streams.some((key) => (key.endsWith('.') ? name.startsWith(key) : name === key));
    const isLine = (name: string, i: number) => name === payload && kinds[i] === EntryKind.string;
    return {
      ...plan,
      wrapper,
      payload: names.findLastIndex(isLine),
      kept: names.flatMap((name, entry) => {
        const as = fields[name];
        if (isPayload(name) || (as === undefined && rest === 'dropped')) return [];
        return [{ entry, as: as ?? name, isRenamed: as !== undefined }];
      }),
      streams: names.flatMap((name, entry) => (isStream(name) ? [entry] : [])),
    };
  }

  function fits({ generation, nodes, kinds }: Plan, from: number): boolean {
    if (columns.entries - from !== nodes.length || generation !== paths.generation) return false;
    for (let i = 0; i < nodes.length; i += 1) {
      if (columns.path[from + i] !== nodes[i] || columns.kind[from + i] !== kinds[i]) return false;
    }
    return true;
  }

  function keep({ kept }: Plan, from: number): void {
    let to = from;
    for (const { entry, as, isRenamed } of kept) {
      const at = from + entry;
      columns.path[to] = isRenamed ? paths.named(as) : columns.path[at]!;
      columns.kind[to] = columns.kind[at]!;
      columns.inScratch[to] = columns.inScratch[at]!;
      columns.inner[to] = columns.inner[at]!;
      columns.start[to] = columns.start[at]!;
      columns.end[to] = columns.end[at]!;
      if (as === WRAPPER_SEVERITY) wordSyslogLevel(to);
      to += 1;
    }
    columns.entries = to;
  }

  function streamOf(plan: Plan, name: string, from: number): string {
    if (plan.stream === undefined || !isOfStream(plan.stream, plan.streams, from)) {
      const values = plan.streams
        .map((entry) => from + entry)
        .filter((entry) => columns.end[entry]! - columns.start[entry]! < MAX_KEY_BYTES)
        .map((entry) => ` ${textOf(entry)}`);
      plan.stream = {
        name: `${name}${values.join('')}`,
        values: plan.streams.map((entry) =>
          bytesOf(from + entry).slice(columns.start[from + entry], columns.end[from + entry]),
        ),
      };
    }
    return plan.stream.name;
  }

  function isOfStream({ values }: Stream, entries: readonly number[], from: number): boolean {
    for (let i = 0; i < entries.length; i += 1) {
      const entry = from + entries[i]!;
      const bytes = bytesOf(entry);
      const start = columns.start[entry]!;
      const value = values[i]!;
      if (columns.end[entry]! - start !== value.length) return false;
      for (let at = 0; at < value.length; at += 1) {
        if (bytes[start + at] !== value[at]) return false;
      }
    }
    return true;
  }

  /** Records repeat their shape. */
  let plan: Plan | undefined;

  return (record) => {
    const from = columns.entryStart[columns.rows]!;
    if (plan === undefined || !fits(plan, from)) plan = planOf(from);
    const { wrapper } = plan;
    if (wrapper === undefined) return undefined;
    const payload =
      plan.payload === -1 ? payloadOf(wrapper, record, from) : spanOf(from + plan.payload);
    if (payload === undefined) return undefined;
    const stream = streamOf(plan, wrapper.name, from);
    keep(plan, from);
    return { wrapper, payload, stream };
  };
}

/** What is done with records whose entries have the same paths and kinds. Entries count from the first. */
interface Plan {
  readonly generation: number;
  readonly nodes: readonly number[];
  readonly kinds: readonly number[];
  /** Undefined where the record is none. */
  readonly wrapper: JsonWrapper | undefined;
  /** The string that is the line; -1 where it is written otherwise. */
  readonly payload: number;
  readonly kept: readonly {
    readonly entry: number;
    readonly as: string;
    readonly isRenamed: boolean;
  }[];
  readonly streams: readonly number[];
  /** Of the record before. */
  stream: Stream | undefined;
}

interface Stream {
  readonly name: string;
  readonly values: readonly Uint8Array[];
}

const MAX_KEY_BYTES = 256;

const utf8 = new TextDecoder();
const encoder = new TextEncoder();
