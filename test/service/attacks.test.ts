import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fingerprint } from '../../src/service/security/index.ts';
import { scanXml, signedUrl } from '../../src/sim/platform/index.ts';
import { BrowserDouble } from './browser-double.ts';
import {
  ANN,
  accountLogin,
  BEN,
  browse,
  confirmAtWechat,
  decideOnPhone,
  scanAccount,
  websiteLogin,
} from './walk.ts';
import { DEMO_PASSWORD, startWorld, type World } from './world.ts';

/**
 * Attacks on the login, each tried for real. Sources: RFC 9700 (state, CSRF of the redirect),
 * draft-ietf-oauth-cross-device-security and OWASP QRLJacking (codes shown to the wrong person),
 * RFC 8628 (polling), OWASP CSRF, session and JWT cheat sheets, and the complaints about WeChat
 * SDKs that left a check out.
 */
interface Attack {
  readonly attack: string;
  readonly fails: (world: World) => Promise<void>;
  /** What the log says of it. */
  readonly logged?: Readonly<Record<string, unknown>>;
}

const loggedOut = async (browser: BrowserDouble) =>
  expect((await browser.get('/profile')).statusCode).toBe(401);

const push = async (world: World, body: string, url?: string) => {
  const { pushUrl, pushToken } = world.platform.platform.settings.officialAccount;
  return fetch(url ?? signedUrl(pushUrl as string, pushToken, Date.now()), {
    method: 'POST',
    headers: { 'content-type': 'text/xml' },
    body,
  });
};

const scanBody = (world: World, qrText: string, openid: string) => {
  const ticket = world.platform.platform.cgiBin.ticketByUrl(qrText);
  return scanXml(
    { person: ANN, scene: ticket?.scene ?? '', ticket: ticket?.ticket ?? '', follower: true },
    openid,
    Date.now(),
  );
};

const login = async (world: World) =>
  (
    await new BrowserDouble(world.service.app).post('/login', {
      username: 'eve',
      password: DEMO_PASSWORD,
    })
  ).json<{ access_token: string; refresh_token: string }>();

const bearer = (world: World, token: string) =>
  new BrowserDouble(world.service.app).get('/profile', { authorization: `Bearer ${token}` });

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

