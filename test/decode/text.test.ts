import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runs } from '../fuzz.ts';
import { decodeForms, decodeText, utf8 } from './decoded.ts';
import { cutAt } from './decoder-suite.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

/** A form, its first line, and what is read from it. */
const LINES: readonly [form: string, line: string, fields: Record<string, unknown>][] = [
  [
    'text',
    '2026-11-26 10:00:00.123 [http-nio-1] ERROR c.e.LoginService - exchange failed',
    {
      time: '2026-11-26 10:00:00.123',
      thread: 'http-nio-1',
      level: 'ERROR',
      logger: 'c.e.LoginService',
      message: 'exchange failed',
    },
  ],
  [
    'text',
    `2026-11-26T10:00:00.123+08:00  INFO 1 --- [login] [nio-8080-exec-1] [${TRACE}-${SPAN}] c.e.Login : 登录成功`,
    {
      time: '2026-11-26T10:00:00.123+08:00',
      level: 'INFO',
      thread: 'nio-8080-exec-1',
      trace_id: TRACE,
      span_id: SPAN,
      logger: 'c.e.Login',
      message: '登录成功',
    },
  ],
  [
    'text',
    `2026-11-26 10:00:00,123 WARN [login,${TRACE},${SPAN}] [traceId=${TRACE}, user=7] c.e.Login - slow`,
    {
      time: '2026-11-26 10:00:00,123',
      level: 'WARN',
      trace_id: TRACE,
      span_id: SPAN,
      traceId: TRACE,
      user: '7',
      logger: 'c.e.Login',
      message: 'slow',
    },
  ],
  [
    'text',
    '2026-11-26 10:00:00,123 - login.views - ERROR - exchange failed errcode=40029 state="a b"',
    {
      time: '2026-11-26 10:00:00,123',
      logger: 'login.views',
      level: 'ERROR',
      message: 'exchange failed',
      errcode: '40029',
      state: 'a b',
    },
  ],
  [
    'text',
    '10:00:00.123 [main] INFO c.e.Login - began',
    { thread: 'main', level: 'INFO', logger: 'c.e.Login', message: 'began' },
  ],
  [
    'text',
    '2026/11/26 10:00:00 [error] 31#31: *12 upstream timed out (110: Connection timed out)',
    {
      time: '2026/11/26 10:00:00',
      level: 'error',
      message: '31#31: *12 upstream timed out (110: Connection timed out)',
    },
  ],
  [
    'text',
    '[2026-11-26 10:00:00] production.ERROR: login failed',
    {
      time: '2026-11-26 10:00:00',
      logger: 'production',
      level: 'ERROR',
      message: 'login failed',
    },
  ],
  [
    'text',
    '[2026-11-26 10:00:00.123][1][warning][config] [x.cc:12] words',
    {
      time: '2026-11-26 10:00:00.123',
      level: 'warning',
      thread: 'config',
      'x.cc': '12',
      message: 'words',
    },
  ],
  ['text', 'ERROR:login.views:words', { level: 'ERROR', logger: 'login.views', message: 'words' }],
  [
    'text',
    'ERROR 2026-11-26 10:00:00,123 [t-1] c.e.Login - words',
    {
      level: 'ERROR',
      time: '2026-11-26 10:00:00,123',
      thread: 't-1',
      logger: 'c.e.Login',
      message: 'words',
    },
  ],
  [
    'text',
    'E1126 10:00:00.123456   42 server.go:12] words',
    { level: 'error', logger: 'server.go:12', message: 'words' },
  ],
  [
    'text',
    '1:M 26 Nov 2026 10:00:00.123 # MISCONF Redis is configured',
    {
      time: '2026-11-26 10:00:00.123',
      level: 'warning',
      logger: 'redis',
      message: 'MISCONF Redis is configured',
    },
  ],
  [
    'text',
    '[GIN] 2026/11/26 - 10:00:00 | 502 | 1.2ms | 10.0.0.1 | GET "/cb"',
    {
      time: '2026/11/26 10:00:00',
      logger: 'gin',
      message: '| 502 | 1.2ms | 10.0.0.1 | GET "/cb"',
    },
  ],
  [
    'text',
    '2026-11-26T10:00:00.123456Z 0 [ERROR] [MY-010000] [Server] Deadlock found',
    {
      time: '2026-11-26T10:00:00.123456Z',
      level: 'ERROR',
      thread: 'Server',
      message: 'Deadlock found',
    },
  ],
  [
    'text',
    '2026-11-26 10:00:00.123 UTC [123] ERROR:  deadlock detected',
    { time: '2026-11-26 10:00:00.123 UTC', level: 'ERROR', message: 'deadlock detected' },
  ],
  [
    'zap-console',
    '2026-11-26T10:00:00.123+0800\tINFO\tlogin\tlogin/handler.go:60\texchange failed\t{"state": "abc12345", "n": 1}',
    {
      ts: '2026-11-26T10:00:00.123+0800',
      level: 'INFO',
      logger: 'login',
      caller: 'login/handler.go:60',
      message: 'exchange failed',
      state: 'abc12345',
      n: 1,
    },
  ],
  [
    'logfmt',
    'time="2026-11-26T10:00:00Z" level=error msg="a \\"quoted\\" 词" state=abc12345',
    { time: '2026-11-26T10:00:00Z', level: 'error', msg: 'a "quoted" 词', state: 'abc12345' },
  ],
  [
    'access',
    '10.0.0.1 - - [26/Nov/2026:10:00:00 +0800] "GET /cb?state=abc&code=0812 HTTP/1.1" 302 5 "-" "Mozilla/5.0" rt=0.123 request_id=abc',
    {
      remote_addr: '10.0.0.1',
      time_local: '26/Nov/2026:10:00:00 +0800',
      request_method: 'GET',
      request_uri: '/cb?state=abc&code=0812',
      status: '302',
      http_user_agent: 'Mozilla/5.0',
      rt: '0.123',
      request_id: 'abc',
    },
  ],
  [
    'envoy-access',
    '[2026-11-26T10:00:00.123Z] "GET /cb?state=abc HTTP/1.1" 503 UF,URX 0 91 3001 - "-" "curl" "req-1" "login" "10.0.0.9:80"',
    {
      start_time: '2026-11-26T10:00:00.123Z',
      request_method: 'GET',
      request_uri: '/cb?state=abc',
      response_code: '503',
      response_flags: 'UF,URX',
      duration_ms: '3001',
      user_agent: 'curl',
      request_id: 'req-1',
      authority: 'login',
      upstream_host: '10.0.0.9:80',
    },
  ],
  [
    'text',
    '2026-11-26 10:00:00 WARN c.e.Login » slow a=b c="d e=f',
    {
      time: '2026-11-26 10:00:00',
      level: 'WARN',
      logger: 'c.e.Login',
      message: 'slow a=b c="d',
      e: 'f',
    },
  ],
  [
    'text',
    '2026-11-26 10:00:00 WARN c.e.Login – slow e=f,g="h" i= j=k, l=m;',
    {
      time: '2026-11-26 10:00:00',
      level: 'WARN',
      logger: 'c.e.Login',
      message: 'slow',
      e: 'f',
      g: 'h',
      j: 'k,',
      l: 'm;',
    },
  ],
  [
    'text',
    'I1126 10:00:00.123456   42 login.go:12] "Scan seen" qrcode_id="ri_1128369fa2" status=2',
    {
      level: 'info',
      logger: 'login.go:12',
      message: '"Scan seen"',
      qrcode_id: 'ri_1128369fa2',
      status: '2',
    },
  ],
  [
    'text',
    // Words may hold pairs, and values blanks: what counts is whether pairs go on to the end.
    '2026-11-26 10:00:00.123 INFO c.e.Login - state=3 is wrong, agent=Mozilla/5.0 (X11; rv=1) x request_id=e65a4830 status=200',
    {
      time: '2026-11-26 10:00:00.123',
      level: 'INFO',
      logger: 'c.e.Login',
      message: 'state=3 is wrong, agent=Mozilla/5.0 (X11; rv=1) x',
      request_id: 'e65a4830',
      status: '200',
    },
  ],
  // The last byte of 无, 加 and 删 is that of a blank in Latin-1.
  [
    'logfmt',
    'level=warn msg=参数无效 action=添加 op=删除 state=3d',
    { level: 'warn', msg: '参数无效', action: '添加', op: '删除', state: '3d' },
  ],
  [
    'text',
    '2026-11-26 10:00:00.123 WARN c.e.Login - 用户无 权限 reason=状态无效 qrcode_id=ri_1128369fa2',
    {
      time: '2026-11-26 10:00:00.123',
      level: 'WARN',
      logger: 'c.e.Login',
      message: '用户无 权限',
      reason: '状态无效',
      qrcode_id: 'ri_1128369fa2',
    },
  ],
  [
    'access',
    '10.0.0.1 - - [26/Nov/2026:10:00:00 +0800] "GET /cb?error=状态无效&state=abc HTTP/1.1" 400 5 "-" "curl" reason=无效',
    {
      remote_addr: '10.0.0.1',
      time_local: '26/Nov/2026:10:00:00 +0800',
      request_method: 'GET',
      request_uri: '/cb?error=状态无效&state=abc',
      status: '400',
      http_user_agent: 'curl',
      reason: '无效',
    },
  ],
];

