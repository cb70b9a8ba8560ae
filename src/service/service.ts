import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { createApp } from './app.ts';
import type { Config } from './config/index.ts';
import type { ServiceContext } from './context.ts';
import { createExpiry, expireFlow } from './login/index.ts';
import { createRiskClient, everybodyAllowed } from './risk/risk-client.ts';
import {
  createAccessTokens,
  createCookies,
  createRefreshTokens,
  createSessions,
  createStates,
  deriveKey,
  hashPassword,
  type JwtKey,
  pseudonyms,
} from './security/index.ts';
import {
  createFlowStore,
  createFlowWatch,
  createMemoryStore,
  createPgDatabase,
  createPgliteDatabase,
  createRedisStore,
  createUserStore,
  migrate,
  type PoolCounts,
  type UserStore,
} from './store/index.ts';
import {
  createLog,
  createMetrics,
  createRecorder,
  createTracing,
  createVitals,
  type Tracing,
  tracedDatabase,
} from './telemetry/index.ts';
import { createCgiBin, createSns, createTokenCentre, createWechatHttp } from './wechat/index.ts';

/** A running service. */
export interface Service {
  /** For requests without a port: `app.inject`. */
  readonly app: FastifyInstance;
  readonly ctx: ServiceContext;
  /** Starts to listen. @returns where browsers reach it */
  listen(): Promise<string>;
  /** Finishes what runs, tells those who wait, and lets go of everything. */
  close(): Promise<void>;
}

export interface ServiceOptions {
  /** Instead of the machine's clock. */
  readonly now?: () => number;
  /** Instead of a database; stays the owner's to close. */
  readonly users?: UserStore;
}

const VERSION = '1.0.0';

/** Builds the service; the database is migrated when this returns. */
export async function createService(
  config: Config,
  options: ServiceOptions = {},
): Promise<Service> {
  const now = options.now ?? Date.now;
  const identity = {
    'service.name': config.SERVICE_NAME,
    'service.instance.id': config.INSTANCE_ID,
    'service.version': VERSION,
  };
  const log = createLog({ level: config.LOG_LEVEL, file: config.LOG_FILE, service: identity });
  const tracing = createTracing({
    service: identity,
    file: config.TRACE_FILE,
    endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
    sampleRatio: config.TRACE_SAMPLE_RATIO,
  });
  const people =
    options.users === undefined
      ? await openUsers(config, log.logger, tracing.inSpan)
      : { users: options.users, counts: NO_POOL, close: async () => {} };
  const { users } = people;
  const metrics = createMetrics(people.counts);

  const store =
    config.REDIS_URL === undefined
      ? createMemoryStore(now)
      : createRedisStore({ url: config.REDIS_URL, timeoutMs: config.REDIS_TIMEOUT_MS });
  const vitals = createVitals({
    now,
    sharedNow: () => store.nowMs(),
    onClockDiffers: (offsetMs) =>
      log.logger.warn(
        { 'event.name': 'clock.differs', 'clock.offset_ms': offsetMs },
        'this clock differs from the one of the state store',
      ),
  });
  const flows = createFlowStore(store, now);
  const watch = await createFlowWatch(flows);
  const http = createWechatHttp({
    base: config.WECHAT_API_URL,
    timeoutMs: config.WECHAT_TIMEOUT_MS,
    connections: config.WECHAT_CONNECTIONS,
    onCall: metrics.wechatCalled,
  });
  const expiry = createExpiry(now, (flowId) =>
    expireFlow(ctx, flowId).catch((error: unknown) => {
      log.logger.warn({ err: error }, 'a login could not be ended in time');
      return undefined;
    }),
  );
  const risk =
    config.RISK_ADDRESS === undefined
      ? everybodyAllowed
      : createRiskClient({ address: config.RISK_ADDRESS, deadlineMs: config.RISK_DEADLINE_MS });
  const draining = new AbortController();
  const closing = new AbortController();
  let address: AddressInfo | undefined;

  const ctx: ServiceContext = {
    config,
    now,
    logger: log.logger,
    record: createRecorder(log.logger, vitals.facts),
    vitals,
    metrics,
    inSpan: tracing.inSpan,
    pseudonym: pseudonyms(deriveKey(config.SERVICE_SECRET, 'pseudonym')),
    cookies: createCookies({ secure: config.PUBLIC_URL.protocol === 'https:' }),
    store,
    flows,
    watch,
    expiry,
    states: createStates(store, now),
    sessions: createSessions(store, config.SESSION_TTL_MS, now),
    accessTokens: createAccessTokens({
      keys: jwtKeys(config),
      issuer: config.SERVICE_NAME,
      ttlMs: config.ACCESS_TOKEN_TTL_MS,
      now,
    }),
    refreshTokens: createRefreshTokens(store, config.REFRESH_TOKEN_TTL_MS, now),
    users,
    risk,
    website: config.website && {
      appId: config.website.appId,
      sns: createSns({ http, ...config.website }),
    },
    officialAccount: config.officialAccount && {
      appId: config.officialAccount.appId,
      pushToken: config.officialAccount.token,
      cgiBin: createCgiBin({
        http,
        renew: config.WECHAT_RETRIES > 0,
        tokens: createTokenCentre({
          http,
          store,
          api: config.WECHAT_CGI_TOKEN,
          ...config.officialAccount,
        }),
      }),
    },
    tokenKey: deriveKey(config.SERVICE_SECRET, 'wechat-token'),
    origin: () => originOf(config, address),
    draining: draining.signal,
    closing: closing.signal,
  };
  for (const [username, password] of config.PASSWORD_USERS) {
    await users.setPassword(username, await hashPassword(password));
  }
  const app = await createApp(ctx, tracing.provider);

  return {
    app,
    ctx,
    async listen() {
      await app.listen({ host: config.HOST, port: config.PORT });
      address = app.server.address() as AddressInfo;
      log.logger.info(
        { 'event.name': 'service.started', 'server.port': address.port },
        'listening',
      );
      return ctx.origin();
    },
    async close() {
      draining.abort();
      log.logger.info({ 'event.name': 'service.draining' }, 'shutting down');
      if (address !== undefined) await new Promise((done) => setTimeout(done, config.DRAIN_MS));
      closing.abort();
      await watch.close();
      await app.close();
      expiry.close();
      vitals.close();
      risk.close();
      await http.close();
      await store.close();
      await people.close();
      await tracing.shutdown();
      log.logger.info({ 'event.name': 'service.stopped' }, 'stopped');
      await log.flush();
    },
  };
}

