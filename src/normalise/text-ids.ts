import type { QueryName } from '../decode/index.ts';
import { ID_NAMESPACES, type IdNamespace } from '../model/index.ts';
import type { Entry } from './entry.ts';
import { FieldRole } from './field-role.ts';
import { Hash64 } from './hash.ts';
import { IdReader } from './id-text.ts';
import { NAMESPACE, namespaceSalt } from './namespace.ts';

/** An id that stands inside a text. */
export interface TextId {
  readonly namespace: number;
  readonly high: number;
  readonly low: number;
  readonly text: string;
}

export interface TextIds {
  readonly found: readonly TextId[];
  /** The text holds a query string with a `state`, whatever its value. */
  readonly hasState: boolean;
  /** The text holds a query string with a `code`, perhaps blacked out. */
  readonly hasCode: boolean;
}

interface KnownName {
  readonly name: string;
  readonly namespace: number;
  readonly role: FieldRole;
  /** Counts inside query strings, or beside its sibling, only. */
  readonly needsQuery: boolean;
  /** Counts where the text speaks of a QR code only: elsewhere it names a device. */
  readonly onQrPage: boolean;
}

type Row = readonly [namespace: IdNamespace, role: FieldRole, needsQuery: boolean, names: string];

const ROWS: readonly Row[] = [
  ['login.flow.id', FieldRole.id, false, 'loginflowid flowid loginattemptid'],
  [
    'login.qrcode_id',
    FieldRole.id,
    false,
    `qrcodeid qrid qrcodekey qrkey qrcodeuuid qruuid qrcodetoken qrtoken scanid scantoken
     二维码id 二维码编号 二维码标识 二维码key`,
  ],
  ['login.qrcode_id', FieldRole.weakId, true, 'uuid qrcode qr'],
  ['login.ticket', FieldRole.id, false, 'qrticket qrcodeticket loginticket scanticket'],
  ['login.ticket', FieldRole.weakId, false, 'ticket 票据'],
  ['login.scene', FieldRole.id, false, 'scenestr sceneid eventkey 场景值'],
  ['login.scene', FieldRole.weakId, true, 'scene'],
  ['login.state', FieldRole.id, false, 'oauthstate loginstate authstate wxstate'],
  ['login.state', FieldRole.state, true, 'state state值'],
  ['login.code', FieldRole.id, false, 'oauthcode authcode wxcode authorizationcode 授权码'],
  ['login.code', FieldRole.code, true, 'code'],
  [
    'trace_id',
    FieldRole.traceId,
    false,
    'traceid xb3traceid traceparent ubertraceid tid ddtraceid 链路id 追踪id',
  ],
  [
    'request_id',
    FieldRole.requestId,
    false,
    'requestid xrequestid correlationid xcorrelationid 请求id',
  ],
];

const BASE = 31;

/** Names by a hash of their characters from the last to the first, as the walk backwards meets them. */
const NAMES = new Map<number, KnownName>();
for (const [namespace, role, needsQuery, names] of ROWS) {
  for (const name of names.trim().split(/\s+/)) {
    let hash = 0;
    for (let at = name.length - 1; at >= 0; at -= 1) {
      hash = (Math.imul(hash, BASE) + name.charCodeAt(at)) | 0;
    }
    const onQrPage = name === 'uuid';
    NAMES.set(hash, { name, namespace: NAMESPACE[namespace], role, needsQuery, onQrPage });
  }
}

/** Names of ids in queries, by a hash of their own. */
export function queryNames(): QueryName[] {
  const hash = new Hash64();
  return [...NAMES.values()].map(({ name, namespace, role, onQrPage }) => {
    hash.ofText(name);
    return { hash: { high: hash.high, low: hash.low }, namespace, role, isDoubtful: onQrPage };
  });
}

const MAX_NAME = 40;
const MAX_IDS = 16;
/** A text with more separators than this is a dump, no sentence about one login. */
const MAX_SEPARATORS = 2000;

const QR_PAGE = /qr|scan|wx_errcode|扫码|二维码/i;

const utf8 = new TextEncoder();
const scratch = new Uint8Array(4096);
const reader = new IdReader();

/** `[service,traceId,spanId]` and `[traceId-spanId]`, as Spring prints them. */
const BRACKETS =
  /\[(?:[\w.-]{0,60},)?\s?([0-9a-f]{32}|[0-9a-f]{16})[,-]\s?[0-9a-f]{16}(?:,\w{0,5})?\s?\]/;