describe('one line of text', () => {
  test.each(LINES)('%s: %s', (form, line, fields) => {
    expect(decodeText(`${line}\n`)).toEqual({
      rows: [{ line: 1, fields }],
      rejected: [],
      lines: 1,
      blank: 0,
      joined: 0,
      forms: { [form]: 1 },
    });
  });
});

const JAVA = [
  'java.sql.SQLException: no connection',
  '\tat c.e.Db.open(Db.java:1)',
  'Caused by: java.net.SocketTimeoutException: Read timed out',
  '\t... 3 more',
];
const GO = [
  'panic: runtime error: invalid memory address',
  '[signal SIGSEGV: segmentation violation]',
  '',
  'goroutine 1 [running]:',
  'main.main()',
  '\t/src/main.go:12 +0x1d',
  'exit status 2',
];
const PYTHON = ['Traceback (most recent call last):', '  File "x.py", line 1', 'ValueError: bad'];
const INNODB = [
  '2026-11-26 10:00:00 0x7f12 INNODB MONITOR OUTPUT',
  '=====================================',
  'LATEST DETECTED DEADLOCK',
  '2026-11-26 09:59:59 0x7f12',
  '*** (1) TRANSACTION:',
  'END OF INNODB MONITOR OUTPUT',
  '============================',
];
const HEADER = '2026-11-26 10:00:00.123 [main] ERROR c.e.Login - failed';

