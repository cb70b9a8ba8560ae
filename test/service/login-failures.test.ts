import { type handleUnaryCall, Server, ServerCredentials } from '@grpc/grpc-js';
import { describe, expect, test } from 'vitest';
import { RISK_METHOD, type RiskQuestion } from '../../src/service/index.ts';
import type { Answer, Intercept, PlatformCall } from '../../src/sim/platform/index.ts';
import { ANN, accountLogin, browse, websiteLogin } from './walk.ts';
import { type LogLine, startWorld, type WorldOptions } from './world.ts';

/** Spoils one endpoint of WeChat's; the platform has acted before where `proceed` was called. */
const at =
  (
    path: string,
    spoil: (call: PlatformCall, proceed: () => Promise<Answer>) => Promise<Answer | 'handled'>,
  ): Intercept =>
  (call, proceed) =>
    call.path === path ? spoil(call, proceed) : proceed();

const TOKEN = '/sns/oauth2/access_token';
const USERINFO = '/sns/userinfo';

const stall = async () => 'handled' as const;
const reset = async ({ request }: PlatformCall) => {
  request.socket.resetAndDestroy();
  return 'handled' as const;
};
const close = async ({ request }: PlatformCall) => {
  request.socket.destroy();
  return 'handled' as const;
};
const truncate = async ({ response }: PlatformCall, proceed: () => Promise<Answer>) => {
  const { body } = await proceed();
  response.writeHead(200, { 'content-type': 'text/plain', 'content-length': body.length + 9 });
  response.write(body.slice(0, 40), () => response.destroy());
  return 'handled' as const;
};
const broken = async (_call: PlatformCall, proceed: () => Promise<Answer>) => {
  const answer = await proceed();
  return { ...answer, body: answer.body.slice(0, 40) };
};
const page = async () => ({ status: 200, type: 'text/html', body: '<html>hijacked</html>' });
const garbage = async ({ request }: PlatformCall) => {
  request.socket.end('this is not HTTP\r\n\r\n');
  return 'handled' as const;
};
const busy = async () => ({
  status: 200,
  type: 'text/plain',
  body: '{"errcode":-1,"errmsg":"system error, rid: 65a33cd8-00000000-00000000"}',
});
const times = (n: number, spoil: Parameters<typeof at>[1]): Parameters<typeof at>[1] => {
  let left = n;
  return (call, proceed) => (left-- > 0 ? spoil(call, proceed) : proceed());
};

interface Failure {
  readonly name: string;
  readonly world: WorldOptions;
  readonly status: number;
  readonly event: string;
  readonly facts: LogLine;
}

/** For what is stalled: long enough for an answer that does come, on a slow machine too. */
const QUICK = { WECHAT_TIMEOUT_MS: '1000' };
const ONCE = { WECHAT_RETRIES: '0' };

