import { afterDigits, afterRun, isDigit, isLetter, wordsAnd } from './letters.ts';
import type { Head, TextStart } from './text-field.ts';
import { afterShape } from './times.ts';

/** Gin, Redis, and the console logger of .NET write their headers as no one else does. */
const GIN = /^\[GIN(?:-\w+)?\] (\d{4}\/\d\d\/\d\d) - (\d\d:\d\d:\d\d)[ \t]*/;
const REDIS =
  /^\d{1,7}:[A-Z] (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d:\d\d(?:\.\d{1,6})?) ([.*#-]) /;
/** The category stands first and the words below it. */
const DOTNET = /^(trce|dbug|info|warn|fail|crit): ([\w.`+]{1,200})\[\d{1,9}\]/;
/** They end within so many bytes. */
const MAX_HEADER_BYTES = 256;

const [OPEN_BRACKET, CLOSE_BRACKET, COLON, SPACE, LETTER_G] = [0x5b, 0x5d, 0x3a, 0x20, 0x47];

const latin1 = new TextDecoder('latin1');
const textOf = ({ bytes, start, end }: Head): string =>
  latin1.decode(bytes.subarray(start, Math.min(end, start + MAX_HEADER_BYTES)));

/** Reads the headers that are made of other parts, or in another order, than the common ones. */
export function readPeculiarHeader(head: Head): TextStart | undefined {
  const { bytes, start, end } = head;
  const first = bytes[start]!;
  if (first === OPEN_BRACKET) return bytes[start + 1] === LETTER_G ? readGin(head) : undefined;
  if (isDigit(first)) {
    const after = afterDigits(bytes, start, end, 1, 7);
    return bytes[after] === COLON && isLetter(bytes[after + 1]!) ? readRedis(head) : undefined;
  }
  return KLOG_LEVELS[first] !== undefined
    ? readKlog(head, KLOG_LEVELS[first])
    : bytes[start + 4] === COLON
      ? readDotnet(head)
      : undefined;
}

function readGin(head: Head): TextStart | undefined {
  const gin = GIN.exec(textOf(head));
  if (gin === null) return undefined;
  return {
    form: 'text',
    fields: [
      { name: 'time', text: `${gin[1]} ${gin[2]}` },
      { name: 'logger', text: 'gin' },
    ],
    message: gin[0].length,
    goesOn: 'always',
  };
}

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';

function readRedis(head: Head): TextStart | undefined {
  const redis = REDIS.exec(textOf(head));
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

function readDotnet(head: Head): TextStart | undefined {
  const dotnet = DOTNET.exec(textOf(head));
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

/** By the letter that klog writes for them. */
const KLOG_LEVELS: Readonly<Record<number, string>> = {
  73: 'info',
  87: 'warning',
  69: 'error',
  70: 'fatal',
};
/** What stands behind the letter and before the fraction. */
const KLOG_TIME = '0000 00:00:00.';
const FILE_LETTERS = wordsAnd('./-');
const MAX_FILE_BYTES = 128;

/** `E1126 10:00:00.123456   42 file.go:12] words`, with pairs behind them where they are structured. */
function readKlog({ bytes, start, end }: Head, level: string): TextStart | undefined {
  const seconds = afterShape(bytes, start + 1, end, KLOG_TIME);
  const fraction = seconds === -1 ? -1 : afterDigits(bytes, seconds, end, 1, 6);
  if (fraction === -1) return undefined;
  let thread = fraction;
  while (thread < end && bytes[thread] === SPACE) thread += 1;
  const threadEnd = thread === fraction ? -1 : afterDigits(bytes, thread, end, 1, 10);
  if (threadEnd === -1 || bytes[threadEnd] !== SPACE) return undefined;
  const file = threadEnd + 1;
  const colon = afterRun(bytes, file, Math.min(end, file + MAX_FILE_BYTES), FILE_LETTERS);
  if (colon === file || bytes[colon] !== COLON) return undefined;
  const bracket = afterDigits(bytes, colon + 1, end, 1, 6);
  if (bracket === -1 || bracket + 1 >= end) return undefined;
  if (bytes[bracket] !== CLOSE_BRACKET || bytes[bracket + 1] !== SPACE) return undefined;
  return {
    form: 'text',
    fields: [
      { name: 'level', text: level },
      { name: 'logger', start: file - start, end: bracket - start },
    ],
    message: bracket + 2 - start,
    pairs: 'behind-words',
    goesOn: 'always',
  };
}