describe('a record of many lines', () => {
  test.each([
    ['a Java exception with its causes', [HEADER, ...JAVA]],
    ['a Go panic', GO],
    ['a Python traceback below the line that logged it', [HEADER, ...PYTHON]],
    ['an InnoDB monitor', INNODB],
    ['words below a .NET header', ['fail: Login.Service[0]', '      exchange failed']],
  ])('%s', (_, lines) => {
    const {
      rows,
      rejected,
      joined,
      blank,
      lines: count,
    } = decodeText([...lines, '2026-11-26 10:00:01 INFO next'].join('\n'));
    expect(rejected).toEqual([]);
    expect(rows.map(({ line }) => line)).toEqual([1, lines.length + 1]);
    expect(joined + blank + rows.length).toBe(count);
    const filled = lines.filter((line) => line !== '');
    const { message, stack_trace } = rows[0]!.fields;
    expect([message, stack_trace].join('\n')).toContain(filled.slice(1).join('\n'));
  });

  test('names its exception', () => {
    expect(decodeText([HEADER, ...JAVA].join('\n')).rows[0]!.fields).toMatchObject({
      message: 'failed',
      'exception.type': 'java.sql.SQLException',
      'exception.message': 'no connection',
    });
  });

  test('ends where JSON, an access line or another record begins', () => {
    const text = [HEADER, '\tat x', '{"n":1}', '\tat y', LINES[17]![1], '\tat z', HEADER];
    const { rows, rejected } = decodeText(text.join('\n'));
    expect(rows.map(({ line }) => line)).toEqual([1, 3, 5, 7]);
    expect(rows[0]!.fields.stack_trace).toBe('\tat x');
    expect(rows[1]!.fields).toEqual({ n: 1 });
    expect(rejected.map(({ line, code }) => [line, code])).toEqual([
      [4, 'unknown-shape'],
      [6, 'unknown-shape'],
    ]);
  });

  test('streams that a wrapper tells apart do not run into each other', () => {
    const cri = (stream: string, text: string) => `2026-11-26T10:00:00Z ${stream} F ${text}`;
    const text = JAVA.flatMap((line, i) => [
      cri('stdout', i === 0 ? HEADER : JAVA[i - 1]!),
      cri('stderr', GO.filter((one) => one !== '')[i]!),
      ...(i === JAVA.length - 1 ? [cri('stdout', line)] : []),
    ]);
    const { rows } = decodeText(text.join('\n'));
    expect(rows.map(({ fields }) => fields.stack_trace)).toEqual([
      JAVA.join('\n'),
      GO.filter((line) => line !== '')
        .slice(1, 4)
        .join('\n'),
    ]);
  });

  test('ends where JSON begins in the same stream of a wrapper', () => {
    const line = (log: string, time: string) =>
      JSON.stringify({ log: `${log}\n`, stream: 'stdout', time });
    const { rows } = decodeText(
      [line(HEADER, '2026-11-26T10:00:00Z'), line('{"a":"\\"x\\""}', '2026-11-26T10:00:01Z')].join(
        '\n',
      ),
    );
    expect(rows[1]!.fields).toEqual({ 'wrapper.time': '2026-11-26T10:00:01Z', a: '"x"' });
    expect(rows[0]!.fields).toMatchObject({
      'wrapper.time': '2026-11-26T10:00:00Z',
      message: 'failed',
    });
  });

  test('words without a header are a record where a wrapper gives them a time', () => {
    const line = (log: string) =>
      JSON.stringify({ log: `${log}\n`, stream: 'stdout', time: '2026-11-26T10:00:00Z' });
    const { rows } = decodeText([line('began'), line('  at x'), line('ended')].join('\n'));
    expect(rows.map(({ fields }) => [fields.message, fields.stack_trace])).toEqual([
      ['began', '  at x'],
      ['ended', undefined],
    ]);
  });
});

