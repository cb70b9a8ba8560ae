import { pythonJsonLogger, structlog } from '../loggers/index.ts';
import type { Service } from '../service.ts';
import { python } from '../troubles/index.ts';
import { complains, type StateWords, says, took } from './words.ts';

/** Python, structlog, English: issues codes and watches them. */
export const campusLogin: Service = {
  name: 'campus-login',
  tongue: python,
  logger: structlog,
  idNames: {
    'login.qrcode_id': 'qr_id',
    'login.state': 'state',
    request_id: 'request_id',
  },
  carries: {
    issued: ['login.qrcode_id', 'login.state', 'request_id'],
    refreshed: ['login.qrcode_id', 'login.state', 'request_id'],
    issue_failed: ['login.state', 'request_id'],
    polled: ['login.qrcode_id', 'request_id'],
    scanned: ['login.qrcode_id', 'request_id'],
    confirmed: ['login.qrcode_id', 'request_id'],
    cancelled: ['login.qrcode_id', 'request_id'],
    expired: ['login.qrcode_id', 'request_id'],
    aside: ['request_id'],
    driver: ['request_id'],
  },
  words: {
    issued: () => says('info', 'qr_code_issued', { ttl: 180 }),
    refreshed: () => says('info', 'qr_code_reissued', { ttl: 180 }),
    issue_failed: (at) => complains('error', 'qr_code_issue_failed', at.failure),
    polled: (at) => says('debug', 'qr_status_polled', { scanned: at.what.scanned }),
    scanned: () => says('info', 'qr_code_scanned'),
    confirmed: () => says('info', 'qr_login_confirmed'),
    cancelled: () => says('info', 'qr_login_cancelled'),
    expired: () => says('info', 'qr_code_expired'),
    driver: (at) => complains('warn', 'redis_command_failed', at.failure),
    aside: (at) =>
      at.rng.pick([
        says('debug', 'http_client_configured', { timeout: 30, pool_size: 10, retries: 0 }),
        says('debug', 'state_store_warmed_up', { entries: 812 }),
      ]),
  },
};

const REFUSED_STATE: StateWords = {
  mismatch: 'State mismatch: the state in the callback differs from the one in the session',
  not_found: 'State not found: no login is waiting for it',
  missing: 'Missing state in callback request',
  expired: 'State expired, login must be restarted',
  reused: 'State was already used',
};

const FAILED = {
  callback: 'Callback handling failed',
  exchange: 'Fetching access token by code failed',
  userinfo: 'Fetching user info failed',
  persist: 'Storing user failed',
  session: 'Creating login session failed',
} as Readonly<Record<string, string>>;

/** Python, python-json-logger: receives the browser, with the QR code's id in its cookie. */
export const campusCallback: Service = {
  name: 'campus-callback',
  tongue: python,
  logger: pythonJsonLogger,
  idNames: {
    'login.qrcode_id': 'qrcode_id',
    'login.state': 'state',
    'login.code': 'code',
    trace_id: 'otelTraceID',
    request_id: 'requestId',
  },
  carries: {
    callback: ['login.qrcode_id', 'login.state', 'login.code', 'trace_id', 'request_id'],
    denied: ['login.qrcode_id', 'login.state', 'trace_id', 'request_id'],
    state_rejected: ['login.qrcode_id', 'login.state', 'trace_id'],
    exchanged: ['trace_id'],
    userinfo: ['trace_id'],
    persisted: ['trace_id'],
    session: ['login.qrcode_id', 'trace_id'],
    failed: ['trace_id'],
    retried: ['trace_id'],
    driver: ['trace_id'],
    aside: ['trace_id'],
  },
  words: {
    callback: () => says('info', 'WeChat callback received'),
    denied: () => says('info', 'WeChat callback received: user denied authorization'),
    state_rejected: (at) => says('warn', REFUSED_STATE[at.what.fault]),
    exchanged: (at) => says('info', 'Access token fetched', { elapsed_ms: took(at, 80) }),
    userinfo: (at) => says('info', 'User info fetched', { elapsed_ms: took(at, 90) }),
    persisted: () => says('info', 'User stored'),
    session: (at) => says('info', 'Login succeeded', { user: at.person.pseudonym }),
    failed: (at) => complains('error', FAILED[at.what.stage] ?? 'Login failed', at.failure),
    retried: (at) => complains('warn', `${FAILED[at.what.stage]}, trying again`, at.failure),
    driver: (at) => ({
      ...complains('warn', 'Database error', at.failure),
      logger: 'sqlalchemy.pool',
    }),
    aside: (at) =>
      at.rng.pick([
        says('debug', 'Starting new HTTPS connection (1): api.weixin.qq.com:443'),
        says('info', '微信接口超时时间为5秒, 重试0次'),
        says('debug', 'QueuePool size 5, checked out 1, overflow 0'),
      ]),
  },
};
