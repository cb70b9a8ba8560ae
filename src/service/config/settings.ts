import { flag, integer, list, oneOf, pairs, ratio, text, url } from './setting.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Every environment variable the service reads. All durations are milliseconds. */
export const SETTINGS = {
  HOST: text('address to listen on', '127.0.0.1'),
  PORT: integer('port to listen on; 0 takes a free one', 3000, { min: 0, max: 65_535 }),
  PUBLIC_URL: url('where browsers reach the service; default http://HOST:PORT'),
  TRUST_PROXY: flag('believe X-Forwarded-* of the proxy in front'),
  SERVICE_NAME: text('service.name of logs and spans', 'scan-login'),
  INSTANCE_ID: text('service.instance.id; default a random name'),
  SERVICE_SECRET: text(
    'at least 32 characters all instances share; cookies, CSRF tokens and log pseudonyms hang on it; default random',
  ),
  JWT_KEYS: pairs('kid:secret,… of at least 32 characters; the first signs, all verify'),

  WECHAT_OPEN_URL: url('host of qrconnect', 'https://open.weixin.qq.com'),
  WECHAT_API_URL: url('host of sns and cgi-bin', 'https://api.weixin.qq.com'),
  WECHAT_APP_ID: text('website app: appid'),
  WECHAT_APP_SECRET: text('website app: secret'),
  WECHAT_MP_APP_ID: text('official account: appid'),
  WECHAT_MP_APP_SECRET: text('official account: secret'),
  WECHAT_MP_TOKEN: text('official account: the token that signs pushes'),
  WECHAT_TIMEOUT_MS: integer('for one call, answer included', 3 * SECOND, {
    min: 10,
    max: MINUTE,
  }),
  WECHAT_RETRIES: integer('further tries of calls that may be repeated', 1, { min: 0, max: 5 }),
  WECHAT_EXCHANGE_RETRY: oneOf(
    'when to repeat a code exchange: only if WeChat cannot have seen it, or always (which burns codes)',
    'safe',
    ['safe', 'always'],
  ),
  WECHAT_CGI_TOKEN: oneOf('which API gives the cgi-bin token', 'stable', ['stable', 'legacy']),
  WECHAT_CONNECTIONS: integer('connections per WeChat host', 64, { min: 1, max: 1024 }),
  KEEP_WECHAT_TOKENS: flag('keep the sns tokens, encrypted, to renew the profile later'),

  QR_TTL_MS: integer('life of an official-account code', 2 * MINUTE, {
    min: SECOND,
    max: 10 * MINUTE,
  }),
  STATE_TTL_MS: integer('life of a website login and its state', 10 * MINUTE, {
    min: SECOND,
    max: HOUR,
  }),
  CLAIM_TTL_MS: integer('from confirmation to session', MINUTE, { min: SECOND, max: 10 * MINUTE }),
  POLL_INTERVAL_MS: integer('shortest time between two polls of a flow; 0 allows any', 1 * SECOND, {
    min: 0,
    max: MINUTE,
  }),
  LONG_POLL_MS: integer('how long a long poll waits', 25 * SECOND, { min: 100, max: MINUTE }),
  SESSION_TTL_MS: integer('life of a session', 8 * HOUR, { min: SECOND, max: 30 * DAY }),
  ACCESS_TOKEN_TTL_MS: integer('life of a JWT', 15 * MINUTE, { min: SECOND, max: HOUR }),
  REFRESH_TOKEN_TTL_MS: integer('life of a refresh token family', 14 * DAY, {
    min: SECOND,
    max: 90 * DAY,
  }),
  PASSWORD_USERS: pairs('name:password,… to create at start, for trying out'),

  DATABASE_URL: text('PostgreSQL; default an embedded PGlite'),
  DATA_DIR: text('folder of the embedded database; default in memory'),
  DB_POOL_MAX: integer('connections to PostgreSQL', 10, { min: 1, max: 200 }),
  DB_POOL_TIMEOUT_MS: integer('wait for a free connection', 2 * SECOND, { min: 10, max: MINUTE }),
  DB_STATEMENT_TIMEOUT_MS: integer('for one statement', 2 * SECOND, { min: 10, max: MINUTE }),
  DB_LOCK_TIMEOUT_MS: integer('wait for one lock', SECOND, { min: 10, max: MINUTE }),
  REDIS_URL: text('Redis shared by the instances; default memory of this one'),
  REDIS_TIMEOUT_MS: integer('for one Redis command', SECOND, { min: 10, max: MINUTE }),

  RISK_ADDRESS: text('host:port of a gRPC risk service asked before a session opens'),
  RISK_DEADLINE_MS: integer('for one risk call', 400, { min: 10, max: MINUTE }),

  RATE_LIMIT_PER_MINUTE: integer('requests per client address; 0 lifts all limits', 600, {
    min: 0,
    max: 1_000_000,
  }),
  CORS_ORIGINS: list('origins that may call the token API from scripts'),
  MAX_EVENT_LOOP_DELAY_MS: integer('beyond it requests get 503; 0 never', SECOND, {
    min: 0,
    max: MINUTE,
  }),
  DRAIN_MS: integer('time between SIGTERM and closing, for the balancer to notice', 0, {
    min: 0,
    max: MINUTE,
  }),
  SIMULATED_PHONE_URL: url('page of the simulated phone, linked beside the code'),

  LOG_LEVEL: oneOf('least severity of log lines', 'info', ['debug', 'info', 'warn', 'error']),
  LOG_FILE: text('file of the log lines; default standard output'),
  TRACE_FILE: text('file of the spans, one OTLP/JSON request a line'),
  OTEL_EXPORTER_OTLP_ENDPOINT: url('collector for OTLP over HTTP (protobuf)'),
  TRACE_SAMPLE_RATIO: ratio('share of traces to record', 1),
};
