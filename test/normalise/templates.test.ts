import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { builtInLibrary } from '../../bench/library.ts';
import { createNdjsonDecoder, PathTree } from '../../src/decode/index.ts';
import type { RecordBatch } from '../../src/model/index.ts';
import { createNormaliser, type NormaliseOptions } from '../../src/normalise/index.ts';
import { WRAPPERS } from '../analysis/forms.ts';
import { runs } from '../fuzz.ts';
import { newKernel } from '../kernel.ts';
import { generateWorld } from '../world/index.ts';
import { builtIn, readEvents } from './read-events.ts';

const kernel = newKernel();
const library = builtInLibrary().ruleSet.events;
const keep = ['service.version', 'login.state', 'duration_ms'];

interface Asked {
  readonly library: typeof library | undefined;
  readonly keep: readonly string[];
  readonly inFull?: ReadonlySet<string>;
}

/** What rules and breakdowns may ask for decides what of an entry is its template's. */
const ASKED: readonly Asked[] = [
  { library, keep: [] },
  { library, keep },
  { library, keep: [], inFull: new Set(['k8s.pod.name']) },
  { library: undefined, keep: [] },
];

/** Where ids are wanted in clear, every row is read by itself. */
function expectSameAsReadSingly(lines: readonly string[], asked: Asked): void {
  const singly = read(lines, { ...asked, showIds: true });
  expect(read(lines, { ...asked, showIds: false })).toEqual(singly);
  expect(read(lines, { ...asked, showIds: false, kernel })).toEqual(singly);
}

function read(lines: readonly string[], options: Partial<NormaliseOptions>) {
  const { events, ...rest } = readEvents(lines, options);
  return { ...rest, events: events.map(({ ids, ...event }) => event) };
}

const RUNS = { numRuns: runs(200) };
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

const IDS: readonly unknown[] = [
  TRACE,
  `00-${TRACE}-00f067aa0ba902b7-01`,
  'a3ce929d0e0e4736',
  '11803532876627986230',
  'not-hex-but-long-9f',
  'q-5f3a9c21',
  '081Kq4Ga1MSox41d7Nxk',
  'bf93bf9c-63e4-4338-b306-d52b6e662b8a',
  'qrscene_login_070f1a34ca38de27',
  'gQEp0hROr9DiEkMhDdM6SN2EuMF62rCJ8IyfesCkW9E4yOdHiCMizo53zJOumiNUNF4Jd1zjEJ5j1OeHOE',
  'STATE',
  'waiting',
  '已扫码',
  '1904004646583070028',
  '40029',
  'req-1f',
  'ab12/cd34ef56',
  ' padded-id-0001 ',
  '',
  '-',
  null,
  true,
  7,
  40029,
  1904004646583070000,
];

/** Texts that ids, times and codes may have, so that one is now an id and then none. */
const anyId = fc.oneof(
  fc.constantFrom(...IDS),
  fc.string(),
  fc.stringMatching(/^[0-9a-f]{16,40}$/),
  fc.stringMatching(/^[A-Za-z0-9_-]{5,30}$/),
);

const anyTime = fc.oneof(
  fc.constantFrom<unknown>(
    '2026-11-22T05:41:15.896Z',
    '2026-11-22 05:41:15,123',
    '22/Nov/2026:05:41:15 +0800',
    'soon',
    null,
    1795326075,
    1795326075.896,
    1795326075896,
    '1795326075896123456',
  ),
  fc.integer({ min: 1_500_000_000, max: 1_900_000_000 }),
  fc.integer({ min: 1_500_000_000_000, max: 1_900_000_000_000 }),
  // Nearly dates, with and without fraction and zone, and numbers of nearly any length.
  fc.stringMatching(
    /^\[?\d{4}[-/][01]\d[-/.][0-3]\d[T ][012]\d:[0-6]\d(:[0-6]\d)?([.,]\d{0,17})? ?(Z|UTC|\+0\d:?[0-6]\d|-1\d|x)?\]?$/,
  ),
  fc.stringMatching(/^1[5-8]\d{6,19}(\.\d{0,9})?(e3)?$/),
  fc.double({ min: 1e9, max: 2e9, noNaN: true }),
);

