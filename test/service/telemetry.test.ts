import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { redactAttribute, redactText } from '../../src/service/telemetry/redaction.ts';
import type { BrowserDouble, ShownCode } from './browser-double.ts';
import {
  ANN,
  accountLogin,
  BEN,
  browse,
  decideOnPhone,
  scanAccount,
  websiteLogin,
} from './walk.ts';
import { DEMO_PASSWORD, type LogLine, startWorld, type World } from './world.ts';

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number };
}

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly links?: readonly { readonly traceId: string }[];
  readonly events?: readonly { readonly name: string; readonly attributes: readonly Attribute[] }[];
  readonly status: { readonly code: number };
}

const attributeOf = (span: { attributes: readonly Attribute[] }, key: string) => {
  const value = span.attributes.find((attribute) => attribute.key === key)?.value;
  return value?.stringValue ?? value?.intValue;
};

const spansOf = (traces: string): readonly Span[] =>
  traces
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => JSON.parse(line).resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap(({ spans }) => spans as readonly Span[]);

describe('what is left of whole logins', () => {
  let world: World;
  let log: string;
  let traces: string;
  let metrics: string;
  let lines: readonly LogLine[];
  let spans: readonly Span[];
  let website: { browser: BrowserDouble; code: ShownCode; callback: string };
  let account: { browser: BrowserDouble; code: ShownCode; link: string };
  let spoilt: { code: ShownCode };
  const secrets = new Map<string, string>();

  beforeAll(async () => {
    let spoil = false;
    world = await startWorld({
      env: {
        PASSWORD_USERS: `ann:${DEMO_PASSWORD}`,
        KEEP_WECHAT_TOKENS: 'on',
        WECHAT_RETRIES: '0',
        SERVICE_SECRET: 'a service secret nobody may ever read',
      },
      async intercept(call, proceed) {
        for (const name of ['code', 'access_token', 'secret', 'refresh_token', 'openid']) {
          if (call.query[name]) secrets.set(`wechat ${name} ${call.query[name]}`, call.query[name]);
        }
        const answer = await proceed();
        for (const [, name, value] of answer.body.matchAll(
          /"(access_token|refresh_token|openid|unionid|ticket|url)":"([^"]+)"/g,
        )) {
          secrets.set(`wechat ${name} ${value}`, value);
        }
        if (spoil && call.path === '/sns/userinfo') {
          return { status: 200, type: 'text/plain', body: answer.body.slice(0, 60) };
        }
        return answer;
      },
    });
    website = await websiteLogin(world, ANN);
    await website.browser.get(website.callback);
    account = await accountLogin(world, BEN);
    const cancelled = await browse(world);
    const code = await cancelled.show('official_account');
    await decideOnPhone(world, (await scanAccount(world, code, ANN)) as string, 'cancel');
    spoil = true;
    spoilt = await websiteLogin(world, BEN);
    await website.browser.get('/callback?code=strange-code&state=strange-state');
    const tokens = await cancelled.post('/login', { username: 'ann', password: DEMO_PASSWORD });
    await cancelled.post('/login', { username: 'ann', password: 'a wrong password' });
    const { access_token, refresh_token } = tokens.json();
    await cancelled.get('/profile', { authorization: `Bearer ${access_token}x` });
    await cancelled.post('/token/refresh', { refresh_token });
    await cancelled.post('/token/refresh', { refresh_token });

    const remember = (name: string, value: string | null | undefined) =>
      secrets.set(name, value as string);
    for (const browser of [website.browser, account.browser, cancelled]) {
      for (const [name, value] of browser.cookies) remember(`cookie ${name}`, value);
      remember(`csrf ${browser.csrf}`, browser.csrf);
    }
    const { searchParams } = new URL(website.callback, world.url);
    remember('callback code', searchParams.get('code'));
    remember('callback state', searchParams.get('state'));
    remember('confirm token', new URL(account.link, world.url).searchParams.get('token'));
    remember('qr text', new URL(account.code.qrText as string).pathname);
    remember('jwt', access_token);
    remember('refresh token', refresh_token);
    remember('password', DEMO_PASSWORD);
    remember('wrong password', 'a wrong password');
    remember('strange code', 'strange-code');
    remember('strange state', 'strange-state');
    remember('service secret', world.env.SERVICE_SECRET);
    remember('push token', world.apps.officialAccount.pushToken);
    remember('account secret', world.apps.officialAccount.secret);
    remember('website secret', world.apps.website.secret);

    metrics = (await world.service.ctx.metrics.expose()).text;
    ({ log, traces } = await world.output());
    lines = log
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    spans = spansOf(traces);
  });
  afterAll(() => world.close());

  test('the secrets are real, and many', () => {
    expect(secrets.size).toBeGreaterThan(25);
    for (const [name, value] of secrets) expect(value?.length, name).toBeGreaterThan(7);
  });

  test('no secret, code, state, token, ticket or openid is in any line, span or figure', () => {
    const leaks = [...secrets].flatMap(([name, value]) =>
      Object.entries({ log, traces, metrics }).flatMap(([where, text]) =>
        // Also where it would stand escaped.
        [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)].some((form) =>
          text.includes(form),
        )
          ? [`${name} in ${where}`]
          : [],
      ),
    );
    expect(leaks).toEqual([]);
  });

  test('every line has time, severity and who wrote it; what happens in a request has its trace', () => {
    for (const line of lines) {
      expect(line).toMatchObject({
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        severity: expect.stringMatching(/^(DEBUG|INFO|WARN|ERROR)$/),
        'event.name': expect.any(String),
        'service.name': 'scan-login',
        'service.instance.id': expect.any(String),
      });
      if (line['event.name']?.startsWith('service.')) continue;
      expect(line.trace_id, JSON.stringify(line)).toMatch(/^[0-9a-f]{32}$/);
      expect(line.span_id).toMatch(/^[0-9a-f]{16}$/);
    }
  });

  test('the access log carries no flow id: its trace joins it', () => {
    const access = lines.filter((line) => line['event.name'] === 'http.server.request');
    expect(access.length).toBeGreaterThan(10);
    for (const line of access) expect(line).not.toHaveProperty('login.flow.id');
    const completed = lines.find(
      (line) =>
        line['event.name'] === 'wechat.login.flow.completed' &&
        line['login.flow.id'] === website.code.id,
    );
    expect(access).toContainEqual(
      expect.objectContaining({ trace_id: completed?.trace_id, 'http.route': '/callback' }),
    );
  });

  test('each stage has its span, inside the span of its request', () => {
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const names = (id: string) =>
      spans
        .filter((span) => attributeOf(span, 'login.flow.id') === id)
        .map(({ name }) => name)
        .filter((name) => name.startsWith('wechat.login.'))
        .sort();
    const tail = ['persist', 'session', 'userinfo'].map((step) => `wechat.login.${step}`);
    expect(names(website.code.id)).toEqual(
      ['wechat.login.exchange', 'wechat.login.issue', ...tail].sort(),
    );
    expect(names(account.code.id)).toEqual(['wechat.login.issue', ...tail].sort());
    const exchange = spans.find(({ name }) => name === 'wechat.login.exchange') as Span;
    expect(byId.get(exchange.parentSpanId as string)?.name).toBe('GET /callback');
    const call = spans.find(
      (span) => attributeOf(span, 'url.path') === '/sns/oauth2/access_token',
    ) as Span;
    expect(byId.get(call.parentSpanId as string)?.name).toBe('wechat.login.exchange');
    expect(spans.some(({ name }) => name === 'wechat.login.state_check')).toBe(true);
  });

  test('the traces of one login link to the one it began in', () => {
    const begun = spans.find(
      (span) => span.name === 'POST /qr' && attributeOf(span, 'login.flow.id') === account.code.id,
    ) as Span;
    for (const name of ['POST /wechat/events', 'POST /confirm', 'POST /qr/:id/claim']) {
      const later = spans.find(
        (span) => span.name === name && attributeOf(span, 'login.flow.id') === account.code.id,
      ) as Span;
      expect(later.traceId, name).not.toBe(begun.traceId);
      expect(
        later.links?.map((link) => link.traceId),
        name,
      ).toContain(begun.traceId);
    }
  });

  test('a failed stage says so in its span, as in the log', () => {
    const failed = spans.find(
      (span) =>
        span.name === 'wechat.login.userinfo' &&
        attributeOf(span, 'login.flow.id') === spoilt.code.id,
    ) as Span;
    expect(failed.status.code).toBe(2);
    expect(attributeOf(failed, 'error.type')).toBe('UnreadableAnswer');
    const event = failed.events?.find(({ name }) => name === 'wechat.login.userinfo.failed');
    expect(event && attributeOf(event, 'error.type')).toBe('UnreadableAnswer');
    expect(lines).toContainEqual(
      expect.objectContaining({
        'event.name': 'wechat.login.userinfo.failed',
        'error.type': 'UnreadableAnswer',
        trace_id: failed.traceId,
      }),
    );
  });

  test('the resource says who, and nothing of the machine', () => {
    const { resource } = JSON.parse(traces.split('\n')[0]).resourceSpans[0];
    expect(resource.attributes.map(({ key }: Attribute) => key).sort()).toEqual([
      'service.instance.id',
      'service.name',
      'service.version',
    ]);
  });
});

