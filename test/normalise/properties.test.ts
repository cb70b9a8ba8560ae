import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runs } from '../fuzz.ts';
import { readEvent, readEvents } from './read-events.ts';

const keep = ['message', 'wechat.errcode', 'http.response.status_code', 'k8s.pod.name'];

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

/** Fields that a login line may have, each with values of all sorts. */
const field: fc.Arbitrary<[string, unknown]> = fc.oneof(
  fc.tuple(
    fc.constantFrom('time', 'ts', '@timestamp', 'timestamp', 'datetime'),
    fc.oneof(
      fc.constantFrom<unknown>('2026-11-22T05:41:15.896Z', '2026-11-22 05:41:15', 'soon', null),
      fc.integer({ min: 1_500_000_000, max: 1_900_000_000 }),
      fc.integer({ min: 1_500_000_000_000, max: 1_900_000_000_000 }),
    ),
  ),
  fc.tuple(
    fc.constantFrom('level', 'severity', 'log.level', 'levelname'),
    fc.constantFrom<unknown>('info', 'ERROR', 'warning', 30, 50, 400, null),
  ),
  fc.tuple(
    fc.constantFrom('message', 'msg', 'event', 'error', 'body', 'short_message'),
    fc.oneof(
      fc.constantFrom<unknown>(
        'login success',
        '换取 access_token 失败: {"errcode":40029,"errmsg":"invalid code"}',
        'qr code created qrcode_id=q-5f3a9c21',
        'wechat callback received',
        '{"level":"error","ts":1795326075.896,"msg":"session created","qr_id":"q-1"}',
        'token_exchanged',
      ),
      fc.string({ unit: 'binary' }),
    ),
  ),
  fc.tuple(
    fc.constantFrom('qrcode_id', 'state', 'code', 'trace_id', 'reqId', 'ticket', 'scene', 'uuid'),
    fc.oneof(
      fc.constantFrom<unknown>(
        'q-5f3a9c21',
        TRACE,
        '081Kq4Ga1MSox41d7Nxk',
        'STATE',
        '-',
        '',
        null,
        7,
      ),
      fc.string(),
    ),
  ),
  fc.tuple(fc.constantFrom('status', 'errcode', 'pod', 'hostname', 'pid', 'v'), fc.integer()),
  fc.tuple(
    fc.constantFrom('url', 'path', 'request_uri'),
    fc.constantFrom(
      '/cb/callback?state=abc12345&code=',
      '/login/qrcode',
      'https://x.example/a?b=c',
    ),
  ),
);

const record = fc
  .uniqueArray(field, { selector: ([name]) => name, maxLength: 12 })
  .map((entries) => Object.fromEntries(entries));

function shuffled(line: Record<string, unknown>, order: readonly number[]): object {
  const entries = Object.entries(line).map((entry, index) => ({ entry, at: order[index] ?? 0 }));
  entries.sort((a, b) => a.at - b.at);
  return Object.fromEntries(entries.map(({ entry }) => entry));
}

test('the order of keys makes no difference', () => {
  fc.assert(
    fc.property(record, fc.array(fc.integer(), { minLength: 12, maxLength: 12 }), (line, order) => {
      const nested = { extra: line, ...line };
      expect(readEvents([shuffled(nested, order)], { keep }).events).toEqual(
        readEvents([nested], { keep }).events,
      );
    }),
    { numRuns: runs(500) },
  );
});

test('what stands before and after a line makes no difference', () => {
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 20 }), (lines) => {
      const alone = lines.flatMap((line, index) =>
        readEvents([line], { keep }).events.map((event) => ({ ...event, line: index + 1 })),
      );
      expect(readEvents(lines, { keep }).events).toEqual(alone);
    }),
    { numRuns: runs(100) },
  );
});

test('no record makes it throw', () => {
  fc.assert(
    fc.property(fc.array(fc.object({ withNullPrototype: false }), { maxLength: 5 }), (lines) => {
      const { events } = readEvents(lines, { keep });
      expect(events.length).toBeLessThanOrEqual(lines.length);
    }),
    { numRuns: runs(500) },
  );
});

describe('the hash of the content', () => {
  const line = { ts: 1795326075.896, level: 'info', msg: 'login success', qrcode_id: 'q1' };

  test('is equal for equal events only', () => {
    const hash = (change: object) => readEvent({ ...line, ...change }).hash;
    expect(hash({})).toBe(hash({}));
    expect(hash({ ts: '2026-11-22T05:41:15.896Z' })).toBe(hash({}));
    expect(hash({ ts: 1795326075.897 })).not.toBe(hash({}));
    expect(hash({ ts: 'x' })).not.toBe(hash({}));
    expect(hash({ msg: 'login ok' })).not.toBe(hash({}));
    expect(hash({ qrcode_id: 'q2' })).not.toBe(hash({}));
    expect(hash({ scan_id: 'q1', qrcode_id: undefined })).not.toBe(hash({}));
    expect(hash({ level: 'warn' })).not.toBe(hash({}));
  });

  test('does not change with the fields that a run keeps', () => {
    expect(readEvent(line, { showIds: false }).hash).toBe(readEvent(line).hash);
  });

  test('spreads', () => {
    const lines = Array.from({ length: 20_000 }, (_, n) => ({ ...line, qrcode_id: `q${n}` }));
    const hashes = new Set(readEvents(lines).events.map(({ hash }) => hash));
    expect(hashes.size).toBe(lines.length);
  });
});

