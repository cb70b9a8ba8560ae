import { afterDigits, isBlank } from './letters.ts';
import { type Head, type TextField, type TextStart, textOf } from './text-field.ts';

const ACCESS_TIME = String.raw`\[(\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\]`;
/** Blanks are named one by one: to \s the last byte of 无 is one as well. */
const REQUEST = String.raw`"(?:([A-Z]{3,10}) ([^ \t\r\n]{0,8192})(?: HTTP\/[\d.]{1,3})?|[^"]{0,8192})"`;

/** The combined format of Apache and nginx; what stands behind it differs from site to site. */
const COMBINED = new RegExp(
  String.raw`^(\S{1,253}) \S{1,64} \S{1,128} ${ACCESS_TIME} ${REQUEST} (\d{3}) (?:\d{1,20}|-)(?: "[^"]{0,8192}" "([^"]{0,4096})")?`,
  'd',
);
/** Envoy's default. */
const ENVOY = new RegExp(
  String.raw`^\[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}Z)\] ${REQUEST} (\d{1,3}) (\S{1,64})(?: \S{1,64}(?: - "[^"]{0,512}")?)? \d{1,20} \d{1,20} (\d{1,10}) (?:\d{1,10}|-) "[^"]{0,512}" "([^"]{0,4096})" "([^"]{0,128})" "([^"]{0,253})" "([^"]{0,253})"`,
  'd',
);

const COMBINED_FIELDS = [
  'remote_addr',
  'time_local',
  'request_method',
  'request_uri',
  'status',
  'http_user_agent',
];
const ENVOY_FIELDS = [
  'start_time',
  'request_method',
  'request_uri',
  'response_code',
  'response_flags',
  'duration_ms',
  'user_agent',
  'request_id',
  'authority',
  'upstream_host',
];

/** `rt=0.123 uct=0.001`, `request_time:0.123`, `trace_id="…"` behind the combined format. */
const EXTRA = /([A-Za-z_]\w{0,40})[=:]"?([^ \t\r\n",]{1,256})"?/dg;

/** Reads a line of an access log; a dash stands for nothing there. */
export function readAccess(head: Head): TextStart | undefined {
  if (isLikeEnvoy(head)) {
    const envoy = ENVOY.exec(textOf(head));
    if (envoy !== null) return started('envoy-access', envoy, ENVOY_FIELDS, []);
  }
  if (!isLikeCombined(head)) return undefined;
  const text = textOf(head);
  const combined = COMBINED.exec(text);
  if (combined === null) return undefined;
  const extra: TextField[] = [];
  const from = combined[0].length;
  for (const match of text.slice(from).matchAll(EXTRA)) {
    const [start, end] = match.indices![2]!;
    extra.push({ name: match[1]!, start: from + start, end: from + end });
  }
  return started('access', combined, COMBINED_FIELDS, extra);
}

const [OPEN_BRACKET, SLASH, SPACE, LETTER_Z, QUOTE] = [0x5b, 0x2f, 0x20, 0x5a, 0x22];

/** A bracket, a year, and a quote behind the time. */
function isLikeEnvoy({ bytes, start, end }: Head): boolean {
  if (bytes[start] !== OPEN_BRACKET || afterDigits(bytes, start + 1, end, 4, 4) === -1)
    return false;
  let at = start + 5;
  const limit = Math.min(end, start + MAX_ENVOY_TIME_BYTES);
  while (at < limit && bytes[at] !== LETTER_Z) at += 1;
  return at + 3 < end && bytes[at + 1] === 0x5d && bytes[at + 3] === QUOTE;
}

const MAX_ENVOY_TIME_BYTES = 40;

/** The time in its brackets stands behind three words. */
function isLikeCombined({ bytes, start, end }: Head): boolean {
  let at = start;
  for (let word = 0; word < 3; word += 1) {
    const from = at;
    while (at < end && !isBlank(bytes[at]!)) at += 1;
    if (at === from || at === end || bytes[at] !== SPACE) return false;
    at += 1;
  }
  return bytes[at] === OPEN_BRACKET && bytes[at + 3] === SLASH;
}

function started(
  form: string,
  match: RegExpExecArray,
  names: readonly string[],
  extra: readonly TextField[],
): TextStart {
  const fields: TextField[] = [];
  names.forEach((name, i) => {
    const place = match.indices![i + 1];
    if (place === undefined || match[i + 1] === '-') return;
    fields.push({ name, start: place[0], end: place[1] });
  });
  return { form, fields: [...fields, ...extra], message: 0, messageEnd: 0, goesOn: 'never' };
}