export const NO_IDS: TextIds = { found: [], hasState: false, hasCode: false };

/** Finds `name=value`, `name: value` and `"name":"value"` pairs whose name is that of an id. */
export function findIds(text: string): TextIds {
  let found: TextId[] | undefined;
  let hasState = false;
  let hasCode = false;
  /** Outside a query string `state` and `code` count beside each other, or where they look it. */
  let pendingState: TextId | undefined;
  let pendingCode: TextId | undefined;
  let isStateSure = false;
  let isCodeSure = false;
  let separators = 0;

  const keep = (id: TextId): void => {
    found ??= [];
    if (found.length >= MAX_IDS) return;
    for (const other of found) {
      if (other.namespace === id.namespace && other.high === id.high && other.low === id.low)
        return;
    }
    found.push(id);
  };

  const { length } = text;
  for (let at = 0; at < length; at += 1) {
    const separator = text.charCodeAt(at);
    if (separator !== 0x3d && separator !== 0x3a && separator !== 0xff1a) continue;
    separators += 1;
    if (separators > MAX_SEPARATORS) break;
    let end = at;
    while (end > 0 && at - end < 5 && isOf(Kind.quoteOrBlank, text.charCodeAt(end - 1))) end -= 1;
    let hash = 0;
    let start = end;
    let use: KnownName | undefined;
    for (; start > 0 && end - start < MAX_NAME; start -= 1) {
      const character = text.charCodeAt(start - 1);
      if (character < 128) {
        const kind = KINDS[character];
        if ((kind & (Kind.letter | Kind.joiner)) === 0) break;
        if ((kind & Kind.letter) !== 0) {
          hash = (Math.imul(hash, BASE) + lowerCase(character)) | 0;
        }
        continue;
      }
      if (!isHan(character)) break;
      // Chinese sets no blank before a name: 生成二维码ID：…
      if (hash !== 0) {
        use = NAMES.get(hash);
        if (use !== undefined) break;
      }
      hash = (Math.imul(hash, BASE) + character) | 0;
    }
    use ??= NAMES.get(hash);
    if (use === undefined) continue;
    const name = text.slice(start, end).toLowerCase().replace(/[_.-]/g, '');
    if (name !== use.name) continue;
    const before = start > 0 ? text.charCodeAt(start - 1) : isBareQuery(text) ? 0x3f : 0;
    const inQuery = separator === 0x3d && (before === 0x3f || before === 0x26);
    if (use.onQrPage && !QR_PAGE.test(text)) continue;
    if (inQuery && use.role === FieldRole.state) hasState = true;
    if (inQuery && use.role === FieldRole.code) hasCode = true;
    const id = readId(text, at + 1, use, inQuery);
    if (id === undefined) continue;
    if (inQuery || !use.needsQuery) keep(id);
    else if (use.role === FieldRole.state) {
      pendingState = id;
      isStateSure = reader.isRandom();
    } else if (use.role === FieldRole.code) {
      pendingCode = id;
      isCodeSure = reader.isMixed();
    }
  }
  const hasAnyCode = hasCode || pendingCode !== undefined;
  const hasAnyState = hasState || pendingState !== undefined;
  if (pendingState !== undefined && (isStateSure || hasAnyCode)) keep(pendingState);
  if (pendingCode !== undefined && (isCodeSure || hasAnyState)) keep(pendingCode);
  const brackets = text.includes('[') ? BRACKETS.exec(text) : null;
  if (brackets !== null) {
    const bytes = utf8.encodeInto(brackets[1], scratch).written;
    if (reader.readTrace(scratch, 0, bytes)) keep(idOf(NAMESPACE.trace_id));
  }
  if (found === undefined && !hasState && !hasCode) return NO_IDS;
  return { found: found ?? [], hasState, hasCode };
}

const QR_IN_PATH =
  /\/[\w-]{0,40}(?:qr|scan)[\w-]{0,40}\/(?:[a-z]{3,12}\/)?([A-Za-z0-9_-]{8,128})(?=\/|$)/i;

/** The id of a QR code in the path of a URL: a token right behind a segment that names QR codes. */
export function idsOfPath(path: string): TextIds {
  const segment = QR_IN_PATH.exec(path)?.[1];
  if (segment === undefined) return NO_IDS;
  const bytes = utf8.encodeInto(segment, scratch).written;
  if (!reader.readToken(scratch, 0, bytes, 8)) return NO_IDS;
  return { found: [idOf(NAMESPACE['login.qrcode_id'])], hasState: false, hasCode: false };
}

