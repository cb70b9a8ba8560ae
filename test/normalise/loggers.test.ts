import { describe, expect, test } from 'vitest';
import { readEvents } from './read-events.ts';

const AT = Date.UTC(2026, 10, 22, 5, 41, 15, 896);
const SECONDS = Math.floor(AT / 1000) * 1000;

/** Lines as each logger prints them, all about the exchange of one login that went wrong. */
const LOGGERS: readonly {
  schema: string;
  line: string;
  timeMs?: number | undefined;
  severity?: string;
  options?: object;
}[] = [
  {
    schema: 'zap-production',
    line: '{"level":"error","ts":1795326075.896,"caller":"wechat/exchange.go:88","msg":"token exchange failed","qrcode_id":"q-5f3a9c21","error":"dial tcp: i/o timeout","stacktrace":"main.exchange\\n\\t/app/main.go:88"}',
  },
  {
    schema: 'zap-development',
    line: '{"L":"ERROR","T":"2026-11-22T13:41:15.896+0800","N":"login","C":"wechat/exchange.go:88","M":"token exchange failed","qrcode_id":"q-5f3a9c21","S":"main.exchange"}',
  },
  {
    schema: 'slog',
    line: '{"time":"2026-11-22T13:41:15.896123456+08:00","level":"ERROR","source":{"function":"main.exchange","file":"/app/main.go","line":88},"msg":"token exchange failed","qrcode_id":"q-5f3a9c21"}',
    timeMs: AT + 0.123456,
  },
  {
    schema: 'slog',
    line: '{"time":"2026-11-22T05:41:15.896Z","level":"ERROR+2","msg":"token exchange failed","qrcode_id":"q-5f3a9c21"}',
  },
  {
    schema: 'logrus',
    line: '{"error":"EOF","level":"error","msg":"token exchange failed","qrcode_id":"q-5f3a9c21","time":"2026-11-22T13:41:15+08:00"}',
    timeMs: SECONDS,
  },
  {
    schema: 'zerolog',
    line: '{"level":"error","qrcode_id":"q-5f3a9c21","error":"EOF","time":"2026-11-22T05:41:15Z","message":"token exchange failed"}',
    timeMs: SECONDS,
  },
  {
    schema: 'zerolog',
    line: '{"level":"error","qrcode_id":"q-5f3a9c21","time":1795326075896,"message":"token exchange failed"}',
  },
  {
    schema: 'pino',
    line: '{"level":50,"time":1795326075896,"pid":17,"hostname":"login-7f9c","qrcode_id":"q-5f3a9c21","err":{"type":"TypeError","message":"fetch failed","stack":"TypeError: fetch failed\\n    at node:internal"},"msg":"token exchange failed"}',
  },
  {
    schema: 'bunyan',
    line: '{"name":"login","hostname":"login-7f9c","pid":17,"level":50,"qrcode_id":"q-5f3a9c21","msg":"token exchange failed","time":"2026-11-22T05:41:15.896Z","v":0}',
  },
  {
    schema: 'winston',
    line: '{"level":"error","message":"token exchange failed","qrcode_id":"q-5f3a9c21","service":"login","timestamp":"2026-11-22T05:41:15.896Z"}',
  },
  {
    schema: 'winston',
    line: '{"level":"error","message":"token exchange failed","qrcode_id":"q-5f3a9c21"}',
    timeMs: undefined,
  },
  {
    schema: 'logback',
    line: '{"@timestamp":"2026-11-22T13:41:15.896+08:00","@version":"1","message":"token exchange failed","logger_name":"c.e.LoginService","thread_name":"http-nio-8080-exec-3","level":"ERROR","level_value":40000,"qrcode_id":"q-5f3a9c21","stack_trace":"java.io.IOException: EOF"}',
  },
  {
    schema: 'logback',
    line: '{"@timestamp":"2026-11-22T13:41:15.896+08:00","@version":"1","message":"token exchange failed","logger_name":"c.e.LoginService","level_value":40000,"qrcode_id":"q-5f3a9c21"}',
  },
  {
    schema: 'ecs',
    line: '{"@timestamp":"2026-11-22T05:41:15.896Z","log.level":"ERROR","message":"token exchange failed","ecs.version":"1.2.0","service.name":"login","event.dataset":"login","process.thread.name":"main","log.logger":"c.e.LoginService","qrcode_id":"q-5f3a9c21","error.type":"java.io.IOException"}',
  },
  {
    schema: 'ecs',
    line: '{"@timestamp":"2026-11-22T05:41:15.896Z","log":{"level":"ERROR","logger":"c.e.LoginService"},"process":{"pid":1,"thread":{"name":"main"}},"service":{"name":"login"},"message":"token exchange failed","qrcode_id":"q-5f3a9c21","ecs":{"version":"8.11"}}',
  },
  {
    schema: 'gelf',
    line: '{"version":"1.1","host":"login-7f9c","short_message":"token exchange failed","timestamp":1795326075.896,"level":3,"_level_name":"ERROR","_qrcode_id":"q-5f3a9c21","full_message":"java.io.IOException: EOF"}',
  },
  {
    schema: 'gelf',
    line: '{"version":"1.1","host":"login-7f9c","short_message":"token exchange failed","timestamp":1795326075.896,"level":3,"_qrcode_id":"q-5f3a9c21"}',
  },
  {
    schema: 'clef',
    line: '{"@t":"2026-11-22T05:41:15.8960000Z","@mt":"token exchange failed for {QrCodeId}","@l":"Error","@x":"System.Net.Http.HttpRequestException: EOF","QrCodeId":"q-5f3a9c21","SourceContext":"Login.Exchange"}',
  },
  {
    schema: 'clef',
    line: '{"@t":"2026-11-22T05:41:15.8960000Z","@m":"token exchange ok","@i":"4f2a11c0","QrCodeId":"q-5f3a9c21"}',
    severity: 'info',
  },
  {
    schema: 'python-json-logger',
    line: '{"asctime":"2026-11-22 13:41:15,896","levelname":"ERROR","name":"login","message":"token exchange failed","qrcode_id":"q-5f3a9c21","exc_info":"Traceback (most recent call last):\\n  File"}',
    options: { zone: 'Asia/Shanghai' },
  },
  {
    schema: 'python-json-logger',
    line: '{"created":1795326075.896,"levelno":40,"message":"token exchange failed","qrcode_id":"q-5f3a9c21"}',
  },
  {
    schema: 'structlog',
    line: '{"qrcode_id":"q-5f3a9c21","event":"token exchange failed","level":"error","timestamp":"2026-11-22T05:41:15.896000Z","exception":"Traceback"}',
  },
  {
    schema: 'monolog',
    line: '{"message":"token exchange failed","context":{"qrcode_id":"q-5f3a9c21","exception":{"class":"RuntimeException","message":"EOF","file":"/app/a.php:3"}},"level":400,"level_name":"ERROR","channel":"login","datetime":"2026-11-22T13:41:15.896000+08:00","extra":{}}',
  },
  {
    schema: 'monolog',
    line: '{"message":"token exchange failed","context":{"qrcode_id":"q-5f3a9c21"},"level":400,"level_name":"ERROR","channel":"login","datetime":{"date":"2026-11-22 13:41:15.896000","timezone_type":3,"timezone":"Asia/Shanghai"},"extra":[]}',
  },
  {
    schema: 'gcp',
    line: '{"severity":"ERROR","message":"token exchange failed","timestampSeconds":1795326075,"timestampNanos":896000000,"qrcode_id":"q-5f3a9c21","logging.googleapis.com/trace":"projects/p/traces/4bf92f3577b34da6a3ce929d0e0e4736"}',
  },
  {
    schema: 'gcp',
    line: '{"insertId":"x","severity":"ERROR","timestamp":"2026-11-22T05:41:15.896Z","jsonPayload":{"message":"token exchange failed","qrcode_id":"q-5f3a9c21"}}',
  },
  {
    schema: 'tracing',
    line: '{"timestamp":"2026-11-22T05:41:15.896Z","level":"ERROR","fields":{"message":"token exchange failed","qrcode_id":"q-5f3a9c21"},"target":"login::exchange"}',
  },
  {
    schema: 'opentelemetry',
    line: '{"time":"2026-11-22T05:41:15.896Z","severity":"ERROR","event.name":"wechat.login.token.failed","login.flow.id":"f-1","qrcode_id":"q-5f3a9c21","login.stage":"exchange"}',
  },
  {
    schema: 'generic',
    line: '{"when":"x","text":"token exchange failed","lvl":"error","qrcode_id":"q-5f3a9c21","log_time":"2026-11-22 05:41:15.896"}',
  },
];