const TEXTS: readonly unknown[] = [
  'login success',
  'QR code scanned',
  'wechat callback received',
  'exchange code failed: errcode=40029, errmsg=invalid code rid: 6affc065-c005942b-99f06022',
  'GET /wx/callback?code=081Kq4Ga1MSox41d7Nxk&state=abc123def 302 12ms',
  'GET /login/qrcode/status?qrcode_id=qr_069f106a4f48b719 200',
  'qr code created qrcode_id=q-5f3a9c21',
  '{"level":"error","ts":1795326075.896,"msg":"session created","qr_id":"q-1"}',
  '获取微信用户信息成功, 耗时28ms',
  'connection refused',
  '/cb/callback?state=abc12345&code=',
  'https://x.example/oauth/callback?code=081Kq4Ga1MSox41d7Nxk&state=af0ifjsldkj#wechat_redirect',
  '',
  null,
  12,
  'GET /wx/callback?code=071Kq4Ga1MSox41d7Nxz&state=abd123def 302 7ms',
  'GET /wx/callback?state=abd123def 302 7ms',
  'GET /login/qrcode/status?qrcode_id=qr_169f106a4f48b719 502',
  'HTTP GET /login/qrcode responded 200 in 15.4944 ms',
  'HTTP GET /login/qrcode responded 200 in 7.72 ms',
  'HTTP GET /login/qrcode responded 500 in 7.72 ms',
  'exchange code failed: errcode=40163, errmsg=code been used',
  'order 40029 created',
  'order 40030 created',
  'User u_QMfKdrK4xoYG signed in via WeChat',
  'User u_1Bs7g5ZXRzcQ signed in via WeChat',
  '/qrcode/5f3a9c21aa/status',
  '/qrcode/6f3a9c21ab/status?a=1',
  '/qrcode/waiting/status',
  'https://open.weixin.qq.com/connect/qrconnect?appid=wx1&state=af0ifjsldkj&response_type=code',
  'https://api.weixin.qq.com/sns/oauth2/access_token?appid=wx1&secret=0123456789abcdef&code=081Kq4Ga1M',
  '?state=af0ifjsldkj&code=081Kq4Ga1MSox41d7Nxk',
  'state=af0ifjsldkj',
  'scanned',
  'login_failed',
];

const PAIRS = `state code uuid ticket scene qr qrcode_id scene_str TraceId trace-id X-Request-Id state.
  response_type redirect_uri secret access_token a login_state auth_code`;

const pair = fc
  .tuple(
    fc.constantFrom(...PAIRS.split(/\s+/)),
    fc.constantFrom('=', '=', '=', '', ':', '=='),
    fc.oneof(
      anyId.map(String),
      fc.constantFrom(
        'qrscene_login_070f1a34ca38de27',
        'qrconnect',
        'code',
        'http%3A%2F%2Fx',
        '00000000',
      ),
    ),
  )
  .map((parts) => parts.join(''));

/** URLs of every kind, so that their ids are now plain to find and then not. */
const anyUrl = fc
  .tuple(
    fc.constantFrom('', '/', '/wx/callback', '/qrcode/5f3a9c21aa/status', 'https://a.example/b'),
    fc.constantFrom('?', '?', '??', '#', '&'),
    fc.array(pair, { maxLength: 5 }),
    fc.constantFrom('', '', '#wechat_redirect', '&', '/'),
  )
  .map(([path, mark, pairs, end]) => path + mark + pairs.join('&') + end);

const anyText = fc.oneof(fc.constantFrom(...TEXTS), anyUrl);

