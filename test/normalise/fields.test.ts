import { describe, expect, test } from 'vitest';
import type { Problem } from '../../src/model/index.ts';
import {
  compileDetections,
  createReporter,
  type DetectionIndex,
  parseDetection,
  readYaml,
} from '../../src/sigma/index.ts';
import { readEvent, readEvents } from './read-events.ts';

function valuesOf(line: object, ...keep: string[]): Record<string, string[]> {
  return readEvent({ flow_id: 'f1', ...line }, { keep }).values;
}

describe('values stand under the names of OpenTelemetry', () => {
  test.each([
    [{ statusCode: 502 }, 'http.response.status_code', '502'],
    [{ res: { statusCode: 502 } }, 'http.response.status_code', '502'],
    [{ http: { response: { status_code: 502 } } }, 'http.response.status_code', '502'],
    [{ httpRequest: { status: 502 } }, 'http.response.status_code', '502'],
    [{ response_code: 502 }, 'http.response.status_code', '502'],
    [{ status: '502' }, 'http.response.status_code', '502'],
    [{ req: { method: 'GET' } }, 'http.request.method', 'GET'],
    [{ method: 'GET' }, 'http.request.method', 'GET'],
    [{ req: { url: '/a/b?c=d#e' } }, 'url.path', '/a/b'],
    [{ url: 'https://x.example:8080/a/b?c=d' }, 'url.path', '/a/b'],
    [{ url: 'https://x.example:8080/a/b?c=d' }, 'server.address', 'x.example:8080'],
    [{ request: 'GET /a/b?c=d HTTP/1.1' }, 'url.path', '/a/b'],
    [{ error: 'EOF' }, 'error.message', 'EOF'],
    [{ err: { message: 'EOF' } }, 'error.message', 'EOF'],
    [{ err: { type: 'TypeError' } }, 'error.type', 'TypeError'],
    [{ err: { code: 'ECONNRESET' } }, 'error.code', 'ECONNRESET'],
    [{ code: 'ECONNRESET' }, 'error.code', 'ECONNRESET'],
    [{ context: { exception: { class: 'PDOException' } } }, 'exception.type', 'PDOException'],
    [{ context: { exception: { message: 'gone' } } }, 'exception.message', 'gone'],
    [{ stack_trace: 'at x' }, 'exception.stacktrace', 'at x'],
    [{ exc_info: 'Traceback' }, 'exception.stacktrace', 'Traceback'],
    [{ '@x': 'System.X' }, 'exception.stacktrace', 'System.X'],
    [{ sqlState: '40P01' }, 'db.response.status_code', '40P01'],
    [{ 'grpc.code': 'DeadlineExceeded' }, 'rpc.grpc.status_code', 'DeadlineExceeded'],
    [{ kubernetes: { pod_name: 'p-1' } }, 'k8s.pod.name', 'p-1'],
    [{ kubernetes: { pod: { name: 'p-1' } } }, 'k8s.pod.name', 'p-1'],
    [{ pod: 'p-1' }, 'k8s.pod.name', 'p-1'],
    [{ appVersion: '1.2' }, 'service.version', '1.2'],
    [{ version: '1.2' }, 'service.version', '1.2'],
    [{ service: { name: 'login' } }, 'service.name', 'login'],
    [{ SourceContext: 'Login.Exchange' }, 'log.logger', 'Login.Exchange'],
    [{ upstream_addr: '10.0.0.1:80' }, 'upstream.address', '10.0.0.1:80'],
    [{ appid: 'wx0123456789abcdef' }, 'wechat.appid', 'wx0123456789abcdef'],
    [{ event: 'qr_created' }, 'event.name', 'qr_created'],
    [{ event: 'qr code created' }, 'message', 'qr code created'],
    [{ M: 'qr code created' }, 'message', 'qr code created'],
    [{ biz: { tenant: 'acme' } }, 'biz.tenant', 'acme'],
    [{ biz: { lastError: 'EOF' } }, 'biz.lastError', 'EOF'],
    [{ oauth_state: 'a8f3c1d2' }, 'login.state', 'a8f3c1d2'],
  ])('%j → %s = %s', (line, field, text) => {
    expect(valuesOf(line, field)).toEqual({ [field]: [text] });
  });

  test('a path is also known by its own name', () => {
    expect(valuesOf({ err: { type: 'TypeError' } }, 'error.type', 'err.type')).toEqual({
      'error.type': ['TypeError'],
      'err.type': ['TypeError'],
    });
  });

  test('nobody asks, nothing is kept', () => {
    expect(valuesOf({ err: { type: 'TypeError' }, pod: 'p', message: 'qr code created' })).toEqual(
      {},
    );
  });

  test('the better name gives the value that a flow keeps', () => {
    const keep = ['service.version'];
    const gelf = { version: '1.1', short_message: 'login success', level: 6 };
    expect(valuesOf({ ...gelf, _service_version: '4.4.9' }, ...keep)).toEqual({
      'service.version': ['4.4.9'],
    });
    expect(valuesOf(gelf, ...keep)).toEqual({});
    expect(valuesOf({ '@version': '1', message: 'x' }, ...keep)).toEqual({});
    expect(valuesOf({ '@version': '1', appVersion: '5.1' }, ...keep)).toEqual({
      'service.version': ['5.1'],
    });
  });

  test('an instance or host stands for the pod that is not named', () => {
    const keep = ['k8s.pod.name'];
    expect(valuesOf({ hostname: 'login-7f9c' }, ...keep)).toEqual({
      'k8s.pod.name': ['login-7f9c'],
    });
    expect(valuesOf({ hostname: 'h', 'service.instance.id': 'i' }, ...keep)).toEqual({
      'k8s.pod.name': ['i'],
    });
    expect(valuesOf({ hostname: 'h', pod: 'p' }, ...keep)).toEqual({ 'k8s.pod.name': ['p'] });
    expect(valuesOf({ host: 'login.example.com' }, ...keep)).toEqual({});
  });
});

