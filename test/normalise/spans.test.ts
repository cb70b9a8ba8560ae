import { describe, expect, test } from 'vitest';
import { readEvent } from './read-events.ts';

/** What a span says, as `stage outcome`; `-` for one that is no step of a login. */
function told(span: object): string {
  const { stage, outcome } = readEvent({
    'login.flow.id': 'f1',
    'span.kind': 'INTERNAL',
    time_unix_nano: '1795145821432803000',
    ...span,
  });
  return stage === undefined ? '-' : `${stage} ${outcome}`;
}

describe('a span tells its step by its name', () => {
  test.each([
    ['exchange_code', 'exchange ok'],
    ['exchangeCodeForToken', 'exchange ok'],
    ['oauth.token_exchange', 'exchange ok'],
    ['WxMpService.oauth2getAccessToken', 'exchange ok'],
    ['jscode2session', 'exchange ok'],
    ['wechat.getUserInfo', 'userinfo ok'],
    ['fetch_wechat_user', 'userinfo ok'],
    ['WxOAuthService.fetchUserProfile', 'userinfo ok'],
    ['generateLoginQrCode', 'issued ok'],
    ['create_qrcode', 'issued ok'],
    ['QrCodeService.createQrCode', 'issued ok'],
    ['handleScanEvent', 'scanned ok'],
    ['qr.scanned', 'scanned ok'],
    ['confirm_qr', 'confirmed ok'],
    ['verify_state', 'callback seen'],
    ['findOrCreateUser', 'persist ok'],
    ['UserRepository.upsertUser', 'persist ok'],
    ['auth.create_session', 'session ok'],
    ['issueJwt', 'session ok'],
    ['GET /login/wechat/callback', 'callback seen'],
    ['get /auth/callback', 'callback seen'],
    ['GET /sns/oauth2/access_token', 'exchange seen'],
    ['HTTP GET /sns/userinfo', 'userinfo seen'],
    ['GET /qr/{id}/status', 'polled seen'],
    ['POST /api/qrcode/create', 'issued seen'],
    ['getStableAccessToken', '-'],
    ['refreshToken', '-'],
    ['postgresql SELECT', '-'],
    ['redis SET', '-'],
    ['GET /', '-'],
    ['middleware - session', '-'],
    ['session.load', '-'],
    ['tcp.connect', '-'],
  ])('%s: %s', (name, expected) => {
    expect(told({ 'span.name': name })).toBe(expected);
  });
});

describe('whether a step went well', () => {
  const exchange = { 'span.name': 'exchange_code' };

  test('is told by an error of the span', () => {
    expect(told({ ...exchange, 'otel.status_code': 'ERROR' })).toBe('exchange failed');
    expect(told({ ...exchange, 'otel.status_code': 'OK' })).toBe('exchange ok');
  });

  test('is told by an errcode before any status', () => {
    const call = { 'span.name': 'GET', 'url.path': '/sns/oauth2/access_token' };
    expect(told({ ...call, 'http.response.status_code': 200 })).toBe('exchange seen');
    expect(told({ ...call, 'http.response.status_code': 200, 'wechat.errcode': 40029 })).toBe(
      'exchange failed',
    );
    expect(told({ ...exchange, 'otel.status_code': 'OK', errcode: 40163 })).toBe('exchange failed');
  });

  test('is told by the status of an answer, though the span is unset', () => {
    const callback = {
      'span.kind': 'SERVER',
      'span.name': 'GET /callback',
      'http.route': '/callback',
    };
    expect(told({ ...callback, 'http.response.status_code': 500 })).toBe('callback failed');
    expect(told({ ...callback, 'http.status_code': 400 })).toBe('callback failed');
    expect(told({ ...callback, 'http.response.status_code': 302 })).toBe('callback seen');
  });
});

describe('fields of spans', () => {
  const span = { 'login.flow.id': 'f1', 'span.name': 'GET /callback', 'span.kind': 'SERVER' };

  test('join traces by their links', () => {
    const { ids } = readEvent({
      ...span,
      trace_id: '0af7651916cd43dd8448eb211c80319c',
      'link.0.trace_id': '1af7651916cd43dd8448eb211c80319d',
      'link.1.trace_id': '2af7651916cd43dd8448eb211c80319e',
    });
    expect(ids.filter((id) => id.startsWith('trace_id='))).toHaveLength(3);
  });

  test('make the failure of a span an error', () => {
    expect(readEvent({ ...span, 'otel.status_code': 'ERROR' }).severity).toBe('error');
    expect(readEvent({ ...span, 'otel.status_code': 'OK' }).severity).toBe('unknown');
    expect(readEvent(span).severity).toBe('unknown');
  });

  test('take the time of the record before that of its collection', () => {
    const observed = { observed_time_unix_nano: '1795145899000000000' };
    expect(readEvent({ ...span, ...observed }).timeMs).toBe(1795145899000);
    expect(readEvent({ ...span, ...observed, time_unix_nano: '1795145821000000000' }).timeMs).toBe(
      1795145821000,
    );
    const body = JSON.stringify({ time: '2026-11-20T03:37:01Z', 'login.flow.id': 'f1' });
    expect(readEvent({ ...observed, body }).timeMs).toBe(Date.parse('2026-11-20T03:37:01Z'));
  });

  test('leave a level on the scale of another logger alone', () => {
    expect(readEvent({ ...span, severity_number: 9, level: 30 }).severity).toBe('info');
  });
});
