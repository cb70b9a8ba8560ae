import {
  afterRun,
  afterWord,
  asciiOf,
  byteSet,
  isDigit,
  isLetter,
  wordsAnd,
} from '../text/letters.ts';
import { afterZonedTime } from '../text/times.ts';
import { WRAPPER_TIME } from './json-wrappers.ts';

/** A part of a line by the name it is kept under. */
export interface PrefixField {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** What a tool wrote before each line. */
export interface LinePrefix {
  readonly form: string;
  /** Where the line itself begins. */
  readonly payload: number;
  readonly fields: readonly PrefixField[];
  /** Tells apart the streams of lines that run into each other here. */
  readonly stream: string;
  /** The line goes on in the next one of its stream, as a container runtime cuts long lines. */
  readonly isPartial: boolean;
}

/** A prefix ends within so many bytes. */
const MAX_PREFIX_BYTES = 640;

const RFC3339 = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)`;

const KUBECTL = new RegExp(`^\\[pod/([\\w.-]{1,253})/([\\w.-]{1,63})\\] (?:(${RFC3339}) )?`);
/** What the kubelet prints has nine digits; what a logger prints has fewer. */
const KUBECTL_TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}(?:Z|[+-]\d\d:?\d\d)) (?=.)/;
const COMPOSE = /^([a-zA-Z0-9][\w.-]{0,62}?[-_]\d{1,4}) {1,40}\| /;
/** `pod container line`, or `namespace pod container line`; pods end in the hash of their set or a number. */
const STERN = new RegExp(
  `^(?:([a-z0-9-]{1,63}) )?([a-z0-9][a-z0-9.-]{0,240}-(?:[a-z0-9]{4,10}|\\d{1,4})) (?:› )?([a-z0-9][a-z0-9-]{0,62}) (?:(${RFC3339}) )?`,
);
/** What the console consumer of Kafka prints before the value. */
const KAFKA =
  /^(?:(?:CreateTime|LogAppendTime):(\d{13})\t|NO_TIMESTAMP\t)?(?:Partition:(\d+)\t)?(?:Offset:\d+\t)?(?:[^\t{}"]{0,256}\t)(?=\{)/;
/** `Nov 26 18:00:00 host app[42]: line` and `<134>1 2026-11-26T18:00:00Z host app 42 - - line`. */
const SYSLOG =
  /^(?:<\d{1,3}>)?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d ([\w.:-]{1,253}) ([^\s:[]{1,64})(?:\[(\d{1,10})\])?: /;
const SYSLOG_5424 = new RegExp(
  `^<\\d{1,3}>1 (${RFC3339}|-) ([\\w.:-]{1,253}) (\\S{1,64}) (\\S{1,128}) \\S{1,32} (?:-|\\[[^\\]]{0,256}\\]) `,
);

interface PrefixForm {
  readonly form: string;
  /** Whether the pattern is worth a try: true wherever it fits. */
  readonly isLikely: (bytes: Uint8Array, start: number, end: number) => boolean;
  readonly pattern: RegExp;
  /** Names of the groups, in their order; undefined for those that are not kept. */
  readonly fields: readonly (string | undefined)[];
  /** Groups that name the stream. */
  readonly stream: readonly number[];
  /** The prefix is believed only where a record follows, or one of its stream did. */
  readonly needsRecord?: true;
}

const FORMS: readonly PrefixForm[] = [
  {
    form: 'kubectl',
    isLikely: (bytes, start) => bytes[start] === OPEN_BRACKET && bytes[start + 1] === LETTER_P,
    pattern: KUBECTL,
    fields: ['k8s.pod.name', 'k8s.container.name', WRAPPER_TIME],
    stream: [1, 2],
  },
  {
    form: 'kubectl',
    isLikely: (bytes, start, end) => afterZonedTime(bytes, start, end) !== -1,
    pattern: KUBECTL_TIME,
    fields: [WRAPPER_TIME],
    stream: [],
  },
  {
    form: 'syslog',
    isLikely: (bytes, start) =>
      bytes[start] === LESS || (isLetter(bytes[start]!) && bytes[start + 3] === SPACE),
    pattern: SYSLOG,
    fields: ['host.name', undefined, undefined],
    stream: [1, 2, 3],
  },
  {
    form: 'syslog',
    isLikely: (bytes, start) => bytes[start] === LESS,
    pattern: SYSLOG_5424,
    fields: [WRAPPER_TIME, 'host.name', undefined, undefined],
    stream: [2, 3, 4],
  },
  {
    form: 'compose',
    isLikely: isLikelyCompose,
    pattern: COMPOSE,
    fields: ['k8s.container.name'],
    stream: [1],
  },
  {
    form: 'kafka',
    isLikely: isLikelyKafka,
    pattern: KAFKA,
    fields: [WRAPPER_TIME, undefined],
    stream: [],
  },
  {
    form: 'stern',
    isLikely: isLikelyStern,
    pattern: STERN,
    fields: ['k8s.namespace.name', 'k8s.pod.name', 'k8s.container.name', WRAPPER_TIME],
    stream: [2, 3],
    needsRecord: true,
  },
];

const latin1 = new TextDecoder('latin1');

/**
 * Tells the prefixes that container tools put before each line.
 * @param isRecord whether a record begins at a place of the bytes.
 */
export function createPrefixReader(
  isRecord: (bytes: Uint8Array, start: number, end: number) => boolean,
): (bytes: Uint8Array, start: number, end: number) => LinePrefix | undefined {
  /** Streams whose prefix was followed by a record; bounded, then forgotten. */
  let proven = new Set<string>();

  return (bytes, start, end) => {
    const headEnd = Math.min(end, start + MAX_PREFIX_BYTES);
    const cri = readCri(bytes, start, headEnd);
    if (cri !== undefined) return cri;
    let text: string | undefined;
    for (const { form, isLikely, pattern, fields, stream, needsRecord } of FORMS) {
      if (!isLikely(bytes, start, headEnd)) continue;
      text ??= latin1.decode(bytes.subarray(start, headEnd));
      const match = pattern.exec(text);
      if (match === null) continue;
      const payload = start + match[0].length;
      const name = `${form} ${stream.map((group) => match[group] ?? '').join(' ')}`;
      if (needsRecord === true && !proven.has(name)) {
        if (!isRecord(bytes, payload, end)) continue;
        if (proven.size >= MAX_PROVEN) proven = new Set();
        proven.add(name);
      }
      return {
        form,
        payload,
        fields: placesOf(match, fields, start),
        stream: name,
        isPartial: false,
      };
    }
    return undefined;
  };
}

const MAX_PROVEN = 4096;

const [OPEN_BRACKET, LETTER_P, LESS, SPACE, TAB, COLON, BAR] = [
  0x5b, 0x70, 0x3c, 0x20, 0x09, 0x3a, 0x7c,
];
const [OPEN_BRACE, LETTER_F, LETTER_UPPER_P] = [0x7b, 0x46, 0x50];

const CRI_STREAMS = ['stdout', 'stderr'].map((name) => ({
  word: asciiOf(` ${name} `),
  stream: `cri ${name}`,
}));
const TAG_LETTERS = wordsAnd(':');

/** `2026-11-26T10:00:00.123456789Z stdout F line`, where tags may stand behind the `F` or `P`. */
function readCri(bytes: Uint8Array, start: number, end: number): LinePrefix | undefined {
  const time = isDigit(bytes[start]!) ? afterZonedTime(bytes, start, end) : -1;
  if (time === -1) return undefined;
  for (const { word, stream } of CRI_STREAMS) {
    const at = afterWord(bytes, time, end, word);
    if (at === -1) continue;
    const isPartial = bytes[at] === LETTER_UPPER_P;
    if (!isPartial && bytes[at] !== LETTER_F) return undefined;
    const hasTags = bytes[at + 1] === COLON;
    const space = hasTags ? afterRun(bytes, at + 1, end, TAG_LETTERS) : at + 1;
    if (space >= end || bytes[space] !== SPACE) return undefined;
    const fields = [{ name: WRAPPER_TIME, start, end: time }];
    return { form: 'cri', payload: space + 1, fields, stream, isPartial };
  }
  return undefined;
}

const SERVICE_LETTERS = wordsAnd('.-');
const MAX_SERVICE_BYTES = 68;

/** A word, blanks and a bar. */
function isLikelyCompose(bytes: Uint8Array, start: number, end: number): boolean {
  let at = afterRun(bytes, start, Math.min(end, start + MAX_SERVICE_BYTES + 1), SERVICE_LETTERS);
  if (at === start || bytes[at] !== SPACE) return false;
  while (at < end && bytes[at] === SPACE) at += 1;
  return at < end && bytes[at] === BAR;
}

const MAX_KAFKA_KEY_BYTES = 256;
/** What may stand before the key begins with one of these. */
const KAFKA_HEADS = byteSet('CLNPO');

/** A key, a tab and a brace. */
function isLikelyKafka(bytes: Uint8Array, start: number, end: number): boolean {
  if (KAFKA_HEADS[bytes[start]!] === 1) return true;
  const limit = Math.min(end, start + MAX_KAFKA_KEY_BYTES + 1);
  let at = start;
  while (at < limit && bytes[at] !== TAB) at += 1;
  return at < limit && bytes[at + 1] === OPEN_BRACE;
}

const POD_LETTERS = byteSet('abcdefghijklmnopqrstuvwxyz0123456789.-');
const CONTAINER_LETTERS = byteSet('abcdefghijklmnopqrstuvwxyz0123456789-');

/** Two words of small letters; something else than ASCII may part them. */
function isLikelyStern(bytes: Uint8Array, start: number, end: number): boolean {
  const pod = afterRun(bytes, start, end, POD_LETTERS);
  if (pod === start || pod + 1 >= end || bytes[pod] !== SPACE) return false;
  if (bytes[pod + 1]! >= 0x80) return true;
  const container = afterRun(bytes, pod + 1, end, CONTAINER_LETTERS);
  return container > pod + 1 && container < end && bytes[container] === SPACE;
}

/** Groups follow one another in the text, so each is found behind the one before. */
function placesOf(
  match: RegExpExecArray,
  names: readonly (string | undefined)[],
  start: number,
): PrefixField[] {
  const places: PrefixField[] = [];
  let from = 0;
  names.forEach((name, i) => {
    const group = match[i + 1];
    if (group === undefined) return;
    const at = match[0].indexOf(group, from);
    from = at + group.length;
    if (name !== undefined)
      places.push({ name, start: start + at, end: start + at + group.length });
  });
  return places;
}
