import { EntryKind } from '../model/index.ts';

/** Logger schemas that the shape of a record tells apart. */
export const SCHEMAS = [
  'generic',
  'pino',
  'bunyan',
  'winston',
  'zap-production',
  'zap-development',
  'slog',
  'logrus',
  'zerolog',
  'logback',
  'ecs',
  'gelf',
  'clef',
  'python-json-logger',
  'structlog',
  'monolog',
  'gcp',
  'opentelemetry',
  'tracing',
] as const;

export type Schema = (typeof SCHEMAS)[number];

const TRAITS = [
  'time:text',
  'time:number',
  'timestamp:text',
  'timestamp:number',
  '@timestamp',
  'ts',
  'datetime',
  'asctime',
  'level:upper',
  'level:lower',
  'level:number',
  'severity:text',
  'severity_number',
  'message',
  'msg',
  'event:text',
  'event.name',
  'short_message',
  'pid',
  'hostname',
  'v',
  'level_name',
  'level_value',
  '@version',
  'logger_name',
  'ecs.version',
  'log.level',
  'channel',
  'levelname',
  '@t',
] as const;

const MORE_TRAITS = ['L', 'T', 'M', 'google', 'target', 'fields.message', 'span'] as const;

type Trait = (typeof TRAITS)[number] | (typeof MORE_TRAITS)[number];

/**
 * What the presence of a path says about the schema, as bits: a set union that does not care
 * for the order of keys. `0` to `29` stand in the first word, the rest in the second.
 */
export interface PathMarks {
  readonly number: number;
  readonly upperText: number;
  readonly otherText: number;
  readonly any: number;
  readonly anyMore: number;
}

export const NO_MARKS: PathMarks = { number: 0, upperText: 0, otherText: 0, any: 0, anyMore: 0 };

function bit(trait: Trait): number {
  const first = (TRAITS as readonly string[]).indexOf(trait);
  return 1 << (first >= 0 ? first : (MORE_TRAITS as readonly string[]).indexOf(trait));
}

function any(trait: (typeof TRAITS)[number]): PathMarks {
  return { ...NO_MARKS, any: bit(trait) };
}

function more(trait: (typeof MORE_TRAITS)[number]): PathMarks {
  return { ...NO_MARKS, anyMore: bit(trait) };
}

function byKind(
  text: (typeof TRAITS)[number],
  number: (typeof TRAITS)[number] | undefined,
  upper = text,
): PathMarks {
  return {
    ...NO_MARKS,
    number: number === undefined ? 0 : bit(number),
    upperText: bit(upper),
    otherText: bit(text),
  };
}

const MARKS = new Map<string, PathMarks>([
  ['time', byKind('time:text', 'time:number')],
  ['timestamp', byKind('timestamp:text', 'timestamp:number')],
  ['@timestamp', any('@timestamp')],
  ['ts', any('ts')],
  ['datetime', any('datetime')],
  ['datetime.date', any('datetime')],
  ['asctime', any('asctime')],
  ['level', byKind('level:lower', 'level:number', 'level:upper')],
  ['severity', byKind('severity:text', undefined)],
  ['severity_number', any('severity_number')],
  ['severityNumber', any('severity_number')],
  ['message', any('message')],
  ['msg', any('msg')],
  ['event', byKind('event:text', undefined)],
  ['event.name', any('event.name')],
  ['short_message', any('short_message')],
  ['pid', any('pid')],
  ['hostname', any('hostname')],
  ['v', any('v')],
  ['level_name', any('level_name')],
  ['level_value', any('level_value')],
  ['@version', any('@version')],
  ['logger_name', any('logger_name')],
  ['ecs.version', any('ecs.version')],
  ['log.level', any('log.level')],
  ['channel', any('channel')],
  ['levelname', any('levelname')],
  ['levelno', any('levelname')],
  ['@t', any('@t')],
  ['L', more('L')],
  ['T', more('T')],
  ['M', more('M')],
  ['logging.googleapis.com/trace', more('google')],
  ['logging.googleapis.com/spanId', more('google')],
  ['logging.googleapis.com/labels', more('google')],
  ['logging.googleapis.com/sourceLocation.file', more('google')],
  ['timestampSeconds', more('google')],
  ['timestamp.seconds', more('google')],
  ['insertId', more('google')],
  ['httpRequest.status', more('google')],
  ['jsonPayload.message', more('google')],
  ['target', more('target')],
  ['fields.message', more('fields.message')],
  ['span.kind', more('span')],
  ['otel.scope.name', more('span')],
]);

