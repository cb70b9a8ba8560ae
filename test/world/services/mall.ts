import { Digits } from '../json.ts';
import { ecsNested, logback } from '../loggers/index.ts';
import type { Service } from '../service.ts';
import { java } from '../troubles/index.ts';
import { complains, type StateWords, says, took } from './words.ts';

const REFUSED_STATE: StateWords = {
  mismatch: 'state校验失败, 与会话中保存的不一致',
  not_found: 'state不存在, 校验失败',
  missing: '微信回调缺少state参数',
  expired: 'state已过期, 请重新扫码',
  reused: 'state已被使用, 拒绝重复回调',
};

const FAILED = {
  callback: '处理微信回调失败',
  scanned: '处理扫码事件失败',
  exchange: '换取access_token失败',
  userinfo: '获取微信用户信息失败',
  persist: '保存用户信息失败',
  session: '创建登录会话失败',
} as Readonly<Record<string, string>>;

/** Java, logstash-logback-encoder, Chinese, camelCase, snowflake ids printed as numbers. */
export const mallAuth: Service = {
  name: 'mall-auth',
  tongue: java,
  logger: logback,
  idNames: {
    'login.qrcode_id': { name: 'qrcodeId', print: (id) => new Digits(id) },
    'login.ticket': 'ticket',
    'login.scene': 'sceneStr',
    'login.state': 'state',
    'login.code': 'wxCode',
    trace_id: 'traceId',
    request_id: 'X-Request-Id',
  },
  carries: {
    issued: ['login.qrcode_id', 'login.ticket', 'login.scene', 'login.state', 'trace_id'],
    refreshed: ['login.qrcode_id', 'login.state', 'trace_id'],
    issue_failed: ['login.state', 'login.scene', 'trace_id'],
    polled: ['login.qrcode_id', 'login.ticket', 'trace_id'],
    scanned: ['login.qrcode_id', 'login.ticket', 'trace_id'],
    confirmed: ['login.qrcode_id', 'login.code', 'trace_id'],
    cancelled: ['login.qrcode_id', 'login.ticket', 'trace_id'],
    expired: ['login.qrcode_id', 'login.ticket', 'trace_id'],
    callback: ['login.state', 'login.code', 'trace_id', 'request_id'],
    denied: ['login.state', 'trace_id', 'request_id'],
    state_rejected: ['login.state', 'trace_id'],
    exchanged: ['login.code', 'trace_id'],
    userinfo: ['trace_id'],
    session: ['trace_id', 'login.ticket'],
    failed: ['trace_id', 'request_id'],
    retried: ['trace_id'],
    driver: ['trace_id'],
    aside: ['trace_id'],
    archived: ['login.qrcode_id', 'login.ticket', 'trace_id'],
  },
  words: {
    issued: (at) => says('info', '生成登录二维码成功, 有效期180秒', { client: at.person.client }),
    refreshed: () => says('info', '二维码已刷新'),
    issue_failed: (at) => complains('error', '生成登录二维码失败', at.failure),
    polled: (at) =>
      says('debug', at.what.scanned ? '轮询二维码状态: 已扫码' : '轮询二维码状态: 等待扫码'),
    scanned: () => says('info', '扫码成功, 等待用户确认'),
    confirmed: () => says('info', '用户已确认登录'),
    cancelled: () => says('info', '用户取消登录'),
    expired: () => says('info', '二维码已过期'),
    callback: () => says('info', '收到微信回调'),
    denied: () => says('info', '收到微信回调, 用户拒绝授权, 无code'),
    state_rejected: (at) => says('warn', REFUSED_STATE[at.what.fault]),
    exchanged: (at) => says('info', `获取access_token成功, 耗时${took(at, 80)}ms`),
    userinfo: (at) => says('info', `获取微信用户信息成功, 耗时${took(at, 90)}ms`),
    session: (at) => says('info', '用户登录成功', { userId: at.person.pseudonym }),
    failed: (at) => {
      const words = FAILED[at.what.stage] ?? '微信登录失败';
      const answer = at.failure?.answer;
      if (answer === undefined || at.rng.chance(0.5)) return complains('error', words, at.failure);
      return [says('info', `请求微信返回:${JSON.stringify(answer)}`), says('error', words)];
    },
    retried: (at) => complains('warn', `${FAILED[at.what.stage]}, 正在重试第1次`, at.failure),
    driver: (at) => ({
      ...complains('warn', 'Redis连接异常', at.failure),
      logger: 'com.example.auth.store.RedisStateStore',
    }),
    aside: (at) =>
      at.rng.pick([
        says('debug', 'HTTP客户端超时时间设置为30s, 连接池大小10'),
        says('info', 'HikariPool-1 - Pool stats (total=20, active=3, idle=17, waiting=0)'),
        says('info', '熔断器wechatApi状态: CLOSED'),
        says('debug', '加载重试配置: maxRetry=3, timeout=5000ms'),
      ]),
    archived: () => says('info', '历史扫码记录归档完成'),
  },
};

/** Spring Boot 3.5 in nested ECS. */
export const mallUser: Service = {
  name: 'mall-user',
  tongue: java,
  logger: ecsNested,
  idNames: { trace_id: 'trace.id' },
  carries: {
    persisted: ['trace_id'],
    failed: ['trace_id'],
    retried: ['trace_id'],
    driver: ['trace_id'],
  },
  words: {
    persisted: (at) => says('info', '用户信息已保存', { 'user.hash': at.person.pseudonym }),
    failed: (at) => complains('error', '保存用户信息失败', at.failure),
    retried: (at) => complains('warn', '保存用户信息失败, 事务重试', at.failure),
    driver: (at) => ({
      ...says('warn', at.failure?.root ?? 'slow query'),
      logger: 'org.hibernate.engine.jdbc.spi.SqlExceptionHelper',
    }),
  },
};
