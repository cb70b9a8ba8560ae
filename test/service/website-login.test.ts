import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ANN, actAtWechat, browse, confirmAtWechat, websiteLogin } from './walk.ts';
import { startWorld, type World } from './world.ts';

describe('a website login that goes well', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  test('leads from the code to the profile', async () => {
    const { browser, code, answer } = await websiteLogin(world, ANN);
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/profile']);
    expect(await browser.status(code.id)).toMatchObject({ state: 'completed', over: true });
    const profile = await browser.get('/profile', { accept: 'text/html' });
    expect(profile.body).toContain('安 &#60;b&#62;Ann&#60;/b&#62;');
    expect((await browser.get('/profile')).json()).toMatchObject({ userId: '1' });
  });

  test('finds the same user again, from another browser', async () => {
    const { browser } = await websiteLogin(world, ANN);
    expect((await browser.get('/profile')).json()).toMatchObject({ userId: '1' });
  });

  test('tells its events in order, under one flow id', async () => {
    const before = (await world.log()).length;
    const { code } = await websiteLogin(world, ANN);
    const mine = (await world.log()).slice(before);
    const events = mine.filter((line) => line['login.flow.id'] === code.id);
    expect(events.map((line) => [line['event.name'], line['login.stage']])).toEqual([
      ['wechat.login.flow.started', 'issued'],
      ['wechat.login.qr.issued', 'issued'],
      ['wechat.login.token.exchanged', 'exchange'],
      ['wechat.login.userinfo.fetched', 'userinfo'],
      ['wechat.login.user.updated', 'persist'],
      ['wechat.login.session.created', 'session'],
      ['wechat.login.flow.completed', 'session'],
    ]);
    const returned = mine.find((line) => line['event.name'] === 'wechat.login.callback.received');
    const issued = mine.find((line) => line['event.name'] === 'wechat.login.qr.issued');
    expect(returned?.['login.flow.id']).toBeUndefined();
    expect(returned?.['login.state_hash']).toBe(issued?.['login.state_hash']);
    expect(issued?.['login.state_hash']).toMatch(/^[0-9a-f]{16}$/);
  });

  test('two tabs of one browser do not disturb each other', async () => {
    const browser = await browse(world);
    const first = await browser.show('website');
    const second = await browser.show('website');
    for (const code of [second, first]) {
      const path = await confirmAtWechat(world, code, ANN);
      expect((await browser.get(path)).headers.location).toBe('/profile');
    }
  });

  test('a reloaded callback leads on to the profile, without a second exchange', async () => {
    const { browser, callback } = await websiteLogin(world, ANN);
    const again = await browser.get(callback);
    expect([again.statusCode, again.headers.location]).toEqual([303, '/profile']);
  });

  test('who refuses in WeChat comes back to the login page, and nothing failed', async () => {
    const browser = await browse(world);
    const code = await browser.show('website');
    const path = await actAtWechat(world, code, ANN, 'deny');
    expect(path).not.toContain('code=');
    expect((await browser.get(path)).headers.location).toBe('/login?notice=denied');
    expect(await browser.status(code.id)).toMatchObject({ state: 'cancelled', over: true });
    const mine = (await world.log()).filter((line) => line['login.flow.id'] === code.id);
    expect(mine.map((line) => line['event.name'])).toContain('wechat.login.callback.denied');
    expect(mine.map((line) => line['event.name'])).not.toContain('wechat.login.flow.failed');
  });

  test('what the page saw of WeChat’s poll is shown and logged, and a cancelled code goes on', async () => {
    const browser = await browse(world);
    const code = await browser.show('website');
    const states: unknown[] = [];
    for (const wx_errcode of [404, 403, 404, 405]) {
      expect((await browser.post(`/qr/${code.id}/report`, { wx_errcode })).statusCode).toBe(204);
      states.push((await browser.status(code.id)).state);
    }
    expect(states).toEqual(['scanned', 'cancelled', 'scanned', 'confirmed']);
    expect((await browser.post(`/qr/${code.id}/report`, { wx_errcode: 500 })).statusCode).toBe(400);
    const path = await confirmAtWechat(world, code, ANN);
    expect((await browser.get(path)).headers.location).toBe('/profile');
    // The last report may come behind the session, with the token that the page was given before.
    expect((await browser.post(`/qr/${code.id}/report`, { wx_errcode: 405 })).statusCode).toBe(204);
  });

  test('renews the profile only where tokens were kept', async () => {
    const { browser } = await websiteLogin(world, ANN);
    const page = await browser.get('/profile', { accept: 'text/html' });
    browser.csrf = /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] as string;
    expect((await browser.post('/profile/renew')).statusCode).toBe(404);
  });
});

test('kept tokens renew the profile, refreshed when they have run out', async () => {
  let laterMs = 0;
  const world = await startWorld({
    env: { KEEP_WECHAT_TOKENS: 'on' },
    platform: { now: () => Date.now() + laterMs },
  });
  try {
    const { browser } = await websiteLogin(world, ANN);
    const sealed = (await world.service.ctx.users.tokens('1')) as string;
    expect(sealed).not.toContain('access');
    laterMs = 3 * 60 * 60_000;
    const page = await browser.get('/profile', { accept: 'text/html' });
    browser.csrf = /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] as string;
    expect((await browser.post('/profile/renew')).headers.location).toBe('/profile');
    expect(await world.service.ctx.users.tokens('1')).not.toBe(sealed);
    // A refresh token ends too; then only a new login helps.
    laterMs += 31 * 24 * 60 * 60_000;
    expect((await browser.post('/profile/renew')).statusCode).toBe(502);
  } finally {
    await world.close();
  }
});
