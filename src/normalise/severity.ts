import { EntryKind, SEVERITIES, type Severity } from '../model/index.ts';
import { SCHEMAS, type Schema } from './schema.ts';

function code(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

export const UNKNOWN_SEVERITY: number = code('unknown');
export const ERROR_SEVERITY: number = code('error');
export const INFO_SEVERITY: number = code('info');

const WORDS: Readonly<Record<Exclude<Severity, 'unknown'>, string>> = {
  trace: 'trace verbose finest finer all silly trc vrb t 跟踪',
  debug: 'debug fine config dbg dbug d 调试',
  info: 'info information informational notice default log http inf ntc i n 信息 通知',
  warn: 'warn warning wrn w 警告 告警',
  error: 'error err severe fail eror e 错误 异常',
  fatal: 'fatal critical crit alert emerg emergency panic dpanic ftl disaster f c 致命 严重',
};

const BY_WORD = new Map<string, number>();
for (const [severity, words] of Object.entries(WORDS)) {
  for (const word of words.split(' ')) BY_WORD.set(word, code(severity as Severity));
}

/** Words longer than this, such as a whole sentence in a `level` field, are no level. */
const MAX_WORD_BYTES = 16;

const utf8 = new TextDecoder();

/** Words are few: each is read once and found again by a hash of its bytes. */
const MEMO_SIZE = 64;
const memoA = new Int32Array(MEMO_SIZE);
const memoB = new Int32Array(MEMO_SIZE);
const memoSeverity = new Uint8Array(MEMO_SIZE);

/** Index into `SEVERITIES`; `slog`'s `ERROR+2` and `[warn]` are read, too. */
export function severityOfWord(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length === 0 || length > MAX_WORD_BYTES) return UNKNOWN_SEVERITY;
  let a = length;
  let b = ~length;
  for (let at = start; at < end; at += 1) {
    a = Math.imul(a ^ bytes[at], 0x01000193);
    b = (Math.imul(b, 31) + bytes[at]) | 0;
  }
  const place = (a ^ (a >>> 11)) & (MEMO_SIZE - 1);
  if (memoA[place] === a && memoB[place] === b) return memoSeverity[place];
  const severity = readWord(bytes, start, end);
  memoA[place] = a;
  memoB[place] = b;
  memoSeverity[place] = severity;
  return severity;
}

function readWord(bytes: Uint8Array, start: number, end: number): number {
  const word = utf8
    .decode(bytes.subarray(start, end))
    .toLowerCase()
    .replace(/[+-]\d+$/, '')
    .replace(/[^\p{L}]/gu, '');
  return BY_WORD.get(word) ?? UNKNOWN_SEVERITY;
}

/** Lower bounds of the levels from trace to fatal, ascending. */
type Scale = readonly [number, number, number, number, number, number];

const TENS: Scale = [0, 20, 30, 40, 50, 60];
const PYTHON: Scale = [0, 10, 20, 30, 40, 50];
const MONOLOG: Scale = [0, 100, 200, 300, 400, 500];
const LOGBACK: Scale = [0, 10_000, 20_000, 30_000, 40_000, 50_000];
const OTEL: Scale = [1, 5, 9, 13, 17, 21];
const SYSLOG: readonly Severity[] = [
  'fatal',
  'fatal',
  'fatal',
  'error',
  'warn',
  'info',
  'info',
  'debug',
];

const SCALES: { readonly [S in Schema]?: Scale } = {
  pino: TENS,
  bunyan: TENS,
  'python-json-logger': PYTHON,
  structlog: PYTHON,
  monolog: MONOLOG,
  logback: LOGBACK,
  opentelemetry: OTEL,
};

const SCALE_OF: readonly (Scale | undefined)[] = SCHEMAS.map((schema) => SCALES[schema]);
const GELF = SCHEMAS.indexOf('gelf');

/**
 * What a numeric level means depends on the logger: 40 is pino's warning, 400 Monolog's error,
 * 40000 Logback's error and 3 GELF's error. Unknown for a schema without numeric levels.
 * @param schema index into `SCHEMAS`
 */
export function severityOfNumber(schema: number, level: number): number {
  if (schema === GELF) {
    const name = Number.isInteger(level) ? SYSLOG[level] : undefined;
    return name === undefined ? UNKNOWN_SEVERITY : code(name);
  }
  const scale = SCALE_OF[schema];
  // An attribute `level` of another logger's scale beside the record's own severity.
  if (scale === OTEL) return severityOfOtelNumber(level);
  return scale === undefined ? UNKNOWN_SEVERITY : onScale(scale, level);
}

/** OpenTelemetry's severity number, 1 to 24. */
export function severityOfOtelNumber(level: number): number {
  return level >= 1 && level <= 24 ? onScale(OTEL, level) : UNKNOWN_SEVERITY;
}

function onScale(scale: Scale, level: number): number {
  let severity = UNKNOWN_SEVERITY;
  for (let step = 0; step < scale.length; step += 1) {
    if (level >= scale[step]) severity = step + 1;
  }
  return severity;
}

/** A small number of a level field; NaN when it is none. */
export function levelNumber(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 6) return Number.NaN;
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const digit = bytes[at] - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return end > start ? value : Number.NaN;
}

/** Reads the entry of a level field under its schema. */
export function readSeverity(
  schema: number,
  kind: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  const number = levelNumber(bytes, start, end);
  if (!Number.isNaN(number)) return severityOfNumber(schema, number);
  return kind === EntryKind.string ? severityOfWord(bytes, start, end) : UNKNOWN_SEVERITY;
}
