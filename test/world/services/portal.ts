import { zap, zerolog } from '../loggers/index.ts';
import type { Service } from '../service.ts';
import { go } from '../troubles/index.ts';
import { complains, type StateWords, says, took } from './words.ts';

const REFUSED_STATE: StateWords = {
  mismatch: 'oauth state mismatch',
  not_found: 'oauth state not found',
  missing: 'callback without state parameter',
  expired: 'oauth state expired',
  reused: 'oauth state already used',
};

const FAILED = {
  callback: 'callback failed',
  scanned: 'handle scan event failed',
  exchange: 'exchange code failed',
  userinfo: 'get userinfo failed',
  persist: 'save user failed',
  session: 'create session failed',
} as Readonly<Record<string, string>>;

/** Go, zap, English, snake_case: one service for the page and the callback. */
export const portalLogin: Service = {
  name: 'login-api',
  tongue: go,
  logger: zap,
  idNames: {
    'login.qrcode_id': 'qrcode_id',
    'login.ticket': 'ticket',
    'login.scene': 'scene_str',
    'login.state': 'state',
    'login.code': 'code',
    trace_id: 'trace_id',
    request_id: 'request_id',
  },
  carries: {
    issued: [
      'login.qrcode_id',
      'login.ticket',
      'login.scene',
      'login.state',
      'trace_id',
      'request_id',
    ],
    refreshed: ['login.qrcode_id', 'login.state', 'trace_id'],
    issue_failed: ['login.state', 'login.scene', 'trace_id', 'request_id'],
    polled: ['login.qrcode_id', 'login.ticket', 'trace_id'],
    scanned: ['login.qrcode_id', 'login.ticket', 'login.scene', 'trace_id'],
    confirmed: ['login.qrcode_id', 'trace_id'],
    cancelled: ['login.qrcode_id', 'login.ticket', 'trace_id'],
    expired: ['login.qrcode_id', 'login.ticket', 'trace_id'],
    callback: ['login.state', 'login.code', 'trace_id', 'request_id'],
    denied: ['login.state', 'trace_id', 'request_id'],
    state_rejected: ['login.state', 'trace_id', 'request_id'],
    exchanged: ['trace_id'],
    userinfo: ['trace_id'],
    session: ['login.qrcode_id', 'login.ticket', 'trace_id'],
    failed: ['trace_id'],
    retried: ['trace_id'],
    driver: ['trace_id'],
    aside: ['trace_id'],
    archived: ['login.qrcode_id', 'trace_id'],
  },
  words: {
    issued: (at) => says('info', 'qrcode created', { expires_in: 180, client: at.person.client }),
    refreshed: () => says('info', 'qrcode refreshed', { expires_in: 180 }),
    issue_failed: (at) => complains('error', 'create qrcode failed', at.failure),
    polled: (at) =>
      says('debug', 'qrcode status polled', { status: at.what.scanned ? 'scanned' : 'waiting' }),
    scanned: () => says('info', 'qrcode scanned'),
    confirmed: () => says('info', 'qrcode confirmed'),
    cancelled: () => says('info', 'qrcode cancelled by user'),
    expired: () => says('info', 'qrcode expired'),
    callback: (at) => says('info', 'wechat callback received', { client_ip: at.person.address }),
    denied: () => says('info', 'wechat callback received without code, user denied'),
    state_rejected: (at) => says('warn', REFUSED_STATE[at.what.fault]),
    exchanged: (at) => says('info', 'oauth2 token exchanged', { cost_ms: took(at, 80) }),
    userinfo: (at) => says('info', 'userinfo fetched', { cost_ms: took(at, 90) }),
    session: (at) =>
      says('info', 'user login success', { uid: at.person.pseudonym, cost_ms: took(at, 4) }),
    failed: (at) => complains('error', FAILED[at.what.stage] ?? 'login failed', at.failure),
    retried: (at) =>
      complains('warn', `${FAILED[at.what.stage]}, retrying`, at.failure, { attempt: 1 }),
    aside: (at) =>
      at.rng.pick([
        says('debug', 'http client timeout set to 30s', { max_idle_conns: 10 }),
        says('debug', 'state store warmed up', { pool_size: 10, failed: 0 }),
        says('info', 'breaker state checked', { breaker: 'wechat', state_name: 'closed' }),
        says('debug', 'redis pool stats', {
          hits: 20391,
          misses: 12,
          timeouts: 0,
          total_conns: 10,
        }),
      ]),
  },
};

/** Go, zerolog: keeps accounts, and knows nothing of QR codes. */
export const portalAccount: Service = {
  name: 'account-svc',
  tongue: go,
  logger: zerolog,
  idNames: { trace_id: 'trace_id' },
  carries: {
    persisted: ['trace_id'],
    failed: ['trace_id'],
    retried: ['trace_id'],
    driver: ['trace_id'],
  },
  words: {
    persisted: (at) =>
      says('info', at.rng.chance(0.1) ? 'user created' : 'user updated', {
        user: at.person.pseudonym,
        took_ms: took(at, 9),
      }),
    failed: (at) => complains('error', 'upsert user failed', at.failure),
    retried: (at) => complains('warn', 'upsert user failed, will retry transaction', at.failure),
    driver: (at) =>
      says('warn', at.failure?.message ?? 'slow query', { sql: 'INSERT INTO users …', rows: 0 }),
  },
};
