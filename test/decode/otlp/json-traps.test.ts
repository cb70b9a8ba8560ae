import { describe, expect, test } from 'vitest';
import { documentKindOf } from '../../../src/decode/traces/index.ts';
import { fieldsOf } from '../decode-rows.ts';
import { decodeDocument, decodeProto } from './decode-otlp.ts';
import { type LogRecord, PLAIN_SPAN, protobufOf, requestOf, text } from './otlp-messages.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

/** The fields of the only row of a trace request with one span. */
const spanOf = (span: Record<string, unknown>) =>
  fieldsOf(decodeDocument('otlp-json', requestOf(span as never)).rows[0]!);

const logOf = (record: Partial<LogRecord> & Record<string, unknown>) =>
  fieldsOf(
    decodeDocument('otlp-json', {
      resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }],
    }).rows[0]!,
  );

const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');
/** Hex that was decoded as if it were base64, and printed as hex again. */
const mangled = (hex: string) => Buffer.from(hex, 'base64').toString('hex');

describe('ids', () => {
  test.each([
    ['hex', TRACE, SPAN],
    ['hex in capitals', TRACE.toUpperCase(), SPAN.toUpperCase()],
    ['base64', base64(TRACE), base64(SPAN)],
    ['base64 without padding', base64(TRACE).replace(/=+$/, ''), base64(SPAN).replace(/=+$/, '')],
    ['hex once taken for base64', mangled(TRACE), mangled(SPAN)],
    [
      'base64 of the hex digits',
      Buffer.from(TRACE).toString('base64'),
      Buffer.from(SPAN).toString('base64'),
    ],
  ])('as %s are one id', (_, traceId, spanId) => {
    expect(spanOf({ traceId, spanId })).toMatchObject({ trace_id: TRACE, span_id: SPAN });
  });

  test('of zeros, empty or absent are none', () => {
    for (const traceId of ['', '0'.repeat(32), 'AAAAAAAAAAAAAAAAAAAAAA==', null, undefined]) {
      expect(spanOf({ traceId })).not.toHaveProperty('trace_id');
    }
  });
});

describe('numbers, enums and names', () => {
  test('integers may be strings or numbers', () => {
    const attributes = [
      { key: 'a', value: { intValue: '40029' } },
      { key: 'b', value: { intValue: 40029 } },
      { key: 'c', value: { doubleValue: 'NaN' } },
    ];
    expect(spanOf({ attributes })).toMatchObject({ a: 40029, b: 40029, c: 'NaN' });
  });

  test.each([
    ['numbers', 2, 2],
    ['names', 'SPAN_KIND_SERVER', 'STATUS_CODE_ERROR'],
    ['short names', 'Server', 'Error'],
  ])('kind and status may be %s', (_, kind, code) => {
    expect(spanOf({ kind, status: { code } })).toMatchObject({
      'span.kind': 'SERVER',
      'otel.status_code': 'ERROR',
    });
  });

  test('of an enum that nobody knows nothing is said', () => {
    const fields = spanOf({ kind: 'SPAN_KIND_NEW', status: { code: 7 } });
    expect(fields['span.kind']).toBe('UNSPECIFIED');
    expect(fields).not.toHaveProperty(['otel.status_code']);
  });

  test('an unset status says nothing, neither success nor failure', () => {
    for (const status of [undefined, {}, { code: 0 }]) {
      expect(spanOf({ status })).not.toHaveProperty(['otel.status_code']);
    }
  });

  test('keys may be in snake case', () => {
    const { rows } = decodeDocument('otlp-json', {
      resource_spans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { string_value: 'login' } }] },
          scope_spans: [
            {
              spans: [
                {
                  trace_id: TRACE,
                  span_id: SPAN,
                  name: 'x',
                  start_time_unix_nano: '1795145821000000000',
                  end_time_unix_nano: '1795145821500000000',
                  attributes: [{ key: 'n', value: { int_value: '7' } }],
                },
              ],
            },
          ],
        },
      ],
    });
    expect(fieldsOf(rows[0]!)).toMatchObject({
      'service.name': 'login',
      trace_id: TRACE,
      n: 7,
      duration_ms: 500,
    });
  });

  test('a severity may be the name of its number', () => {
    expect(logOf({ severityNumber: 17 } as never)).toMatchObject({ severity_number: 17 });
    const named = logOf({ severityNumber: 'SEVERITY_NUMBER_ERROR2' } as never);
    expect(named).toMatchObject({ severity_text: 'ERROR' });
  });
});

