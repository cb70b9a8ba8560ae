import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runs } from '../fuzz.ts';
import { decodeForms, decodeText, utf8 } from './decoded.ts';
import { cutAt } from './decoder-suite.ts';

const APP = '{"level":"error","ts":1795326075.896,"msg":"exchange \\"failed\\"","pod":"app-1"}';
const FIELDS = { level: 'error', ts: 1795326075.896, msg: 'exchange "failed"', pod: 'app-1' };
const TIME = '2026-11-26T10:00:00.123456789Z';
const json = JSON.stringify;

/** A name, a line, and what the wrapper adds to the fields of the application. */
const WRAPPED: readonly [form: string, line: string, beside: Record<string, unknown>][] = [
  [
    'docker/json',
    json({ log: `${APP}\n`, stream: 'stdout', time: TIME }),
    { 'wrapper.time': TIME },
  ],
  ['cri/json', `${TIME} stdout F ${APP}`, { 'wrapper.time': TIME }],
  [
    'journald/json',
    json({
      __CURSOR: 's=1',
      __REALTIME_TIMESTAMP: '1795326075896000',
      _HOSTNAME: 'node-1',
      PRIORITY: '3',
      MESSAGE: APP,
    }),
    {
      'wrapper.time': '1795326075896000',
      'host.name': 'node-1',
      'wrapper.severity': 'error',
    },
  ],
  [
    'journald/json',
    json({ __REALTIME_TIMESTAMP: '1795326075896000', MESSAGE: [...utf8(APP)] }),
    { 'wrapper.time': '1795326075896000' },
  ],
  [
    'kubectl/json',
    `[pod/login-7f9c/app] ${TIME} ${APP}`,
    { 'k8s.pod.name': 'login-7f9c', 'k8s.container.name': 'app', 'wrapper.time': TIME },
  ],
  [
    'kubectl/json',
    `[pod/login-7f9c/app] ${APP}`,
    { 'k8s.pod.name': 'login-7f9c', 'k8s.container.name': 'app' },
  ],
  ['kubectl/json', `${TIME} ${APP}`, { 'wrapper.time': TIME }],
  [
    'stern/json',
    `login-7f9c5d-abcde app ${APP}`,
    { 'k8s.pod.name': 'login-7f9c5d-abcde', 'k8s.container.name': 'app' },
  ],
  [
    'stern/json',
    json({
      message: APP,
      nodeName: 'n1',
      namespace: 'prod',
      podName: 'login-1',
      containerName: 'app',
    }),
    {
      'host.name': 'n1',
      'k8s.namespace.name': 'prod',
      'k8s.pod.name': 'login-1',
      'k8s.container.name': 'app',
    },
  ],
  ['compose/json', `login-1  | ${APP}`, { 'k8s.container.name': 'login-1' }],
  [
    'cloudwatch/json',
    json({ timestamp: 1795326075896, message: APP, ingestionTime: 1795326075999, eventId: '1' }),
    { 'wrapper.time': 1795326075896 },
  ],
  [
    'gcp/json',
    json({
      jsonPayload: JSON.parse(APP),
      timestamp: TIME,
      severity: 'ERROR',
      resource: { type: 'k8s_container', labels: { pod_name: 'p-1' } },
    }),
    {
      'wrapper.time': TIME,
      'wrapper.severity': 'ERROR',
      'resource.type': 'k8s_container',
      'resource.labels.pod_name': 'p-1',
    },
  ],
  [
    'loki/json',
    json({ labels: { app: 'login', pod: 'p-9' }, line: APP, timestamp: TIME }),
    { 'labels.app': 'login', 'labels.pod': 'p-9', 'wrapper.time': TIME },
  ],
  ['elasticsearch/json', json({ _index: 'i', _id: '1', _source: JSON.parse(APP) }), {}],
  [
    'sls/json',
    json({ __time__: 1795326075, '__tag__:_pod_name_': 'p-2', content: APP }),
    { 'wrapper.time': 1795326075, 'k8s.pod.name': 'p-2' },
  ],
  [
    'fluent/json',
    json({ date: 1795326075.9, log: APP, kubernetes: { pod_name: 'p-8' }, stream: 'stdout' }),
    { 'wrapper.time': 1795326075.9, 'kubernetes.pod_name': 'p-8', stream: 'stdout' },
  ],
  [
    'shipper/json',
    json({ '@timestamp': TIME, message: APP, kubernetes: { pod: { name: 'p-3' } } }),
    { 'wrapper.time': TIME, 'kubernetes.pod.name': 'p-3' },
  ],
  ['kafka/json', `login-7\t${APP}`, {}],
  ['kafka/json', `CreateTime:1795326075896\tlogin-7\t${APP}`, { 'wrapper.time': '1795326075896' }],
  [
    'kafka/json',
    json({ topic: 't', partition: 0, offset: 1, ts: 1795326075896, key: 'k', payload: APP }),
    { 'wrapper.time': 1795326075896 },
  ],
  ['syslog/json', `Nov 26 18:00:00 host-1 login[42]: ${APP}`, { 'host.name': 'host-1' }],
  [
    'syslog/json',
    `<134>1 2026-11-26T10:00:00Z host-1 login 42 - - ${APP}`,
    { 'wrapper.time': '2026-11-26T10:00:00Z', 'host.name': 'host-1' },
  ],
];

