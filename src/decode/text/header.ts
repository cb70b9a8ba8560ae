import { keyValueTail } from './key-values.ts';
import type { TextField, TextStart } from './text-field.ts';

const DATE_TIME = String.raw`\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?`;
/** A clock without a date says when nobody knows; it shows where a record begins all the same. */
const TIME = new RegExp(
  `^\\[?(?:(${DATE_TIME})|\\d\\d:\\d\\d:\\d\\d[.,]\\d{1,6})\\]?(?=[\\s|:,\\[(-]|$)`,
);
/** Gin and Redis write their times as no one else does. */
const GIN = /^\[GIN(?:-\w+)?\] (\d{4}\/\d\d\/\d\d) - (\d\d:\d\d:\d\d)/;
const REDIS =
  /^\d{1,7}:[A-Z] (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d:\d\d(?:\.\d{1,6})?) ([.*#-]) /;
/** `E1126 10:00:00.123456   42 file.go:12] words`. */
const KLOG = /^([IWEF])\d{4} \d\d:\d\d:\d\d\.\d{1,6} +\d{1,10} ([\w./-]{1,128}:\d{1,6})\] /;
/** The console logger of .NET writes the category first and the words below it. */
const DOTNET = /^(trce|dbug|info|warn|fail|crit): ([\w.`+]{1,200})\[\d{1,9}\]/;

const LEVEL_WORDS =
  'TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|FATAL|CRITICAL|CRIT|SEVERE|ALERT|EMERG|PANIC|DPANIC|LOG|DETAIL|STATEMENT|HINT';
const UPPER_LEVEL = new RegExp(`^(${LEVEL_WORDS})(?=[\\s:\\]|,]|$)`);
const ANY_LEVEL = new RegExp(
  `^(${LEVEL_WORDS}|information|verbose|fail|[TDIWEF])(?=[\\s:\\]|,]|$)`,
  'i',
);
const LEVEL_FIRST = new RegExp(`^(?:\\[(${LEVEL_WORDS})\\]|(${LEVEL_WORDS}))(?=[\\s:|]|$)`);

const BRACKETS = /^\[([^[\]]{0,200})\]/;
const PARENTHESES = /^\(([\w.#:/ -]{1,80})\)(?=\s)/;
const PROCESS = /^\d{1,10}(?=\s+(?:---|\[))/;
const CHANNEL_LEVEL = new RegExp(`^([\\w-]{1,64})\\.(${LEVEL_WORDS}):(?=\\s)`);
/** `com.example.Login`, `login/handler.go:60`, and a plain name that a dash or colon follows. */
const LOGGER =
  /^(?:[A-Za-z_$][\w$-]*(?:[./][\w$<>-]+)+(?::\d{1,6})?(?=\s|:\s|$)|[A-Za-z_$][\w$.:-]{0,80}(?=\s+[-:|]\s))/;
const SEPARATOR = /^(?:---|--|[-|:–»>])(?=\s|$)/;

/** `[service,trace,span]`, `[trace-span]`. */
const TRACE_PAIR =
  /^(?:[\w.-]{0,60},)?\s?([0-9a-f]{32}|[0-9a-f]{16})[,-]\s?([0-9a-f]{16})(?:,\w{0,5})?\s?$/;
const NAMED_IDS = /(?:^|[,;\s])([A-Za-z][\w.-]{0,40}?)\s?[=:]\s?([\w./+=-]{1,128})(?=[,;\s]|$)/g;

/** More words than these are no header. */
const MAX_TOKENS = 10;

/** Reads the time, level, thread, logger and trace that most loggers print before the words. */
export function readHeader(text: string): TextStart | undefined {
  return peculiarHeader(text) ?? commonHeader(text);
}

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';

function peculiarHeader(text: string): TextStart | undefined {
  const first = text.charCodeAt(0);
  if (first === 0x5b) {
    const gin = GIN.exec(text);
    if (gin === null) return undefined;
    return {
      form: 'text',
      fields: [
        { name: 'time', text: `${gin[1]} ${gin[2]}` },
        { name: 'logger', text: 'gin' },
      ],
      message: afterBlank(text, gin[0].length),
      goesOn: 'always',
    };
  }
  if (first >= 0x30 && first <= 0x39) {
    const redis = REDIS.exec(text);
    if (redis === null) return undefined;
    const [, day, monthName, year, clock, sign] = redis;
    const month = String(MONTHS.indexOf(monthName!) / 3 + 1).padStart(2, '0');
    return {
      form: 'text',
      fields: [
        { name: 'time', text: `${year}-${month}-${day} ${clock}` },
        { name: 'level', text: sign === '#' ? 'warning' : 'info' },
        { name: 'logger', text: 'redis' },
      ],
      message: redis[0].length,
      goesOn: 'always',
    };
  }
  const klog = KLOG.exec(text);
  if (klog !== null) {
    const level = { I: 'info', W: 'warning', E: 'error', F: 'fatal' }[klog[1]!]!;
    return {
      form: 'text',
      fields: [
        { name: 'level', text: level },
        { name: 'logger', text: klog[2]! },
      ],
      message: klog[0].length,
      goesOn: 'always',
    };
  }
  const dotnet = DOTNET.exec(text);
  if (dotnet === null) return undefined;
  const level = { trce: 'trace', dbug: 'debug', fail: 'error', crit: 'fatal' }[dotnet[1]!];
  return {
    form: 'text',
    fields: [
      { name: 'level', text: level ?? dotnet[1]! },
      { name: 'logger', text: dotnet[2]! },
    ],
    message: dotnet[0].length,
    goesOn: 'indented',
  };
}

function commonHeader(text: string): TextStart | undefined {
  const fields: TextField[] = [];
  let at = 0;
  let hasLevel = false;
  let hasTime = false;
  let hasThread = false;
  let hasLogger = false;
  const keep = (name: string, start: number, length: number) =>
    fields.push({ name, start, end: start + length });

  const takeTime = (): boolean => {
    const time = TIME.exec(text.slice(at, at + 48));
    if (time === null) return false;
    if (time[1] !== undefined) keep('time', at + time[0].indexOf(time[1]), time[1].length);
    at += time[0].length;
    hasTime = true;
    return true;
  };

  if (!takeTime()) {
    const level = LEVEL_FIRST.exec(text);
    if (level === null) return undefined;
    const word = level[1] ?? level[2]!;
    keep('level', text.indexOf(word), word.length);
    hasLevel = true;
    at = level[0].length;
    const afterLevel = afterBlank(text, at);
    at = afterLevel;
    if (!takeTime() && text[level[0].length] === ':') {
      // Python's `ERROR:login.views:words`.
      const logger = /^:([\w.]{1,100}):/.exec(text.slice(level[0].length, 120));
      if (logger !== null) {
        keep('logger', level[0].length + 1, logger[1]!.length);
        at = level[0].length + logger[0].length;
      } else {
        at = level[0].length + 1;
      }
      return closed(text, fields, at);
    }
  }

  for (let token = 0; token < MAX_TOKENS; token += 1) {
    at = afterBlank(text, at);
    const rest = text.slice(at, at + 240);
    const bracket = BRACKETS.exec(rest);
    if (bracket !== null) {
      const content = bracket[1]!;
      const start = at + 1;
      const level = hasLevel ? null : ANY_LEVEL.exec(content.trim());
      const pair = TRACE_PAIR.exec(content);
      if (level !== null && level[0].length === content.trim().length) {
        keep('level', start + content.indexOf(level[1]!), level[1]!.length);
        hasLevel = true;
      } else if (pair !== null) {
        keep('trace_id', start + content.indexOf(pair[1]!), pair[1]!.length);
        keep('span_id', start + content.lastIndexOf(pair[2]!), pair[2]!.length);
      } else if (/[=:]/.test(content) && namedIds(content, start, fields)) {
        // Its names and values are fields now.
      } else if (!/^[\s\d]*$/.test(content)) {
        if (hasThread && !hasLevel) break;
        keep('thread', start, content.length);
        hasThread = true;
      }
      at += bracket[0].length;
      continue;
    }
    const separator = SEPARATOR.exec(rest);
    if (separator !== null) {
      const isLast = hasLevel && separator[0] !== '---' && separator[0] !== '|';
      at += separator[0].length;
      if (isLast) break;
      continue;
    }
    const channel = hasLevel ? null : CHANNEL_LEVEL.exec(rest);
    if (channel !== null) {
      keep('logger', at, channel[1]!.length);
      keep('level', at + channel[1]!.length + 1, channel[2]!.length);
      hasLevel = true;
      at += channel[0].length;
      break;
    }
    const level = hasLevel ? null : (token === 0 && hasTime ? ANY_LEVEL : UPPER_LEVEL).exec(rest);
    if (level !== null) {
      keep('level', at, level[1]!.length);
      hasLevel = true;
      at += level[0].length;
      if (text[at] === ':') {
        at += 1;
        break;
      }
      continue;
    }
    const process = PROCESS.exec(rest);
    if (process !== null) {
      at += process[0].length;
      continue;
    }
    const thread = hasThread ? null : PARENTHESES.exec(rest);
    if (thread !== null) {
      keep('thread', at + 1, thread[1]!.length);
      hasThread = true;
      at += thread[0].length;
      continue;
    }
    const logger = hasLogger ? null : LOGGER.exec(rest);
    if (logger !== null) {
      keep('logger', at, logger[0].length);
      hasLogger = true;
      at += logger[0].length;
      if (text[at] === ':') {
        at += 1;
        break;
      }
      continue;
    }
    break;
  }
  return closed(text, fields, at);
}

function closed(text: string, fields: TextField[], at: number): TextStart {
  const message = afterBlank(text, at);
  const isMonitor = INNODB_MONITOR.test(text.slice(message));
  const tail = isMonitor ? undefined : keyValueTail(text, message);
  if (tail !== undefined) fields.push(...tail.fields);
  return {
    form: isMonitor ? 'innodb' : 'text',
    fields,
    message,
    ...(tail === undefined ? {} : { messageEnd: tail.start }),
    goesOn: isMonitor ? 'to-end-mark' : 'always',
  };
}

const INNODB_MONITOR = /^(?:0x)?[0-9a-f]{0,16} ?INNODB MONITOR OUTPUT/;

/** Keeps `traceId=…, spanId=…` and the like; false where the content is something else. */
function namedIds(content: string, start: number, fields: TextField[]): boolean {
  const found: TextField[] = [];
  for (const match of content.matchAll(NAMED_IDS)) {
    const value = start + match.index + match[0].lastIndexOf(match[2]!);
    found.push({ name: match[1]!, start: value, end: value + match[2]!.length });
  }
  if (!/^[,;\s]*$/.test(content.replaceAll(NAMED_IDS, ''))) return false;
  fields.push(...found);
  return true;
}

function afterBlank(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === 0x20 || text.charCodeAt(at) === 0x09) at += 1;
  return at;
}