describe('times', () => {
  test.each([
    ['strings', '1795145821432803000', 1795145821432803000],
    ['numbers', 1795145821432803, 1795145821432803],
    ['doubles', '1.795145821e18', 1795145821000000000],
  ] as const)('may be %s', (_, timeUnixNano, expected) => {
    expect(logOf({ timeUnixNano } as never).time_unix_nano).toBe(expected);
  });

  test('of zero, negative or no number are absent', () => {
    for (const timeUnixNano of ['0', 0, '-5', 'soon', null, '', {}]) {
      expect(logOf({ timeUnixNano } as never)).not.toHaveProperty('time_unix_nano');
    }
  });

  test('of a record that has none is when it was observed', () => {
    const fields = logOf({ timeUnixNano: '0', observedTimeUnixNano: '1795145821000000000' });
    expect(fields.observed_time_unix_nano).toBe(1795145821000000000);
  });

  test('a span tells of its end, a request that was served well of its arrival', () => {
    const [start, end] = [1795145821432803000, 1795145821532803600];
    const time = (span: object) => spanOf({ ...span }).time_unix_nano;
    const status = (code: number) => ({
      attributes: [{ key: 'http.response.status_code', value: { intValue: String(code) } }],
    });
    expect(time({ kind: 1 })).toBe(end);
    expect(time({ kind: 3 })).toBe(end);
    expect(time({ kind: 2 })).toBe(start);
    expect(time({ kind: 2, ...status(200) })).toBe(start);
    expect(time({ kind: 2, ...status(400) })).toBe(end);
    expect(time({ kind: 2, status: { code: 2 } })).toBe(end);
    expect(time({ kind: 2, startTimeUnixNano: '0' })).toBe(end);
  });

  test('a span that ends before it begins lasts no time', () => {
    const { endTimeUnixNano, startTimeUnixNano } = PLAIN_SPAN;
    const fields = spanOf({
      startTimeUnixNano: endTimeUnixNano,
      endTimeUnixNano: startTimeUnixNano,
    });
    expect(fields).not.toHaveProperty('duration_ms');
  });
});

describe('values', () => {
  test('maps are paths, arrays share one, bytes are left out', () => {
    const attributes = [
      {
        key: 'ctx',
        value: {
          kvlistValue: {
            values: [
              { key: 'login', value: { kvlistValue: { values: [text('state', 's')] } } },
              { key: 'raw', value: { bytesValue: 'c2VjcmV0' } },
            ],
          },
        },
      },
      { key: 'list', value: { arrayValue: { values: [{ intValue: 1 }, { stringValue: 'two' }] } } },
    ];
    const { rows } = decodeDocument('otlp-json', requestOf({ attributes } as never));
    const entries = rows[0]!.entries.filter(([path]) => /ctx|list/.test(path));
    expect(entries).toEqual([
      ['ctx.login.state', 's'],
      ['list', 1],
      ['list', 'two'],
    ]);
  });

  test('what the record says stands behind what its scope and resource say', () => {
    const { rows } = decodeDocument('otlp-json', {
      resourceSpans: [
        {
          resource: { attributes: [text('region', 'resource'), text('trace_id', 'none')] },
          scopeSpans: [
            {
              scope: { name: 's', attributes: [text('region', 'scope')] },
              spans: [
                { ...PLAIN_SPAN, attributes: [text('region', 'span'), text('trace_id', 'x')] },
              ],
            },
          ],
        },
      ],
    });
    expect(fieldsOf(rows[0]!)).toMatchObject({ region: 'span', trace_id: TRACE });
  });

  test('a body may be text, a map, or nothing', () => {
    expect(logOf({ body: { stringValue: '扫码成功' } })).toMatchObject({ body: '扫码成功' });
    const map = { kvlistValue: { values: [text('message', 'done')] } };
    expect(logOf({ body: map })).toMatchObject({ 'body.message': 'done' });
    expect(logOf({ body: {} })).not.toHaveProperty('body');
    expect(logOf({ body: null } as never)).not.toHaveProperty('body');
  });

  test('what is missing or null harms nothing', () => {
    const bare = { resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: TRACE }] }] }] };
    const nulls = {
      resourceSpans: [
        null,
        { resource: null, scopeSpans: null },
        {
          resource: { attributes: null },
          scopeSpans: [
            {
              scope: null,
              spans: [
                {
                  traceId: TRACE,
                  attributes: null,
                  events: [null],
                  links: [null],
                  status: null,
                  name: null,
                },
              ],
            },
          ],
        },
      ],
    };
    for (const document of [bare, nulls]) {
      const { rows, rejected } = decodeDocument('otlp-json', document);
      expect(rejected).toEqual([]);
      expect(rows.map(fieldsOf)).toEqual([{ trace_id: TRACE, 'span.kind': 'UNSPECIFIED' }]);
    }
  });
});

