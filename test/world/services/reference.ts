import type { Setting } from '../happening.ts';
import type { Fields } from '../json.ts';
import { pino } from '../loggers/index.ts';
import type { Service } from '../service.ts';
import { node } from '../troubles/index.ts';
import { complains, says, took } from './words.ts';

const STAGE_EVENT = {
  scanned: 'qr.failed',
  callback: 'callback.failed',
  exchange: 'token.failed',
  userinfo: 'userinfo.failed',
  persist: 'user.failed',
  session: 'session.failed',
} as Readonly<Record<string, string>>;

function event(name: string, stage: string, setting: Setting, more: Fields = {}): Fields {
  return {
    'event.name': `wechat.login.${name}`,
    'login.stage': stage,
    'login.kind': setting.ids['login.ticket'] === undefined ? 'website' : 'official_account',
    span_id: setting.request.spanId,
    ...more,
  };
}

function trouble(setting: Setting): Fields {
  const { failure } = setting;
  if (failure === undefined) return {};
  return {
    'error.type': failure.type,
    'error.message': failure.message,
    'wechat.errcode': failure.answer?.errcode,
    'wechat.rid': failure.answer && /rid: (\S+)/.exec(failure.answer.errmsg)?.[1],
    'db.response.status_code': failure.answer ? undefined : failure.code,
  };
}

const PATHS = {
  issue: '/login/qr',
  poll: '/login/qr/status',
  callback: '/wechat/callback',
  webhook: '/wechat/events',
} as const;

const ERROR_TYPE = {
  mismatch: 'state_mismatch',
  not_found: 'state_not_found',
  missing: 'state_missing',
  expired: 'state_expired',
  reused: 'state_reused',
} as const;

/**
 * Node, pino: the vocabulary of a service built for analysis. Every login has an id of its own,
 * no line holds a code or a state, and the line that ends a failed login names no cause.
 */
export const referenceLogin: Service = {
  name: 'wechat-login',
  tongue: node,
  logger: pino,
  idNames: { 'login.flow.id': 'login.flow.id', trace_id: 'trace_id', request_id: 'reqId' },
  carries: {
    issued: ['login.flow.id', 'trace_id'],
    refreshed: ['login.flow.id', 'trace_id'],
    issue_failed: ['login.flow.id', 'trace_id'],
    polled: ['login.flow.id', 'trace_id'],
    scanned: ['login.flow.id', 'trace_id'],
    confirmed: ['login.flow.id', 'trace_id'],
    cancelled: ['login.flow.id', 'trace_id'],
    expired: ['login.flow.id', 'trace_id'],
    callback: ['login.flow.id', 'trace_id'],
    denied: ['login.flow.id', 'trace_id'],
    state_rejected: ['login.flow.id', 'trace_id'],
    exchanged: ['login.flow.id', 'trace_id'],
    userinfo: ['login.flow.id', 'trace_id'],
    persisted: ['login.flow.id', 'trace_id'],
    session: ['login.flow.id', 'trace_id'],
    failed: ['login.flow.id', 'trace_id'],
    retried: ['login.flow.id', 'trace_id'],
    driver: ['trace_id'],
    access: ['trace_id', 'request_id'],
    aside: ['trace_id'],
  },
  words: {
    issued: (at) => [
      says('info', 'login flow started', event('flow.started', 'issued', at)),
      says(
        'info',
        'qr code issued',
        event('qr.issued', 'issued', at, { duration_ms: took(at, 12) }),
      ),
    ],
    refreshed: (at) => says('info', 'qr code refreshed', event('qr.refreshed', 'issued', at)),
    issue_failed: (at) => [
      says('error', 'qr code not issued', event('qr.failed', 'issued', at, trouble(at))),
      says('info', 'login flow failed', event('flow.failed', 'issued', at)),
    ],
    polled: (at) =>
      says(
        'debug',
        'status polled',
        event('status.polled', at.what.scanned ? 'scanned' : 'issued', at, {
          status: at.what.scanned ? 'scanned' : 'waiting',
        }),
      ),
    scanned: (at) => says('info', 'qr code scanned', event('qr.scanned', 'scanned', at)),
    confirmed: (at) => says('info', 'login confirmed', event('qr.confirmed', 'confirmed', at)),
    cancelled: (at) => says('info', 'login cancelled', event('qr.cancelled', 'scanned', at)),
    expired: (at) => says('info', 'qr code expired', event('qr.expired', 'scanned', at)),
    callback: (at) => says('info', 'callback received', event('callback.received', 'callback', at)),
    denied: (at) => says('info', 'callback denied', event('callback.denied', 'callback', at)),
    state_rejected: (at) => [
      says(
        'warn',
        'state rejected',
        event('state.rejected', 'callback', at, { 'error.type': ERROR_TYPE[at.what.fault] }),
      ),
      says('info', 'login flow failed', event('flow.failed', 'callback', at)),
    ],
    exchanged: (at) =>
      says(
        'info',
        'token exchanged',
        event('token.exchanged', 'exchange', at, { duration_ms: took(at, 80) }),
      ),
    userinfo: (at) =>
      says(
        'info',
        'userinfo fetched',
        event('userinfo.fetched', 'userinfo', at, { duration_ms: took(at, 90) }),
      ),
    persisted: (at) =>
      says(
        'info',
        'user stored',
        event(at.rng.chance(0.1) ? 'user.created' : 'user.updated', 'persist', at, {
          'enduser.pseudo.id': at.person.pseudonym,
          duration_ms: took(at, 7),
        }),
      ),
    session: (at) => [
      says('info', 'session created', event('session.created', 'session', at)),
      says('info', 'login flow completed', event('flow.completed', 'session', at)),
    ],
    failed: (at) => {
      const { stage } = at.what;
      const name = at.what.trouble.kind === 'limited' ? 'rate.limited' : STAGE_EVENT[stage];
      return [
        complains(
          'error',
          `${stage} failed`,
          at.failure,
          event(name ?? 'session.failed', stage, at, trouble(at)),
        ),
        says('info', 'login flow failed', event('flow.failed', stage, at)),
      ];
    },
    retried: (at) =>
      says(
        'warn',
        `${at.what.stage} retried`,
        event(
          at.what.stage === 'exchange' ? 'token.retried' : `${at.what.stage}.retried`,
          at.what.stage,
          at,
          {
            ...trouble(at),
            'retry.attempt': 1,
          },
        ),
      ),
    driver: (at) =>
      complains('error', 'query failed', at.failure, { 'db.system.name': 'postgresql' }),
    access: (at) =>
      says('info', 'request completed', {
        responseTime: at.what.durationMs,
        req: {
          method: 'GET',
          url: PATHS[at.request.route],
          remoteAddress: at.person.address,
        },
        res: { statusCode: at.what.status },
      }),
    aside: (at) =>
      at.rng.pick([
        says('debug', 'pool size 10, idle 9, waiting 0'),
        says('debug', 'upstream timeout set to 5000 ms, retries 1'),
        says('info', 'state store ready'),
      ]),
  },
};
