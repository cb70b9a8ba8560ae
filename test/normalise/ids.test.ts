import { describe, expect, test } from 'vitest';
import { idsNamed } from '../../src/normalise/index.ts';
import { readEvent, readEvents } from './read-events.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CODE = '081Kq4Ga1MSox41d7Nxk1abZ2h4Kq4Gw';

describe('ids are found under the names that logs give them', () => {
  test.each([
    ['qrcode_id', 'login.qrcode_id'],
    ['qrcodeId', 'login.qrcode_id'],
    ['QrCodeID', 'login.qrcode_id'],
    ['qr_id', 'login.qrcode_id'],
    ['qrKey', 'login.qrcode_id'],
    ['scan_id', 'login.qrcode_id'],
    ['login.qrcode_id', 'login.qrcode_id'],
    ['flow_id', 'login.flow.id'],
    ['login.flow.id', 'login.flow.id'],
    ['qr_ticket', 'login.ticket'],
    ['scene_str', 'login.scene'],
    ['sceneId', 'login.scene'],
    ['oauth_state', 'login.state'],
    ['login.state', 'login.state'],
    ['auth_code', 'login.code'],
    ['request_id', 'request_id'],
    ['x-request-id', 'request_id'],
    ['X-Correlation-Id', 'request_id'],
  ])('%s', (name, namespace) => {
    expect(readEvent({ [name]: 'a8f3c1d2-e4', wx_state: 'zz9999zz' }).ids).toContain(
      `${namespace}=a8f3c1d2-e4`,
    );
  });

  test.each([
    [{ context: { qrcode_id: 'q-12345678' } }],
    [{ fields: { qrcodeId: 'q-12345678' } }],
    [{ mdc: { 'qr-id': 'q-12345678' } }],
    [{ labels: { qrcode_id: 'q-12345678' } }],
    [{ a: { b: { qrcode_id: 'q-12345678' } } }],
    [{ 'extra.qrcode_id': 'q-12345678' }],
    [{ jsonPayload: { login: { qr: { id: 'q-12345678' } } } }],
    [{ req: { query: { qrcode_id: 'q-12345678' } } }],
  ])('in containers: %j', (record) => {
    expect(readEvent(record).ids).toEqual(['login.qrcode_id=q-12345678']);
  });

  test('a request id stands in headers, too', () => {
    expect(
      readEvent({ qrcode_id: 'q1', req: { headers: { 'x-request-id': 'ab12cd34ef' } } }).ids,
    ).toEqual(['login.qrcode_id=q1', 'request_id=ab12cd34ef']);
  });

  test('a number is an id like its text', () => {
    const [number, text] = readEvents([{ qrcode_id: 184467 }, { qrcode_id: '184467' }]).events;
    expect(number.idHashes).toEqual(text.idHashes);
  });

  test('a user names the fields of his own log', () => {
    const mapping = {
      file: 'my.yaml',
      fields: [{ field: 'login.qrcode_id', names: ['biz.loginKey', 'lk'] }],
      stages: [],
    };
    const { events } = readEvents([{ biz: { loginKey: 'k-1' } }, { lk: 'k-1' }, { other: 'k-1' }], {
      mappings: [mapping],
    });
    expect(events.map(({ ids }) => ids)).toEqual([
      ['login.qrcode_id=k-1'],
      ['login.qrcode_id=k-1'],
    ]);
  });

  test('equal ids of one namespace are one, ids stand in the order of strength', () => {
    const { ids } = readEvent({
      traceId: TRACE,
      trace_id: TRACE,
      state: 'a8f3c1d2e4',
      qrcodeId: 'q1',
      qrcode_id: 'q1',
    });
    expect(ids).toEqual(['login.qrcode_id=q1', 'login.state=a8f3c1d2e4', `trace_id=${TRACE}`]);
  });

  test('equal texts of two namespaces are two ids', () => {
    const { idHashes } = readEvent({ qrcode_id: 'same', oauth_state: 'same' });
    expect(new Set(idHashes.map((hash) => hash.split(' ')[1])).size).toBe(2);
  });

  test('ids stay unsaid unless they are to be shown', () => {
    expect(readEvent({ qrcode_id: 'q1' }, { showIds: false }).ids).toEqual(['login.qrcode_id=']);
  });
});

