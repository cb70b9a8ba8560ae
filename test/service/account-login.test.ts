import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scanXml, signedUrl } from '../../src/sim/platform/index.ts';
import {
  ANN,
  accountLogin,
  BEN,
  browse,
  decideOnPhone,
  scanAccount,
  websiteLogin,
} from './walk.ts';
import { startWorld, type World } from './world.ts';

describe('an official-account login', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  test('leads from the code over the phone to the profile', async () => {
    const { browser, code, answer } = await accountLogin(world, ANN);
    expect(code.qrSvg).toMatch(/^<svg /);
    expect(answer.json()).toEqual({ next: '/profile' });
    expect((await browser.get('/profile')).statusCode).toBe(200);
  });

  test('finds by unionid the user who came through the website before', async () => {
    const website = await websiteLogin(world, BEN);
    const account = await accountLogin(world, BEN);
    const userOf = async ({ browser }: typeof website | typeof account) =>
      (await browser.get('/profile')).json().userId;
    expect(await userOf(account)).toBe(await userOf(website));
  });

  test('moves waiting → scanned → confirmed → completed', async () => {
    const browser = await browse(world);
    const code = await browser.show('official_account');
    const states: unknown[] = [(await browser.status(code.id)).state];
    const link = (await scanAccount(world, code, ANN)) as string;
    states.push((await browser.status(code.id)).state);
    await decideOnPhone(world, link, 'confirm');
    states.push((await browser.status(code.id)).state);
    const again = await browser.get(link, { accept: 'text/html' });
    expect(again.statusCode).toBe(410);
    await browser.post(`/qr/${code.id}/claim`);
    const mine = (await world.log()).filter((line) => line['login.flow.id'] === code.id);
    expect(states).toEqual(['waiting', 'scanned', 'confirmed']);
    expect(
      mine.map((line) => line['event.name']).filter((name) => !name?.includes('polled')),
    ).toEqual(
      [
        'flow.started',
        'qr.issued',
        'qr.scanned',
        'qr.confirmed',
        'userinfo.fetched',
        'user.updated',
        'session.created',
        'flow.completed',
      ].map((name) => `wechat.login.${name}`),
    );
  });

  test('the webhook’s own line has no flow id; the ticket’s hash joins it', async () => {
    const { code } = await accountLogin(world, ANN);
    const log = await world.log();
    const issued = log.find(
      (line) =>
        line['login.flow.id'] === code.id && line['event.name'] === 'wechat.login.qr.issued',
    );
    const pushed = log.find(
      (line) =>
        line['event.name'] === 'wechat.login.push.received' &&
        line['login.ticket_hash'] === issued?.['login.ticket_hash'],
    );
    expect(pushed).toBeDefined();
    expect(pushed?.['login.flow.id']).toBeUndefined();
    expect(pushed?.['login.scene_hash']).toBe(issued?.['login.scene_hash']);
  });

  test('cancelled on the phone is over, and nobody is logged in', async () => {
    const browser = await browse(world);
    const code = await browser.show('official_account');
    const link = (await scanAccount(world, code, ANN)) as string;
    const page = await decideOnPhone(world, link, 'cancel');
    expect(page.body).toContain('Cancelled');
    expect(await browser.status(code.id)).toMatchObject({ state: 'cancelled', over: true });
    expect((await browser.post(`/qr/${code.id}/claim`)).statusCode).toBe(409);
    expect((await browser.get('/profile')).statusCode).toBe(401);
  });

  test('the first who scans wins; another is told so', async () => {
    const browser = await browse(world);
    const code = await browser.show('official_account');
    const link = await scanAccount(world, code, ANN);
    const other = await world.platform.platform.scanTicket(code.qrText as string, BEN);
    expect(other?.reply).toContain('Somebody else');
    expect(link).toBeDefined();
    expect((await browser.status(code.id)).state).toBe('scanned');
  });

  test('a refreshed code ends the old one', async () => {
    const browser = await browse(world);
    const old = await browser.show('official_account');
    const fresh = await browser.post(`/qr/${old.id}/refresh`);
    expect(fresh.statusCode).toBe(201);
    const late = await world.platform.platform.scanTicket(old.qrText as string, ANN);
    expect(late?.reply).toContain('run out');
    const code = fresh.json();
    const link = (await scanAccount(world, code, ANN)) as string;
    await decideOnPhone(world, link, 'confirm');
    expect((await browser.post(`/qr/${code.id}/claim`)).statusCode).toBe(200);
  });

  test('a push that comes again scans once, and its person gets the link that was late', async () => {
    const browser = await browse(world);
    const code = await browser.show('official_account');
    const { settings, cgiBin } = world.platform.platform;
    const ticket = cgiBin.ticketByUrl(code.qrText as string);
    const body = scanXml(
      { person: ANN, scene: ticket?.scene ?? '', ticket: ticket?.ticket ?? '', follower: true },
      'oAnn',
      Date.now(),
    );
    const { pushUrl, pushToken } = settings.officialAccount;
    const push = async () => {
      const response = await fetch(signedUrl(pushUrl as string, pushToken, Date.now()), {
        method: 'POST',
        headers: { 'content-type': 'text/xml' },
        body,
      });
      return response.text();
    };
    expect(await push()).toContain('/confirm?token=');
    expect(await push()).toContain('/confirm?token=');
    const scans = (await world.log()).filter(
      (line) =>
        line['login.flow.id'] === code.id && line['event.name'] === 'wechat.login.qr.scanned',
    );
    expect(scans).toHaveLength(1);
  });

  test('WeChat’s proof of address is answered with its own words', async () => {
    const { pushUrl, pushToken } = world.platform.platform.settings.officialAccount;
    const url = `${signedUrl(pushUrl as string, pushToken, Date.now())}&echostr=hello`;
    expect(await (await fetch(url)).text()).toBe('hello');
    expect((await fetch(url.replace(/signature=./, 'signature=x'))).status).toBe(403);
  });
});