describe.each(LOGGERS)('$schema', ({ schema, line, options, ...expected }) => {
  const { events, schemas } = readEvents([line], options ?? {});

  test('is recognised by its shape', () => {
    expect(schemas).toEqual({ [schema]: 1 });
  });

  test(`says when, how bad, what and which login: ${line.slice(0, 60)}`, () => {
    expect(events).toHaveLength(1);
    const [event] = events;
    expect(event.timeMs).toBe('timeMs' in expected ? expected.timeMs : AT);
    expect(event.severity).toBe(expected.severity ?? 'error');
    expect(event.stage).toBe('exchange');
    expect(event.outcome).toBe(expected.severity === 'info' ? 'ok' : 'failed');
    expect(event.ids).toContain('login.qrcode_id=q-5f3a9c21');
  });
});

test.each([
  [
    'pino',
    '{"level":40,"time":1795326075896,"pid":1,"hostname":"h","msg":"x","state":"a8f3c1d2e4"}',
    'warn',
  ],
  [
    'pino',
    '{"level":10,"time":1795326075896,"pid":1,"hostname":"h","msg":"x","state":"a8f3c1d2e4"}',
    'trace',
  ],
  [
    'pino',
    '{"level":60,"time":1795326075896,"pid":1,"hostname":"h","msg":"x","state":"a8f3c1d2e4"}',
    'fatal',
  ],
  [
    'monolog',
    '{"message":"x","context":{"oauth_state":"a8f3c1d2e4"},"level":300,"level_name":"WARNING","channel":"c","datetime":"2026-11-22T13:41:15+08:00"}',
    'warn',
  ],
  [
    'monolog',
    '{"message":"x","context":{"oauth_state":"a8f3c1d2e4"},"level":250,"channel":"c","datetime":"2026-11-22T13:41:15+08:00","level_name":""}',
    'info',
  ],
  [
    'logback',
    '{"@timestamp":"2026-11-22T13:41:15+08:00","@version":"1","message":"x","level_value":30000,"state":"a8f3c1d2e4"}',
    'warn',
  ],
  ['gelf', '{"version":"1.1","short_message":"x","level":4,"_oauth_state":"a8f3c1d2e4"}', 'warn'],
  ['gelf', '{"version":"1.1","short_message":"x","level":6,"_oauth_state":"a8f3c1d2e4"}', 'info'],
  ['opentelemetry', '{"severityNumber":17,"body":"x","oauth_state":"a8f3c1d2e4"}', 'error'],
  ['opentelemetry', '{"severityNumber":13,"body":"x","oauth_state":"a8f3c1d2e4"}', 'warn'],
  ['generic', '{"level":3,"message":"x","oauth_state":"a8f3c1d2e4"}', 'unknown'],
  [
    'logrus',
    '{"level":"warning","msg":"x","time":"2026-11-22T13:41:15+08:00","oauth_state":"a8f3c1d2e4"}',
    'warn',
  ],
  [
    'zap-production',
    '{"level":"dpanic","ts":1795326075.8,"msg":"x","oauth_state":"a8f3c1d2e4"}',
    'fatal',
  ],
  ['generic', '{"level":"警告","message":"x","oauth_state":"a8f3c1d2e4"}', 'warn'],
])('a level means what its logger means: %s %s', (schema, line, severity) => {
  const { events, schemas } = readEvents([line]);
  expect(Object.keys(schemas)).toEqual(schema === 'generic' ? Object.keys(schemas) : [schema]);
  expect(events[0].severity).toBe(severity);
});