describe('values that are no ids', () => {
  test.each([
    '',
    ' ',
    '-',
    'null',
    'NULL',
    'nil',
    '<nil>',
    'undefined',
    'None',
    'N/A',
    'unknown',
    '0',
    '00000000-0000-0000-0000-000000000000',
    '[REDACTED]',
    '***',
    '****',
    'ab***',
    '<redacted>',
    '[object Object]',
    '(null)',
    'x'.repeat(2000),
  ])('%j', (value) => {
    const { ids } = readEvent({ qrcode_id: value, flow_id: 'f1' });
    expect(ids).toEqual(['login.flow.id=f1']);
  });

  test.each([null, true, false, {}, []])('%j', (value) => {
    expect(readEvent({ qrcode_id: value, flow_id: 'f1' }).ids).toEqual(['login.flow.id=f1']);
  });

  test('a partly masked id keeps its login together', () => {
    expect(readEvent({ oauth_state: '8f4c47****08ab' }).ids).toEqual([
      'login.state=8f4c47****08ab',
    ]);
  });
});

describe('a bare state', () => {
  test.each(['a8f3c1d2e4', 'HrKQo8YYe2LsCMOjJg3tPcTNIjSYOXzC', 'bcmhuLiHzVUswMsbpfRWdsQxTz'])(
    'is an id when it looks like one: %s',
    (state) => {
      expect(readEvent({ state }).ids).toEqual([`login.state=${state}`]);
    },
  );

  test.each([
    'waiting',
    'SCANNED',
    'confirmed',
    'CLOSED',
    'half-open',
    'success',
    'RUNNING',
    1,
    200,
  ])('says how something stands: %s', (state) => {
    expect(readEvents([{ state, message: 'breaker' }]).events).toEqual([]);
  });

  test('a constant is kept beside a code, and from a query', () => {
    expect(readEvent({ state: 'wechat', code: CODE }).ids).toContain('login.state=wechat');
    expect(readEvent({ url: `/cb?code=${CODE}&state=STATE` }).ids).toContain('login.state=STATE');
    expect(readEvent({ msg: 'wechat callback received', state: 'STATE' }).ids).toEqual([
      'login.state=STATE',
    ]);
    expect(readEvent({ oauth_state: 'STATE' }).ids).toEqual(['login.state=STATE']);
  });
});

describe('a bare code', () => {
  test('is an id when it looks like one', () => {
    expect(readEvent({ code: CODE }).ids).toEqual([`login.code=${CODE}`]);
    expect(readEvent({ params: { code: CODE } }).ids).toEqual([`login.code=${CODE}`]);
  });

  test.each([
    0,
    200,
    '200',
    'OK',
    'ECONNREFUSED',
    'ERR_HTTP2_STREAM_ERROR_1',
    'P2024',
    '40P01',
    '40029',
    'DEADLINE_EXCEEDED',
  ])('is the code of an answer: %s', (code) => {
    expect(readEvents([{ code, msg: 'x' }]).events).toEqual([]);
  });

  test('of an error is never an id', () => {
    expect(readEvents([{ err: { code: CODE } }, { error: { code: CODE } }]).events).toEqual([]);
  });
});