const FAILURES: readonly Failure[] = [
  {
    name: 'the exchange is never answered',
    world: { env: QUICK, intercept: at(TOKEN, stall) },
    status: 504,
    event: 'token.failed',
    facts: { 'error.type': 'TimeoutError', 'service.peer.name': 'wechat' },
  },
  {
    name: 'the connection is reset',
    world: { env: ONCE, intercept: at(TOKEN, reset) },
    status: 502,
    event: 'token.failed',
    facts: { 'error.type': 'ECONNRESET' },
  },
  {
    name: 'the connection is closed',
    world: { env: ONCE, intercept: at(TOKEN, close) },
    status: 502,
    event: 'token.failed',
    facts: { 'error.type': 'UND_ERR_SOCKET' },
  },
  {
    name: 'the answer breaks off with the connection',
    world: { env: ONCE, intercept: at(TOKEN, truncate) },
    status: 502,
    event: 'token.failed',
    facts: { 'service.peer.name': 'wechat' },
  },
  {
    name: 'the answer breaks off',
    world: { env: ONCE, intercept: at(TOKEN, broken) },
    status: 502,
    event: 'token.failed',
    facts: {
      'error.type': 'UnreadableAnswer',
      'error.message': expect.stringContaining('breaks off') as unknown as string,
    },
  },
  {
    name: 'a page answers in WeChat’s place',
    world: { env: ONCE, intercept: at(TOKEN, page) },
    status: 502,
    event: 'token.failed',
    facts: {
      'error.type': 'UnreadableAnswer',
      'error.message': 'an answer that is no JSON: 200 text/html, 21 characters',
    },
  },
  {
    name: 'no HTTP comes back',
    world: { env: ONCE, intercept: at(TOKEN, garbage) },
    status: 502,
    event: 'token.failed',
    facts: { 'error.type': 'HTTPParserError' },
  },
  {
    name: 'nobody listens',
    world: { env: { ...ONCE, WECHAT_API_URL: 'http://127.0.0.1:9' } },
    status: 502,
    event: 'token.failed',
    facts: { 'error.type': 'ECONNREFUSED' },
  },
  {
    name: 'the name does not resolve',
    world: { env: { ...ONCE, WECHAT_API_URL: 'http://wechat.invalid' } },
    status: 502,
    event: 'token.failed',
    facts: { 'error.type': expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) as unknown as string },
  },
  {
    name: 'the secret is wrong',
    world: { env: { WECHAT_APP_SECRET: 'not-the-secret' } },
    status: 502,
    event: 'token.failed',
    facts: {
      'error.type': 'WechatError',
      'wechat.errcode': 40125,
      'wechat.rid': expect.any(String) as unknown as string,
    },
  },
  {
    name: 'the code has run out',
    world: { platform: { codeTtlMs: 0 } },
    status: 400,
    event: 'token.failed',
    facts: { 'wechat.errcode': 42003 },
  },
  {
    name: 'WeChat is busy',
    world: { env: ONCE, intercept: at(TOKEN, busy) },
    status: 502,
    event: 'token.failed',
    facts: { 'wechat.errcode': -1, 'wechat.rid': '65a33cd8-00000000-00000000' },
  },
  {
    name: 'an answer was lost, and the exchange is repeated all the same',
    world: {
      env: { WECHAT_EXCHANGE_RETRY: 'always' },
      intercept: at(TOKEN, times(1, truncate)),
    },
    status: 400,
    event: 'token.failed',
    facts: { 'wechat.errcode': 40163 },
  },
  {
    name: 'the token has run out before userinfo',
    world: { env: ONCE, platform: { snsTokenTtlMs: 0 } },
    status: 502,
    event: 'userinfo.failed',
    facts: { 'wechat.errcode': 42001 },
  },
  {
    name: 'the minute’s quota is used up',
    world: { env: ONCE, platform: { userinfoPerMinute: 0 } },
    status: 502,
    event: 'userinfo.failed',
    facts: { 'wechat.errcode': 45011 },
  },
  {
    name: 'the risk service does not listen',
    world: { env: { RISK_ADDRESS: '127.0.0.1:9' } },
    status: 503,
    event: 'session.failed',
    facts: { 'error.type': 'UNAVAILABLE', 'service.peer.name': 'risk' },
  },
];

describe('a website login fails and says where and with what', () => {
  test.each(FAILURES)('$name', async ({ world: options, status, event, facts }) => {
    const world = await startWorld(options);
    try {
      const { browser, code, answer } = await websiteLogin(world, ANN);
      expect(answer.statusCode).toBe(status);
      expect(answer.body).toContain('role="alert"');
      expect(await browser.status(code.id)).toMatchObject({ state: 'failed', over: true });
      const mine = (await world.log()).filter((line) => line['login.flow.id'] === code.id);
      const failed = mine.find((line) => line['event.name'] === `wechat.login.${event}`);
      expect(failed).toMatchObject({ ...facts, severity: 'ERROR', trace_id: expect.any(String) });
      const ends = mine.filter((line) => line['event.name'] === 'wechat.login.flow.failed');
      expect(ends).toHaveLength(1);
      expect(ends[0]).not.toHaveProperty('wechat.errcode');
      expect((await browser.get('/profile')).statusCode).toBe(401);
    } finally {
      await world.close();
    }
  });
});

