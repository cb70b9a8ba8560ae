import { JsonReader } from './json-reader.ts';
import { KeyTable } from './key-table.ts';

export type DocumentKind = 'otlp-json' | 'jaeger' | 'zipkin' | 'clickhouse';

const Key = {
  otlp: 1,
  batches: 2,
  /** Wraps the document of a trace store. */
  wrapper: 3,
  data: 4,
  spans: 5,
} as const;

const KEYS = new KeyTable({
  [Key.otlp]:
    'resourceSpans resource_spans resourceLogs resource_logs resourceMetrics resource_metrics resourceProfiles resource_profiles',
  [Key.batches]: 'batches',
  [Key.wrapper]: 'trace result',
  [Key.data]: 'data',
  [Key.spans]: 'spans',
});

/** Bits of keys that tell a kind together, since log records have one or the other of them. */
const Mark = {
  jaegerTrace: 1,
  jaegerProcesses: 2,
  jaegerName: 4,
  zipkinTrace: 8,
  zipkinId: 16,
  zipkin: 32,
  clickhouseTime: 64,
  clickhouse: 128,
} as const;

const MARKS = new KeyTable({
  [Mark.jaegerTrace]: 'traceID',
  [Mark.jaegerProcesses]: 'processes',
  [Mark.jaegerName]: 'operationName',
  [Mark.zipkinTrace]: 'traceId',
  [Mark.zipkinId]: 'id',
  [Mark.zipkin]: 'localEndpoint remoteEndpoint annotations parentId',
  [Mark.clickhouseTime]: 'Timestamp TraceId',
  [Mark.clickhouse]: 'SpanAttributes LogAttributes SpanName SeverityNumber ResourceAttributes',
});

const TOLD_BY: readonly (readonly [marks: number, kind: DocumentKind])[] = [
  [Mark.jaegerTrace | Mark.jaegerName, 'jaeger'],
  [Mark.zipkinTrace | Mark.zipkinId | Mark.zipkin, 'zipkin'],
  [Mark.clickhouseTime | Mark.clickhouse, 'clickhouse'],
];

/** A document is told by no more keys than these, and by no deeper wrappers. */
const MAX_KEYS = 24;
const MAX_LAYERS = 4;

const json = new JsonReader();

/**
 * Tells documents of many records by the keys of the JSON value that begins at `start`, wherever
 * in the value they stand, and though it may be cut off at `end`.
 */
export function documentKindOf(
  bytes: Uint8Array,
  start: number,
  end: number,
): DocumentKind | undefined {
  json.enter(bytes, start, end);
  return kindHere(0);
}

function kindHere(layer: number): DocumentKind | undefined {
  if (layer === MAX_LAYERS) return undefined;
  if (json.peek() === 0x5b) {
    json.enterArray();
    return json.nextItem() ? kindHere(layer + 1) : undefined;
  }
  if (json.peek() !== 0x7b) return undefined;
  json.enterObject();
  let marks = 0;
  for (let keys = 0; keys < MAX_KEYS && json.nextKey(); keys += 1) {
    marks |= MARKS.find(json.bytes, json.start, json.stop);
    for (const [needed, kind] of TOLD_BY) if ((marks & needed) === needed) return kind;
    switch (KEYS.find(json.bytes, json.start, json.stop)) {
      case Key.otlp:
        return 'otlp-json';
      case Key.batches:
        if (json.peek() === 0x5b) return 'otlp-json';
        break;
      case Key.wrapper:
        if (kindWithin(layer) === 'otlp-json') return 'otlp-json';
        break;
      case Key.spans:
        if ((marks & (Mark.jaegerTrace | Mark.jaegerProcesses)) !== 0) return 'jaeger';
        if (kindWithin(layer) === 'jaeger') return 'jaeger';
        break;
      case Key.data:
        if (kindWithin(layer) === 'jaeger') return 'jaeger';
        break;
    }
    json.skip();
  }
  return undefined;
}

/** Looks into the value that stands here and goes back to it. */
function kindWithin(layer: number): DocumentKind | undefined {
  const { at, depth } = json;
  const kind = kindHere(layer + 1);
  if (json.fault === undefined) json.goBack(at, depth);
  return kind;
}