describe('what is no text of a known form', () => {
  test.each([
    ['words', 'what is this'],
    ['binary', '2026-11-26 10:00:00 ERROR \u0000\u0001'],
    ['a list', '["a"]'],
    ['an indented line with nothing before it', '\tat c.e.Login'],
  ])('%s', (_, line) => {
    expect(decodeText(`{"n":1}\n${line}\n{"n":2}`)).toMatchObject({
      rows: [{ line: 1 }, { line: 3 }],
      rejected: [{ line: 2, code: 'unknown-shape' }],
    });
  });

  test('an endless record is bounded and its rest counted once', () => {
    const { rows, rejected, joined, lines } = decodeText(
      [HEADER, ...Array(1000).fill('\tat x'), HEADER].join('\n'),
      { maxLineBytes: 500 },
    );
    expect(rows).toHaveLength(2);
    expect(String(rows[0]!.fields.stack_trace).length).toBeLessThan(500);
    expect(rejected).toMatchObject([{ code: 'line-too-long', within: true }]);
    expect(joined + rows.length).toBe(lines);
  });

  test('hostile text costs no more than its length', () => {
    const hostile = [
      `2026-11-26 10:00:00 ${'[a]'.repeat(100_000)}`,
      `2026-11-26 10:00:00 ERROR ${'a=b '.repeat(100_000)}c`,
      `2026-11-26 10:00:00 ERROR ${'x '.repeat(200_000)}`,
      `level=info ${'k="'.repeat(100_000)}`,
      `level=info ${'a='.repeat(500_000)}`,
      `level=info ${'a=,'.repeat(300_000)}"`,
      `2026-11-26 10:00:00 ERROR ${'a='.repeat(500_000)}`,
      `2026-11-26 10:00:00 ERROR ${'a="b\\" '.repeat(100_000)}`,
      `2026-11-26 10:00:00 ${'a'.repeat(1_000_000)}=b`,
      `1.1.1.1 - - [26/Nov/2026:10:00:00 +0800] "${'GET '.repeat(100_000)}`,
      `${'a.'.repeat(200_000)}Exception`,
      `ERROR ${'a-'.repeat(200_000)}`,
      `${'-'.repeat(400_000)}`,
      `[${' '.repeat(400_000)}`,
      `2026-11-26T10:00:00.123+0800\tINFO\t${'\t{'.repeat(100_000)}}`,
    ];
    const { lines } = decodeText(hostile.join('\n'));
    expect(lines).toBe(hostile.length);
  });
});

test('where the chunks are cut makes no difference', () => {
  const bytes = utf8(
    [...LINES.map(([, line]) => line), HEADER, ...JAVA, ...GO, ...INNODB].join('\r\n'),
  );
  const whole = decodeForms([bytes]);
  expect(whole.rejected).toEqual([]);
  fc.assert(
    fc.property(fc.array(fc.nat()), (cuts) => {
      expect(decodeForms(cutAt(bytes, cuts))).toEqual(whole);
    }),
    { numRuns: runs(300) },
  );
});

const anyLine = fc.oneof(
  fc.constantFrom(...LINES.map(([, line]) => line), ...JAVA, ...GO, ...INNODB, HEADER, '{"a":1}'),
  fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\n', ' ')),
  fc
    .tuple(fc.constantFrom(...LINES.map(([, line]) => line)), fc.nat())
    .map(([line, cut]) => line.slice(0, cut % line.length)),
);

test('conserving: every line carries a record, goes on with one, is rejected or blank', () => {
  fc.assert(
    fc.property(fc.array(anyLine), (lines) => {
      const decoded = decodeText([HEADER, ...lines].join('\n'));
      const lost = decoded.rejected.filter(({ within }) => within !== true).length;
      expect(decoded.rows.length + decoded.joined + decoded.blank + lost).toBe(decoded.lines);
    }),
    { numRuns: runs(500) },
  );
});
