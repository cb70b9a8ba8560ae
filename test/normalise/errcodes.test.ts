import { describe, expect, test } from 'vitest';
import { readEvent, readEvents } from './read-events.ts';

const keep = ['wechat.errcode', 'wechat.errmsg', 'wechat.rid', 'wechat.qr_errcode'];

function values(line: object): Record<string, string[]> {
  return readEvent({ flow_id: 'f1', ...line }, { keep }).values;
}

describe("WeChat's errcode is found in every spelling", () => {
  test.each([
    ['{"errcode":40029,"errmsg":"invalid code, rid: 6206378a-793424c0-2e4091cc"}', '40029'],
    ['微信返回:{"errcode":40029,"errmsg":"invalid code"}', '40029'],
    ['body: {\\"errcode\\":40029,\\"errmsg\\":\\"invalid code\\"}', '40029'],
    ['body: {\\\\\\"errcode\\\\\\":40029}', '40029'],
    ["{ errcode: 40029, errmsg: 'invalid code, hints: [ req_id: x ]' }", '40029'],
    ["{'errcode': 40029, 'errmsg': 'invalid code'}", '40029'],
    ['{\n“errcode”: 42001,\n“errmsg”: “access_token expired”\n}', '42001'],
    ['【微信错误 errcode=40029, errmsg=invalid code】', '40029'],
    ['wx error errcode = 40029', '40029'],
    ['errCode: 40013 | errMsg: invalid appid', '40013'],
    ['err_code=45009', '45009'],
    ['错误代码：40029, 错误信息：无效的 oauth_code', '40029'],
    ['错误代码:40125, 错误信息:invalid appsecret', '40125'],
    ['redirect_uri协议与后台配置不一致，错误码:10039', '10039'],
    ['Error code: 40029, message: invalid code', '40029'],
    ['wechat error code 40163', '40163'],
    ['[40164] invalid ip 203.0.113.14 ipv6 ::ffff:203.0.113.14, not in whitelist', '40164'],
    ['invalid code, please check (40029)', '40029'],
    ['exchange failed: 40125, invalid appsecret', '40125'],
    [
      'Request access_token fail: &{{{ } 40013 invalid appid rid: 69ae508c-683828e6-2958980b',
      '40013',
    ],
    ['"errcode" -> {Integer@18201} 40029 "errmsg" -> "invalid code"', '40029'],
    ['Overtrue\\Wechat\\Exception(code: 42001): [Wechat]access_token超时', '42001'],
    ['errcode is 40029', '40029'],
    ['{"errcode":-1,"errmsg":"system error"}', '-1'],
    ['错误代码：-1, 错误信息：system error，微信原始报文：{"errcode":-1}', '-1'],
    ['{"errcode":76001,"errmsg":"rid not found"}', '76001'],
    ['code been used, hints: [ req_id: RkqoiS.Nr-4Pdkvu ]', '40163'],
    ['invalid code, rid: 6a339729-3db8b535-6ae0d1aa', '40029'],
    ['java.lang.Throwable: invalid appsecret, view more at http://t.cn/RAEkdVq', '40125'],
    ['reach max api daily quota limit', '45009'],
    ['invalid ip 192.168.1.100, not in whitelist', '40164'],
  ])('%s', (message, errcode) => {
    expect(values({ message })['wechat.errcode']).toEqual([errcode]);
  });

  test.each([
    { errcode: 40029 },
    { errcode: '40029' },
    { err_code: 40029 },
    { wechat: { errcode: 40029 } },
    { context: { response: { errcode: 40029, errmsg: 'invalid code' } } },
    { 'wechat.errcode': 40029 },
    { wx_errcode: 40029 },
    { err: { message: 'invalid code, rid: 6a339729-3db8b535-6ae0d1aa' } },
    { response: '{"errcode":40029}' },
    { result_body: 'errcode=40029' },
    { stack_trace: 'WxErrorException: {"errcode":40029}\n\tat x' },
    { message: '{"errcode":40029,"errmsg":"invalid code"}' },
    { code: 40029, errmsg: 'invalid code', msg: 'wechat exchange failed' },
    { error_code: '40029', message: '微信登录出错' },
  ])('in a field: %j', (line) => {
    expect(values(line)['wechat.errcode']).toEqual(['40029']);
  });

  test.each([
    'SQLSTATE[40001]: Serialization failure: 1213 Deadlock found',
    'ERROR: could not serialize access, error code 40001',
    'listening on port 40029',
    'invalid code',
    'the code expired',
    'http status 408',
    'took 40163 ms',
    'Error Code: 1205. Lock wait timeout exceeded',
    'sms verification: invalid code (attempt 3)',
    'exit code: 40029',
  ])('none in: %s', (message) => {
    expect(values({ message })['wechat.errcode']).toBeUndefined();
  });

  test.each([{ code: 40029 }, { error_code: 40001, message: 'serialization failure' }])(
    'none without a word of WeChat: %j',
    (line) => {
      expect(values(line)['wechat.errcode']).toBeUndefined();
    },
  );
});

