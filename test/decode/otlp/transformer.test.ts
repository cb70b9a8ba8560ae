import {
  JsonLogsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../fuzz.ts';
import { fieldsOf } from '../decode-rows.ts';
import { decodeDocument, decodeProto } from './decode-otlp.ts';

type Spans = Parameters<typeof ProtobufTraceSerializer.serializeRequest>[0];
type Logs = Parameters<typeof ProtobufLogsSerializer.serializeRequest>[0];

const hex = (digits: number) =>
  fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`)).filter((id) => !/^0*$/.test(id));

const context = fc.record({
  traceId: hex(32),
  spanId: hex(16),
  traceFlags: fc.constant(1),
});

const attributes = fc.dictionary(
  fc.constantFrom('wechat.errcode', 'login.stage', 'http.route', 'ok', 'ratio', 'ids', '备注'),
  fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
    fc.array(fc.string(), { maxLength: 3 }),
  ),
  { maxKeys: 5, noNullPrototype: true },
);

/** Seconds and nanoseconds, as the SDK keeps times. */
const time = fc.tuple(fc.integer({ min: 1.7e9, max: 1.9e9 }), fc.nat(999_999_999));

const resource = fc
  .constantFrom('login', '登录')
  .map((name) => resourceFromAttributes({ 'service.name': name }));
const instrumentationScope = fc.constant({ name: 'login', version: '1.2.0' });

const span = fc.record({
  name: fc.string(),
  kind: fc.constantFrom(0, 1, 2, 3, 4),
  spanContext: context.map((made) => () => made),
  parentSpanContext: fc.option(context, { nil: undefined }),
  startTime: time,
  endTime: time,
  status: fc.record({ code: fc.constantFrom(0, 1, 2) }),
  attributes,
  links: fc.array(fc.record({ context, attributes }), { maxLength: 2 }),
  events: fc.array(fc.record({ name: fc.constantFrom('exception', 'retried'), time, attributes }), {
    maxLength: 2,
  }),
  duration: fc.constant([0, 0]),
  ended: fc.constant(true),
  resource,
  instrumentationScope,
  droppedAttributesCount: fc.nat(2),
  droppedEventsCount: fc.nat(2),
  droppedLinksCount: fc.nat(2),
});

const log = fc.record({
  hrTime: time,
  hrTimeObserved: time,
  spanContext: fc.option(context, { nil: undefined }),
  severityText: fc.constantFrom('INFO', 'ERROR'),
  severityNumber: fc.constantFrom(9, 17),
  body: fc.string(),
  eventName: fc.option(fc.constant('wechat.login.token.failed'), { nil: undefined }),
  resource,
  instrumentationScope,
  attributes,
  droppedAttributesCount: fc.nat(2),
});

test('spans that the SDK encodes read alike in protobuf and in JSON', () => {
  fc.assert(
    fc.property(fc.array(span, { minLength: 1, maxLength: 4 }), (made) => {
      const spans = made as unknown as Spans;
      const proto = decodeProto(ProtobufTraceSerializer.serializeRequest(spans)!);
      const json = decodeDocument('otlp-json', JsonTraceSerializer.serializeRequest(spans)!);
      expect(proto.rejected).toEqual([]);
      expect(proto.rows.map(fieldsOf)).toEqual(json.rows.map(fieldsOf));
      const names = proto.rows.map((row) => fieldsOf(row)).filter((row) => 'span.kind' in row);
      expect(names.length).toBe(made.length);
    }),
    { numRuns: runs(300) },
  );
});

test('log records that the SDK encodes read alike in protobuf and in JSON', () => {
  fc.assert(
    fc.property(fc.array(log, { minLength: 1, maxLength: 4 }), (made) => {
      const logs = made as unknown as Logs;
      const proto = decodeProto(ProtobufLogsSerializer.serializeRequest(logs)!);
      const json = decodeDocument('otlp-json', JsonLogsSerializer.serializeRequest(logs)!);
      expect(proto.rejected).toEqual([]);
      expect(proto.rows.map(fieldsOf)).toEqual(json.rows.map(fieldsOf));
      expect(proto.rows.length).toBe(made.length);
      const bodies = (rows: typeof proto.rows) =>
        rows.map((row) => fieldsOf(row).body ?? '').sort();
      expect(bodies(proto.rows)).toEqual(made.map(({ body }) => body).sort());
    }),
    { numRuns: runs(300) },
  );
});
