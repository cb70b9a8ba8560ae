import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { UserStore } from '../../src/service/store/index.ts';
import { BrowserDouble } from './browser-double.ts';
import { createMemoryUsers } from './memory-users.ts';
import { ANN, accountLogin, browse, websiteLogin } from './walk.ts';
import { DEMO_PASSWORD, startWorld, type World } from './world.ts';

describe('a service in operation', () => {
  let world: World;
  let down = false;
  const users: UserStore = {
    ...createMemoryUsers(),
    ping: async () => {
      if (down) throw new Error('no database');
    },
  };
  beforeAll(async () => {
    world = await startWorld({
      users,
      env: {
        CORS_ORIGINS: 'https://app.example, https://other.example',
        PASSWORD_USERS: `ann:${DEMO_PASSWORD}`,
        JWT_KEYS: `new:${'n'.repeat(32)},old:${'o'.repeat(32)}`,
      },
    });
  });
  afterAll(() => world.close());
  const ask = (url: string, headers = {}) => new BrowserDouble(world.service.app).get(url, headers);

  test('is alive whatever happens to its stores, and ready only with them', async () => {
    expect((await ask('/ready')).json()).toEqual({
      status: 'ready',
      checks: { draining: 'no', state: 'ok', database: 'ok' },
    });
    down = true;
    expect((await ask('/health')).statusCode).toBe(200);
    expect((await ask('/ready')).statusCode).toBe(503);
    down = false;
  });

  test('does not ask WeChat whether it is ready', async () => {
    await world.platform.close();
    expect((await ask('/ready')).statusCode).toBe(200);
  });

  test('answers scripts of allowed origins, without cookies, and no others', async () => {
    const allowed = await ask('/profile', { origin: 'https://app.example' });
    expect(allowed.headers['access-control-allow-origin']).toBe('https://app.example');
    expect(allowed.headers['access-control-allow-credentials']).toBeUndefined();
    const other = await ask('/profile', { origin: 'https://evil.example' });
    expect(other.headers['access-control-allow-origin']).toBeUndefined();
  });

  test('a password gives tokens, a token the profile, a refresh token the next pair', async () => {
    const script = new BrowserDouble(world.service.app);
    const login = await script.post('/login', { username: 'ann', password: DEMO_PASSWORD });
    expect(login.json()).toMatchObject({ token_type: 'Bearer', expires_in: 900 });
    expect(login.cookies).toEqual([]);
    const { access_token, refresh_token } = login.json();
    const header = JSON.parse(Buffer.from(access_token.split('.')[0], 'base64url').toString());
    expect(header).toEqual({ alg: 'HS256', kid: 'new', typ: 'JWT' });
    const profile = await ask('/profile', { authorization: `Bearer ${access_token}` });
    expect(profile.json()).toMatchObject({ username: 'ann' });
    const next = (await script.post('/token/refresh', { refresh_token })).json();
    expect(next.refresh_token).not.toBe(refresh_token);
    const { refresh_token: last } = next;
    expect((await script.post('/token/revoke', { refresh_token: last })).statusCode).toBe(204);
    expect((await script.post('/token/refresh', { refresh_token: last })).statusCode).toBe(401);
  });

  test('speaks the browser’s language', async () => {
    const zh = await ask('/login', { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8' });
    expect(zh.body).toContain('<html lang="zh-CN">');
    expect((await ask('/login', { 'accept-language': 'fr,en' })).body).toContain(
      '<html lang="en">',
    );
    expect((await ask('/login?lang=zh')).body).toContain('请用微信扫描二维码');
    const lost = await ask('/nowhere?lang=zh', { accept: 'text/html' });
    expect([lost.statusCode, lost.body.includes('页面不存在')]).toEqual([404, true]);
  });
});

test('the JWT’s time is checked: late, early, and within tolerance', async () => {
  let skewMs = 0;
  const world = await startWorld({
    now: () => Date.now() + skewMs,
    env: { PASSWORD_USERS: `ann:${DEMO_PASSWORD}` },
  });
  try {
    const script = new BrowserDouble(world.service.app);
    const login = await script.post('/login', { username: 'ann', password: DEMO_PASSWORD });
    const authorization = `Bearer ${login.json().access_token}`;
    const statusAt = async (ms: number) => {
      skewMs = ms;
      return (await script.get('/profile', { authorization })).statusCode;
    };
    expect(await statusAt(14 * 60_000)).toBe(200);
    expect(await statusAt(16 * 60_000)).toBe(401);
    expect(await statusAt(-3000)).toBe(200);
    expect(await statusAt(-10 * 60_000)).toBe(401);
    const reasons = (await world.log()).map((line) => line['error.type']);
    expect(reasons).toContain('ERR_JWT_EXPIRED');
    expect(reasons).toContain('ERR_JWT_CLAIM_VALIDATION_FAILED');
  } finally {
    await world.close();
  }
});

test('/metrics has every figure of the dashboards, and no id as a label', async () => {
  const world = await startWorld();
  try {
    await websiteLogin(world, ANN);
    const { code } = await accountLogin(world, ANN);
    await (await browse(world)).get('/callback?code=x&state=forged');
    const text = (await (await browse(world)).get('/metrics')).body;
    const figures = [
      'wechat_login_flows_started_total{kind="website"} 1',
      'wechat_login_flows_total{kind="website",outcome="succeeded",stage="session",reason=""} 1',
      'wechat_login_flows_total{kind="website",outcome="failed",stage="callback",reason="state_not_found"} 1',
      'wechat_login_flow_duration_seconds_count{kind="official_account",outcome="succeeded"} 1',
      'wechat_login_stage_duration_seconds_count{stage="exchange"} 1',
      'wechat_login_stage_duration_seconds_count{stage="scanned"} 1',
      'wechat_login_flows_open{kind="website"} 0',
      'db_client_connection_count{state="idle"} 0',
      'db_client_connection_timeouts_total 0',
      'http_server_request_duration_seconds_count{http_request_method="GET",http_route="/callback",http_response_status_code="303"} 1',
      'http_client_request_duration_seconds_count{server_address="127.0.0.1",url_template="/sns/userinfo",http_response_status_code="200",error_type=""} 1',
      '# TYPE wechat_api_errors_total counter',
      '# TYPE nodejs_eventloop_lag_seconds gauge',
    ];
    expect(figures.filter((line) => !text.includes(line))).toEqual([]);
    expect(text.includes(code.id)).toBe(false);
  } finally {
    await world.close();
  }
});
