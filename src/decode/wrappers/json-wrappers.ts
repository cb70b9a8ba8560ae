/**
 * Records that runtimes, shippers and stores put around a log line: which names tell them, where
 * the line stands in them, and what of theirs is worth keeping beside it.
 */
export interface JsonWrapper {
  readonly name: string;
  /** All of these stand in the record, and one of each group. A name that ends in a dot stands for all below it. */
  readonly has: readonly (string | readonly string[])[];
  /** None of these does. */
  readonly lacks?: readonly string[];
  /** The string that is the line, or the object (its name ends in a dot) that is the record. */
  readonly payload: string;
  /** Names by what they are kept as; `rest` says what becomes of all others. */
  readonly fields: Readonly<Record<string, string>>;
  readonly rest: 'kept' | 'dropped';
  /** Names that tell apart the streams of lines that run into each other here. */
  readonly streams: readonly string[];
}

/** Read where the line itself has no time or level. */
export const WRAPPER_TIME = 'wrapper.time';
export const WRAPPER_SEVERITY = 'wrapper.severity';

const [POD, NAMESPACE, CONTAINER, HOST] = [
  'k8s.pod.name',
  'k8s.namespace.name',
  'k8s.container.name',
  'host.name',
];

const LEVELS = ['level', 'log.level', 'severity', 'levelname', 'level_name', '@l'];
const KUBERNETES = [
  'kubernetes.',
  'stream',
  'container_id',
  'container_name',
  'log.offset',
  'log.file.path',
];

/** The first that fits is believed. */
export const JSON_WRAPPERS: readonly JsonWrapper[] = [
  {
    name: 'docker',
    has: ['log', 'stream', 'time'],
    lacks: ['kubernetes.'],
    payload: 'log',
    fields: { time: WRAPPER_TIME },
    rest: 'dropped',
    streams: ['stream'],
  },
  {
    name: 'fluent',
    has: ['log', KUBERNETES],
    payload: 'log',
    fields: {
      time: WRAPPER_TIME,
      date: WRAPPER_TIME,
      timestamp: WRAPPER_TIME,
      '@timestamp': WRAPPER_TIME,
    },
    rest: 'kept',
    streams: ['stream', 'container_id', 'kubernetes.pod_name', 'kubernetes.container_name'],
  },
  {
    name: 'journald',
    has: ['MESSAGE', ['__REALTIME_TIMESTAMP', '_HOSTNAME', 'SYSLOG_IDENTIFIER', '_PID']],
    payload: 'MESSAGE',
    fields: {
      __REALTIME_TIMESTAMP: WRAPPER_TIME,
      _HOSTNAME: HOST,
      CONTAINER_NAME: CONTAINER,
      PRIORITY: WRAPPER_SEVERITY,
    },
    rest: 'dropped',
    streams: ['_HOSTNAME', 'SYSLOG_IDENTIFIER', '_PID', 'CONTAINER_NAME'],
  },
  {
    name: 'stern',
    has: ['message', 'podName', 'containerName'],
    payload: 'message',
    fields: {
      podName: POD,
      namespace: NAMESPACE,
      containerName: CONTAINER,
      nodeName: HOST,
    },
    rest: 'dropped',
    streams: ['podName', 'containerName'],
  },
  {
    name: 'cloudwatch',
    has: ['message', 'timestamp', ['ingestionTime', 'logStreamName', 'logStream', 'eventId']],
    lacks: LEVELS,
    payload: 'message',
    fields: { timestamp: WRAPPER_TIME },
    rest: 'dropped',
    streams: ['logStreamName', 'logStream'],
  },
  {
    name: 'loki',
    has: ['line', ['labels.', 'timestamp']],
    lacks: [...LEVELS, 'message', 'msg'],
    payload: 'line',
    fields: { timestamp: WRAPPER_TIME },
    rest: 'kept',
    streams: ['labels.'],
  },
  {
    name: 'gcp',
    has: ['textPayload', ['timestamp', 'insertId', 'logName', 'resource.type']],
    payload: 'textPayload',
    fields: { timestamp: WRAPPER_TIME, severity: WRAPPER_SEVERITY },
    rest: 'kept',
    streams: ['resource.labels.pod_name', 'resource.labels.container_name', 'logName'],
  },
  {
    name: 'gcp',
    has: ['jsonPayload.', ['timestamp', 'insertId', 'logName', 'resource.type']],
    payload: 'jsonPayload.',
    fields: { timestamp: WRAPPER_TIME, severity: WRAPPER_SEVERITY },
    rest: 'kept',
    streams: [],
  },
  {
    name: 'elasticsearch',
    has: ['_source.'],
    payload: '_source.',
    fields: {},
    rest: 'dropped',
    streams: [],
  },
  {
    name: 'sls',
    has: ['__time__', 'content'],
    payload: 'content',
    fields: {
      __time__: WRAPPER_TIME,
      _pod_name_: POD,
      _namespace_: NAMESPACE,
      _container_name_: CONTAINER,
      '__tag__:_pod_name_': POD,
      '__tag__:_namespace_': NAMESPACE,
      '__tag__:_container_name_': CONTAINER,
      '__tag__:__hostname__': HOST,
    },
    rest: 'dropped',
    streams: [
      '__source__',
      '_pod_name_',
      '_container_name_',
      '__tag__:_pod_name_',
      '__tag__:__path__',
    ],
  },
  {
    name: 'kafka',
    has: ['topic', 'partition', 'offset', 'payload'],
    payload: 'payload',
    fields: { ts: WRAPPER_TIME, timestamp: WRAPPER_TIME },
    rest: 'dropped',
    streams: ['key', 'partition'],
  },
  {
    name: 'kafka',
    has: ['topic', 'partition', 'offset', 'value'],
    payload: 'value',
    fields: { ts: WRAPPER_TIME, timestamp: WRAPPER_TIME },
    rest: 'dropped',
    streams: ['key', 'partition'],
  },
  {
    name: 'shipper',
    has: ['message', KUBERNETES],
    lacks: LEVELS,
    payload: 'message',
    fields: { timestamp: WRAPPER_TIME, '@timestamp': WRAPPER_TIME, time: WRAPPER_TIME },
    rest: 'kept',
    streams: [
      'stream',
      'container.id',
      'container_id',
      'log.file.path',
      'kubernetes.pod_name',
      'kubernetes.pod.name',
      'kubernetes.container_name',
      'kubernetes.container.name',
    ],
  },
];

