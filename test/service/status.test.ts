import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BrowserDouble, ShownCode } from './browser-double.ts';
import { ANN, browse, confirmAtWechat, decideOnPhone, scanAccount } from './walk.ts';
import { startWorld, type World } from './world.ts';

type Status = { readonly state: string; readonly over: boolean; readonly claimable: boolean };

/** Calls back for each status until the login is over or the listener has heard enough. */
type Transport = (
  world: World,
  browser: BrowserDouble,
  id: string,
  hear: (status: Status) => boolean,
) => Promise<void>;

const short: Transport = async (_world, browser, id, hear) => {
  for (;;) {
    if (!hear((await browser.status(id)) as unknown as Status)) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

const long: Transport = async (_world, browser, id, hear) => {
  for (let version = 0; ; ) {
    const response = await browser.get(`/qr/${id}/status/long?version=${version}`);
    const status = response.json<Status & { version: number }>();
    version = status.version;
    if (!hear(status)) return;
  }
};

const stream: Transport = async (world, browser, id, hear) => {
  const gone = new AbortController();
  const response = await fetch(`${world.url}/qr/${id}/status/stream`, {
    headers: { cookie: browser.cookieHeader() },
    signal: gone.signal,
  });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  let text = '';
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    const events = text.split('\n\n');
    text = events.pop() as string;
    for (const event of events) {
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (data !== undefined && !hear(JSON.parse(data))) return gone.abort();
    }
  }
};

const socket: Transport = async (world, browser, id, hear) => {
  const ws = await world.service.app.injectWS(
    `/qr/${id}/status/socket`,
    { headers: { cookie: browser.cookieHeader() } },
    {
      onInit: (client) =>
        client.on('message', (data: Buffer) => {
          if (!hear(JSON.parse(data.toString()))) client.close();
        }),
    },
  );
  await new Promise((resolve) => ws.on('close', resolve));
};

describe.each([
  ['short poll', short],
  ['long poll', long],
  ['server-sent events', stream],
  ['WebSocket', socket],
] as const)('status over %s', (_name, transport) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  /** The states heard, each once, and steps taken when one is heard for the first time. */
  async function follow(
    browser: BrowserDouble,
    code: ShownCode,
    steps: Readonly<Record<string, () => Promise<unknown>>>,
  ): Promise<readonly string[]> {
    const heard: string[] = [];
    await transport(world, browser, code.id, (status) => {
      if (heard.at(-1) !== status.state) {
        heard.push(status.state);
        void steps[status.state]?.();
      }
      return !status.over;
    });
    return heard;
  }

  test('an account login is seen from the first state to the last', async () => {
    const browser = await browse(world);
    const code = await browser.show('official_account');
    let link: string | undefined;
    const heard = await follow(browser, code, {
      waiting: async () => {
        link = await scanAccount(world, code, ANN);
      },
      scanned: async () => {
        await expect.poll(() => link).toBeDefined();
        await decideOnPhone(world, link as string, 'confirm');
      },
      confirmed: () => browser.post(`/qr/${code.id}/claim`),
    });
    expect(heard).toEqual(['waiting', 'scanned', 'confirmed', 'completed']);
  });

  test('a website login is seen too', async () => {
    const browser = await browse(world);
    const code = await browser.show('website');
    const heard = await follow(browser, code, {
      waiting: () => browser.post(`/qr/${code.id}/report`, { wx_errcode: 404 }),
      scanned: async () => browser.get(await confirmAtWechat(world, code, ANN)),
    });
    expect(heard.filter((state) => state !== 'confirmed')).toEqual([
      'waiting',
      'scanned',
      'completed',
    ]);
  });

  test('so is a cancelled one', async () => {
    const browser = await browse(world);
    const code = await browser.show('official_account');
    let link: string | undefined;
    const heard = await follow(browser, code, {
      waiting: async () => {
        link = await scanAccount(world, code, ANN);
      },
      scanned: async () => {
        await expect.poll(() => link).toBeDefined();
        await decideOnPhone(world, link as string, 'cancel');
      },
    });
    expect(heard).toEqual(['waiting', 'scanned', 'cancelled']);
  });

  test('and one that nobody scans', async () => {
    const hasty = await startWorld({ env: { QR_TTL_MS: '8000' } });
    try {
      const browser = await browse(hasty);
      const { id } = await browser.show('official_account');
      const heard = new Set<string>();
      await transport(hasty, browser, id, ({ state, over }) => {
        heard.add(state);
        return !over;
      });
      expect([...heard]).toEqual(['waiting', 'expired']);
    } finally {
      await hasty.close();
    }
  });
});

test('who waits is answered when the service closes', async () => {
  const world = await startWorld();
  const browser = await browse(world);
  const { id } = await browser.show('official_account');
  const waiting = fetch(`${world.url}/qr/${id}/status/long?version=1`, {
    headers: { cookie: browser.cookieHeader() },
  });
  let streams = false;
  const streaming: Promise<void> = stream(world, browser, id, () => {
    streams = true;
    return true;
  });
  await expect
    .poll(async () => streams && (await world.events()).includes('status.polled'))
    .toBe(true);
  const started = performance.now();
  await world.close();
  expect(await (await waiting).json()).toMatchObject({ state: 'waiting' });
  await streaming;
  expect(performance.now() - started).toBeLessThan(world.service.ctx.config.LONG_POLL_MS);
});
