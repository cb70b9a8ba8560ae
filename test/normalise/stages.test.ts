import { describe, expect, test } from 'vitest';
import { parseMapping } from '../../src/normalise/index.ts';
import { builtIn, readEvent, readEvents } from './read-events.ts';

/** What a line says, as `stage outcome`; `-` for a line that names no step. */
function told(line: object): string {
  const { stage, outcome } = readEvent({ login_flow_id: 'f1', ...line });
  return stage === undefined ? '-' : `${stage} ${outcome}`;
}

describe('every built-in mapping is sound', () => {
  test('and knows every stage and ending', () => {
    const rules = builtIn.flatMap(({ stages }) => stages);
    expect(new Set(rules.map(({ stage }) => stage ?? 'none')).size).toBe(10);
    expect(new Set(rules.map(({ outcome }) => outcome)).size).toBe(6);
    const names = rules.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

describe('a message tells its step', () => {
  test.each([
    // English
    ['QR code created', 'issued ok'],
    ['qrcode generated, expires in 120s', 'issued ok'],
    ['new login qr issued', 'issued ok'],
    ['QR code refreshed', 'issued ok'],
    ['failed to create qr code: timeout', 'issued failed'],
    ['redirecting to wechat authorize url', 'issued ok'],
    ['poll qr status', 'polled seen'],
    ['waiting for scan', 'polled seen'],
    ['qr code not scanned yet', 'polled seen'],
    ['QR code expired', 'polled expired'],
    ['qrcode has expired before scan', 'polled expired'],
    ['user scanned the qr code', 'scanned ok'],
    ['QR scanned, waiting for confirmation', 'scanned ok'],
    ['scan success', 'scanned ok'],
    ['user confirmed login on phone', 'confirmed ok'],
    ['login confirmed by user', 'confirmed ok'],
    ['user cancelled', 'confirmed cancelled'],
    ['Login cancelled by user on phone', 'confirmed cancelled'],
    ['user denied authorization', 'callback denied'],
    ['getUserInfo:fail auth deny', 'callback denied'],
    ['wechat callback received', 'callback seen'],
    ['OAuth callback: state verified', 'callback ok'],
    ['state mismatch', 'callback failed'],
    ['Invalid OAuth state - possible CSRF attack', 'callback failed'],
    ['OAuth state was not found, rejecting callback', 'callback failed'],
    ['Illegal state [WECHAT_OPEN]', 'callback failed'],
    ['[authorization_request_not_found]', 'callback failed'],
    ['exchanging code for token', 'exchange seen'],
    ['token exchange ok', 'exchange ok'],
    ['code exchanged for access_token', 'exchange ok'],
    ['got access_token from wechat', 'exchange ok'],
    ['exchange code failed: context deadline exceeded', 'exchange failed'],
    ['failed to get access token: connection refused', 'exchange failed'],
    [
      'failed to exchange code for token: {"errcode":41008,"errmsg":"missing code"}',
      'exchange failed',
    ],
    ['userinfo fetched', 'userinfo ok'],
    ['fetched user info from wechat', 'userinfo ok'],
    ['fetch userinfo failed: ECONNRESET', 'userinfo failed'],
    ['user upserted', 'persist ok'],
    ['User u_vB5uDC6TyAPG saved', 'persist ok'],
    ['user created, new user false', 'persist ok'],
    ['failed to save user: deadlock detected', 'persist failed'],
    ['session created', 'session ok'],
    ['login success', 'session ok'],
    ['user logged in via wechat', 'session ok'],
    ['login succeeded, errors 0', 'session ok'],
    ['JWT issued', 'session ok'],
    ['session created failed: redis timeout error', 'session failed'],
    ['failed to create session: OOM command not allowed', 'session failed'],
    ['login failed', 'session failed'],
    // names of events
    ['loginSuccess', 'session ok'],
    ['LOGIN_SUCCESS', 'session ok'],
    ['qr_scanned', 'scanned ok'],
    ['qrCodeCreated', 'issued ok'],
    ['oauth.callback.received', 'callback seen'],
    ['token_exchanged', 'exchange ok'],
    ['authn_login_success', 'session ok'],
    // Chinese
    ['二维码已生成', 'issued ok'],
    ['生成登录二维码成功, 有效期180秒', 'issued ok'],
    ['生成登录二维码失败', 'issued failed'],
    ['轮询二维码状态', 'polled seen'],
    ['等待扫码', 'polled seen'],
    ['二维码已过期，请更新后再试', 'polled expired'],
    ['微信扫码显示二维码已失效，请重新扫码登陆', 'polled expired'],
    ['扫码成功', 'scanned ok'],
    ['用户已扫码，等待确认', 'scanned ok'],
    ['用户已确认', 'confirmed ok'],
    ['用户确认登录', 'confirmed ok'],
    ['用户取消登录', 'confirmed cancelled'],
    ['用户取消授权', 'confirmed cancelled'],
    ['用户拒绝授权', 'callback denied'],
    ['收到微信回调', 'callback seen'],
    ['微信回调', 'callback seen'],
    ['state校验失败', 'callback failed'],
    ['state已过期, 请重新扫码', 'callback failed'],
    ['无效的 state 参数', 'callback failed'],
    ['换取 access_token 成功', 'exchange ok'],
    ['通过 code 获取 access_token 失败', 'exchange failed'],
    ['开始用code换取token', 'exchange seen'],
    ['获取用户信息成功', 'userinfo ok'],
    ['拉取微信用户信息失败', 'userinfo failed'],
    ['保存用户信息成功', 'persist ok'],
    ['新用户注册成功', 'persist ok'],
    ['写入用户失败: Deadlock found', 'persist failed'],
    ['创建会话成功', 'session ok'],
    ['登录成功', 'session ok'],
    ['扫码登录成功', 'session ok'],
    ['微信扫码登录失败', 'session failed'],
    ['签发token失败', 'session failed'],
    // more tongues
    ['Generated QR code for scan login', 'issued ok'],
    ['Creating temporary QR ticket', 'issued ok'],
    ['QR ticket obtained from WeChat', 'issued ok'],
    ['Login QR rendered', 'issued ok'],
    ['Start wechat login, redirecting user', 'issued ok'],
    ['Built authorize URL for wechat', 'issued ok'],
    ['new scan session created', 'issued ok'],
    ['qrcode/create failed', 'issued failed'],
    ['could not obtain qrcode ticket', 'issued failed'],
    ['client polls for scan result', 'polled seen'],
    ['QR status check: pending', 'polled seen'],
    ['status=WAITING for qr', 'polled seen'],
    ['still waiting for user to scan', 'polled seen'],
    ['QR code timed out', 'polled expired'],
    ['scan session expired', 'polled expired'],
    ['login qr expired without scan', 'polled expired'],
    ['qr has expired, user must refresh', 'polled expired'],
    ['Received SCAN event from WeChat', 'scanned ok'],
    ['user has scanned QR code', 'scanned ok'],
    ['QR was scanned by device', 'scanned ok'],
    ['scan detected, awaiting confirmation', 'scanned ok'],
    ['User confirmed the login on their phone', 'confirmed ok'],
    ['login authorised by user on mobile', 'confirmed ok'],
    ['phone confirmed', 'confirmed ok'],
    ['scan login approved', 'confirmed ok'],
    ['user aborted the scan login', 'confirmed cancelled'],
    ['User pressed cancel on phone', 'confirmed cancelled'],
    ['scan login was cancelled', 'confirmed cancelled'],
    ['authorization cancelled by the user', 'confirmed cancelled'],
    ['user refused authorization', 'callback denied'],
    ['access_denied: user declined', 'callback denied'],
    ['user rejected wechat authorization', 'callback denied'],
    ['Handling WeChat OAuth callback', 'callback seen'],
    ['Incoming callback from WeChat', 'callback seen'],
    ['callback: code and state received', 'callback seen'],
    ['OAuth2 redirect received', 'callback seen'],
    ['wechat redirected back with code', 'callback seen'],
    ['CSRF state validation failed', 'callback failed'],
    ['state parameter does not match session', 'callback failed'],
    ['OAuth state expired', 'callback failed'],
    ['state token not found in redis', 'callback failed'],
    ['unknown or expired state', 'callback failed'],
    ['Exchanging authorization code for access token', 'exchange seen'],
    ['access_token exchange succeeded', 'exchange ok'],
    ['Got OAuth token from WeChat', 'exchange ok'],
    ['successfully exchanged code', 'exchange ok'],
    ['token endpoint returned 200', 'exchange ok'],
    ['sns/oauth2/access_token timed out', 'exchange failed'],
    ['error exchanging code: EOF', 'exchange failed'],
    ['wechat token request failed', 'exchange failed'],
    ['oauth2: cannot fetch token', 'exchange failed'],
    ['Retrieved WeChat user profile', 'userinfo ok'],
    ['sns/userinfo ok', 'userinfo ok'],
    ['user info loaded', 'userinfo ok'],
    ['cannot get wechat userinfo: timeout exceeded', 'userinfo failed'],
    ['userinfo call returned error', 'userinfo failed'],
    ['Created new account for wechat user', 'persist ok'],
    ['linked wechat openid to user', 'persist ok'],
    ['saved wechat user', 'persist ok'],
    ['user record updated', 'persist ok'],
    ['INSERT INTO users failed: duplicate key', 'persist failed'],
    ['error while saving user', 'persist failed'],
    ['user upsert failed', 'persist failed'],
    ['User successfully logged in', 'session ok'],
    ['Session established for user 17', 'session ok'],
    ['Authentication successful', 'session ok'],
    ['issued access/refresh tokens to client', 'session ok'],
    ['login flow completed', 'session ok'],
    ['set session cookie', 'session ok'],
    ['wechat login finished', 'session ok'],
    ['Sign-in successful', 'session ok'],
    ['redis SETEX session failed', 'session failed'],
    ['could not write session to redis', 'session failed'],
    ['wechat login failed', 'session failed'],
    ['创建登录二维码', 'issued ok'],
    ['获取二维码ticket成功', 'issued ok'],
    ['二维码刷新成功', 'issued ok'],
    ['获取二维码失败', 'issued failed'],
    ['前端轮询扫码结果', 'polled seen'],
    ['用户尚未扫码', 'polled seen'],
    ['二维码超时', 'polled expired'],
    ['登录二维码失效', 'polled expired'],
    ['扫码超时未确认', 'polled expired'],
    ['收到微信扫码推送', 'scanned ok'],
    ['用户扫描二维码', 'scanned ok'],
    ['已被扫描，待手机端确认', 'scanned ok'],
    ['用户在手机上确认登录', 'confirmed ok'],
    ['用户点击同意', 'confirmed ok'],
    ['用户在手机上取消了登录', 'confirmed cancelled'],
    ['扫码登录被取消', 'confirmed cancelled'],
    ['用户拒绝了授权请求', 'callback denied'],
    ['进入微信回调接口', 'callback seen'],
    ['微信授权回调成功', 'callback seen'],
    ['收到微信授权码', 'callback seen'],
    ['state 与 session 不一致', 'callback failed'],
    ['CSRF校验失败', 'callback failed'],
    ['回调参数校验失败', 'callback failed'],
    ['请求微信换取token', 'exchange seen'],
    ['获取 openid 成功', 'exchange ok'],
    ['code换取openid失败', 'exchange failed'],
    ['调用微信接口获取access_token超时', 'exchange failed'],
    ['获取微信用户信息完成', 'userinfo ok'],
    ['拉取用户资料异常', 'userinfo failed'],
    ['用户入库成功', 'persist ok'],
    ['绑定微信账号成功', 'persist ok'],
    ['更新用户登录时间', 'persist seen'],
    ['用户写库失败', 'persist failed'],
    ['创建用户异常: Duplicate entry', 'persist failed'],
    ['生成登录态成功', 'session ok'],
    ['生成JWT成功', 'session ok'],
    ['用户登录成功, userId=17', 'session ok'],
    ['微信登录完成', 'session ok'],
    ['写入redis会话失败', 'session failed'],
    ['登录异常', 'session failed'],
  ])('%s → %s', (message, expected) => {
    expect(told({ message })).toBe(expected);
  });
});

describe('what only sounds like a step is none', () => {
  test.each([
    'login success rate 98.2%',
    'login success count: 120 in the last 5m',
    '登录成功率 98%',
    '本小时扫码登录统计: 成功 120',
    'qr code ttl set to 120s',
    'session timeout configured: 1800',
    '二维码有效期设置为120秒',
    'cleanup: removed 120 expired qrcodes',
    '清理过期二维码 120 个',
    'route registered: /wechat/callback',
    'wechat login service started, session store redis',
    'payment callback received',
    '支付回调成功',
    'circuit breaker state checked',
    'illegal state exception in scheduler',
    'refreshed global access_token',
    'user logged out',
    '用户退出登录',
    'port scan success',
    'context canceled by user request',
    'connection pool created',
    'health check ok',
    'order confirmed by user',
    'user session expired',
    'jwt expired',
    'database session opened',
    'login page rendered',
    'user opened login page',
    'rate limit exceeded for login',
    'redis pool created',
    'token cache refreshed',
    'qr code library initialised',
    'loading user profile page',
    'profile updated by user',
    'scan of s3 bucket completed',
    'email confirmed',
    'callback url whitelist updated',
    'polling kafka',
    'SMS code sent',
    '查询订单状态',
    '用户修改密码成功',
    '更新用户头像',
    '加载用户权限',
  ])('%s', (message) => {
    expect(told({ message })).toBe('-');
  });
});

describe('a status field tells how the code stands', () => {
  test.each([
    ['waiting', 'polled seen'],
    ['SCANNED', 'scanned ok'],
    ['confirmed', 'confirmed ok'],
    ['canceled', 'confirmed cancelled'],
    ['EXPIRED', 'polled expired'],
    ['已扫码', 'scanned ok'],
    ['已过期', 'polled expired'],
  ])('%s → %s', (status, expected) => {
    expect(told({ message: 'qr status', status })).toBe(expected);
    expect(told({ qr_status: status, qrcode_id: 'q-1' })).toBe(expected);
    expect(told({ message: 'poll', state: status, ticket: 'gQH47joAAAAAAAAAASxodHRw' })).toBe(
      expected,
    );
  });

  test('and says nothing where no QR code is spoken of', () => {
    expect(told({ message: 'order 17', status: 'confirmed' })).toBe('-');
  });
});

describe('a request tells its step by its path', () => {
  test.each([
    [{ method: 'POST', path: '/login/qrcode', status: 200 }, 'issued seen'],
    [{ method: 'POST', path: '/login/qrcode', status: 500 }, 'issued failed'],
    [{ method: 'GET', path: '/api/v1/auth/wechat/login', status: 302 }, 'issued seen'],
    [{ method: 'GET', url: '/login/qrcode/status?qrcode_id=q-1', status: 200 }, 'polled seen'],
    [{ 'http.route': '/qr/:id/status', 'http.response.status_code': 200 }, 'polled seen'],
    [
      { request_uri: '/wechat/callback?code=081Kq4Ga1MSox41d7Nxk&state=a8f3c1', status: 302 },
      'callback seen',
    ],
    [{ request_uri: '/wechat/callback?state=a8f3c1', status: 302 }, 'callback denied'],
    [
      { request_uri: '/wechat/callback?code=081Kq4Ga1MSox41d7Nxk&state=a8f3c1', status: 502 },
      'callback failed',
    ],
    [
      { request_uri: '/wechat/callback?code=081Kq4Ga1MSox41d7Nxk&state=a8f3c1', status: 499 },
      'callback seen',
    ],
    [{ path: '/login/oauth2/code/wechat', status: 302 }, 'callback seen'],
    [{ path: '/qrcode/confirm', status: 200 }, 'confirmed ok'],
    [{ path: '/qrcode/cancel', status: 200 }, 'confirmed cancelled'],
    [{ path: '/qr/scan', status: 200 }, 'scanned ok'],
    [
      { url: 'https://api.weixin.qq.com/sns/oauth2/access_token?appid=wx1', status: 200 },
      'exchange seen',
    ],
    [{ url: 'https://api.weixin.qq.com/sns/userinfo', status: 502 }, 'userinfo failed'],
    [{ method: 'OPTIONS', path: '/login/qrcode', status: 204 }, '-'],
    [{ method: 'GET', path: '/pay/callback', status: 200 }, '-'],
    [{ method: 'GET', path: '/healthz', status: 200 }, '-'],
    [
      {
        message:
          '10.0.3.4 - - [12/Jan/2026:10:15:31 +0800] "GET /auth/wechat/callback?state=8f4c4708 HTTP/1.1" 302 0',
      },
      'callback denied',
    ],
    [
      { message: '[GIN] 2026/01/12 - 10:15:31 | 200 | 1.2ms | 10.0.3.4 | POST "/login/qrcode"' },
      'issued seen',
    ],
    [{ msg: 'GET /qrcode/status 200 12 ms' }, 'polled seen'],
    [{ msg: 'HTTP GET /login/qrcode responded 200 in 15.2 ms' }, 'issued seen'],
    [{ msg: 'GET /wechat/callback 500' }, 'callback failed'],
  ])('%j → %s', (line, expected) => {
    expect(told(line)).toBe(expected);
  });

  test('an access line inside a text gives method, path and status', () => {
    const { values } = readEvent(
      {
        flow_id: 'f1',
        message: '10.0.3.4 - - [x] "GET /auth/cb?code=081Kq4Ga1MSox41d7Nxk HTTP/1.1" 502 157 "-"',
      },
      { keep: ['http.request.method', 'url.path', 'http.response.status_code'] },
    );
    expect(values).toEqual({
      'http.request.method': ['GET'],
      'url.path': ['/auth/cb'],
      'http.response.status_code': ['502'],
    });
  });
});

describe('the reference service', () => {
  test.each([
    ['flow.started', undefined, 'issued seen'],
    ['qr.issued', undefined, 'issued ok'],
    ['qr.scanned', 'scanned', 'scanned ok'],
    ['qr.cancelled', 'scanned', 'confirmed cancelled'],
    ['qr.expired', 'scanned', 'polled expired'],
    ['status.polled', 'issued', 'polled seen'],
    ['callback.received', 'callback', 'callback seen'],
    ['callback.denied', 'callback', 'callback denied'],
    ['state.rejected', 'callback', 'callback failed'],
    ['token.exchanged', 'exchange', 'exchange ok'],
    ['token.failed', 'exchange', 'exchange failed'],
    ['user.updated', 'persist', 'persist ok'],
    ['session.created', 'session', 'session ok'],
    ['flow.completed', undefined, 'session ok'],
    ['flow.failed', 'exchange', 'exchange failed'],
    ['flow.failed', undefined, 'session failed'],
    ['rate.limited', 'callback', 'callback failed'],
  ])('%s at %s → %s', (name, stage, expected) => {
    const line = { 'event.name': `wechat.login.${name}`, ...(stage && { 'login.stage': stage }) };
    expect(told(line)).toBe(expected);
  });

  test('what a line names itself wins over wordings', () => {
    expect(told({ message: 'login success', 'login.stage': 'persist' })).toBe('persist seen');
    expect(told({ message: 'x', 'login.stage': 'persist', 'login.outcome': 'success' })).toBe(
      'persist ok',
    );
    expect(told({ message: 'login failed', 'login.stage': 'exchange' })).toBe('exchange failed');
    expect(told({ message: 'qr scanned', 'login.outcome': 'failed' })).toBe('scanned failed');
  });

  test('a kind of login is told', () => {
    expect(readEvent({ message: 'session created', 'login.kind': 'website' }).kind).toBe('qr');
    expect(readEvent({ message: 'session created', 'login.kind': 'password' }).kind).toBe(
      'password',
    );
    expect(readEvent({ message: 'password login success' }).kind).toBe('password');
    expect(readEvent({ message: 'token refreshed' }).kind).toBe('refresh');
  });
});

describe('a step that went wrong', () => {
  test('fails by severity', () => {
    expect(told({ level: 'error', message: 'token exchange' })).toBe('exchange failed');
    expect(told({ level: 'warn', message: 'token exchange' })).toBe('exchange seen');
  });

  test('an empty code in the callback is a refusal', () => {
    expect(told({ message: 'wechat callback received', state: 'a8f3c1d2e4', code: '' })).toBe(
      'callback denied',
    );
    expect(told({ message: 'wechat callback received', state: 'a8f3c1d2e4', code: null })).toBe(
      'callback denied',
    );
    expect(told({ message: 'wechat callback received', state: 'a8f3c1d2e4' })).toBe(
      'callback seen',
    );
    expect(told({ path: '/cb/callback?state=a8f3c1d2e4&code=***' })).toBe('callback seen');
  });
});

describe("the user's own rules", () => {
  const { mapping, problems } = parseMapping(
    'mine.yaml',
    `fields:
  login.qrcode_id: biz.key
stages:
  - name: my_session
    stage: session
    outcome: ok
    detection:
      selection: {biz.step: 'S9'}
      condition: selection
  - name: not_mine
    stage: none
    detection:
      selection: {message|contains: 'login success of robot'}
      condition: selection
`,
  );

  test('come before the built-in ones', () => {
    expect(problems).toEqual([]);
    const { events } = readEvents(
      [
        { biz: { step: 'S9', key: 'k1' }, message: 'qr code created' },
        { message: 'login success of robot', biz: { key: 'k1' } },
        { message: 'login success', biz: { key: 'k1' } },
      ],
      { mappings: [mapping, ...builtIn] },
    );
    expect(events.map(({ stage }) => stage)).toEqual(['session', undefined, 'session']);
    expect(events.map(({ ids }) => ids)).toEqual([
      ['login.qrcode_id=k1'],
      ['login.qrcode_id=k1'],
      ['login.qrcode_id=k1'],
    ]);
  });
});
