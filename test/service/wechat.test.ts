import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMemoryStore } from '../../src/service/store/index.ts';
import {
  createTokenCentre,
  isSignedBy,
  parseScanPush,
  signatureOf,
  textReply,
  type WechatCall,
  WechatError,
  type WechatHttp,
  withRetries,
} from '../../src/service/wechat/index.ts';

describe('the token centre', () => {
  /** A WeChat that gives numbered tokens. */
  function counting(delayMs = 0) {
    const calls: WechatCall[] = [];
    const http: WechatHttp = {
      async call(call) {
        calls.push(call);
        const count = calls.length;
        await new Promise((resolve) => setTimeout(resolve, delayMs));
        return { access_token: `token ${count}`, expires_in: 7200 };
      },
      close: async () => {},
    };
    return { http, calls };
  }
  const credentials = { appId: 'wx1', secret: 's', api: 'legacy' } as const;

  test('fetches once for many who ask at once, on one instance and on several', async () => {
    const { http, calls } = counting(30);
    const store = createMemoryStore();
    const centres = [1, 2, 3].map(() => createTokenCentre({ http, store, ...credentials }));
    const tokens = await Promise.all(centres.flatMap((centre) => [centre.get(), centre.get()]));
    expect(new Set(tokens)).toEqual(new Set(['token 1']));
    expect(calls).toHaveLength(1);
    await store.close();
  });

  test('each instance has its own where they share no store, and the tokens kill each other', async () => {
    const { http, calls } = counting();
    const stores = [createMemoryStore(), createMemoryStore()];
    const [one, two] = stores.map((store) => createTokenCentre({ http, store, ...credentials }));
    expect(await one.get()).not.toBe(await two.get());
    expect(calls).toHaveLength(2);
    await Promise.all(stores.map((store) => store.close()));
  });

  test('lets a token go before its end, and when WeChat refuses it, but never a newer one', async () => {
    let nowMs = 0;
    const { http } = counting();
    const store = createMemoryStore(() => nowMs);
    const centre = createTokenCentre({ http, store, ...credentials });
    expect(await centre.get()).toBe('token 1');
    nowMs = 6_800_000;
    expect(await centre.get()).toBe('token 1');
    nowMs = 6_950_000;
    expect(await centre.get()).toBe('token 2');
    await centre.forget('token 1');
    expect(await centre.get()).toBe('token 2');
    await centre.forget('token 2');
    expect(await centre.get()).toBe('token 3');
    await store.close();
  });

  test('a failed fetch leaves the way free for the next', async () => {
    let broken = true;
    const { http: good } = counting();
    const http: WechatHttp = {
      ...good,
      call: async (call) => {
        if (broken) throw new WechatError(-1, 'system error');
        return good.call(call);
      },
    };
    const store = createMemoryStore();
    const centre = createTokenCentre({ http, store, ...credentials });
    await expect(centre.get()).rejects.toMatchObject({ errcode: -1 });
    broken = false;
    expect(await centre.get()).toBe('token 1');
    await store.close();
  });
});

describe('signatures', () => {
  test('are SHA-1 over token, timestamp and nonce, sorted', () => {
    // printf %s 1409735669263014780QDG6eK | sha1sum
    expect(signatureOf('QDG6eK', '1409735669', '263014780')).toBe(
      'd712d8a0044de57a6d32069571bd35d0b8dbab60',
    );
  });

  test('hold for nothing else', () =>
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.string({ minLength: 1 }),
        (token, timestamp, nonce) => {
          fc.pre(timestamp !== '');
          const signature = signatureOf(token, timestamp, nonce);
          expect(isSignedBy(token, { signature, timestamp, nonce })).toBe(true);
          expect(isSignedBy(`${token}x`, { signature, timestamp, nonce })).toBe(false);
          expect(isSignedBy(token, { signature: undefined, timestamp, nonce })).toBe(false);
        },
      ),
    ));
});

describe('pushes', () => {
  const push = (event: string, key: string) =>
    `<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[oAnn]]></FromUserName>
     <CreateTime>1700000000</CreateTime><MsgType><![CDATA[event]]></MsgType>
     <Event><![CDATA[${event}]]></Event><EventKey><![CDATA[${key}]]></EventKey><Ticket><![CDATA[gQ==]]></Ticket></xml>`;

  test.each([
    [push('SCAN', 'login_1'), { event: 'SCAN', scene: 'login_1', openid: 'oAnn', ticket: 'gQ==' }],
    [push('subscribe', 'qrscene_login_1'), { event: 'subscribe', scene: 'login_1' }],
    [push('SCAN', 'a]]b&amp;c'), { scene: 'a]]b&amp;c' }],
  ])('%#: a scan is read', (xml, expected) => expect(parseScanPush(xml)).toMatchObject(expected));

  test.each([
    push('subscribe', ''),
    push('subscribe', 'login_1'),
    push('CLICK', 'menu'),
    '<xml><MsgType>text</MsgType><Content>hello</Content></xml>',
    '',
    '{}',
  ])('%#: what is no scan is left alone', (xml) => expect(parseScanPush(xml)).toBeUndefined());

  test('no text whatever upsets the reader', () =>
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('<', '>', 'Event', '![CDATA[', ']]', '/', 'x', ' ') }),
        (xml) => {
          parseScanPush(xml);
        },
      ),
    ));

  test('a reply cannot break out of its frame', () => {
    const scan = parseScanPush(push('SCAN', 'login_1'));
    const reply = textReply(scan!, 'a]]><evil>', 0);
    expect(reply).toContain('a]]]]><![CDATA[><evil>');
  });
});

describe('retries', () => {
  test.each([
    [0, 1],
    [2, 3],
  ])('%i further tries make %i calls', async (retries, calls) => {
    let count = 0;
    const told: number[] = [];
    const work = withRetries(
      async () => {
        count++;
        throw new Error('no');
      },
      { retries, worthwhile: () => true, onRetry: (_error, attempt) => told.push(attempt) },
    );
    await expect(work).rejects.toThrow('no');
    expect(count).toBe(calls);
    expect(told).toEqual(Array.from({ length: retries }, (_, i) => i + 1));
  });
});
