import type { Entry, Place } from './entry.ts';
import type { Printed } from './narrate.ts';
import type { Rng } from './rng.ts';
import type { Service } from './service.ts';
import { says } from './services/words.ts';

/**
 * What a service logs besides scan logins. Half of it reads like trouble, some of it is: but of
 * other matters, under traces of its own, and no scan login ever fails by it.
 */
const MATTERS: readonly ((rng: Rng) => Entry)[] = [
  () => says('debug', 'health check ok', { path: '/healthz', status: 200 }),
  () => says('info', 'timeout set to 30s'),
  () => says('info', 'pool size 10, 9 idle'),
  () => says('info', 'retrying is enabled, max attempts 3'),
  () => says('info', 'state store warmed up in 212 ms'),
  () => says('info', '定时任务执行完成: 清理过期缓存 0 条'),
  () => says('info', '熔断器状态: CLOSED, 失败率 0.0%'),
  () => says('debug', 'GC pause 18ms, heap 402 MB of 1024 MB'),
  (rng) => says('info', 'order created', { order_id: rng.text('0123456789', 14), status: 'ok' }),
  (rng) => says('info', 'password login success', { user: rng.hex(10) }),
  (rng) => says('warn', 'password login failed: wrong password', { user: rng.hex(10) }),
  (rng) => says('error', 'send sms failed: gateway timeout', { phone_hash: rng.hex(12) }),
  (rng) => says('error', '推送优惠券失败: connection refused', { coupon: rng.whole(1000, 9999) }),
  () => says('info', 'scheduled refresh of access_token done, expires_in 7200'),
  (rng) => says('info', 'refresh token rotated', { user: rng.hex(10) }),
  () => says('warn', '库存服务响应缓慢, 耗时 2210ms, 超时阈值 3000ms'),
  (rng) => says('info', 'sms code verified', { errcode: 0, errmsg: 'ok', user: rng.hex(8) }),
  () => ({
    ...says('error', 'export report failed'),
    error: {
      type: 'java.lang.IllegalStateException',
      message: 'sheet 3 has no rows',
      stack: [
        'java.lang.IllegalStateException: sheet 3 has no rows',
        '\tat com.example.report.SheetWriter.close(SheetWriter.java:61)',
        '\tat com.example.report.NightlyJob.run(NightlyJob.java:27)',
      ].join('\n'),
    },
  }),
];

/** One line of other matters. */
export function chatter(rng: Rng, service: Service, place: Place, atMs: number): Printed {
  const entry = rng.pick(MATTERS)(rng);
  const name = service.idNames.trace_id;
  const trace =
    name === undefined || rng.chance(0.5)
      ? {}
      : typeof name === 'string'
        ? { [name]: rng.hex(32) }
        : { [name.name]: name.print(rng.hex(32)) };
  const text = service.logger({ ...entry, fields: { ...trace, ...entry.fields } }, place, atMs);
  return { text, atMs, place, carried: [], tells: undefined };
}
