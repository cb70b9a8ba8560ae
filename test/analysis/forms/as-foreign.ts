import { flatTags, isError, microsOf, type ToldLine, type ToldLines } from './told-lines.ts';

const withEnds = ({ lines, fromMs, toMs }: ToldLines): ToldLine[] => [
  ...lines,
  ...[fromMs, toMs].map(
    (timeMs): ToldLine => ({ record: {}, timeMs, severity: 'info', hasId: true }),
  ),
];

const hex = (number: number) => (number + 1).toString(16).padStart(16, '0');

const typeOf = (value: string | number | boolean) =>
  typeof value === 'string' ? 'string' : typeof value === 'boolean' ? 'bool' : 'float64';

/** Each line as a span of one trace, as Jaeger's UI lets it be downloaded. */
export function asJaeger(told: ToldLines): object {
  return {
    data: [
      {
        traceID: '',
        spans: withEnds(told).map((line, i) => ({
          traceID: '',
          spanID: hex(i),
          operationName: 'line',
          references: [],
          startTime: microsOf(line.timeMs),
          duration: 0,
          tags: [
            ...flatTags(line.record).map(([key, value]) => ({ key, type: typeOf(value), value })),
            { key: 'span.kind', type: 'string', value: 'internal' },
            ...(isError(line) ? [{ key: 'error', type: 'bool', value: true }] : []),
          ],
          logs: [],
          processID: 'p1',
          warnings: null,
        })),
        processes: { p1: { serviceName: 'test', tags: [] } },
        warnings: null,
      },
    ],
    total: 0,
    errors: null,
  };
}

/**
 * Each line as a span; every tag is a text. A line without any id is left out: Zipkin gives every
 * span a trace, which would make a login of it that no line can be linked to.
 */
export function asZipkin(told: ToldLines): object[] {
  const lines = withEnds(told).filter(({ hasId }) => hasId);
  return lines.map((line, i) => ({
    traceId: line.traceId ?? hex(i),
    id: hex(i),
    name: 'line',
    timestamp: microsOf(line.timeMs),
    duration: 1,
    localEndpoint: { serviceName: 'test' },
    tags: {
      ...Object.fromEntries(flatTags(line.record).map(([key, value]) => [key, String(value)])),
      ...(isError(line) ? { 'otel.status_code': 'ERROR' } : {}),
    },
  }));
}

/** A row of `otel_traces` for each line, whose attributes are texts, as the Collector exports it. */
export function asClickhouse(told: ToldLines): object[] {
  return withEnds(told).map((line, i) => ({
    Timestamp: dateOf(line.timeMs),
    TraceId: '',
    SpanId: hex(i),
    ParentSpanId: '',
    SpanName: 'line',
    SpanKind: 'Internal',
    ServiceName: 'test',
    ResourceAttributes: { 'service.name': 'test' },
    SpanAttributes: textsOf(line),
    Duration: '0',
    StatusCode: isError(line) ? 'Error' : 'Unset',
    StatusMessage: '',
    'Events.Timestamp': [],
    'Events.Name': [],
    'Events.Attributes': [],
    'Links.TraceId': [],
  }));
}

/** A row of `otel_logs` for each line of text, whatever stands in it. */
export function asClickhouseLogs(texts: readonly string[]): object[] {
  return texts.map((text) => ({
    Timestamp: '1970-01-01 00:00:00.000000000',
    TraceId: '',
    SpanId: '',
    SeverityText: '',
    SeverityNumber: 0,
    ServiceName: 'test',
    Body: text,
    LogAttributes: { 'log.file.name': 'app.log' },
  }));
}

const textsOf = ({ record }: ToldLine) =>
  Object.fromEntries(flatTags(record).map(([key, value]) => [key, String(value)]));

/** `2026-11-20 01:02:03.123456000`, as ClickHouse prints its `DateTime64(9)`. */
function dateOf(timeMs: number): string {
  const micros = microsOf(timeMs);
  const second = new Date(Math.floor(micros / 1e6) * 1000).toISOString().slice(0, 19);
  return `${second.replace('T', ' ')}.${String(micros % 1e6).padStart(6, '0')}000`;
}
