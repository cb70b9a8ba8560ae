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

const CRI = new RegExp(`^(${RFC3339}) (stdout|stderr) ([FP])(?::[\\w:]*)? `);
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
  readonly pattern: RegExp;
  /** Names of the groups, in their order; undefined for those that are not kept. */
  readonly fields: readonly (string | undefined)[];
  /** Groups that name the stream. */
  readonly stream: readonly number[];
  /** The prefix is believed only where a record follows, or one of its stream did. */
  readonly needsRecord?: true;
}

const FORMS: readonly PrefixForm[] = [
  { form: 'cri', pattern: CRI, fields: [WRAPPER_TIME, undefined, undefined], stream: [2] },
  {
    form: 'kubectl',
    pattern: KUBECTL,
    fields: ['k8s.pod.name', 'k8s.container.name', WRAPPER_TIME],
    stream: [1, 2],
  },
  { form: 'kubectl', pattern: KUBECTL_TIME, fields: [WRAPPER_TIME], stream: [] },
  {
    form: 'syslog',
    pattern: SYSLOG,
    fields: ['host.name', undefined, undefined],
    stream: [1, 2, 3],
  },
  {
    form: 'syslog',
    pattern: SYSLOG_5424,
    fields: [WRAPPER_TIME, 'host.name', undefined, undefined],
    stream: [2, 3, 4],
  },
  { form: 'compose', pattern: COMPOSE, fields: ['k8s.container.name'], stream: [1] },
  { form: 'kafka', pattern: KAFKA, fields: [WRAPPER_TIME, undefined], stream: [] },
  {
    form: 'stern',
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
    const text = latin1.decode(bytes.subarray(start, Math.min(end, start + MAX_PREFIX_BYTES)));
    for (const { form, pattern, fields, stream, needsRecord } of FORMS) {
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
        isPartial: form === 'cri' && match[3] === 'P',
      };
    }
    return undefined;
  };
}

const MAX_PROVEN = 4096;

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