describe('trace ids of all forms are one id', () => {
  const reference = readEvent({ qrcode_id: 'q1', trace_id: TRACE }).idHashes;

  test.each([
    ['trace_id', TRACE.toUpperCase()],
    ['traceId', TRACE],
    ['trace.id', TRACE],
    ['otelTraceID', TRACE],
    ['traceparent', `00-${TRACE}-00f067aa0ba902b7-01`],
    ['b3', `${TRACE}-00f067aa0ba902b7-1`],
    ['X-B3-TraceId', TRACE],
    ['uber-trace-id', `${TRACE}:00f067aa0ba902b7:0:1`],
    ['uber-trace-id', `${TRACE}%3A00f067aa0ba902b7%3A0%3A1`],
    [
      'x-amzn-trace-id',
      `Root=1-${TRACE.slice(0, 8)}-${TRACE.slice(8)};Parent=53995c3f42cd8ad8;Sampled=1`,
    ],
    ['xray.trace_id', `1-${TRACE.slice(0, 8)}-${TRACE.slice(8)}`],
    ['logging.googleapis.com/trace', `projects/my-project/traces/${TRACE}`],
    ['x-cloud-trace-context', `${TRACE}/11803532876627986230;o=1`],
    ['@tr', TRACE],
    ['dd.trace_id', TRACE],
    ['operation_Id', TRACE],
    [
      'mdc.traceId',
      `${TRACE.slice(0, 8)}-${TRACE.slice(8, 12)}-${TRACE.slice(12, 16)}-${TRACE.slice(16, 20)}-${TRACE.slice(20)}`,
    ],
  ])('%s: %s', (name, value) => {
    const { idHashes, ids } = readEvent({ qrcode_id: 'q1', [name]: value });
    expect(ids).toContain(`trace_id=${TRACE}`);
    expect(idHashes).toEqual(reference);
  });

  test('tracers that pass on 64 bits join those that pass on 128', () => {
    const low = TRACE.slice(16);
    const decimal = BigInt(`0x${low}`).toString();
    const [hex, number, text] = readEvents([
      { qrcode_id: 'q1', traceId: low },
      `{"qrcode_id":"q1","dd":{"trace_id":${decimal}}}`,
      { qrcode_id: 'q1', 'dd.trace_id': decimal },
    ]).events;
    for (const event of [hex, number, text]) {
      expect(event.idHashes).toEqual(reference);
      expect(event.ids).toContain(`trace_id=${low.padStart(32, '0')}`);
    }
  });

  test.each([
    '0'.repeat(32),
    '00-00000000000000000000000000000000-0000000000000000-00',
    '',
    'abc',
    '-',
  ])('no trace: %j', (value) => {
    expect(readEvent({ qrcode_id: 'q1', trace_id: value }).ids).toEqual(['login.qrcode_id=q1']);
  });

  test('ids of other tracers are taken as they stand', () => {
    const tid = 'a1b2c3d4e5f64c5d9a7b.123.16959998765430001';
    expect(readEvent({ qrcode_id: 'q1', skywalking_trace_id: tid }).ids).toContain(
      `trace_id=${tid}`,
    );
  });
});

describe('request ids that are mere counters', () => {
  const line = (host: string, reqId: unknown) => ({
    level: 30,
    pid: 1,
    hostname: host,
    reqId,
    qrcode_id: 'q1',
  });

  test('count within their process only', () => {
    const { events } = readEvents([line('a', 'req-1f'), line('b', 'req-1f'), line('a', 'req-1f')]);
    const [first, other, again] = events.map(({ idHashes }) => idHashes[1]);
    expect(first).toBe(again);
    expect(first).not.toBe(other);
  });

  test('and not at all where no process is named', () => {
    expect(readEvent({ reqId: 17, qrcode_id: 'q1' }).ids).toEqual(['login.qrcode_id=q1']);
  });
});