test('the last of duplicate keys counts', () => {
  const line =
    '{"qrcode_id":"q1","state":"aaaa1111","qrcode_id":"q2","msg":"login failed","msg":"login success"}';
  expect(readEvent(line)).toMatchObject({
    ids: ['login.qrcode_id=q2', 'login.state=aaaa1111'],
  });
});

test('a flood of distinct texts changes nothing', () => {
  const flood = Array.from({ length: 60_000 }, (_, n) => ({
    message: `user u${n} did ${n}`,
    qrcode_id: `q${n}`,
  }));
  const line = { message: 'token exchange failed errcode=40029', qrcode_id: 'q1' };
  const { events } = readEvents([line, ...flood, line], { keep });
  expect({ ...events.at(-1), line: 1 }).toEqual(events[0]);
});

test('endless distinct keys change nothing', () => {
  const line = { message: 'login success', qrcode_id: 'q1' };
  const flood = Array.from({ length: 80_000 }, (_, n) => ({ [`k${n}_error`]: 'x' }));
  const { events } = readEvents([line, ...flood, line]);
  expect(events).toHaveLength(2);
  expect({ ...events[1], line: 1 }).toEqual(events[0]);
});

test('hostile texts cost bounded time', () => {
  const hostile = [
    'errcode'.repeat(20_000),
    'errcode:"'.repeat(20_000),
    'state=&'.repeat(30_000),
    'GET '.repeat(30_000),
    '['.repeat(100_000),
    'a'.repeat(1_000_000),
    'invalid code ('.repeat(10_000),
    `${'rid: '.repeat(30_000)}x`,
    'qrcode/'.repeat(20_000),
    '二维码'.repeat(50_000),
  ];
  const started = process.cpuUsage();
  readEvents(hostile.map((message) => ({ message, url: `/${message}`, flow_id: 'f1' })));
  const { user } = process.cpuUsage(started);
  expect(user / 1e6).toBeLessThan(10);
});

describe('times feed the watermark', () => {
  test('of lines that are kept and of lines that are not', () => {
    const result = readEvents([
      { time: '2026-11-22T05:00:00Z', msg: 'something else' },
      { time: '2026-11-22T06:00:00Z', msg: 'login success' },
      { time: '2026-11-22T07:00:00Z', msg: 'something else' },
      { time: '1970-01-01T00:00:00Z', msg: 'something else' },
      { msg: 'login success' },
    ]);
    expect(result.events.map(({ timeMs }) => timeMs)).toEqual([
      Date.UTC(2026, 10, 22, 6),
      undefined,
    ]);
    expect(result.minTimeMs).toBe(Date.UTC(2026, 10, 22, 5));
    expect(result.maxTimeMs).toBe(Date.UTC(2026, 10, 22, 7));
  });

  test('the most telling time of a line is its own', () => {
    expect(
      readEvent({
        qrcode_id: 'q1',
        date: '2026-01-01T00:00:00Z',
        '@timestamp': '2026-02-02T00:00:00Z',
      }).timeMs,
    ).toBe(Date.UTC(2026, 1, 2));
    expect(readEvent({ qrcode_id: 'q1', time: 35, ts: '2026-02-02T00:00:00Z' }).timeMs).toBe(
      Date.UTC(2026, 1, 2),
    );
    expect(
      readEvent({
        qrcode_id: 'q1',
        context: { timestamp: 1795326075 },
        time: '2026-02-02T00:00:00Z',
      }).timeMs,
    ).toBe(Date.UTC(2026, 1, 2));
  });
});

test('a record of very many texts and ids costs bounded time', () => {
  const texts = { error: Array.from({ length: 50_000 }, (_, n) => `text ${n} of an error`) };
  const ids = Object.fromEntries(
    Array.from({ length: 50_000 }, (_, n) => [`a${n}`, { qrcode_id: `q-${n}` }]),
  );
  const started = process.cpuUsage();
  const { events } = readEvents([{ flow_id: 'f1', ...texts }, ids], { keep });
  expect(process.cpuUsage(started).user / 1e6).toBeLessThan(20);
  expect(events).toHaveLength(2);
  expect(events[1].ids.length).toBeLessThanOrEqual(64);
});