test('a collector gets the spans over HTTP, as protobuf', async () => {
  const { createServer } = await import('node:http');
  const bodies: { url: string; type: string; size: number }[] = [];
  const collector = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    bodies.push({
      url: request.url as string,
      type: request.headers['content-type'] as string,
      size: Buffer.concat(chunks).length,
    });
    response.end();
  });
  await new Promise<void>((resolve) => {
    collector.listen(0, '127.0.0.1', resolve);
  });
  const { port } = collector.address() as { port: number };
  const world = await startWorld({
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, TRACE_FILE: '' },
  });
  await websiteLogin(world, ANN);
  await world.close();
  collector.close();
  expect(bodies.length).toBeGreaterThan(0);
  expect(bodies[0]).toMatchObject({ url: '/v1/traces', type: 'application/x-protobuf' });
  expect(bodies[0].size).toBeGreaterThan(500);
});

describe('redaction', () => {
  test.each([
    [
      'GET https://x/sns?appid=wx1&secret=s3cr&code=c0de',
      'GET https://x/sns?appid=wx1&secret=…&code=…',
    ],
    ['{"access_token":"abc","expires_in":7200}', '{"access_token":"…","expires_in":7200}'],
    ['{"refresh_token": "half of i', '{"refresh_token": "…"'],
    ['errcode=40029 for ticket=gQH', 'errcode=40029 for ticket=…'],
    ['40029 invalid code, rid: 65a33cd8-1-2', '40029 invalid code, rid: 65a33cd8-1-2'],
  ])('%s', (text, redacted) => {
    expect(redactText(text)).toBe(redacted);
  });

  test.each([
    ['url.full', 'https://x/a?secret=1#y', 'https://x/a'],
    ['url.query', '?secret=1', ''],
    ['url.path', '/callback?code=1', '/callback'],
    ['error.message', 'code=1 gone', 'code=… gone'],
    ['login.kind', 'website', 'website'],
  ])('%s', (name, value, redacted) => {
    expect(redactAttribute(name, value)).toBe(redacted);
  });

  test('numbers stay', () => expect(redactAttribute('wechat.errcode', 40029)).toBe(40029));
});