describe('a record in a wrapper is read as it would be without', () => {
  test.each(WRAPPED)('%s: %s', (form, line, beside) => {
    expect(decodeText(`${line}\n`)).toEqual({
      rows: [{ line: 1, fields: { ...beside, ...FIELDS } }],
      rejected: [],
      lines: 1,
      blank: 0,
      joined: 0,
      forms: { [form]: 1 },
    });
  });

  test('three wrappers within each other', () => {
    const line = json({
      _index: 'i',
      _source: {
        '@timestamp': TIME,
        kubernetes: { pod_name: 'p' },
        log: `${TIME} stdout F ${APP}`,
      },
    });
    const { rows, forms } = decodeText(line);
    expect(forms).toEqual({ 'elasticsearch/fluent/cri/json': 1 });
    expect(rows[0]!.fields).toMatchObject({ ...FIELDS, 'kubernetes.pod_name': 'p' });
  });

  test('a fourth wrapper stays a record', () => {
    let line = APP;
    for (let i = 0; i < 4; i += 1) line = json({ log: line, stream: 'stdout', time: TIME });
    expect(decodeText(line).forms).toEqual({ 'docker/docker/docker/json': 1 });
  });

  test.each([
    ['a level of its own', { message: APP, stream: 'x', level: 'info' }],
    ['a line number', { line: '42', timestamp: TIME, message: 'words' }],
    ['words under log', { log: 'words', level: 'info' }],
  ])('a record with %s is no wrapper', (_, record) => {
    expect(decodeText(json(record)).forms).toEqual({ json: 1 });
  });
});

describe('lines that a container runtime cut into parts', () => {
  test('CRI: a stream apart from the other, whatever the parts are', () => {
    const cut = 20;
    const { rows, joined, lines, rejected } = decodeText(
      [
        `${TIME} stdout P ${APP.slice(0, cut)}`,
        `${TIME} stderr F {"n":1}`,
        `${TIME} stdout P `,
        `${TIME} stdout F ${APP.slice(cut)}`,
        `${TIME} stdout F {"n":2}`,
      ].join('\n'),
    );
    expect(rows.map(({ line, fields }) => [line, fields.n ?? fields.msg])).toEqual([
      [1, 'exchange "failed"'],
      [2, 1],
      [5, 2],
    ]);
    expect({ joined, lines, rejected }).toEqual({ joined: 2, lines: 5, rejected: [] });
  });

  test('Docker: parts of 16 KiB', () => {
    const long = json({ msg: 'x'.repeat(40_000) });
    const parts = [long.slice(0, 16_384), long.slice(16_384, 32_768), `${long.slice(32_768)}\n`];
    const text = parts.map((log) => json({ log, stream: 'stdout', time: TIME })).join('\n');
    const { rows, joined } = decodeText(text);
    expect(rows).toHaveLength(1);
    expect(rows[0]!.fields.msg).toHaveLength(40_000);
    expect(joined).toBe(2);
  });

  test('one that never ends is counted, and endless ones are bounded', () => {
    const lost = decodeText(`${TIME} stdout P {"a":\n${TIME} stderr F {"n":1}\n`);
    expect(lost.rejected).toMatchObject([{ line: 1, code: 'truncated' }]);
    expect(lost.rows).toHaveLength(1);
    const endless = `${TIME} stdout P ${'x'.repeat(200)}\n`.repeat(100);
    const long = decodeText(`${endless}${TIME} stdout F x\n${TIME} stdout F {"n":1}\n`, {
      maxLineBytes: 1000,
    });
    expect(long.rejected).toMatchObject([{ line: 1, code: 'line-too-long' }]);
    expect(long.rows).toHaveLength(1);
    expect(long.joined + long.rejected.length + long.rows.length).toBe(long.lines);
  });

  test('more streams than can be waited for give up the oldest', () => {
    const lines = Array.from({ length: 300 }, (_, i) =>
      json({ log: `${TIME} stdout P x`, stream: `s${i}`, time: TIME }),
    );
    const { rejected, joined, lines: count } = decodeText(lines.join('\n'));
    expect(rejected.map(({ code }) => code)).toEqual(Array(300).fill('truncated'));
    expect(joined + rejected.length).toBe(count);
  });
});

describe('--input-format', () => {
  const mixed = [`${TIME} stdout F ${APP}`, APP, '2026-11-26 10:00:00 ERROR x', WRAPPED[0]![1]];
  test.each([
    ['cri', { 'cri/json': 1 }],
    ['docker', { 'docker/json': 1 }],
    ['text', { text: 1 }],
    ['ndjson', { json: 1, 'docker/json': 1 }],
    ['auto', { 'cri/json': 1, json: 1, text: 1, 'docker/json': 1 }],
  ] as const)('%s reads lines of this form only, and counts the others', (format, forms) => {
    const decoded = decodeText(mixed.join('\n'), { format });
    expect(decoded.forms).toEqual(forms);
    expect(decoded.rows.length + decoded.rejected.length).toBe(4);
  });
});

test('where the chunks are cut makes no difference', () => {
  const bytes = utf8(
    [
      ...WRAPPED.map(([, line]) => line),
      `${TIME} stdout P {"a":`,
      `${TIME} stderr F 2026-11-26 10:00:00 ERROR words`,
      `${TIME} stderr F \tat x`,
      `${TIME} stdout F 1}`,
    ].join('\n'),
  );
  const whole = decodeForms([bytes]);
  expect(whole.rows).toHaveLength(WRAPPED.length + 2);
  fc.assert(
    fc.property(fc.array(fc.nat()), (cuts) => {
      expect(decodeForms(cutAt(bytes, cuts))).toEqual(whole);
    }),
    { numRuns: runs(300) },
  );
});