const NAMES = {
  id: `qrcode_id state code trace_id traceparent reqId ticket scene uuid scene_str rid error_code
    oauth_state trace x-request-id`.split(/\s+/),
  time: 'time ts @timestamp timestamp datetime timestamp_nanos timezone'.split(' '),
  text: 'msg message event error url path body login.stage redirect_url query request_uri'.split(
    ' ',
  ),
  other: 'level severity status errcode pod hostname pid version duration_ms'.split(' '),
};

const value = (name: string): fc.Arbitrary<unknown> => {
  if (NAMES.id.includes(name)) return anyId;
  if (NAMES.time.includes(name)) return anyTime;
  if (NAMES.text.includes(name)) return anyText;
  return fc.constantFrom<unknown>('info', 'ERROR', 30, 200, 502, 40029, 'pod-1', null);
};

const name = fc.constantFrom(...Object.values(NAMES).flat());

/** One shape of record, with several values for each of its places: lines to choose from. */
const lines = fc
  .array(fc.tuple(name, fc.boolean()), { minLength: 1, maxLength: 9 })
  .chain((places) =>
    fc.tuple(
      fc.constant(places),
      fc.array(fc.tuple(...places.map(([name]) => value(name))), { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(), { minLength: 8, maxLength: 24 }),
    ),
  )
  .map(([places, rows, picks]) =>
    picks.map((pick) => {
      const members = places.map(([name, nested], at) => {
        // Words of a few kinds come from two of the rows, everything else from any.
        const varies = !NAMES.other.includes(name);
        const row = rows[(varies ? pick + at * (pick % 3) : pick % 2) % rows.length];
        const text = JSON.stringify(row[at]);
        return nested
          ? `"ctx":{${JSON.stringify(name)}:${text}}`
          : `${JSON.stringify(name)}:${text}`;
      });
      return `{${members.join()}}`;
    }),
  );

test('rows read by their template are as if they were read singly', () => {
  fc.assert(
    fc.property(lines, fc.constantFrom(...ASKED), (some, asked) => {
      expectSameAsReadSingly(some, asked);
    }),
    RUNS,
  );
});

test('and so are wrapped rows', () => {
  const forms = fc.array(fc.constantFrom(undefined, ...WRAPPERS), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(lines, forms, fc.constantFrom(...ASKED), (some, forms, asked) => {
      const wrapped = some.flatMap((line, n) => forms[n % forms.length]?.write(line, n) ?? [line]);
      expectSameAsReadSingly(wrapped, asked);
    }),
    RUNS,
  );
});

test('what becomes of an id does not depend on those that stood in its place before', () => {
  const happenings = ['QR code created', 'wechat callback received', 'session created', 'hello'];
  const beside = [{}, { code: '081Kq4Ga1MSox41d7Nxk' }, { qrcode_id: 'q-5f3a9c21' }, { pid: 7 }];
  const all = happenings.flatMap((msg) =>
    beside.flatMap((more) =>
      NAMES.id.flatMap((name) => IDS.map((id) => JSON.stringify({ msg, ...more, [name]: id }))),
    ),
  );
  const often = [...all, ...all.toReversed(), ...all];
  for (const asked of ASKED) expectSameAsReadSingly(often, asked);
});

test('what follows from a text does not depend on those that stood in its place before', () => {
  const beside = [{}, { code: '081Kq4Ga1MSox41d7Nxk' }, { status: 502, error: 'errcode: 40029' }];
  const all = beside.flatMap((more) =>
    NAMES.text.flatMap((name) =>
      TEXTS.flatMap((text) => [
        JSON.stringify({ [name]: text, ...more }),
        JSON.stringify({ [name]: text, ...more, description: text }),
        JSON.stringify({ description: 'hello', [name]: text, ctx: { msg: 'session created' } }),
      ]),
    ),
  );
  const often = [...all, ...all.toReversed(), ...all];
  for (const asked of ASKED) expectSameAsReadSingly(often, asked);
});

test('a path that stands twice is read singly', () => {
  const line = (n: number) =>
    `{"msg":"qr code created","qrcode_id":"q-aaaa${n}bbbbccccddddeeee","qrcode_id":"q-ffff${n}00001111222233334444"}`;
  const some = [1, 2, 3, 4, 5].map(line);
  expectSameAsReadSingly(some, ASKED[0]);
});

test('the time of a row is found where it stands, whatever nobody asks for stands before it', () => {
  const record = JSON.stringify({ time: '2026-11-22T05:41:15Z', msg: 'qr code created', pid: 7 });
  const wrapped = { time: '2026-12-24T00:00:00Z', log: record, stream: 'stdout' };
  const shipped = {
    _source: {
      '@timestamp': '2026-12-24T00:00:00Z',
      message: record,
      kubernetes: { node: { name: 'n' } },
    },
  };
  const [once, other] = [wrapped, shipped].map((line) => JSON.stringify(line)) as [string, string];
  expectSameAsReadSingly([once, other, once, other, once, other], ASKED[0]);
});

test('a time is told from one of another kind at the next place', () => {
  const record = '{"qrcode_id":"q-5f3a9c21"}';
  const read = JSON.stringify({
    labels: { job: 'login' },
    line: record,
    timestamp: '2026-12-24T00:00:00.123456789Z',
  });
  const sent = JSON.stringify({
    topic: 't',
    partition: 0,
    offset: 1,
    ts: 1798070400000,
    key: 'k',
    payload: record,
  });
  expectSameAsReadSingly([read, sent, read, sent, read, sent], ASKED[0]);
});

test('more templates than can be kept make no difference', () => {
  const some: string[] = [];
  for (let round = 0; round < 3; round += 1) {
    for (let n = 0; n < 17_000; n += 1) {
      some.push(`{"msg":"qr code created","pod":"pod-${n}","qrcode_id":"q-${round}-${n}"}`);
    }
  }
  expectSameAsReadSingly(some, ASKED[0]);
});

test('the kernel repeats most rows by itself', () => {
  const world = generateWorld({ seed: 11, flows: 300 });
  const bytes = new TextEncoder().encode(world.files.flatMap(({ lines }) => lines).join('\n'));
  const normaliser = createNormaliser({
    mappings: builtIn,
    library,
    keep: [],
    showIds: false,
    kernel,
  });
  const paths = new PathTree(normaliser.wants);
  const decoder = createNdjsonDecoder(paths, { maxLineBytes: 1 << 20, kernel });
  let rows = 0;
  const sink = {
    records(batch: RecordBatch) {
      normaliser.normalise(batch, paths);
      rows += batch.rows;
    },
    rejected() {},
  };
  decoder.feed(bytes, sink);
  rows = 0;
  // Now keys, texts and templates are known. Each call ends at a row for the host, or the last.
  const repeat = vi.spyOn(kernel.rows, 'repeat');
  decoder.feed(bytes, sink);
  decoder.end(sink);
  expect(repeat.mock.calls.length / rows).toBeLessThan(0.35);
  repeat.mockRestore();
});

describe('logs of many loggers', () => {
  test('a generated world', () => {
    const world = generateWorld({ seed: 11, flows: 300, failureScale: 4, brokenRatio: 0.02 });
    const all = world.files.flatMap((file) => [...file.lines]);
    for (const asked of ASKED) expectSameAsReadSingly(all, asked);
  });

  const samples = fileURLToPath(new URL('../../../shared/samples/', import.meta.url));
  test.skipIf(!existsSync(samples))('samples of real loggers', () => {
    const files = readdirSync(samples, { recursive: true, encoding: 'utf8' });
    const texts = files
      .filter((file) => /\.(?:ndjson|jsonl|log|json)$/.test(file))
      .map((file) => readFileSync(`${samples}${file}`, 'utf8').split('\n'));
    for (const text of texts) {
      const often = [...text, ...text, ...text];
      expectSameAsReadSingly(often, ASKED[0]);
    }
  });
});
