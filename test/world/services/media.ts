import type { Entry } from '../entry.ts';
import type { Fields } from '../json.ts';
import { gelf, winston } from '../loggers/index.ts';
import type { Service } from '../service.ts';
import { java, node } from '../troubles/index.ts';
import { complains, type StateWords, says, took } from './words.ts';

const REFUSED_STATE: StateWords = {
  mismatch: 'wechat state mismatch',
  not_found: 'wechat state not found in session store',
  missing: 'missing state in wechat callback',
  expired: 'wechat state expired',
  reused: 'wechat state already consumed',
};

const FAILED = {
  callback: 'wechat callback failed',
  exchange: 'failed to exchange code for token',
  userinfo: 'failed to fetch wechat userinfo',
  persist: 'failed to persist user',
  session: 'failed to create session',
} as Readonly<Record<string, string>>;

/** Puts the payload as a JSON text into the message, as wrappers around loggers love to do. */
function wrapped(event: string, fields: Fields): Entry {
  return says('info', JSON.stringify({ event, ...fields }));
}

/** Node, winston, camelCase; some of its lines are JSON inside `message`. */
export const mediaAuth: Service = {
  name: 'media-auth',
  tongue: node,
  logger: winston,
  idNames: {
    'login.qrcode_id': 'qrcodeId',
    'login.state': 'state',
    'login.code': 'wx_code',
    trace_id: 'traceId',
    request_id: 'requestId',
  },
  carries: {
    issued: ['login.qrcode_id', 'login.state', 'trace_id', 'request_id'],
    refreshed: ['login.qrcode_id', 'login.state', 'trace_id', 'request_id'],
    issue_failed: ['login.state', 'trace_id', 'request_id'],
    polled: ['login.qrcode_id', 'trace_id', 'request_id'],
    scanned: ['login.qrcode_id', 'trace_id'],
    confirmed: ['login.qrcode_id', 'trace_id'],
    cancelled: ['login.qrcode_id', 'trace_id'],
    expired: ['login.qrcode_id', 'trace_id'],
    callback: ['login.state', 'login.code', 'trace_id', 'request_id'],
    denied: ['login.state', 'trace_id', 'request_id'],
    state_rejected: ['login.state', 'trace_id', 'request_id'],
    exchanged: ['login.code', 'trace_id'],
    userinfo: ['trace_id'],
    session: ['trace_id', 'request_id'],
    failed: ['request_id', 'trace_id'],
    retried: ['trace_id'],
    driver: ['trace_id'],
    aside: ['request_id'],
  },
  words: {
    issued: (at) => wrapped('qrcode issued', { client: at.person.client, ttl: 180 }),
    refreshed: () => wrapped('qrcode refreshed', { ttl: 180 }),
    issue_failed: (at) => complains('error', 'failed to issue qrcode', at.failure),
    polled: (at) => wrapped('qrcode status', { status: at.what.scanned ? 'SCANNED' : 'WAITING' }),
    scanned: () => wrapped('qrcode scanned', {}),
    confirmed: () => wrapped('qrcode confirmed', {}),
    cancelled: () => wrapped('qrcode cancelled', {}),
    expired: () => wrapped('qrcode expired', {}),
    callback: () => says('info', 'wechat callback received'),
    denied: () => says('info', 'wechat callback received: access denied by user'),
    state_rejected: (at) => says('warn', REFUSED_STATE[at.what.fault]),
    exchanged: (at) => says('info', 'code exchanged for token', { ms: took(at, 80) }),
    userinfo: (at) => says('info', 'wechat userinfo fetched', { ms: took(at, 90) }),
    session: (at) => says('info', 'session created', { user: at.person.pseudonym }),
    failed: (at) => {
      const words = FAILED[at.what.stage] ?? 'wechat login failed';
      const answer = at.failure?.answer;
      if (answer === undefined) return complains('error', words, at.failure);
      return says('error', `${words}: ${JSON.stringify(answer)}`);
    },
    retried: (at) => complains('warn', `${FAILED[at.what.stage]}, retry 1/3`, at.failure),
    driver: (at) => complains('error', 'query error', at.failure),
    aside: (at) =>
      at.rng.pick([
        says('debug', 'axios timeout set to 30s'),
        says('debug', 'circuit closed, 0 failures'),
        says('info', 'generic-pool size 10 available 10 pending 0'),
      ]),
  },
};

/** Java, Spring Boot GELF. */
export const mediaAccount: Service = {
  name: 'media-account',
  tongue: java,
  logger: gelf,
  idNames: { trace_id: 'traceId' },
  carries: {
    persisted: ['trace_id'],
    failed: ['trace_id'],
    retried: ['trace_id'],
    driver: ['trace_id'],
  },
  words: {
    persisted: (at) => says('info', 'Account saved', { account: at.person.pseudonym }),
    failed: (at) => complains('error', 'Saving account failed', at.failure),
    retried: (at) => complains('warn', 'Saving account failed, transaction is retried', at.failure),
    driver: (at) => says('warn', at.failure?.root ?? at.failure?.message ?? 'slow query'),
  },
};
