import { monolog } from '../loggers/index.ts';
import type { Service } from '../service.ts';
import { php } from '../troubles/index.ts';
import { complains, type StateWords, says } from './words.ts';

const REFUSED_STATE: StateWords = {
  mismatch: 'Invalid state: state 不匹配',
  not_found: 'Invalid state: session 中没有找到 state',
  missing: '回调请求缺少 state 参数',
  expired: 'state 已过期',
  reused: 'state 已使用过',
};

const FAILED = {
  callback: '微信回调处理失败',
  scanned: '扫码事件处理失败',
  exchange: '通过 code 获取 access_token 失败',
  userinfo: '拉取微信用户信息失败',
  persist: '用户信息入库失败',
  session: '写入登录会话失败',
} as Readonly<Record<string, string>>;

/** PHP, monolog, Chinese: the caller's ids in `context`, the processors' in `extra`. */
export const forumLogin: Service = {
  name: 'forum',
  tongue: php,
  logger: monolog,
  idNames: {
    'login.qrcode_id': 'uuid',
    'login.ticket': 'ticket',
    'login.scene': 'scene_id',
    'login.state': 'state',
    'login.code': 'code',
    trace_id: 'trace_id',
    request_id: 'request_id',
  },
  carries: {
    issued: ['login.qrcode_id', 'login.ticket', 'login.scene', 'login.state', 'request_id'],
    refreshed: ['login.qrcode_id', 'login.state', 'request_id'],
    issue_failed: ['login.state', 'login.scene', 'request_id'],
    polled: ['login.qrcode_id', 'login.ticket', 'request_id'],
    scanned: ['login.qrcode_id', 'login.ticket', 'login.scene', 'request_id'],
    confirmed: ['login.qrcode_id', 'request_id'],
    cancelled: ['login.qrcode_id', 'login.ticket', 'request_id'],
    expired: ['login.qrcode_id', 'login.ticket', 'request_id'],
    callback: ['login.state', 'login.code', 'request_id'],
    denied: ['login.state', 'request_id'],
    state_rejected: ['login.state', 'request_id'],
    exchanged: ['login.code', 'request_id'],
    userinfo: ['request_id'],
    persisted: ['request_id'],
    session: ['request_id', 'login.ticket'],
    failed: ['request_id'],
    retried: ['request_id'],
    driver: ['request_id'],
    aside: ['request_id'],
  },
  words: {
    issued: () => says('info', '获取登录二维码成功'),
    refreshed: () => says('info', '重新获取登录二维码'),
    issue_failed: (at) => complains('error', '获取登录二维码失败', at.failure),
    scanned: () => says('info', '用户已扫码'),
    confirmed: () => says('info', '用户确认授权'),
    cancelled: () => says('info', '用户取消授权'),
    expired: () => says('info', '登录二维码已失效'),
    callback: (at) => says('info', '微信授权回调', { ip: at.person.address }),
    denied: (at) => says('info', '微信授权回调: 用户拒绝授权', { ip: at.person.address }),
    state_rejected: (at) => says('warn', REFUSED_STATE[at.what.fault]),
    exchanged: () => says('info', '通过 code 获取 access_token 成功'),
    userinfo: () => says('info', '拉取微信用户信息成功'),
    persisted: (at) => says('info', '用户信息入库成功', { uid: at.person.pseudonym }),
    session: (at) => says('info', '登录成功', { uid: at.person.pseudonym }),
    failed: (at) => complains('error', FAILED[at.what.stage] ?? '登录失败', at.failure),
    retried: (at) => complains('warn', `${FAILED[at.what.stage]}, 重试`, at.failure),
    driver: (at) => ({ ...says('error', at.failure?.message ?? ''), logger: 'database' }),
    aside: (at) =>
      at.rng.pick([
        says('debug', 'guzzle timeout=30 connect_timeout=5 retries=2'),
        says('debug', '读取缓存的 access_token, 未过期'),
        says('info', '连接池大小 10'),
      ]),
  },
};