describe('the risk service', () => {
  /** A gRPC server with the one method, answering as told. */
  async function startRisk(answer: (call: RiskQuestion) => { allow: boolean } | undefined) {
    const server = new Server();
    const json = {
      serialize: (value: unknown) => Buffer.from(JSON.stringify(value)),
      deserialize: (bytes: Buffer) => JSON.parse(bytes.toString()),
    };
    const method = {
      path: RISK_METHOD,
      requestStream: false,
      responseStream: false,
      requestSerialize: json.serialize,
      requestDeserialize: json.deserialize,
      responseSerialize: json.serialize,
      responseDeserialize: json.deserialize,
    };
    const assess: handleUnaryCall<RiskQuestion, { allow: boolean }> = ({ request }, done) => {
      const reply = answer(request);
      if (reply !== undefined) done(null, reply);
    };
    server.addService({ assess: method }, { assess });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
  }

  interface RiskCase {
    readonly name: string;
    readonly reply: { allow: boolean } | undefined;
    readonly status: number;
    readonly facts: LogLine | undefined;
  }

  const CASES: readonly RiskCase[] = [
    { name: 'lets the login through', reply: { allow: true }, status: 303, facts: undefined },
    {
      name: 'refuses it',
      reply: { allow: false },
      status: 403,
      facts: { 'error.type': 'RiskDenied' },
    },
    {
      name: 'stalls',
      reply: undefined,
      status: 504,
      facts: {
        'error.type': 'DEADLINE_EXCEEDED',
        'error.message': expect.stringMatching(
          /^4 DEADLINE_EXCEEDED: Deadline exceeded/,
        ) as unknown,
        'service.peer.name': 'risk',
      },
    },
  ];

  test.each(CASES)('$name', async ({ reply, status, facts }) => {
    const questions: RiskQuestion[] = [];
    const risk = await startRisk((question) => {
      questions.push(question);
      return reply;
    });
    const world = await startWorld({
      env: { RISK_ADDRESS: risk.address, RISK_DEADLINE_MS: '300' },
    });
    try {
      const { answer } = await websiteLogin(world, ANN);
      expect(answer.statusCode).toBe(status);
      expect(questions).toEqual([{ userId: '1', kind: 'website', address: '127.0.0.1' }]);
      const failed = (await world.log()).find(
        (line) => line['event.name'] === 'wechat.login.session.failed',
      );
      if (facts === undefined) expect(failed).toBeUndefined();
      else expect(failed).toMatchObject(facts);
    } finally {
      await world.close();
      risk.close();
    }
  });
});

test('what may be repeated is repeated: the login succeeds, and the log tells of the retry', async () => {
  const world = await startWorld({ env: QUICK, intercept: at(USERINFO, times(1, stall)) });
  try {
    const { code, answer } = await websiteLogin(world, ANN);
    expect(answer.headers.location).toBe('/profile');
    const retried = (await world.log()).find(
      (line) => line['event.name'] === 'wechat.login.userinfo.retried',
    );
    expect(retried).toMatchObject({ 'login.flow.id': code.id, 'retry.attempt': 1 });
  } finally {
    await world.close();
  }
});

test('an exchange whose answer was lost is not repeated: the code is spent', async () => {
  let calls = 0;
  const world = await startWorld({
    intercept: at(TOKEN, (call, proceed) => {
      calls++;
      return truncate(call, proceed);
    }),
  });
  try {
    expect((await websiteLogin(world, ANN)).answer.statusCode).toBe(502);
    expect(calls).toBe(1);
  } finally {
    await world.close();
  }
});

test('an account token that WeChat refuses is renewed once', async () => {
  const world = await startWorld({
    env: { WECHAT_CGI_TOKEN: 'legacy' },
    platform: { cgiTokenGraceMs: 0 },
  });
  try {
    await accountLogin(world, ANN);
    // Somebody else fetches a token: ours dies.
    const { appId, secret } = world.apps.officialAccount;
    const query = new URLSearchParams({ appid: appId, secret, grant_type: 'client_credential' });
    await fetch(`${world.platform.url}/cgi-bin/token?${query}`);
    expect((await accountLogin(world, ANN)).answer.statusCode).toBe(200);
  } finally {
    await world.close();
  }
});

test('no code can be had: the page is told, and the flow has failed', async () => {
  const world = await startWorld({
    env: { ...ONCE, WECHAT_CGI_TOKEN: 'legacy' },
    platform: { tokensPerDay: 0 },
  });
  try {
    const browser = await browse(world);
    const response = await browser.post('/qr', { kind: 'official_account' });
    expect([response.statusCode, response.json()]).toEqual([502, { error: 'login_failed' }]);
    expect(
      (await world.log()).find((line) => line['event.name'] === 'wechat.login.qr.failed'),
    ).toMatchObject({
      'wechat.errcode': 45009,
      'login.stage': 'issued',
    });
    expect(await world.events()).toEqual(['flow.started', 'qr.failed', 'flow.failed']);
    const { text } = await world.service.ctx.metrics.expose();
    expect(text).toContain('wechat_login_flows_open{kind="official_account"} 0');
  } finally {
    await world.close();
  }
});