export function marksOf(path: string): PathMarks {
  return MARKS.get(path) ?? NO_MARKS;
}

/** The bits that an entry of this kind adds; `first` is its first byte. */
export function marksOfEntry(marks: PathMarks, kind: number, first: number): number {
  if (kind === EntryKind.number) return marks.any | marks.number;
  if (kind !== EntryKind.string) return marks.any;
  const isUpper = first >= 0x41 && first <= 0x5a;
  return marks.any | (isUpper ? marks.upperText : marks.otherText);
}

const has = (marks: number, ...traits: readonly (typeof TRAITS)[number][]): boolean => {
  for (const trait of traits) if ((marks & bit(trait)) === 0) return false;
  return true;
};

const either = (marks: number, ...traits: readonly (typeof TRAITS)[number][]): boolean => {
  for (const trait of traits) if ((marks & bit(trait)) !== 0) return true;
  return false;
};

const GENERIC = SCHEMAS.indexOf('generic');
const MEMO_SIZE = 256;
const memoMarks = new Int32Array(MEMO_SIZE);
const memoMoreMarks = new Int32Array(MEMO_SIZE);
const memoSchema = new Uint8Array(MEMO_SIZE);

/**
 * The schema whose tell-tales stand in a record, as an index into {@link SCHEMAS}.
 * Records of one shape get the remembered answer.
 */
export function schemaOf(marks: number, moreMarks: number): number {
  const mixed = Math.imul(marks ^ (moreMarks << 7), 0x9e3779b1);
  const place = (mixed ^ (mixed >>> 15)) & (MEMO_SIZE - 1);
  if (memoMarks[place] === marks && memoMoreMarks[place] === moreMarks) return memoSchema[place];
  const schema = SCHEMAS.indexOf(tellSchema(marks, moreMarks));
  memoMarks[place] = marks;
  memoMoreMarks[place] = moreMarks;
  memoSchema[place] = schema;
  return schema;
}

/** The first schema that fits, the most telling tell-tales first. */
function tellSchema(marks: number, moreMarks: number): Schema {
  const extra = (trait: (typeof MORE_TRAITS)[number]) => (moreMarks & bit(trait)) !== 0;
  if (has(marks, '@t')) return 'clef';
  if (has(marks, 'short_message')) return 'gelf';
  if (has(marks, 'level_name') && either(marks, 'channel', 'datetime')) return 'monolog';
  if (extra('L') && (extra('M') || extra('T'))) return 'zap-development';
  if (has(marks, '@timestamp') && either(marks, '@version', 'level_value', 'logger_name')) {
    return 'logback';
  }
  if (has(marks, 'ecs.version') || has(marks, '@timestamp', 'log.level')) return 'ecs';
  if (extra('google')) return 'gcp';
  if (has(marks, 'severity_number') || extra('span')) return 'opentelemetry';
  if (has(marks, 'severity:text')) {
    if (has(marks, 'event.name')) return 'opentelemetry';
    if (either(marks, 'message', 'msg') && either(marks, 'timestamp:text', 'time:text'))
      return 'gcp';
  }
  if (has(marks, 'level:number', 'v') && either(marks, 'pid', 'hostname')) return 'bunyan';
  if (has(marks, 'level:number') && either(marks, 'time:number', 'time:text')) return 'pino';
  if (has(marks, 'level:number', 'pid', 'hostname')) return 'pino';
  if (either(marks, 'levelname', 'asctime')) return 'python-json-logger';
  if (extra('target') && (extra('fields.message') || has(marks, 'level:upper'))) return 'tracing';
  if (has(marks, 'event:text') && !either(marks, 'message', 'msg')) return 'structlog';
  if (has(marks, 'ts', 'msg') && either(marks, 'level:lower', 'level:upper'))
    return 'zap-production';
  if (has(marks, 'msg') && either(marks, 'time:text', 'time:number')) {
    if (has(marks, 'level:upper')) return 'slog';
    if (has(marks, 'level:lower')) return 'logrus';
  }
  if (has(marks, 'level:lower', 'message')) {
    if (either(marks, 'time:text', 'time:number')) return 'zerolog';
    return 'winston';
  }
  return 'generic';
}

/** True when the marks are those of a log record, not of some answer that happens to be JSON. */
export function isLogRecord(marks: number, moreMarks: number): boolean {
  if (schemaOf(marks, moreMarks) !== GENERIC) return true;
  return (
    either(marks, 'message', 'msg', 'event:text') &&
    either(marks, 'level:upper', 'level:lower', 'level:number', '@timestamp', 'ts', 'time:text')
  );
}
