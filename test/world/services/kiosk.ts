import { ecsFlat } from '../loggers/index.ts';
import type { Service } from '../service.ts';
import { java } from '../troubles/index.ts';
import { complains, says, took } from './words.ts';

const FAILED = {
  scanned: '处理公众号扫码事件失败',
  userinfo: '获取公众号粉丝信息失败',
  persist: '粉丝信息落库失败',
  session: '自助机登录会话创建失败',
} as Readonly<Record<string, string>>;

/** Java, log4j2 with flat ECS keys, Chinese: logs in through an official account's tickets. */
export const kioskLogin: Service = {
  name: 'kiosk-login',
  tongue: java,
  logger: ecsFlat,
  idNames: {
    'login.ticket': 'ticket',
    'login.scene': 'sceneId',
    trace_id: 'trace.id',
  },
  carries: {
    issued: ['login.ticket', 'login.scene', 'trace_id'],
    issue_failed: ['login.scene', 'trace_id'],
    polled: ['login.scene', 'trace_id'],
    scanned: ['login.ticket', 'login.scene', 'trace_id'],
    expired: ['login.scene', 'trace_id'],
    userinfo: ['trace_id'],
    persisted: ['trace_id'],
    session: ['login.scene', 'trace_id'],
    failed: ['trace_id'],
    retried: ['trace_id'],
    driver: ['trace_id'],
    aside: ['trace_id'],
    archived: ['login.scene', 'trace_id'],
  },
  words: {
    issued: () => says('info', '公众号带参二维码创建成功'),
    issue_failed: (at) => complains('error', '公众号带参二维码创建失败', at.failure),
    polled: (at) =>
      says('debug', at.what.scanned ? '查询扫码状态: 已扫码' : '查询扫码状态: 未扫码'),
    scanned: (at) =>
      says('info', `收到公众号扫码事件, Event=${at.rng.chance(0.9) ? 'SCAN' : 'subscribe'}`),
    expired: () => says('info', '二维码过期未扫描'),
    userinfo: (at) => says('info', '获取公众号粉丝信息成功', { costMs: took(at, 90) }),
    persisted: () => says('info', '粉丝信息落库成功'),
    session: (at) => says('info', '自助机登录成功', { fan: at.person.pseudonym }),
    failed: (at) => complains('error', FAILED[at.what.stage] ?? '自助机登录失败', at.failure),
    retried: (at) => complains('warn', `${FAILED[at.what.stage]}, 即将重试`, at.failure),
    driver: (at) => says('warn', at.failure?.root ?? at.failure?.message ?? '慢查询'),
    aside: (at) =>
      at.rng.pick([
        says('debug', '读取超时设置为30s'),
        says('info', '线程池状态: core=10, active=1, queue=0'),
      ]),
    archived: () => says('info', '历史扫码记录归档完成'),
  },
};