/** Names whose presence alone makes a record worth a look. */
const TELLING: ReadonlySet<string> = new Set([
  'log',
  'line',
  'MESSAGE',
  'textPayload',
  'stream',
  'container_id',
  'log.offset',
  'containerName',
  'ingestionTime',
  'logStreamName',
  'logStream',
  '__time__',
  'partition',
]);
const TELLING_PARENTS: ReadonlySet<string> = new Set(['_source', 'jsonPayload', 'kubernetes']);

/** Names that a wrapper is told by, kept under, or that part its streams. */
const NAMED: ReadonlySet<string> = new Set(
  JSON_WRAPPERS.flatMap(({ has, payload, fields, streams }) => [
    ...has.flat(),
    payload,
    ...Object.keys(fields),
    ...streams,
  ]),
);
const NAMED_PARENTS: readonly string[] = [...NAMED].filter((name) => name.endsWith('.'));

/** True for a path that may show a wrapper all by itself. */
export function tellsWrapper(path: string): boolean {
  const dot = path.indexOf('.');
  return TELLING.has(path) || (dot > 0 && TELLING_PARENTS.has(path.slice(0, dot)));
}

/** True for a path that must be read so that wrappers can be told and unwrapped. */
export function belongsToWrapper(path: string): boolean {
  return NAMED.has(path) || NAMED_PARENTS.some((parent) => path.startsWith(parent));
}

/** The wrapper whose names stand in a record. */
export function wrapperOf(names: readonly string[]): JsonWrapper | undefined {
  return JSON_WRAPPERS.find(
    ({ has, lacks }) =>
      has.every((wanted) =>
        typeof wanted === 'string' ? stands(wanted, names) : wanted.some((w) => stands(w, names)),
      ) && !lacks?.some((unwanted) => stands(unwanted, names)),
  );
}

function stands(wanted: string, names: readonly string[]): boolean {
  return wanted.endsWith('.')
    ? names.some((name) => name.startsWith(wanted))
    : names.includes(wanted);
}