describe('ids inside texts', () => {
  test.each([
    [
      'GET /wechat/callback?code=081Kq4Ga1MSox41d7Nxk&state=a8f3c1 HTTP/1.1',
      ['login.state=a8f3c1', 'login.code=081Kq4Ga1MSox41d7Nxk'],
    ],
    [
      'callback: state=a8f3c1d2e4, code=081Kq4Ga1MSox41d7Nxk',
      ['login.state=a8f3c1d2e4', 'login.code=081Kq4Ga1MSox41d7Nxk'],
    ],
    // Alone they count where nothing else looks so.
    ['exchange code for token, code=081Kq4Ga1MSox41d7Nxk', ['login.code=081Kq4Ga1MSox41d7Nxk']],
    [
      'qr code created state=8f3a9c21d4e5f607 qrcode_id=q1',
      ['login.qrcode_id=q1', 'login.state=8f3a9c21d4e5f607'],
    ],
    ['qr created qrcode_id=q-12345678 ttl=120', ['login.qrcode_id=q-12345678']],
    ['二维码已生成，qrcodeId: q-12345678', ['login.qrcode_id=q-12345678']],
    ['生成二维码ID：12345678，有效期120秒', ['login.qrcode_id=12345678']],
    ['sceneStr=login_5f3a9c21 scanned', ['login.scene=login_5f3a9c21']],
    ['EventKey=qrscene_login_5f3a9c21', ['login.scene=login_5f3a9c21']],
    ['{\\"qrcode_id\\":\\"q-12345678\\"}', ['login.qrcode_id=q-12345678']],
    [`[login,${TRACE},00f067aa0ba902b7] done`, [`trace_id=${TRACE}`]],
    [`[${TRACE}-00f067aa0ba902b7] done`, [`trace_id=${TRACE}`]],
    [
      `[f9bd006f789f543a2ae44c174e319a6c,2ae44c174e319a6c] 登录`,
      ['trace_id=f9bd006f789f543a2ae44c174e319a6c'],
    ],
    [`trace_id=${TRACE} msg`, [`trace_id=${TRACE}`]],
    [
      'state=STATE&code=081Kq4Ga1MSox41d7Nxk',
      ['login.state=STATE', 'login.code=081Kq4Ga1MSox41d7Nxk'],
    ],
    [
      'https://open.weixin.qq.com/connect/qrconnect?appid=wx1&response_type=code&state=a8f3c1d2e4#wechat_redirect',
      ['login.state=a8f3c1d2e4'],
    ],
    [
      'GET /connect/l/qrconnect?uuid=021abcDEF1234567&last=404',
      ['login.qrcode_id=021abcDEF1234567'],
    ],
    ['GET /api/qrcode/5f3a9c21d4/status 200', ['login.qrcode_id=5f3a9c21d4']],
    [
      'state=a%2Bb%2F1234&code=081Kq4Ga1MSox41d7Nxk',
      ['login.state=a+b/1234', 'login.code=081Kq4Ga1MSox41d7Nxk'],
    ],
  ])('%s', (message, ids) => {
    expect(readEvent({ message, flow_id: 'f1' }).ids.slice(1)).toEqual(ids);
  });

  test.each([
    'exit code: 137',
    'rpc error: code = DeadlineExceeded desc = context deadline exceeded',
    'circuit state: CLOSED',
    'state=RUNNING workers=4',
    'status code: 200',
    'code=INVALID_ARGUMENT',
    'coupon code=summer_sale_2026_for_all',
    'coupon code=SUMMERSALE2026FORALL4',
    'state=a8f3c1d2e4 of the upload',
    'qrcode_id: not found',
    '/files?uuid=0f8fad5b-d9cb-469f-a165-70867728950e',
    'Get "https://api.weixin.qq.com/sns/oauth2/access_token?grant_type=authorization_code": context deadline exceeded',
    'ticket: OPS-1234',
  ])('none: %s', (message) => {
    expect(readEvent({ message, flow_id: 'f1' }).ids).toEqual(['login.flow.id=f1']);
  });

  test('an id is the same in a text, a query and a field', () => {
    const { events } = readEvents([
      { oauth_state: 'a8f3c1d2e4' },
      { msg: 'wechat callback state=a8f3c1d2e4&code=x' },
      { url: 'https://login.example/cb?state=a8f3c1d2e4' },
      { path: '/cb?state=a8f3c1d2e4' },
      { redirect_url: 'https://open.weixin.qq.com/connect/qrconnect?state=a8f3c1d2e4#x' },
    ]);
    expect(new Set(events.flatMap(({ idHashes }) => idHashes)).size).toBe(1);
  });

  test('an id in hand is found again by its hash', () => {
    const [id] = readEvent({ qrcode_id: 'q-12345678' }).idHashes;
    const named = idsNamed('q-12345678').map(
      ({ high, low }) => `${high.toString(16)}:${low.toString(16)}`,
    );
    expect(named).toContain(id.split(' ')[1]);
  });
});