// At once, for most of their time they wait; long enough that a slow machine comes to scanning.
describe.concurrent('a code that runs out', () => {
  const TTL_MS = 8000;
  const ttl = `${TTL_MS}`;
  let world: World;
  beforeAll(async () => {
    world = await startWorld({
      env: { QR_TTL_MS: ttl, STATE_TTL_MS: ttl, CLAIM_TTL_MS: ttl },
    });
  });
  afterAll(() => world.close());
  const pass = () => new Promise((resolve) => setTimeout(resolve, TTL_MS + 300));
  const namesOf = async (id: string) =>
    (await world.log())
      .filter((line) => line['login.flow.id'] === id)
      .map((line) => line['event.name']?.replace('wechat.login.', ''))
      .filter((name) => name !== 'status.polled');

  test.each(['official_account', 'website'] as const)(
    'unscanned was abandoned: %s',
    async (kind) => {
      const browser = await browse(world);
      const code = await browser.show(kind);
      await pass();
      expect(await browser.status(code.id)).toMatchObject({ state: 'expired', over: true });
      expect(await namesOf(code.id)).toEqual(['flow.started', 'qr.issued', 'qr.expired']);
    },
  );

  test('scanned has failed, for somebody wanted to log in', async () => {
    const browser = await browse(world);
    const code = await browser.show('official_account');
    const link = (await scanAccount(world, code, ANN)) as string;
    await pass();
    expect((await decideOnPhone(world, link, 'confirm')).statusCode).toBe(410);
    expect(await namesOf(code.id)).toEqual([
      'flow.started',
      'qr.issued',
      'qr.scanned',
      'qr.expired',
      'flow.failed',
    ]);
  });

  test('confirmed but never taken ends as well', async () => {
    const browser = await browse(world);
    const code = await browser.show('official_account');
    const link = (await scanAccount(world, code, ANN)) as string;
    await decideOnPhone(world, link, 'confirm');
    await pass();
    await pass();
    expect((await browser.status(code.id)).state).toBe('expired');
    expect((await browser.post(`/qr/${code.id}/claim`)).statusCode).toBe(409);
  });
});
