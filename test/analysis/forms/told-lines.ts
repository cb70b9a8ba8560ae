import { createDecoder, PathTree } from '../../../src/decode/index.ts';
import {
  type EventBatch,
  ID_NAMESPACES,
  SEVERITIES,
  type Severity,
} from '../../../src/model/index.ts';
import { createNormaliser } from '../../../src/normalise/index.ts';
import { bytesOf, OPTIONS } from '../run.ts';

export type JsonObject = { readonly [key: string]: unknown };

/** A line of a log that tells of a login, with what a collector would make out of it. */
export interface ToldLine {
  readonly record: JsonObject;
  readonly timeMs: number;
  readonly severity: Severity;
  /** In 32 hex digits; undefined for a line that names no trace. */
  readonly traceId?: string | undefined;
  /** It carries an id of any kind. */
  readonly hasId: boolean;
}

export interface ToldLines {
  readonly lines: readonly ToldLine[];
  /** Times of the first and last line of any matter. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** Ids that a double could not tell apart; they become strings, as a careful exporter writes them. */
const LONG_NUMBERS = /(?<!\\)":(\d{16,})(?=[,}])/g;

const utf8 = new TextDecoder();

/** Reads the lines as the analysis does, for the encoders that need more than their text. */
export function toldLines(texts: readonly string[]): ToldLines {
  const normaliser = createNormaliser({
    mappings: OPTIONS.mappings,
    library: OPTIONS.ruleSet.events,
    keep: [],
    showIds: true,
  });
  const paths = new PathTree(normaliser.wants);
  const decoder = createDecoder('ndjson', paths, { maxLineBytes: 1 << 20 });
  const lines: ToldLine[] = [];
  const sink = {
    records(batch: Parameters<typeof normaliser.normalise>[0]) {
      const events = normaliser.normalise(batch, paths);
      for (let i = 0; i < events.count; i += 1) {
        const row = events.row[i]!;
        const text = utf8.decode(batch.bytes.subarray(batch.rowStart[row], batch.rowEnd[row]));
        lines.push({
          record: JSON.parse(text.replace(LONG_NUMBERS, '":"$1"')),
          timeMs: events.timeMs[i]!,
          severity: SEVERITIES[events.severity[i]!]!,
          traceId: traceIdOf(events, i),
          hasId: events.idStart[i]! < events.idStart[i + 1]!,
        });
      }
    },
    rejected() {},
  };
  decoder.feed(bytesOf(texts), sink);
  decoder.end(sink);
  return { lines, fromMs: normaliser.minTimeMs, toMs: normaliser.maxTimeMs };
}

const TRACE_ID = ID_NAMESPACES.indexOf('trace_id');

function traceIdOf(events: EventBatch, i: number): string | undefined {
  for (let id = events.idStart[i]!; id < events.idStart[i + 1]!; id += 1) {
    const text = events.idText[id] ?? '';
    if (events.idNamespace[id] === TRACE_ID && /^[0-9a-f]{32}$/.test(text)) return text;
  }
  return undefined;
}

/** Fields of times and levels, which the other forms have places of their own for. */
const OWN_FIELDS: ReadonlySet<string> = new Set(
  `time ts timestamp @timestamp datetime asctime @t T
   level severity log.level @l L level_name level_value levelname`.split(/\s+/),
);

/** The fields of a line without its time and level. */
export function fieldsOf(record: JsonObject): readonly (readonly [string, unknown])[] {
  return Object.entries(record).filter(([key]) => !OWN_FIELDS.has(key));
}

export function isError({ severity }: ToldLine): boolean {
  return severity === 'error' || severity === 'fatal';
}

/** Whole microseconds, the finest that Jaeger and Zipkin know. */
export const microsOf = (timeMs: number): number => Math.round(timeMs * 1000);

export const nanosOf = (timeMs: number): string => `${microsOf(timeMs)}000`;

/** Scalars by dotted path, as flat tags. Of elements of an array the texts are put together. */
export function flatTags(record: JsonObject): [key: string, value: string | number | boolean][] {
  const tags = new Map<string, string | number | boolean>();
  const walk = (path: string, value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) walk(path, item);
    else if (value !== null && typeof value === 'object') {
      for (const [key, member] of Object.entries(value)) walk(`${path}.${key}`, member);
    } else if (value !== null && value !== undefined) {
      const before = tags.get(path);
      tags.set(path, before === undefined ? (value as string) : `${before}\n${value}`);
    }
  };
  for (const [key, value] of fieldsOf(record)) walk(key, value);
  return [...tags];
}
