import type {
  AnyValue,
  KeyValue,
  LogRecord,
  LogRequest,
  Span,
  TraceRequest,
} from '../../decode/otlp/otlp-messages.ts';
import { fieldsOf, isError, nanosOf, type ToldLine, type ToldLines } from './told-lines.ts';

/** Records of one request, as exporters send them. */
const BATCH = 100;

const inBatches = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / BATCH) }, (_, i) =>
    all.slice(i * BATCH, (i + 1) * BATCH),
  );

/** As the Collector's receiver for log files hands lines on that nobody took apart. */
export function asOtlpLogs(texts: readonly string[]): LogRequest[] {
  return inBatches(texts).map((batch) => ({
    resourceLogs: [
      {
        resource: { attributes: [] },
        scopeLogs: [
          {
            scope: { name: '' },
            logRecords: batch.map(
              (line, i): LogRecord => ({
                timeUnixNano: '0',
                // When it was read, which is no time of the login.
                observedTimeUnixNano: `179999999900000000${i % 10}`,
                body: { stringValue: line },
                attributes: [{ key: 'log.file.name', value: { stringValue: 'app.log' } }],
              }),
            ),
          },
        ],
      },
    ],
  }));
}

export function anyValueOf(value: unknown): AnyValue {
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValueOf) } };
  switch (typeof value) {
    case 'string':
      return { stringValue: value };
    case 'boolean':
      return { boolValue: value };
    case 'number':
      return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
    case 'object':
      if (value === null) return {};
      return { kvlistValue: { values: keyValuesOf(Object.entries(value)) } };
    default:
      return {};
  }
}

const keyValuesOf = (entries: readonly (readonly [string, unknown])[]): KeyValue[] =>
  entries.map(([key, value]) => ({ key, value: anyValueOf(value) }));

function spanOf(line: ToldLine, number: number): Span {
  const nanos = nanosOf(line.timeMs);
  return {
    // The ids that count stand in the attributes.
    traceId: '',
    spanId: (number + 1).toString(16).padStart(16, '0'),
    name: 'line',
    kind: 1,
    startTimeUnixNano: nanos,
    endTimeUnixNano: nanos,
    attributes: keyValuesOf(fieldsOf(line.record)),
    status: isError(line) ? { code: 2 } : {},
  };
}

/** Each line as a span whose attributes are its fields. */
export function asOtlpTraces({ lines, fromMs, toMs }: ToldLines): TraceRequest[] {
  const ends = [fromMs, toMs].map(
    (timeMs): ToldLine => ({
      record: {},
      timeMs,
      severity: 'info',
      hasId: true,
    }),
  );
  return inBatches([...lines, ...ends]).map((batch) => ({
    resourceSpans: [
      {
        resource: { attributes: [] },
        scopeSpans: [{ scope: { name: 'test' }, spans: batch.map(spanOf) }],
      },
    ],
  }));
}
