import { LOGIN_IDS, type Secrecy, secrecyOf } from './secret-key.ts';

export interface RedactOptions {
  /** Leaves ids of logins and requests in clear; secrets, openids and phone numbers never are. */
  readonly showIds: boolean;
  /** Texts that are known to be ids, under whatever key they stand. */
  readonly ids?: readonly string[];
}

/**
 * A log text without what must not leave the logs: codes, states, tickets, tokens, secrets,
 * openids, phone numbers and query strings give way to a word in brackets that says what stood
 * there. Values are found by their keys, in JSON (also escaped within strings), URLs, `key=value`,
 * headers, XML, struct dumps and prose, and by their look where no key stands.
 * What remains is still hostile text: see `visible` in `report`.
 */
export function redact(text: string, options: RedactOptions): string {
  const source = plainEscapes(text);
  let shown = '';
  let from = 0;
  KEY.lastIndex = 0;
  for (let match = KEY.exec(source); match !== null; match = KEY.exec(source)) {
    const secrecy = secrecyOf(match[1] ?? match[2]);
    if (secrecy === undefined) continue;
    const value = valueAt(source, KEY.lastIndex, secrecy);
    if (value === undefined || (secrecy === 'harmless' && !PLAIN_NAME.test(value.text))) continue;
    const inProse = value.bare && /[:：]\s*$/.test(match[0]);
    shown += redactLoose(source.slice(from, value.from), options);
    shown += redactKeyed(value.text, secrecy, inProse, options);
    from = value.from + value.text.length;
    // Redacting the value may have run this search within it.
    KEY.lastIndex = from;
  }
  // Last, so that a query that swallows a key does not leave its value behind.
  const redacted = redactQueries(shown + redactLoose(source.slice(from), options));
  return options.showIds ? redacted : withoutIds(redacted, options.ids ?? []);
}

/** Shorter texts stand everywhere: taking them out would hide more than ids. */
const LEAST_ID_LENGTH = 4;

/** Ids are compared as tracers write them, in either case. */
function withoutIds(text: string, ids: readonly string[]): string {
  return ids
    .filter((id) => id.length >= LEAST_ID_LENGTH)
    .toSorted((a, b) => b.length - a.length)
    .reduce((shown, id) => {
      const escaped = id.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
      return shown.replace(new RegExp(`(?<![A-Za-z0-9])${escaped}(?![A-Za-z0-9])`, 'gi'), '[id]');
    }, text);
}

/** The value of a field, which by its name may be a secret as a whole. */
export function redactValue(name: string, value: string, options: RedactOptions): string {
  const secrecy = secrecyOf(name);
  if (secrecy === undefined || (secrecy === 'harmless' && !PLAIN_NAME.test(value)))
    return redact(value, options);
  return redactKeyed(value, secrecy, false, options);
}

/**
 * A key up to the start of its value: `key=`, `"key": `, `\"key\":`, `key：`, `key => `, `key != `, or the XML
 * element `<key>`, with `<![CDATA[` if it stands there.
 */
