import fc from 'fast-check';
import type {
  AnyValue,
  KeyValue,
  LogRecord,
  LogRequest,
  Scope,
  Span,
  TraceRequest,
} from './otlp-messages.ts';

const hex = (length: number) =>
  fc.string({
    unit: fc.constantFrom(...'0123456789abcdef'),
    minLength: length,
    maxLength: length,
  });

/** Letters that JSON has to escape, among others. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom('a', 'B', '0', ' ', '/', '"', '\\', '\n', '\u0001', '二', '😀', '.'),
    fc.string({ minLength: 1, maxLength: 1 }),
  ),
  maxLength: 12,
});

const key = fc.oneof(
  fc.constantFrom('http.route', 'login.flow.id', 'exception.type', 'wechat.errcode', '键'),
  anyText.filter((name) => name !== '__proto__'),
);

const { value, keyValue } = fc.letrec<{ value: AnyValue; keyValue: KeyValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    anyText.map((stringValue) => ({ stringValue })),
    fc.boolean().map((boolValue) => ({ boolValue })),
    fc
      .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
      .map((number) => ({ intValue: String(number) })),
    fc.integer({ min: -3, max: 3 }).map((number) => ({ intValue: String(number) })),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((doubleValue) => ({ doubleValue })),
    fc.constant({ bytesValue: 'AAEC' }),
    fc
      .array(tie('value'), { maxLength: 3 })
      .map((values) => ({ arrayValue: { values: values as AnyValue[] } })),
    fc
      .array(tie('keyValue'), { maxLength: 3 })
      .map((values) => ({ kvlistValue: { values: values as KeyValue[] } })),
  ) as fc.Arbitrary<AnyValue>,
  keyValue: fc.record({ key, value: tie('value') as fc.Arbitrary<AnyValue> }),
}));

const attributes = fc.array(keyValue, { maxLength: 4 });
const nanos = fc
  .bigInt({ min: 1_600_000_000_000_000_000n, max: 1_900_000_000_000_000_000n })
  .map(String);

const span: fc.Arbitrary<Span> = fc.record(
  {
    traceId: hex(32),
    spanId: hex(16),
    parentSpanId: hex(16),
    name: anyText,
    kind: fc.integer({ min: 0, max: 5 }),
    startTimeUnixNano: nanos,
    endTimeUnixNano: nanos,
    attributes,
    events: fc.array(
      fc.record({
        timeUnixNano: nanos,
        name: fc.oneof(fc.constant('exception'), anyText),
        attributes,
      }),
      { maxLength: 3 },
    ),
    links: fc.array(fc.record({ traceId: hex(32), spanId: hex(16) }), { maxLength: 3 }),
    status: fc.record(
      { code: fc.integer({ min: 0, max: 2 }), message: anyText },
      { requiredKeys: [] },
    ),
  },
  {
    requiredKeys: [
      'traceId',
      'spanId',
      'name',
      'kind',
      'startTimeUnixNano',
      'endTimeUnixNano',
      'attributes',
    ],
  },
);

const logRecord: fc.Arbitrary<LogRecord> = fc.record(
  {
    timeUnixNano: nanos,
    observedTimeUnixNano: nanos,
    severityNumber: fc.integer({ min: 0, max: 24 }),
    severityText: fc.constantFrom('INFO', 'warning', 'ERROR'),
    body: value,
    attributes,
    traceId: hex(32),
    spanId: hex(16),
    eventName: anyText,
  },
  // A record without a time may pass for a span: in protobuf the two have the same layers.
  { requiredKeys: ['timeUnixNano', 'attributes'] },
);

const scope: fc.Arbitrary<Scope> = fc.record(
  { name: anyText, version: anyText, attributes },
  { requiredKeys: ['name'] },
);

const resource = fc.record({ attributes });

export const traceRequest: fc.Arbitrary<TraceRequest> = fc.record({
  resourceSpans: fc.array(
    fc.record({
      resource,
      scopeSpans: fc.array(fc.record({ scope, spans: fc.array(span, { maxLength: 3 }) }), {
        maxLength: 2,
      }),
    }),
    { maxLength: 2 },
  ),
});

export const logRequest: fc.Arbitrary<LogRequest> = fc.record({
  resourceLogs: fc.array(
    fc.record({
      resource,
      scopeLogs: fc.array(fc.record({ scope, logRecords: fc.array(logRecord, { maxLength: 3 }) }), {
        maxLength: 2,
      }),
    }),
    { maxLength: 2 },
  ),
});
