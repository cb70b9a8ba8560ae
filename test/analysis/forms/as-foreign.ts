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