const ATTACKS: readonly Attack[] = [
  {
    attack: 'login CSRF: the victim’s browser is sent to a callback the attacker began',
    async fails(world) {
      const attacker = await browse(world);
      const callback = await confirmAtWechat(world, await attacker.show('website'), BEN);
      const victim = await browse(world);
      expect((await victim.get(callback)).statusCode).toBe(400);
      await loggedOut(victim);
      // And the state is burnt: the attacker cannot use it afterwards either.
      expect((await attacker.get(callback)).statusCode).toBe(400);
      await loggedOut(attacker);
    },
    logged: { 'event.name': 'wechat.login.state.rejected', 'error.type': 'state_mismatch' },
  },
  {
    attack: 'a stolen callback is opened in a browser without cookies',
    async fails(world) {
      const callback = await confirmAtWechat(
        world,
        await (await browse(world)).show('website'),
        ANN,
      );
      const thief = new BrowserDouble(world.service.app);
      expect((await thief.get(callback)).statusCode).toBe(400);
      await loggedOut(thief);
    },
    logged: { 'event.name': 'wechat.login.state.rejected', 'error.type': 'state_mismatch' },
  },
  {
    attack: 'the state is made up',
    async fails(world) {
      const browser = await browse(world);
      expect((await browser.get('/callback?code=x&state=forged')).statusCode).toBe(400);
    },
    logged: { 'event.name': 'wechat.login.state.rejected', 'error.type': 'state_not_found' },
  },
  {
    attack: 'the state is left out',
    async fails(world) {
      const browser = await browse(world);
      expect((await browser.get('/callback?code=x')).statusCode).toBe(400);
    },
    logged: { 'event.name': 'wechat.login.state.rejected', 'error.type': 'state_missing' },
  },
  {
    attack: 'a callback is replayed',
    async fails(world) {
      const { browser, callback } = await websiteLogin(world, ANN);
      browser.cookies.delete('session');
      expect((await browser.get(callback)).statusCode).toBe(400);
      await loggedOut(browser);
    },
    logged: { 'event.name': 'wechat.login.state.rejected', 'error.type': 'state_reused' },
  },
  {
    attack: 'one callback is sent many times at once',
    async fails(world) {
      const browser = await browse(world);
      const callback = await confirmAtWechat(world, await browser.show('website'), ANN);
      const answers = await Promise.all(Array.from({ length: 8 }, () => browser.get(callback)));
      const sessions = answers.flatMap(({ cookies }) =>
        cookies.filter((c) => c.name === 'session'),
      );
      expect(sessions).toHaveLength(1);
    },
  },
  {
    attack: 'code injection: the victim’s state with the attacker’s code of another login',
    async fails(world) {
      const attacker = await browse(world);
      const stolen = await confirmAtWechat(world, await attacker.show('website'), BEN);
      const code = new URL(stolen, world.url).searchParams.get('code');
      // Without the victim's browser the attacker has no state that goes with it.
      const victim = await browse(world);
      await victim.show('website');
      expect((await victim.get(`/callback?code=${code}&state=`)).statusCode).toBe(400);
      await loggedOut(victim);
    },
  },
  {
    attack: 'session fixation: a session id planted before the login',
    async fails(world) {
      const browser = await browse(world);
      browser.cookies.set('session', 'planted');
      await browser.open();
      await websiteLogin(world, ANN, browser);
      expect(browser.cookies.get('session')).not.toBe('planted');
      const planter = new BrowserDouble(world.service.app);
      planter.cookies.set('session', 'planted');
      await loggedOut(planter);
    },
  },
  {
    attack: 'the session of before a login is used after it',
    async fails(world) {
      const { browser } = await websiteLogin(world, ANN);
      const before = browser.cookies.get('session') as string;
      await websiteLogin(world, BEN, await browser.open());
      const thief = new BrowserDouble(world.service.app);
      thief.cookies.set('session', before);
      await loggedOut(thief);
    },
  },
  {
    attack: 'QRLJacking: the attacker’s code is shown to the victim, who sees whose it is',
    async fails(world) {
      const attacker = await browse(world);
      const code = await attacker.show('official_account');
      const link = (await scanAccount(world, code, ANN)) as string;
      const page = await new BrowserDouble(world.service.app).get(link, { accept: 'text/html' });
      for (const told of [
        'scan-login',
        '127.0.0.1',
        '? · ?',
        'If somebody sent it to you, cancel',
      ]) {
        expect(page.body).toContain(told);
      }
      await decideOnPhone(world, link, 'cancel');
      expect((await attacker.post(`/qr/${code.id}/claim`)).statusCode).toBe(409);
    },
  },
  {
    attack: 'a second person scans and confirms over the first',
    async fails(world) {
      const browser = await browse(world);
      const code = await browser.show('official_account');
      await scanAccount(world, code, ANN);
      expect(await scanAccount(world, code, BEN)).toBeUndefined();
    },
    logged: { 'event.name': 'wechat.login.qr.refused', 'error.type': 'taken' },
  },
  {
    attack: 'the poll secret is guessed from the flow id',
    async fails(world) {
      const { id } = await (await browse(world)).show('official_account');
      const snoop = await browse(world);
      expect((await snoop.get(`/qr/${id}/status`)).statusCode).toBe(404);
      snoop.cookies.set(`poll-${id}`, id);
      expect((await snoop.get(`/qr/${id}/status`)).statusCode).toBe(404);
      expect((await snoop.get(`/qr/${id}/status/stream`)).statusCode).toBe(404);
      expect((await snoop.get(`/qr/${id}/status/long`)).statusCode).toBe(404);
    },
    logged: { 'event.name': 'wechat.login.status.rejected', 'error.type': 'wrong_secret' },
  },
  {
    attack: 'a stolen poll secret takes the session in another browser',
    async fails(world) {
      const browser = await browse(world);
      const code = await browser.show('official_account');
      await decideOnPhone(world, (await scanAccount(world, code, ANN)) as string, 'confirm');
      const thief = await browse(world);
      const name = `poll-${code.id}`;
      thief.cookies.set(name, browser.cookies.get(name) as string);
      expect((await thief.post(`/qr/${code.id}/claim`)).statusCode).toBe(404);
      await loggedOut(thief);
    },
  },
  {
    attack: 'a confirmed login is claimed twice',
    async fails(world) {
      const browser = await browse(world);
      const code = await browser.show('official_account');
      await decideOnPhone(world, (await scanAccount(world, code, ANN)) as string, 'confirm');
      const claims = await Promise.all(
        Array.from({ length: 6 }, () => browser.post(`/qr/${code.id}/claim`)),
      );
      expect(claims.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
    },
  },
  {
    attack: 'a login is claimed before anybody confirmed it',
    async fails(world) {
      const browser = await browse(world);
      const code = await browser.show('official_account');
      expect((await browser.post(`/qr/${code.id}/claim`)).statusCode).toBe(409);
      await scanAccount(world, code, ANN);
      expect((await browser.post(`/qr/${code.id}/claim`)).statusCode).toBe(409);
    },
  },
  {
    attack: 'a website login is claimed on the strength of a reported confirmation',
    async fails(world) {
      const browser = await browse(world);
      const code = await browser.show('website');
      await browser.post(`/qr/${code.id}/report`, { wx_errcode: 405 });
      expect((await browser.status(code.id)).state).toBe('confirmed');
      expect((await browser.post(`/qr/${code.id}/claim`)).statusCode).toBe(409);
      await loggedOut(browser);
    },
  },
  {
    attack: 'the confirm link is used again, after a change of mind',
    async fails(world) {
      const browser = await browse(world);
      const code = await browser.show('official_account');
      const link = (await scanAccount(world, code, ANN)) as string;
      await decideOnPhone(world, link, 'cancel');
      expect((await decideOnPhone(world, link, 'confirm')).statusCode).toBe(410);
    },
  },
  {
    attack: 'a push with a wrong signature',
    async fails(world) {
      const { qrText } = await (await browse(world)).show('official_account');
      const { pushUrl } = world.platform.platform.settings.officialAccount;
      const url = signedUrl(pushUrl as string, 'not-the-token', Date.now());
      expect((await push(world, scanBody(world, qrText as string, 'oEve'), url)).status).toBe(403);
    },
    logged: { 'event.name': 'wechat.login.push.rejected', 'error.type': 'push_badsig' },
  },
  {
    attack: 'a recorded signature with another body: the attacker names himself as scanner',
    async fails(world) {
      const { qrText } = await (await browse(world)).show('official_account');
      const { pushUrl, pushToken } = world.platform.platform.settings.officialAccount;
      const url = signedUrl(pushUrl as string, pushToken, Date.now());
      expect((await push(world, '<xml></xml>', url)).status).toBe(200);
      expect((await push(world, scanBody(world, qrText as string, 'oEve'), url)).status).toBe(403);
    },
    logged: { 'event.name': 'wechat.login.push.rejected', 'error.type': 'push_replayed' },
  },
  {
    attack: 'an old push is replayed',
    async fails(world) {
      const { pushUrl, pushToken } = world.platform.platform.settings.officialAccount;
      const url = signedUrl(pushUrl as string, pushToken, Date.now() - 10 * 60_000);
      expect((await push(world, '<xml></xml>', url)).status).toBe(403);
    },
    logged: { 'event.name': 'wechat.login.push.rejected', 'error.type': 'push_stale' },
  },
  {
    attack: 'a push that wants entities expanded',
    async fails(world) {
      const bomb =
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Event>&a;</Event></xml>';
      expect(await (await push(world, bomb)).text()).toBe('success');
    },
    logged: { 'event.name': 'wechat.login.push.ignored', 'error.type': 'other_event' },
  },
  {
    attack: 'CSRF: a form of another site, with the victim’s cookies',
    async fails(world) {
      const { browser } = await websiteLogin(world, ANN);
      const form = await browser.post('/logout', {}, { 'sec-fetch-site': 'cross-site' });
      expect(form.statusCode).toBe(403);
      expect((await browser.get('/profile')).statusCode).toBe(200);
    },
    logged: { 'event.name': 'wechat.login.csrf.rejected', 'error.type': 'malicious_csrf' },
  },
  {
    attack: 'CSRF from an old browser that sends only Origin',
    async fails(world) {
      const { browser } = await websiteLogin(world, ANN);
      const form = await browser.post(
        '/logout',
        {},
        { 'sec-fetch-site': '', origin: 'https://evil.example' },
      );
      expect(form.statusCode).toBe(403);
    },
  },
  {
    attack: 'CSRF without a token, from a neighbour on the same site',
    async fails(world) {
      const { browser } = await websiteLogin(world, ANN);
      browser.csrf = '';
      expect((await browser.post('/logout')).statusCode).toBe(403);
    },
    logged: { 'event.name': 'wechat.login.csrf.rejected' },
  },
  {
    attack: 'the attacker’s own CSRF token and cookie, planted on the victim',
    async fails(world) {
      const attacker = await browse(world);
      const { browser: victim } = await websiteLogin(world, ANN);
      victim.cookies.set('csrf', attacker.cookies.get('csrf') as string);
      victim.csrf = attacker.csrf;
      expect((await victim.post('/logout')).statusCode).toBe(403);
    },
  },
  {
    attack: 'a CSRF cookie the service never signed',
    async fails(world) {
      const browser = await browse(world);
      browser.cookies.set('csrf', 'made-up.signature');
      expect((await browser.post('/qr', { kind: 'website' })).statusCode).toBe(403);
    },
  },
  {
    attack: 'a WebSocket opened by another site',
    async fails(world) {
      const browser = await browse(world);
      const { id } = await browser.show('official_account');
      await expect(
        world.service.app.injectWS(`/qr/${id}/status/socket`, {
          headers: { cookie: browser.cookieHeader(), origin: 'https://evil.example' },
        }),
      ).rejects.toThrow('403');
    },
  },
  {
    attack: 'a JWT without a signature (alg none)',
    async fails(world) {
      const [, payload] = (await login(world)).access_token.split('.');
      const token = `${base64url({ alg: 'none', kid: 'own' })}.${payload}.`;
      expect((await bearer(world, token)).statusCode).toBe(401);
    },
  },
  {
    attack: 'a JWT with another user in it',
    async fails(world) {
      const [header, payload, signature] = (await login(world)).access_token.split('.');
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
      const token = [header, base64url({ ...claims, sub: '2' }), signature].join('.');
      expect((await bearer(world, token)).statusCode).toBe(401);
    },
    logged: { 'error.type': 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' },
  },
  {
    attack: 'a JWT signed with a key of the attacker’s, under a made-up kid',
    async fails(world) {
      const [, payload] = (await login(world)).access_token.split('.');
      const signed = `${base64url({ alg: 'HS256', kid: 'evil' })}.${payload}`;
      const signature = createHmac('sha256', 'evil').update(signed).digest('base64url');
      expect((await bearer(world, `${signed}.${signature}`)).statusCode).toBe(401);
    },
    logged: { 'error.type': 'ERR_KEY_UNKNOWN' },
  },
  {
    attack: 'a stolen refresh token, after its owner used it: the family ends for both',
    async fails(world) {
      const browser = new BrowserDouble(world.service.app);
      const { refresh_token: stolen } = await login(world);
      const renewed = await browser.post('/token/refresh', { refresh_token: stolen });
      expect(renewed.statusCode).toBe(200);
      expect((await browser.post('/token/refresh', { refresh_token: stolen })).statusCode).toBe(
        401,
      );
      const { refresh_token: next } = renewed.json<{ refresh_token: string }>();
      expect((await browser.post('/token/refresh', { refresh_token: next })).statusCode).toBe(401);
    },
    logged: { 'event.name': 'wechat.login.session.revoked', 'error.type': 'authn_token_reuse' },
  },
  {
    attack: 'a refresh token of no family',
    async fails(world) {
      const browser = new BrowserDouble(world.service.app);
      for (const refresh_token of ['x', 'x.y', '.', 'a'.repeat(200)]) {
        expect((await browser.post('/token/refresh', { refresh_token })).statusCode).toBe(401);
      }
    },
  },
  {
    attack: 'names are told apart from wrong passwords by the answer',
    async fails(world) {
      const browser = new BrowserDouble(world.service.app);
      const known = await browser.post('/login', { username: 'eve', password: 'wrong' });
      const unknown = await browser.post('/login', { username: 'nobody', password: 'wrong' });
      expect([known.statusCode, known.body]).toEqual([unknown.statusCode, unknown.body]);
      expect(known.statusCode).toBe(401);
    },
  },
  {
    attack: 'the page is framed by another site',
    async fails(world) {
      const { headers } = await (await browse(world)).get('/login');
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['x-frame-options']).toBe('DENY');
    },
  },
  {
    attack: 'a nickname that is a script',
    async fails(world) {
      const person = { id: 'mallory', nickname: '<script>alert(1)</script>' };
      const { browser } = await websiteLogin(world, person);
      const page = await browser.get('/profile', { accept: 'text/html' });
      expect(page.body).not.toContain('<script>alert');
      expect(page.headers['content-security-policy']).toContain("default-src 'self'");
    },
  },
  {
    attack: 'an open redirect after the login',
    async fails(world) {
      const browser = await browse(world);
      const callback = await confirmAtWechat(world, await browser.show('website'), ANN);
      const answer = await browser.get(
        `${callback}&next=https://evil.example&redirect=//evil.example`,
      );
      expect(answer.headers.location).toBe('/profile');
    },
  },
  {
    attack: 'code and state leak to other pages or caches',
    async fails(world) {
      const { answer } = await websiteLogin(world, ANN);
      expect(answer.headers['referrer-policy']).toBe('no-referrer');
      expect(answer.headers.location).toBe('/profile');
    },
  },
  {
    attack: 'who reads the store finds no secret to use',
    async fails(world) {
      const { browser, code } = await accountLogin(world, ANN);
      const session = browser.cookies.get('session') as string;
      expect(await world.service.ctx.store.get(`session:${session}`)).toBeUndefined();
      expect(await world.service.ctx.store.get(`session:${fingerprint(session)}`)).toBeDefined();
      const flow = await world.service.ctx.store.get(`flow:${code.id}`);
      expect(flow).not.toContain(browser.cookies.get('browser'));
    },
  },
  {
    attack: 'a body of megabytes',
    async fails(world) {
      const browser = await browse(world);
      const answer = await browser.post('/login', { username: 'a', password: 'x'.repeat(1 << 20) });
      expect(answer.statusCode).toBe(413);
    },
  },
];

describe('an attack', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ env: { PASSWORD_USERS: `eve:${DEMO_PASSWORD}` } });
  });
  afterAll(() => world.close());

  test.each(ATTACKS)('$attack', async ({ fails, logged }) => {
    const before = (await world.log()).length;
    await fails(world);
    if (logged === undefined) return;
    const lines = (await world.log()).slice(before);
    expect(lines).toContainEqual(expect.objectContaining(logged));
  });
});

