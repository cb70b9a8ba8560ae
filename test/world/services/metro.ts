import { gcp, logrus, slog } from '../loggers/index.ts';
import type { Service } from '../service.ts';
import { go } from '../troubles/index.ts';
import { complains, type StateWords, says, took } from './words.ts';

/** Go, slog, English: the page's side. */
export const metroQr: Service = {
  name: 'qr-service',
  tongue: go,
  logger: slog,
  idNames: {
    'login.qrcode_id': 'qrcodeID',
    'login.ticket': 'ticket',
    'login.scene': 'scene',
    'login.state': 'state',
    trace_id: 'traceID',
  },
  carries: {
    issued: ['login.qrcode_id', 'login.ticket', 'login.scene', 'login.state', 'trace_id'],
    refreshed: ['login.qrcode_id', 'login.state', 'trace_id'],
    issue_failed: ['login.state', 'login.scene', 'trace_id'],
    polled: ['login.qrcode_id', 'login.ticket', 'trace_id'],
    scanned: ['login.qrcode_id', 'login.ticket', 'trace_id'],
    confirmed: ['login.qrcode_id', 'trace_id'],
    cancelled: ['login.qrcode_id', 'login.ticket', 'trace_id'],
    expired: ['login.qrcode_id', 'login.ticket', 'trace_id'],
    session: ['login.ticket', 'trace_id'],
    driver: ['trace_id'],
    aside: ['trace_id'],
  },
  words: {
    issued: () => says('info', 'QR code generated', { ttl: '3m0s' }),
    refreshed: () => says('info', 'QR code regenerated', { ttl: '3m0s' }),
    issue_failed: (at) => complains('error', 'generate QR code', at.failure),
    polled: (at) => says('debug', 'poll', { qrStatus: at.what.scanned ? 'scanned' : 'pending' }),
    scanned: () => says('info', 'QR code has been scanned'),
    confirmed: () => says('info', 'login confirmed on phone'),
    cancelled: () => says('info', 'login cancelled on phone'),
    expired: () => says('info', 'QR code expired'),
    session: (at) => says('info', 'session issued, login complete', { user: at.person.pseudonym }),
    driver: (at) => complains('warn', 'redis', at.failure),
    aside: (at) =>
      at.rng.pick([
        says('debug', 'timeout set to 30s'),
        says('debug', 'pool size 10', { inUse: 1 }),
        says('debug', 'state store warmed up'),
      ]),
  },
};

const REFUSED_STATE: StateWords = {
  mismatch: 'state 不一致, 疑似 CSRF',
  not_found: 'state 不存在或已失效',
  missing: '回调缺少 state',
  expired: 'state 已过期',
  reused: 'state 重复使用',
};

const FAILED = {
  callback: '回调处理失败',
  scanned: '扫码事件处理失败',
  exchange: 'code 换 token 失败',
  userinfo: '获取用户信息失败',
  persist: '保存用户失败',
  session: '创建会话失败',
} as Readonly<Record<string, string>>;

/** Go, logrus, Chinese: the callback's side, in whole seconds. */
export const metroCallback: Service = {
  name: 'wechat-callback',
  tongue: go,
  logger: logrus,
  idNames: {
    'login.qrcode_id': 'qrcode_id',
    'login.ticket': 'ticket',
    'login.scene': 'scene',
    'login.state': 'state',
    'login.code': 'code',
    trace_id: 'trace_id',
  },
  carries: {
    scanned: ['login.ticket', 'login.scene', 'trace_id'],
    callback: ['login.state', 'login.code', 'trace_id'],
    denied: ['login.state', 'trace_id'],
    state_rejected: ['login.state', 'trace_id'],
    exchanged: ['login.code', 'trace_id'],
    userinfo: ['trace_id'],
    session: ['login.state', 'login.ticket', 'trace_id'],
    failed: ['trace_id'],
    retried: ['trace_id'],
    driver: ['trace_id'],
    aside: ['trace_id'],
  },
  words: {
    scanned: () => says('info', '收到扫码事件'),
    callback: () => says('info', '收到微信授权回调'),
    denied: () => says('info', '收到微信授权回调, 用户拒绝授权'),
    state_rejected: (at) => says('warn', REFUSED_STATE[at.what.fault]),
    exchanged: (at) => says('info', 'code 换 token 成功', { cost: `${took(at, 80)}ms` }),
    userinfo: (at) => says('info', '获取用户信息成功', { cost: `${took(at, 90)}ms` }),
    session: (at) => says('info', '登录成功, 已创建会话', { user: at.person.pseudonym }),
    failed: (at) => complains('error', FAILED[at.what.stage] ?? '登录失败', at.failure),
    retried: (at) => complains('warn', `${FAILED[at.what.stage]}, 重试`, at.failure),
    driver: (at) => complains('warn', '驱动错误', at.failure),
    aside: (at) =>
      at.rng.pick([
        says('debug', 'http client: timeout=30s, retry=2'),
        says('info', '限流器余量 97'),
      ]),
  },
};

/** Go on Google Cloud: structured logging to stdout. */
export const metroStore: Service = {
  name: 'user-store',
  tongue: go,
  logger: gcp,
  idNames: {
    trace_id: {
      name: 'logging.googleapis.com/trace',
      print: (id) => `projects/metro-prod/traces/${id}`,
    },
  },
  carries: {
    persisted: ['trace_id'],
    failed: ['trace_id'],
    retried: ['trace_id'],
    driver: ['trace_id'],
  },
  words: {
    persisted: () => says('info', 'user saved'),
    failed: (at) => complains('error', 'save user', at.failure),
    retried: (at) => complains('warn', 'save user, retrying', at.failure),
    driver: (at) => complains('warn', 'sql', at.failure),
  },
};