const KEY =
  /(?<![\w.-])([\w\u4e00-\u9fff][\w.\-\u4e00-\u9fff]*)[\\"'`\])]{0,12}\s{0,8}(?:=>|:=|!?[=~]|[:：＝])\s{0,8}|<([\w.-]{1,60})>(?:<!\[CDATA\[)?/g;

const PLAIN_NAME = /^[\w.\-:/@+ ]*$/;

interface ValueSpan {
  readonly from: number;
  readonly text: string;
  /** Whether nothing encloses it. */
  readonly bare: boolean;
}

function valueAt(source: string, start: number, secrecy: Secrecy): ValueSpan | undefined {
  OPENING.lastIndex = start;
  const open = OPENING.exec(source)?.[0] ?? '';
  const from = start + open.length;
  switch (open.at(-1)) {
    case '"':
    case "'":
    case '`':
      return { from, text: source.slice(from, endOfQuoted(source, from, open)), bare: false };
    case '[':
    case '(':
      return { from, text: source.slice(from, endOfList(source, from)), bare: false };
    case '{':
      // The fields of an object speak for themselves.
      return undefined;
    default: {
      const pattern =
        secrecy === 'cookie' ? TO_LINE_END : secrecy === 'token' ? SCHEME_AND_VALUE : BARE;
      pattern.lastIndex = from;
      return { from, text: pattern.exec(source)?.[0] ?? '', bare: true };
    }
  }
}

const OPENING = /\\{0,8}["'`]|[[({]|/y;
const TO_LINE_END = /[^\r\n"'<>\\]*/y;
const SCHEME_AND_VALUE =
  /(?:(?:Bearer|Basic|Digest|Token(?=\s{1,4}\S{8}))\s{1,4})?[^\s,;&"'<>(){}[\]|\\，。；）】]*/iy;
const BARE = /[^\s,;&"'<>(){}[\]|\\，。；）】]*/y;

/** Where the quote closes: the same sign, behind no more backslashes than the opening one. */
function endOfQuoted(source: string, from: number, open: string): number {
  const sign = open.at(-1)!;
  const escapes = open.length - 1;
  let behind = 0;
  for (let at = from; at < source.length; at++) {
    const char = source[at];
    if (char === '\\') behind++;
    else {
      if (char === sign && (escapes === 0 ? behind % 2 === 0 : behind <= escapes))
        return escapes === 0 ? at : at - behind;
      behind = 0;
    }
  }
  return source.length;
}

/** Where the list closes, brackets in quotes aside. */
function endOfList(source: string, from: number): number {
  for (let at = from; at < source.length; at++) {
    const char = source[at];
    if (char === ']' || char === ')') return at;
    if (char === '"' || char === "'") at = endOfQuoted(source, at + 1, char);
  }
  return source.length;
}

function redactKeyed(
  value: string,
  secrecy: Secrecy,
  inProse: boolean,
  options: RedactOptions,
): string {
  if (value === '' || NOTHING.test(value)) return value;
  if (secrecy === 'harmless') return redactByLook(value);
  if (options.showIds && LOGIN_IDS.has(secrecy)) return redactByLook(value);
  if (inProse && PROSE.has(value.toLowerCase())) return value;
  if (secrecy === 'query' && !value.includes('=')) return redactByLook(value);
  if (secrecy === 'code' && MACHINE_CODE.test(value)) return value;
  if (secrecy === 'state' && MACHINE_STATE.test(value)) return value;
  if (secrecy === 'trace') return value.length > 8 ? `${value.slice(0, 8)}..` : value;
  return `[${secrecy}]`;
}

const NOTHING = /^(?:null|nil|none|undefined|true|false|-|\*+)$/i;

/** Words that follow a key in a sentence: `invalid token: signature is invalid`. */
const PROSE: ReadonlySet<string> = new Set(
  (
    'a an and any because but by cannot closed could created did does empty error expected ' +
    'expired failed for from has have illegal in incorrect invalid is it lost malformed mismatch ' +
    'missing must no not null of on opened or parsing rejected required session signature still ' +
    'the this to token too unexpected unknown used verification was when which with wrong'
  ).split(' '),
);

/** Numbers of errors, SQLSTATEs, names such as `ECONNREFUSED`, `ER_LOCK_DEADLOCK`, `NotFound`. */
const MACHINE_CODE =
  /^(?:-?\d{1,6}|[0-9A-Z]{5}|E[A-Z]{3,24}|[A-Z]{2,20}(?:_[A-Z0-9]{1,20}){1,6}|(?:OK|UNAVAILABLE|INTERNAL|UNKNOWN|ABORTED|CANCELLED)|(?:OK|Unavailable|DeadlineExceeded|NotFound|Canceled|Unauthenticated|PermissionDenied|ResourceExhausted|Unknown|Internal|Aborted))$/;

/** States of breakers, pools and threads; and `STATE`, the constant that is a finding. */
const MACHINE_STATE =
  /^(?:STATE|OPEN|CLOSED|HALF_OPEN|FORCED_OPEN|DISABLED|RUNNING|RUNNABLE|BLOCKED|WAITING|TIMED_WAITING|TERMINATED|NEW|UP|DOWN|READY|PENDING|idle|active|running|waiting|open|closed|half-open|ok|success|failed|pending|ready)$/;

/**
 * `\u0026` and `%26`, as JSON writers and URLs escape separators and letters, stand for
 * themselves, so that a key is a key however it is written.
 */
function plainEscapes(text: string): string {
  return text.replace(ESCAPE, (whole, json: string | undefined, url: string | undefined) => {
    const char = String.fromCharCode(Number.parseInt(json ?? url ?? '', 16));
    return /[\w\-=&:?/.#]/.test(char) ? char : whole;
  });
}

const ESCAPE = /\\{1,8}u00([2-7][0-9a-fA-F])|%(?:25){0,4}([2-7][0-9a-fA-F])/g;

/** Everything behind the `?` of a path, and behind a `?` or `#` that starts parameters. */
function redactQueries(text: string): string {
  return text.replace(QUERY, (_, parameters?: string, path?: string) => {
    return `${parameters ?? path}[query]`;
  });
}

const QUERY =
  /(?<=[\w/\-~%)}])([?#])[^\s"'<>\\|`=]{0,200}=[^\s"'<>\\|`]*|(?<=[\w~-]\/[\w\-~.]{0,60})(\?)[\w\-~%.+/&[\]]+/g;

/** What no key announces, and looks like a secret or an id nevertheless. */
function redactLoose(text: string, options: RedactOptions): string {
  return redactByLook(text).replace(/[A-Za-z0-9][\w-]{15,}/g, (run) =>
    looksOpaque(run, options) ? '[id]' : run,
  );
}

function redactByLook(text: string): string {
  return text
    .replace(/\b(Bearer|Basic)\s{1,4}[\w.~+/=-]{6,}/gi, '$1 [token]')
    .replace(/\beyJ[\w-]{5,}(?:\.[\w-]*){1,4}/g, '[token]')
    .replace(CHINESE_MOBILE, '[phone]')
    .replace(/(?<![\w+])\+\d{1,3}[- ]?\d{7,12}(?!\d)/g, '[phone]')
    .replace(/(?<![\w-])o(?=[\w-]*[A-Z0-9])[\w-]{27}(?![\w-])/g, '[openid]');
}

const CHINESE_MOBILE = /(?<![\d.])(?:(?:\+|00)?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)/g;

/**
 * UUIDs, hex of 16 digits and more, and long runs of mixed letters with digits scattered in them.
 * Class names, pods and constants are neither.
 */
function looksOpaque(run: string, options: RedactOptions): boolean {
  const scattered = (run.match(/[0-9]+/g)?.length ?? 0) >= 3;
  const mixed = run.length >= 20 && scattered && /[a-z]/.test(run) && /[A-Z]/.test(run);
  if (options.showIds) return mixed && run.length >= 48;
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(run)) return true;
  if (/^(?:[0-9a-f]{16,}|[0-9A-F]{16,})$/.test(run)) return /[a-fA-F]/.test(run) && /\d/.test(run);
  return mixed;
}