test('the number beats the text, the raw answer what the SDK makes of it', () => {
  const sdk =
    'WxErrorException: 错误代码：45011, 错误信息：调用分钟频率受限，微信原始报文：{"errcode":45009,"errmsg":"reach max api daily quota limit rid: 69fdbf0d-65bc7008-1a2b3c4d"}';
  expect(values({ message: sdk })['wechat.errcode']).toEqual(['45009']);
  expect(values({ message: 'invalid credential, errcode=42001' })['wechat.errcode']).toEqual([
    '42001',
  ]);
  expect(values({ errcode: 40163, message: 'errcode=40029' })['wechat.errcode']).toEqual(['40163']);
});

test('words and request id of WeChat are kept apart', () => {
  const message =
    'exchange failed: {"errcode":40029,"errmsg":"invalid code, rid: 6206378A-793424c0-2e4091cc"}';
  expect(values({ message })).toMatchObject({
    'wechat.errmsg': ['invalid code'],
    'wechat.rid': ['6206378a-793424c0-2e4091cc'],
  });
  expect(values({ message: 'x rid: 6123456789012345678' })['wechat.rid']).toBeUndefined();
});

describe('long-poll values', () => {
  test.each([
    ["window.wx_errcode=408;window.wx_code='';", '408', 'polled', 'seen'],
    ["window.wx_errcode=404;window.wx_code='';", '404', 'scanned', 'ok'],
    ["window.wx_errcode=405;window.wx_code='081Kq4Ga1MSox41d7Nxk';", '405', 'confirmed', 'ok'],
    ["window.wx_errcode=403;window.wx_code='';", '403', 'confirmed', 'cancelled'],
    ["window.wx_errcode=402;window.wx_code='';", '402', 'polled', 'expired'],
    ['{"wx_errcode":408}', '408', 'polled', 'seen'],
  ])('%s', (message, value, stage, outcome) => {
    const event = readEvent({ message, uuid: '021abcDEF1234567' }, { keep });
    expect(event.values['wechat.qr_errcode']).toEqual([value]);
    expect(event.values['wechat.errcode']).toBeUndefined();
    expect(event).toMatchObject({ stage, outcome });
    expect(event.ids).toContain('login.qrcode_id=021abcDEF1234567');
  });
});

test('errcode 0 is success', () => {
  const line = { message: 'token exchange ok', errcode: 0, errmsg: 'ok', flow_id: 'f1' };
  expect(readEvent(line)).toMatchObject({ stage: 'exchange', outcome: 'ok' });
  const text = { message: 'token exchange done {"errcode":0,"errmsg":"ok"}', flow_id: 'f1' };
  expect(readEvent(text)).toMatchObject({ stage: 'exchange', outcome: 'ok' });
});

test('an errcode makes the step a failure, whatever the level', () => {
  const line = {
    level: 'info',
    message: '换取access_token完成: {"errcode":40029,"errmsg":"invalid code"}',
    flow_id: 'f1',
  };
  expect(readEvent(line)).toMatchObject({ stage: 'exchange', outcome: 'failed', severity: 'info' });
});

test('a very long text is searched at its head and its tail', () => {
  const filler = 'x '.repeat(200_000);
  const { events } = readEvents(
    [
      { flow_id: 'f1', message: `errcode=40029 ${filler}` },
      { flow_id: 'f1', message: `${filler} errcode=40029` },
      { flow_id: 'f1', message: `${filler} errcode=40029 ${filler}` },
    ],
    { keep },
  );
  expect(events.map(({ values }) => values['wechat.errcode'])).toEqual([
    ['40029'],
    ['40029'],
    undefined,
  ]);
});