test('under https every cookie is __Host-, Secure, HttpOnly and Lax', async () => {
  const world = await startWorld({ env: { PUBLIC_URL: 'https://login.example' } });
  try {
    const browser = await browse(world);
    const shown = await browser.post(
      '/qr',
      { kind: 'website' },
      { 'sec-fetch-site': 'same-origin' },
    );
    const cookies = [
      ...(await new BrowserDouble(world.service.app).get('/login')).cookies,
      ...shown.cookies,
    ];
    expect(cookies.length).toBeGreaterThanOrEqual(3);
    for (const cookie of cookies) {
      expect(cookie).toMatchObject({ secure: true, httpOnly: true, sameSite: 'Lax', path: '/' });
      expect(cookie.name).toMatch(/^__Host-/);
      expect(cookie).not.toHaveProperty('domain');
    }
    const { headers } = await browser.get('/login');
    expect(headers['strict-transport-security']).toBeDefined();
  } finally {
    await world.close();
  }
});

describe('too many requests', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({
      env: {
        RATE_LIMIT_PER_MINUTE: '30',
        POLL_INTERVAL_MS: '1000',
        PASSWORD_USERS: `eve:${DEMO_PASSWORD}`,
      },
    });
  });
  afterAll(() => world.close());

  test('polling faster than agreed is told to slow down', async () => {
    const browser = await browse(world);
    const { id } = await browser.show('official_account');
    expect((await browser.get(`/qr/${id}/status`)).statusCode).toBe(200);
    const soon = await browser.get(`/qr/${id}/status`);
    expect([soon.statusCode, soon.json()]).toEqual([
      429,
      { error: 'slow_down', pollIntervalMs: 1000 },
    ]);
    expect(await world.events()).toContain('status.slow_down');
  });

  test('passwords are not guessed by the hundred', async () => {
    const browser = new BrowserDouble(world.service.app);
    const answers: number[] = [];
    for (let i = 0; i < 24; i++) {
      answers.push((await browser.post('/login', { username: 'eve', password: '' })).statusCode);
    }
    expect(answers).toContain(429);
    expect(await world.events()).toContain('rate.limited');
  });

  test('a client beyond its limit is turned away; health and push are not', async () => {
    const browser = new BrowserDouble(world.service.app);
    const answers: number[] = [];
    for (let i = 0; i < 40; i++) answers.push((await browser.get('/')).statusCode);
    expect(answers).toContain(429);
    expect((await browser.get('/health')).statusCode).toBe(200);
    expect((await push(world, '<xml></xml>')).status).toBe(200);
  });
});
