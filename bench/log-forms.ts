/**
 * The same lines of JSON as loggers of text and tools around them write them. A record is written
 * on one line, and a stack trace on those below it where it is text.
 */
export interface LogForm {
  readonly name: string;
  /** @param number of the line, from 0. @returns lines, each with its newline. */
  readonly write: (line: string, number: number) => string;
}

export const LOG_FORMS: readonly LogForm[] = [
  { name: 'JSON', write: (line) => `${line}\n` },
  { name: 'JSON in docker json-file', write: docker },
  { name: 'JSON in CRI', write: cri },
  { name: 'JSON with ids in the message', write: withIds },
  { name: 'JSON with numbers in the message', write: withNumbers },
  { name: 'logback', write: logback },
  { name: 'logback in docker json-file', write: (line, n) => eachLine(logback(line, n), docker) },
  { name: 'logback in CRI', write: (line, n) => eachLine(logback(line, n), cri) },
  { name: 'Spring Boot', write: springBoot },
  { name: 'klog', write: klog },
  { name: 'zap console', write: zapConsole },
  { name: 'logfmt', write: logfmt },
];

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What the loggers of the made-up services say of a line, each under names of its own. */
interface LogRecord {
  readonly time: Date;
  readonly level: string;
  readonly message: string;
  readonly stack: string;
  /** All else, nested names parted by dots. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

const TIMES = ['@timestamp', 'time', 'ts', 'start_time'];
const LEVELS = ['level', 'log.level'];
const MESSAGES = ['message', 'msg'];
const STACKS = [
  'stack_trace',
  'stacktrace',
  'error.stack_trace',
  'err.stack',
  'exception.stacktrace',
];
const TOLD = new Set([...TIMES, ...LEVELS, ...MESSAGES, ...STACKS]);
const PINO_LEVELS: Readonly<Record<string, string>> = {
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

function recordOf(line: string): LogRecord {
  // Ids of many digits would lose the last ones as numbers.
  const exact = line.replaceAll(/(?<=":)\d{16,}(?=[,}])/g, '"$&"');
  const scalars = new Map(flatten('', JSON.parse(exact) as Json));
  const first = (names: readonly string[]) =>
    scalars.get(names.find((name) => scalars.has(name)) ?? '');
  const level = first(LEVELS) ?? 'info';
  return {
    time: timeOf(first(TIMES) ?? '0'),
    level: PINO_LEVELS[level] ?? level.toLowerCase(),
    message: first(MESSAGES) ?? 'access',
    stack: first(STACKS) ?? '',
    fields: [...scalars].filter(([name]) => !TOLD.has(name)),
  };
}

function flatten(name: string, value: Json): [string, string][] {
  if (typeof value !== 'object' || value === null) return [[name, String(value)]];
  return Object.entries(value).flatMap(([key, inner]) =>
    flatten(name === '' ? key : `${name}.${key}`, inner),
  );
}

function timeOf(text: string): Date {
  const number = Number(text);
  if (Number.isNaN(number)) return new Date(text);
  return new Date(number < 1e11 ? number * 1000 : number);
}

const CHINA_MS = 8 * 3_600_000;
const TEXT_NEEDS_QUOTES = /[\s"=]|^$/;

const quoted = (value: string) => (TEXT_NEEDS_QUOTES.test(value) ? JSON.stringify(value) : value);
const pairs = ({ fields }: LogRecord) =>
  fields.map(([name, value]) => ` ${name}=${quoted(value)}`).join('');
const below = ({ stack }: LogRecord) => (stack === '' ? '\n' : `\n${stack}\n`);
/** `2026-11-18T08:00:06.080`, as clocks in China show it. */
const localTime = ({ time }: LogRecord) =>
  new Date(time.getTime() + CHINA_MS).toISOString().slice(0, -1);

/** `%d{yyyy-MM-dd HH:mm:ss.SSS} [%thread] %-5level %logger{36} - %msg%n`. */
function logback(line: string, number: number): string {
  const record = recordOf(line);
  const level = record.level.toUpperCase().padEnd(5);
  const head = `${localTime(record).replace('T', ' ')} [http-nio-8080-exec-${number % 50}] ${level}`;
  return `${head} c.example.login.ScanLoginService - ${record.message}${pairs(record)}${below(record)}`;
}

/** The pattern of Spring Boot 3: thread and logger fill columns of 15 and 40 letters. */
function springBoot(line: string, number: number): string {
  const record = recordOf(line);
  const level = record.level.toUpperCase().padStart(5);
  const thread = `nio-8080-exec-${number % 10}`.padStart(15);
  const logger = 'c.e.login.WechatCallbackController'.padEnd(40);
  const head = `${localTime(record)}+08:00 ${level} 1 --- [scan-login] [${thread}] ${logger}`;
  return `${head} : ${record.message}${pairs(record)}${below(record)}`;
}

/** `InfoS` and `ErrorS`: texts in quotes, numbers as they are. */
function klog(line: string, number: number): string {
  const record = recordOf(line);
  const letter = { warn: 'W', error: 'E', fatal: 'F' }[record.level] ?? 'I';
  const local = localTime(record);
  const time = `${local.slice(5, 7)}${local.slice(8, 10)} ${local.slice(11)}000`;
  const tail = record.fields
    .map(([name, value]) => ` ${name}=${/^\d{1,9}$/.test(value) ? value : JSON.stringify(value)}`)
    .join('');
  const head = `${letter}${time}       1 handler.go:${40 + (number % 50)}]`;
  return `${head} ${JSON.stringify(record.message)}${tail}${below(record)}`;
}

function zapConsole(line: string, number: number): string {
  const record = recordOf(line);
  const caller = `login/handler.go:${40 + (number % 50)}`;
  const time = `${localTime(record)}+0800`;
  const fields = JSON.stringify(Object.fromEntries(record.fields)).replaceAll('","', '", "');
  return `${time}\t${record.level.toUpperCase()}\t${caller}\t${record.message}\t${fields}${below(record)}`;
}

function logfmt(line: string): string {
  const record = recordOf(line);
  const time = `${localTime(record)}+08:00`;
  return `time=${time} level=${record.level} msg=${JSON.stringify(record.message)}${pairs(record)}\n`;
}

/** The runtime sees a line a little later than the program writes it; here at a time of its own. */
const runtimeTime = (number: number) => {
  const iso = new Date(Date.UTC(2026, 10, 18) + number).toISOString();
  return iso.replace('Z', `${String(number % 1e6).padStart(6, '0')}Z`);
};

/** Go writes no blanks, and escapes `&`, `<` and `>`. */
function docker(line: string, number: number): string {
  const log = JSON.stringify(`${line}\n`).replace(
    /[&<>]/g,
    (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`,
  );
  return `{"log":${log},"stream":"stdout","time":"${runtimeTime(number)}"}\n`;
}

function cri(line: string, number: number): string {
  return `${runtimeTime(number)} stdout F ${line}\n`;
}

function eachLine(text: string, wrap: (line: string, number: number) => string): string {
  return text
    .slice(0, -1)
    .split('\n')
    .map((line, i) => wrap(line, i))
    .join('');
}

const hex = (number: number, length: number): string =>
  (Math.imul(number + 1, 0x9e3779b1) >>> 0)
    .toString(16)
    .padStart(8, '0')
    .repeat(3)
    .slice(0, length);

function withIds(line: string, number: number): string {
  return withMessage(
    line,
    ` qrcode ${hex(number, 24)} user ${Number.parseInt(hex(number, 6), 16)}`,
  );
}

function withNumbers(line: string, number: number): string {
  return withMessage(line, ` took ${number % 2999}.${number % 997}ms, attempt ${number % 97}`);
}

/** Puts words behind the message of a line, where it has one. */
function withMessage(line: string, words: string): string {
  return `${line.replace(/("(?:msg|message)":")((?:[^"\\]|\\.)*)"/, (_, key, text) => `${key}${text}${words}"`)}\n`;
}
