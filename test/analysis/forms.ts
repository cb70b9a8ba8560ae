/** Ways to write the JSON lines of the made-up world as other tools would hand them over. */
export interface Form {
  readonly name: string;
  /** The form that the decoder names. */
  readonly label: string;
  /** The lines that stand for one line of the application, in their order. */
  readonly write: (line: string, number: number) => readonly string[];
}

const TIME = '2026-12-24T00:00:00.123456789Z';
const json = JSON.stringify;

/** Written around a line whatever it is. */
export const WRAPPERS: readonly Form[] = [
  {
    name: 'docker json-file',
    label: 'docker/json',
    write: (line) => [json({ log: `${line}\n`, stream: 'stdout', time: TIME })],
  },
  { name: 'CRI', label: 'cri/json', write: (line) => [`${TIME} stdout F ${line}`] },
  {
    name: 'CRI in parts',
    label: 'cri/json',
    write: (line) => [
      `${TIME} stdout P ${line.slice(0, 30)}`,
      `${TIME} stdout P ${line.slice(30, 90)}`,
      `${TIME} stdout F ${line.slice(90)}`,
    ],
  },
  {
    name: 'journald',
    label: 'journald/json',
    write: (line) => [json({ __REALTIME_TIMESTAMP: '1798070400000000', MESSAGE: line })],
  },
  {
    name: 'journald, as bytes',
    label: 'journald/json',
    write: (line) => [json({ _PID: '42', MESSAGE: [...new TextEncoder().encode(line)] })],
  },
  {
    name: 'kubectl logs --prefix --timestamps',
    label: 'kubectl/json',
    write: (line) => [`[pod/any/app] ${TIME} ${line}`],
  },
  { name: 'stern', label: 'stern/json', write: (line) => [`login-7f9c5d-abcde app ${line}`] },
  {
    name: 'stern -o json',
    label: 'stern/json',
    write: (line) => [json({ message: line, podName: podOf(line), containerName: 'c' })],
  },
  {
    name: 'CloudWatch',
    label: 'cloudwatch/json',
    write: (line, n) => [
      json({ eventId: `${n}`, timestamp: 1798070400000, message: line, ingestionTime: 1 }),
    ],
  },
  {
    name: 'Google Cloud, as text',
    label: 'gcp/json',
    write: (line, n) => [json({ insertId: `${n}`, timestamp: TIME, textPayload: line })],
  },
  {
    name: 'logcli',
    label: 'loki/json',
    write: (line) => [json({ labels: { job: 'login' }, line, timestamp: TIME })],
  },
  {
    name: 'Elasticsearch',
    label: 'elasticsearch/json',
    write: (line, n) => [`{"_index":"logs","_id":"${n}","_source":${line}}`],
  },
  {
    name: 'Elasticsearch of a shipper',
    label: 'elasticsearch/shipper/json',
    write: (line, n) => [
      json({
        _id: `${n}`,
        _source: { '@timestamp': TIME, message: line, kubernetes: { node: { name: 'n' } } },
      }),
    ],
  },
  {
    name: 'Aliyun SLS',
    label: 'sls/json',
    write: (line) => [json({ __time__: 1798070400, __topic__: '', content: line })],
  },
  {
    name: 'Fluent Bit',
    label: 'fluent/json',
    write: (line) => [json({ date: 1798070400.1, stream: 'stdout', log: line })],
  },
  { name: 'Kafka console', label: 'kafka/json', write: (line, n) => [`key-${n}\t${line}`] },
  {
    name: 'kcat',
    label: 'kafka/json',
    write: (line, n) => [
      json({ topic: 't', partition: 0, offset: n, ts: 1798070400000, key: 'k', payload: line }),
    ],
  },
  {
    name: 'Fluent Bit in Elasticsearch around CRI',
    label: 'elasticsearch/fluent/cri/json',
    write: (line) => [
      json({ _source: { '@timestamp': TIME, stream: 'stdout', log: `${TIME} stdout F ${line}` } }),
    ],
  },
];

/** A wrapper names the pod that the line names. */
const podOf = (line: string) => /"(?:pod|pod_name)":"([^"]+)"/.exec(line)?.[1] ?? '';

/** Written as a logger of text writes a record that carries its fields. */
export const TEXTS: readonly Form[] = [
  { name: 'logfmt', label: 'logfmt', write: (line) => [logfmt(line)] },
  { name: 'a zap console', label: 'zap-console', write: (line) => [zapConsole(line)] },
  { name: 'a Logback pattern', label: 'text', write: (line) => [logback(line)] },
  {
    name: 'a Logback pattern in Docker',
    label: 'docker/text',
    write: (line) => [json({ log: `${logback(line)}\n`, stream: 'stdout', time: TIME })],
  },
  {
    name: 'a zap console in CRI',
    label: 'cri/zap-console',
    write: (line) => [`${TIME} stdout F ${zapConsole(line)}`],
  },
];

type Scalars = Record<string, string | number | boolean | null>;

/** True for records whose fields stand side by side, as text can carry them. */
export function isFlatZap(line: string): boolean {
  if (!line.startsWith('{"level":"') || !line.includes('"caller":')) return false;
  try {
    return Object.values(JSON.parse(line)).every((v) => v === null || typeof v !== 'object');
  } catch {
    return false;
  }
}

function parts(line: string) {
  const { level, ts, caller, msg, ...rest } = JSON.parse(line) as Scalars;
  return { level: String(level), ts: Number(ts), caller: String(caller), msg: String(msg), rest };
}

/** Microseconds, which is what the world's loggers print. */
function isoOf(seconds: number): string {
  const micros = Math.round(seconds * 1e6);
  const iso = new Date(Math.floor(micros / 1000)).toISOString();
  return iso.replace('Z', `${String(micros % 1000).padStart(3, '0')}Z`);
}

const pairs = (rest: Scalars) =>
  Object.entries(rest)
    .map(([name, value]) => `${name}=${json(String(value ?? ''))}`)
    .join(' ');

function logfmt(line: string): string {
  const { level, ts, caller, msg, rest } = parts(line);
  return `ts=${isoOf(ts)} level=${level} caller=${caller} msg=${json(msg)} ${pairs(rest)}`;
}

function zapConsole(line: string): string {
  const { level, ts, caller, msg, rest } = parts(line);
  return `${isoOf(ts)}\t${level.toUpperCase()}\t${caller}\t${msg}\t${json(rest)}`;
}

function logback(line: string): string {
  const { level, ts, caller, msg, rest } = parts(line);
  return `${isoOf(ts)} [main] ${level.toUpperCase()} ${caller} - ${msg} ${pairs(rest)}`;
}
