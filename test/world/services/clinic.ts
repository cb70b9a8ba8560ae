import { serilog } from '../loggers/index.ts';
import type { Service } from '../service.ts';
import { dotnet } from '../troubles/index.ts';
import { complains, type StateWords, says, took } from './words.ts';

const REFUSED_STATE: StateWords = {
  mismatch: 'OAuth state mismatch, rejecting callback',
  not_found: 'OAuth state was not found, rejecting callback',
  missing: 'OAuth state is missing from callback',
  expired: 'OAuth state has expired, rejecting callback',
  reused: 'OAuth state has already been used, rejecting callback',
};

const FAILED = {
  callback: 'WeChat callback failed',
  exchange: 'Code exchange failed',
  userinfo: 'Retrieving WeChat user info failed',
  persist: 'Saving user failed',
  session: 'Sign-in failed while issuing session',
} as Readonly<Record<string, string>>;

const PATHS = {
  issue: '/login/qrcode',
  poll: '/login/qrcode/status',
  callback: '/wechat/callback',
  webhook: '/wechat/events',
} as const;

/** .NET, Serilog compact JSON, PascalCase; the trace stands in `@tr`. */
export const clinicAuth: Service = {
  name: 'clinic-auth',
  tongue: dotnet,
  logger: serilog,
  idNames: {
    'login.qrcode_id': 'QrCodeId',
    'login.state': 'State',
    'login.code': 'Code',
    trace_id: '@tr',
    request_id: 'RequestId',
  },
  carries: {
    issued: ['login.qrcode_id', 'login.state', 'trace_id', 'request_id'],
    refreshed: ['login.qrcode_id', 'login.state', 'trace_id', 'request_id'],
    issue_failed: ['login.state', 'trace_id', 'request_id'],
    polled: ['login.qrcode_id', 'trace_id', 'request_id'],
    scanned: ['login.qrcode_id', 'trace_id', 'request_id'],
    confirmed: ['login.qrcode_id', 'login.code', 'trace_id', 'request_id'],
    cancelled: ['login.qrcode_id', 'trace_id', 'request_id'],
    expired: ['login.qrcode_id', 'trace_id', 'request_id'],
    callback: ['login.state', 'login.code', 'trace_id', 'request_id'],
    denied: ['login.state', 'trace_id', 'request_id'],
    state_rejected: ['login.state', 'trace_id', 'request_id'],
    exchanged: ['trace_id', 'request_id'],
    userinfo: ['trace_id'],
    persisted: ['trace_id'],
    session: ['trace_id', 'request_id'],
    failed: ['login.code', 'trace_id', 'request_id'],
    retried: ['trace_id'],
    driver: ['trace_id'],
    access: ['trace_id', 'request_id'],
    aside: ['trace_id', 'request_id'],
  },
  words: {
    issued: (at) => says('info', `QR code issued for client ${at.person.client}`),
    refreshed: () => says('info', 'QR code refreshed'),
    issue_failed: (at) => complains('error', 'Failed to issue QR code', at.failure),
    polled: (at) =>
      says('debug', `QR code status polled: ${at.what.scanned ? 'Scanned' : 'Waiting'}`),
    scanned: () => says('info', 'QR code scanned'),
    confirmed: () => says('info', 'QR code confirmed'),
    cancelled: () => says('info', 'QR code login cancelled by user'),
    expired: () => says('info', 'QR code expired'),
    callback: () => says('info', 'WeChat callback received'),
    denied: () => says('info', 'WeChat callback received without code: authorization denied'),
    state_rejected: (at) => says('warn', REFUSED_STATE[at.what.fault]),
    exchanged: (at) => says('info', `Code exchanged for access token in ${took(at, 80)} ms`),
    userinfo: (at) => says('info', `WeChat user info retrieved in ${took(at, 90)} ms`),
    persisted: (at) => says('info', `User ${at.person.pseudonym} saved`),
    session: (at) => says('info', `User ${at.person.pseudonym} signed in via WeChat`),
    failed: (at) => complains('error', FAILED[at.what.stage] ?? 'Sign-in failed', at.failure),
    retried: (at) => complains('warn', `${FAILED[at.what.stage]}; retrying`, at.failure),
    driver: (at) => ({
      ...complains('error', 'An error occurred using a transaction.', at.failure),
      logger: 'Microsoft.EntityFrameworkCore.Database.Transaction',
    }),
    access: (at) => {
      const RequestPath = PATHS[at.request.route];
      const { status: StatusCode, durationMs: Elapsed } = at.what;
      const message = `HTTP GET ${RequestPath} responded ${StatusCode} in ${Elapsed.toFixed(4)} ms`;
      return {
        ...says('info', message, { RequestMethod: 'GET', RequestPath, StatusCode, Elapsed }),
        logger: 'Serilog.AspNetCore.RequestLoggingMiddleware',
      };
    },
    aside: (at) =>
      at.rng.pick([
        says('debug', 'HttpClient timeout is 00:00:30, pool size 10'),
        says('info', 'Circuit for WeChat is closed'),
        says('debug', 'Retry policy: 3 attempts, 200 ms backoff'),
      ]),
  },
};