describe('events and links', () => {
  const at = '1795145821500000000';

  test('an event is a row of its own that knows its span', () => {
    const { rows } = decodeDocument(
      'otlp-json',
      requestOf(
        {
          events: [
            { timeUnixNano: at, name: 'qr.scanned', attributes: [text('login.state', 's')] },
          ],
        },
        [text('service.name', 'login')],
      ),
    );
    expect(rows).toHaveLength(2);
    expect(fieldsOf(rows[1]!)).toEqual({
      'service.name': 'login',
      'otel.scope.name': 'test',
      'login.state': 's',
      'event.name': 'qr.scanned',
      time_unix_nano: 1795145821500000000,
      trace_id: TRACE,
      span_id: SPAN,
    });
  });

  test('an exception belongs to its span', () => {
    const exception = {
      timeUnixNano: at,
      name: 'exception',
      attributes: [text('exception.type', 'ETIMEDOUT'), text('exception.message', 'no answer')],
    };
    const { rows } = decodeDocument('otlp-json', requestOf({ events: [exception] }));
    expect(rows).toHaveLength(1);
    expect(fieldsOf(rows[0]!)).toMatchObject({
      'span.name': 'GET /callback',
      'exception.type': 'ETIMEDOUT',
      'exception.message': 'no answer',
    });
    expect(fieldsOf(rows[0]!)).not.toHaveProperty(['event.name']);
  });

  test('what a sampler or the SDK left out is told, in both encodings', () => {
    const request = requestOf({
      traceState: 'vendor=th:9, ot=rv:abcdef01234567;th:c8',
      droppedAttributesCount: 3,
      droppedEventsCount: 0,
      droppedLinksCount: 1,
    } as never);
    for (const { rows } of [
      decodeDocument('otlp-json', request),
      decodeProto(protobufOf(request)),
    ]) {
      const fields = fieldsOf(rows[0]!);
      expect(fields).toMatchObject({
        'sampling.threshold': 'c8',
        'otel.dropped_attributes_count': 3,
        'otel.dropped_links_count': 1,
      });
      expect(fields).not.toHaveProperty(['otel.dropped_events_count']);
    }
    for (const traceState of ['', 'vendor=th:9', 'ot=p:8;r:62', 'ot=th:', 'ot=th:zz', 'hot=th:8']) {
      expect(spanOf({ traceState })).not.toHaveProperty(['sampling.threshold']);
    }
  });

  test('links name the traces that a span hangs on, sixteen at most', () => {
    const links = Array.from({ length: 20 }, (_, i) => ({
      traceId: (i + 1).toString(16).padStart(32, '0'),
      spanId: SPAN,
    }));
    const fields = spanOf({ links });
    expect(fields['link.0.trace_id']).toBe('1'.padStart(32, '0'));
    expect(Object.keys(fields).filter((path) => path.startsWith('link.'))).toHaveLength(16);
  });
});