test('a line says the same whatever stands around it', () => {
  const lines = LOGGERS.filter(({ options }) => options === undefined).map(({ line }) => line);
  const alone = lines.map((line) => readEvents([line]).events[0].hash);
  const together = readEvents([...lines].reverse()).events.map(({ hash }) => hash);
  expect(together.reverse()).toEqual(alone);
});

test('the record inside a container line is the one that speaks', () => {
  const inner =
    '{"level":"error","ts":1795326075.896,"msg":"token exchange failed","qrcode_id":"q-5f3a9c21"}';
  const { events, schemas } = readEvents([
    { log: `${inner}\n`, stream: 'stdout', time: '2026-11-22T05:59:59.000000000Z' },
  ]);
  expect(schemas).toEqual({ 'zap-production': 1 });
  expect(events[0]).toMatchObject({
    timeMs: AT,
    severity: 'error',
    stage: 'exchange',
    ids: ['login.qrcode_id=q-5f3a9c21'],
  });
});

test('an answer that happens to be JSON does not take over the line', () => {
  const { events, schemas } = readEvents(
    [
      {
        level: 50,
        time: AT,
        pid: 1,
        hostname: 'h',
        trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
        qrcode_id: 'q-5f3a9c21',
        msg: '{"errcode":40029,"errmsg":"invalid code, rid: 6206378a-793424c0-2e4091cc","time":1000000000}',
      },
    ],
    { keep: ['wechat.errcode', 'wechat.rid'] },
  );
  expect(schemas).toEqual({ pino: 1 });
  expect(events[0]).toMatchObject({ timeMs: AT, severity: 'error' });
  expect(events[0].values['wechat.errcode']).toEqual(['40029']);
});
