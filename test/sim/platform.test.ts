import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  openidOf,
  type PlatformServer,
  simulatedApps,
  startPlatform,
} from '../../src/sim/platform/index.ts';

const ANN = { id: 'ann', nickname: 'Ann' };
const CALLBACK = 'http://127.0.0.1:1/callback';

describe('the simulated platform', () => {
  let nowMs = Date.UTC(2026, 0, 1);
  let server: PlatformServer;
  const apps = simulatedApps(() => 'http://127.0.0.1:1');
  const { appId, secret } = apps.website;
  beforeAll(async () => {
    const { website, officialAccount } = apps;
    server = await startPlatform({
      platform: {
        website,
        officialAccount,
        now: () => nowMs,
        pollHoldMs: 50,
        userinfoPerMinute: 3,
      },
    });
  });
  afterAll(() => server.close());

  const ask = async (path: string, query: Record<string, string>, body?: unknown) => {
    const response = await fetch(`${server.url}${path}?${new URLSearchParams(query)}`, {
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    });
    return { response, text: await response.text() };
  };
  const api = async (path: string, query: Record<string, string>, body?: unknown) =>
    JSON.parse((await ask(path, query, body)).text);
  const exchange = (code: string, more = {}) =>
    api('/sns/oauth2/access_token', {
      appid: appId,
      secret,
      code,
      grant_type: 'authorization_code',
      ...more,
    });

  test('a code is good once', async () => {
    const code = server.platform.sns.mint(ANN);
    expect(await exchange(code)).toMatchObject({
      openid: openidOf(ANN, appId),
      expires_in: 7200,
      scope: 'snsapi_login',
    });
    expect((await exchange(code)).errcode).toBe(40163);
  });

  test('a code is good for ten minutes', async () => {
    const code = server.platform.sns.mint(ANN);
    nowMs += 10 * 60_000;
    expect((await exchange(code)).errcode).toBe(42003);
  });

  test.each([
    ['an unknown code', { code: 'x' }, 40029],
    ['no code', { code: '' }, 41008],
    ['a wrong secret', { secret: 'x' }, 40125],
    ['no secret', { secret: '' }, 41004],
    ['a wrong appid', { appid: 'wx0' }, 40013],
    ['no appid', { appid: '' }, 41002],
  ])('%s is refused with HTTP 200, as plain text', async (_name, more, errcode) => {
    const { response, text } = await ask('/sns/oauth2/access_token', {
      appid: appId,
      secret,
      code: 'c',
      ...more,
    });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/plain']);
    const { errcode: got, errmsg } = JSON.parse(text);
    expect(got).toBe(errcode);
    // The id of a refusal begins with the platform's time.
    const [, hex] = /, rid: ([0-9a-f]{8})-[0-9a-f]{8}-[0-9a-f]{8}$/.exec(errmsg) as RegExpExecArray;
    expect(Number.parseInt(hex, 16)).toBe(Math.floor(nowMs / 1000));
  });

  test('tokens speak for their openid, run out, and are refreshed', async () => {
    const tokens = await exchange(server.platform.sns.mint(ANN));
    const { access_token, refresh_token, openid } = tokens;
    expect(await api('/sns/userinfo', { access_token, openid })).toMatchObject({ nickname: 'Ann' });
    expect(await api('/sns/auth', { access_token, openid })).toEqual({ errcode: 0, errmsg: 'ok' });
    expect((await api('/sns/userinfo', { access_token, openid: 'o' })).errcode).toBe(40003);
    expect((await api('/sns/userinfo', { access_token: 'x', openid })).errcode).toBe(40001);
    nowMs += 7200_000;
    expect((await api('/sns/userinfo', { access_token, openid })).errcode).toBe(42001);
    const renew = () =>
      api('/sns/oauth2/refresh_token', {
        appid: appId,
        refresh_token,
        grant_type: 'refresh_token',
      });
    const { access_token: fresh } = await renew();
    expect((await api('/sns/auth', { access_token: fresh, openid })).errcode).toBe(0);
    nowMs += 30 * 86_400_000;
    expect((await renew()).errcode).toBe(42002);
  });

  test('a minute has its quota for each openid', async () => {
    nowMs += 60_000;
    const { access_token, openid } = await exchange(server.platform.sns.mint(ANN));
    const ask1 = async () => (await api('/sns/userinfo', { access_token, openid })).errcode;
    expect([await ask1(), await ask1(), await ask1(), await ask1()]).toEqual([
      undefined,
      undefined,
      undefined,
      45011,
    ]);
    nowMs += 60_000;
    expect(await ask1()).toBeUndefined();
  });

  test('a new account token kills the old after the grace; the stable one stays', async () => {
    const account = apps.officialAccount;
    const query = { appid: account.appId, secret: account.secret, grant_type: 'client_credential' };
    const works = async (access_token: string) =>
      (await api('/cgi-bin/user/info', { access_token, openid: 'nobody' })).errcode;
    const stable = async () => (await api('/cgi-bin/stable_token', {}, query)).access_token;
    const first = (await api('/cgi-bin/token', query)).access_token;
    const kept = await stable();
    const second = (await api('/cgi-bin/token', query)).access_token;
    // 40003: the token is fine, only nobody is no follower.
    expect(await works(first)).toBe(40003);
    nowMs += 5 * 60_000;
    expect([await works(first), await works(second), await works(kept)]).toEqual([
      40001, 40003, 40003,
    ]);
    expect(await stable()).toBe(kept);
    nowMs += 7200_000;
    expect([await works(second), await works(kept)]).toEqual([42001, 42001]);
  });

  test('the poll tells each step in its own numbers', async () => {
    const page = await ask('/connect/qrconnect', {
      appid: appId,
      redirect_uri: CALLBACK,
      response_type: 'code',
      scope: 'snsapi_login',
      state: 'st',
    });
    const uuid = /\/connect\/qrcode\/([\w-]+)/.exec(page.text)?.[1] as string;
    const poll = async (last?: string) =>
      (await ask('/connect/l/qrconnect', { uuid, ...(last && { last }) })).text;
    expect(await poll()).toBe(`window.wx_errcode=408;window.wx_code='';`);
    server.platform.act(uuid, 'scan', ANN);
    expect(await poll()).toBe(`window.wx_errcode=404;window.wx_code='';`);
    expect(await poll('404')).toBe(`window.wx_errcode=408;window.wx_code='';`);
    server.platform.act(uuid, 'cancel', ANN);
    expect(await poll('404')).toBe(`window.wx_errcode=403;window.wx_code='';`);
    server.platform.act(uuid, 'scan', ANN);
    expect(server.platform.act(uuid, 'confirm', { id: 'ben', nickname: '' })).toBe(false);
    server.platform.act(uuid, 'confirm', ANN);
    expect(await poll('404')).toMatch(/^window.wx_errcode=405;window.wx_code='0[\w-]{31}';$/);
    const redirect = new URL(server.platform.connect.redirectOf(uuid) as string);
    expect(redirect.searchParams.get('state')).toBe('st');
    expect((await exchange(redirect.searchParams.get('code') as string)).openid).toBeDefined();
    nowMs += 10 * 60_000;
    expect(await (await ask('/connect/l/qrconnect', { uuid: 'gone' })).text).toContain('402');
  });

  test.each([
    ['appid', { appid: 'wx0' }, 'AppID'],
    ['scope', { scope: 'snsapi_userinfo' }, 'Scope'],
    ['redirect_uri', { redirect_uri: 'https://evil.example/callback' }, 'redirect_uri'],
  ])('a wrong %s shows a page of WeChat’s, and no code', async (_name, more, said) => {
    const { text } = await ask('/connect/qrconnect', {
      appid: appId,
      redirect_uri: CALLBACK,
      scope: 'snsapi_login',
      ...more,
    });
    expect(text).toContain(said);
    expect(text).not.toContain('/connect/qrcode/');
  });
});