function readId(text: string, from: number, use: KnownName, inQuery: boolean): TextId | undefined {
  let start = from;
  while (
    start < text.length &&
    start - from < 6 &&
    isOf(Kind.quoteOrBlank, text.charCodeAt(start))
  ) {
    start += 1;
  }
  const mayHoldColon = use.role === FieldRole.traceId;
  let end = start;
  for (; end < text.length && end - start < 1024; end += 1) {
    const character = text.charCodeAt(end);
    if (!isOf(Kind.value, character) && !(mayHoldColon && character === 0x3a)) break;
  }
  while (end > start && isTrailing(text.charCodeAt(end - 1))) end -= 1;
  if (end === start) return undefined;
  let value = text.slice(start, end);
  if (inQuery && value.includes('%')) value = percentDecoded(value);
  const bytes = utf8.encodeInto(value, scratch).written;
  if (!isId(use, bytes, inQuery)) return undefined;
  return idOf(use.namespace);
}

/**
 * What a text would be as an id, in every namespace that could hold it: a person who has an id in
 * hand need not know of what kind it is.
 */
export function idsNamed(text: string): readonly TextId[] {
  const bytes = utf8.encode(text);
  return ID_NAMESPACES.flatMap((_, namespace) => {
    const isId =
      namespace === NAMESPACE.trace_id
        ? reader.readTrace(bytes, 0, bytes.length)
        : reader.read(bytes, 0, bytes.length);
    if (!isId) return [];
    const id = idOf(namespace);
    return [{ ...id, high: id.high >>> 0, low: id.low >>> 0 }];
  });
}

function isId(use: KnownName, bytes: number, inQuery: boolean): boolean {
  switch (use.role) {
    case FieldRole.traceId:
      return reader.readTrace(scratch, 0, bytes);
    case FieldRole.requestId:
      return reader.read(scratch, 0, bytes) && !reader.isCounter();
    case FieldRole.weakId:
      return reader.readToken(scratch, 0, bytes, inQuery ? 6 : 16);
    case FieldRole.state:
      if (!inQuery) return reader.readToken(scratch, 0, bytes, 8);
      return reader.read(scratch, 0, bytes);
    case FieldRole.code:
      return inQuery
        ? reader.readToken(scratch, 0, bytes, 8)
        : reader.readBareCode(scratch, 0, bytes);
    default:
      // A text that speaks of an id without giving it: `qrcode_id: not found`.
      return reader.read(scratch, 0, bytes) && reader.hasDigit();
  }
}

/** Scenes come as `qrscene_X` in subscribe events. */
export const SCENE_PREFIX: Uint8Array = utf8.encode('qrscene_');

const PLATFORM_RID = /^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/i;

/** True for a request id of WeChat's own form. */
export function isPlatformRid(entry: Entry): boolean {
  return entry.end - entry.start === 26 && PLATFORM_RID.test(entry.text());
}

/** The id that the reader holds. */
function idOf(namespace: number): TextId {
  if (namespace === NAMESPACE['login.scene']) reader.dropPrefix(SCENE_PREFIX);
  if (namespace !== NAMESPACE.trace_id) reader.hashText();
  const text = reader.text();
  const { hash } = reader;
  hash.salt(namespaceSalt(namespace));
  return { namespace, high: hash.high, low: hash.low, text };
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `state=…&code=…` without a URL before it: a query has no blanks. */
function isBareQuery(text: string): boolean {
  return !text.includes(' ');
}

function isHan(character: number): boolean {
  return character >= 0x4e00 && character <= 0x9fff;
}

const Kind = { letter: 1, joiner: 2, value: 4, quoteOrBlank: 8 } as const;

/** What the characters of ASCII can be: letters and joiners make up names, values also a few signs. */
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[A-Za-z0-9]/.test(character)) return Kind.letter | Kind.value;
  if (/[_.-]/.test(character)) return Kind.joiner | Kind.value;
  if (/[~%+/=*]/.test(character)) return Kind.value;
  return /[ "'\\[`]/.test(character) ? Kind.quoteOrBlank : 0;
});

function isOf(kind: number, character: number): boolean {
  if (character < 128) return (KINDS[character] & kind) !== 0;
  // Curly quotes.
  return kind === Kind.quoteOrBlank && (character === 0x201c || character === 0x201d);
}

function isTrailing(character: number): boolean {
  return character === 0x2e || character === 0x2f;
}

function lowerCase(character: number): number {
  return character >= 0x41 && character <= 0x5a ? character | 0x20 : character;
}