const NO_POOL = (): PoolCounts => ({ idle: 0, used: 0, pending: 0, timeouts: 0 });

interface People {
  readonly users: UserStore;
  readonly counts: () => PoolCounts;
  close(): Promise<void>;
}

async function openUsers(
  config: Config,
  logger: Logger,
  inSpan: Tracing['inSpan'],
): Promise<People> {
  const database =
    config.DATABASE_URL === undefined
      ? await createPgliteDatabase(config.DATA_DIR)
      : createPgDatabase({
          url: config.DATABASE_URL,
          poolMax: config.DB_POOL_MAX,
          poolTimeoutMs: config.DB_POOL_TIMEOUT_MS,
          statementTimeoutMs: config.DB_STATEMENT_TIMEOUT_MS,
          lockTimeoutMs: config.DB_LOCK_TIMEOUT_MS,
          applicationName: `${config.SERVICE_NAME}/${config.INSTANCE_ID}`,
          onConnectionLost: (error) =>
            logger.warn({ err: error }, 'a database connection was lost'),
        });
  await migrate(database);
  return {
    users: createUserStore(tracedDatabase(database, inSpan)),
    counts: database.counts,
    close: database.close,
  };
}

function jwtKeys(config: Config): readonly [JwtKey, ...JwtKey[]] {
  const [first, ...others] = config.JWT_KEYS.map(([kid, secret]) => ({
    kid,
    secret: Buffer.from(secret),
  }));
  const own = { kid: 'own', secret: deriveKey(config.SERVICE_SECRET, 'jwt') };
  return first === undefined ? [own] : [first, ...others];
}

/** A port that the system chose is known only after listening. */
function originOf(config: Config, address: AddressInfo | undefined): string {
  const url = new URL(config.PUBLIC_URL);
  if (url.port === '0' && address !== undefined) url.port = String(address.port);
  return url.origin;
}