function libraryOf(text: string): DetectionIndex {
  const problems: Problem[] = [];
  const report = createReporter('rules', text, problems);
  const [list] = readYaml(text, report);
  const detections = (list.kind === 'list' ? list.items : []).map((node) => {
    const detection = parseDetection(node, report);
    if (detection === undefined) throw new Error(JSON.stringify(problems));
    return detection;
  });
  return compileDetections(detections);
}

describe('a rule library', () => {
  const library = libraryOf(`- {selection: {error.type: TypeError}, condition: selection}
- {keywords: ['connection refused', 'secret='], condition: keywords}
- {selection: {http.response.status_code|exists: true}, filter: {http.response.status_code|lt: 500}, condition: selection and not filter}
`);

  test('keeps the lines that one of its rules may match', () => {
    const { events } = readEvents(
      [
        { message: 'dial tcp: connection refused' },
        { message: 'all is well' },
        { err: { type: 'TypeError' } },
        { err: { type: 'RangeError' } },
        { reply: 'connection refused' },
      ],
      { library },
    );
    expect(events.map(({ line }) => line)).toEqual([1, 3, 5]);
  });

  test('finds its matches in the values of an event', () => {
    const { events } = readEvents(
      [{ message: 'dial tcp: connection refused', err: { type: 'TypeError' }, qrcode_id: 'q1' }],
      { library },
    );
    const values = Object.entries(events[0].values).flatMap(([field, texts]) =>
      texts.map((value) => ({ field, text: value, leaves: library.leavesOf(field, value) })),
    );
    expect(library.matchKnown(values, 0, values.length)).toEqual([0, 1]);
  });

  test('sees that a query holds a secret, and not the secret', () => {
    const { events } = readEvents(
      [{ url: 'https://api.weixin.qq.com/sns/oauth2/access_token?appid=wx12&secret=0a1b2c3d4e5f' }],
      { library, mappings: [] },
    );
    expect(events[0].values['url.query']).toEqual(['?appid=zz00&secret=000000000000']);
  });

  test('sees that an id stands there, and what it says where it is not random', () => {
    const ofIds = libraryOf(`- {state: {login.state|exists: true}, condition: state}
- {constant: {login.state: STATE}, condition: constant}
- {trace: {trace_id|exists: true}, condition: trace}
`);
    const { events } = readEvents(
      [
        { oauth_state: 'HrKQo8YYe2LsCMOjJg3tPcTNIjSYOXzC' },
        { oauth_state: 'STATE' },
        { oauth_state: 'https://shop.example/after/login?from=12' },
        { trace_id: '4bf92f3577b34da6a3ce929d0e0e4736', flow_id: 'f1' },
      ],
      { library: ofIds, mappings: [] },
    );
    expect(events.map(({ values }) => values)).toEqual([
      { 'login.state': ['…'] },
      { 'login.state': ['STATE'] },
      { 'login.state': ['https://shop.example/after/login?from=12'] },
      { trace_id: ['…'] },
    ]);
    expect(
      readEvent({ oauth_state: 'HrKQo8YYe2LsCMOjJg3tPcTNIjSYOXzC' }, { keep: ['login.state'] })
        .values,
    ).toEqual({ 'login.state': ['HrKQo8YYe2LsCMOjJg3tPcTNIjSYOXzC'] });
  });
});