describe('documents', () => {
  const inner = requestOf({}).resourceSpans;

  test.each([
    ['resourceSpans', { resourceSpans: inner }],
    ['batches', { batches: inner }],
    ['trace', { trace: { resourceSpans: inner }, metrics: {} }],
    ['trace of batches', { trace: { batches: inner } }],
    ['result', { result: { resourceSpans: inner } }],
    ['a list of requests', [{ resourceSpans: inner }]],
    ['other keys first', { partialSuccess: {}, resourceMetrics: [], resourceSpans: inner }],
    [
      'instrumentation libraries',
      {
        resourceSpans: [
          {
            instrumentationLibrarySpans: [
              { instrumentationLibrary: { name: 'lib' }, spans: [PLAIN_SPAN] },
            ],
          },
        ],
      },
    ],
  ])('are known and read when wrapped in %s', (_, document) => {
    const bytes = new TextEncoder().encode(JSON.stringify(document));
    expect(documentKindOf(bytes, 0, bytes.length)).toBe('otlp-json');
    const { rows, rejected } = decodeDocument('otlp-json', document);
    expect(rejected).toEqual([]);
    expect(rows.map(({ entries }) => Object.fromEntries(entries).trace_id)).toEqual([TRACE]);
  });

  test.each([
    [
      'a log line with a trace',
      { msg: 'x', trace: { id: 'a' }, traceId: TRACE, id: 7, timestamp: 1 },
    ],
    ['a log line with the id of Grafana', { level: 'info', traceID: TRACE, msg: 'x' }],
    ['an answer with data', { data: [{ id: 1 }], status: 'ok' }],
    ['a line of Serilog', { Timestamp: 'x', Level: 'Error', TraceId: TRACE, SpanId: SPAN }],
    ['a flat span', { name: 'a', kind: 'SERVER', duration_ms: 3, resource_attributes: {} }],
    ['a list of numbers', [1, 2]],
  ])('that are %s are no documents of traces', (_, document) => {
    const bytes = new TextEncoder().encode(JSON.stringify(document));
    expect(documentKindOf(bytes, 0, bytes.length)).toBeUndefined();
  });

  test('know the line on which each record begins', () => {
    const document = JSON.stringify({ resourceSpans: [...inner, ...inner, ...inner] }, null, 1);
    const lines = document.split('\n');
    const spanLines = lines.flatMap((line, i) => (line.includes('"traceId"') ? [i] : []));
    const { rows } = decodeDocument('otlp-json', document);
    expect(rows.map(({ line }) => line)).toEqual(spanLines);
  });

  test('that break off keep what stood before, and name the byte', () => {
    const whole = JSON.stringify({ resourceSpans: [...inner, ...inner] });
    const second = whole.lastIndexOf('"traceId"');
    const cut = decodeDocument('otlp-json', whole.slice(0, second + 20));
    expect(cut.rows).toHaveLength(1);
    expect(cut.rejected).toEqual([
      {
        line: 1,
        code: 'truncated',
        reason: `the document ends too early, at byte ${second + 20}`,
        within: true,
      },
    ]);
    const spoilt = decodeDocument(
      'otlp-json',
      whole.replace(/"traceId"(?!.*"traceId")/, "'traceId'"),
    );
    expect(spoilt.rows).toHaveLength(1);
    expect(spoilt.rejected).toMatchObject([
      {
        code: 'not-json',
        reason: `the document is no valid JSON, at byte ${second}`,
        within: true,
      },
    ]);
  });

  test('with scopes before their resource that break off keep what stood before, too', () => {
    const [{ resource, scopeSpans }] = inner as [(typeof inner)[number]];
    const whole = JSON.stringify({ resourceSpans: [{ scopeSpans, resource }] });
    const { rows, rejected } = decodeDocument('otlp-json', whole.slice(0, -8));
    expect(rows).toHaveLength(1);
    expect(rejected).toHaveLength(1);
  });

  test('of metrics tell of other matters', () => {
    const { rows, rejected } = decodeDocument('otlp-json', { resourceMetrics: [{ a: [1] }] });
    expect(rows).toEqual([{ line: 1, entries: [] }]);
    expect(rejected).toEqual([]);
  });

  test('nested too deep are refused', () => {
    const deep = `${'['.repeat(70)}${']'.repeat(70)}`;
    const { rejected } = decodeDocument('otlp-json', `{"resourceSpans":[],"x":${deep}}`);
    expect(rejected.map(({ code }) => code)).toEqual(['too-deep']);
  });
});

test('only what somebody asks for is handed on', () => {
  const { rows } = decodeDocument(
    'otlp-json',
    requestOf({ attributes: [text('a', 'b'), text('login.state', 's')] }),
    (path) => path.join('.') === 'login.state',
  );
  expect(rows[0]!.entries).toEqual([['login.state', 's']]);
});

describe('a body that is the JSON of a logger', () => {
  const line = JSON.stringify({
    level: 'error',
    msg: 'exchange failed: "40029"',
    'login.state': 's',
  });
  const inner = { level: 'error', msg: 'exchange failed: "40029"', 'login.state': 's' };

  test('is read in JSON', () => {
    expect(logOf({ body: { stringValue: line } })).toMatchObject(inner);
  });

  test('is read in protobuf', () => {
    const { rows } = decodeProto(
      protobufOf({
        resourceLogs: [
          {
            resource: { attributes: [] },
            scopeLogs: [
              {
                scope: { name: '' },
                logRecords: [
                  {
                    timeUnixNano: '1795145821000000000',
                    body: { stringValue: line },
                    attributes: [],
                  },
                ],
              },
            ],
          },
        ],
      }),
    );
    expect(fieldsOf(rows[0]!)).toMatchObject(inner);
  });

  test('and that is not JSON after all stays text', () => {
    const body = '{"level":"error"';
    expect(logOf({ body: { stringValue: body } })).toEqual({ body, severity_number: 0 });
  });
});

describe('a request that was sent on as the text of a log record', () => {
  const inner = JSON.stringify(requestOf({ name: 'inner "span"' }));
  const record = {
    timeUnixNano: '1795145821000000000',
    body: { stringValue: inner },
    attributes: [],
  };
  const outer = {
    resourceLogs: [
      {
        resource: { attributes: [] },
        scopeLogs: [{ scope: { name: '' }, logRecords: [record, record] }],
      },
    ],
  };
  const namesOf = (rows: readonly { entries: readonly (readonly [string, unknown])[] }[]) =>
    rows.flatMap(({ entries }) => entries.filter(([path]) => path === 'span.name'));

  test('is read in JSON and in protobuf', () => {
    for (const { rows, rejected } of [
      decodeDocument('otlp-json', outer),
      decodeProto(protobufOf(outer)),
    ]) {
      expect(rejected).toEqual([]);
      expect(namesOf(rows)).toEqual([
        ['span.name', 'inner "span"'],
        ['span.name', 'inner "span"'],
      ]);
      expect(rows).toHaveLength(4);
    }
  });
});
