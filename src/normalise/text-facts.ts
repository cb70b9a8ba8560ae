import { type AccessLine, readAccessLine } from './access-line.ts';
import { type ErrcodeFound, findErrcode } from './errcode-text.ts';
import { findIds, idsOfPath, NO_IDS, type TextIds } from './text-ids.ts';

/** What a text says beside its wording. */
export interface TextFacts {
  readonly errcode: ErrcodeFound | undefined;
  /** WeChat's words for the errcode, without the request id at their end. */
  readonly errmsg: string | undefined;
  /** WeChat's request id; its first eight hex digits are the platform's Unix time. */
  readonly rid: string | undefined;
  /** What the long poll of WeChat's QR page said. */
  readonly qrErrcode: string | undefined;
  readonly ids: TextIds;
  readonly access: AccessLine | undefined;
  readonly namesWechat: boolean;
}

/** Texts beyond this are searched at their head and tail only, so that no line costs much more than another. */
export const MAX_TEXT = 1 << 16;

/** The part of a text that is searched and matched: all of it, or head and tail of a very long one. */
export function boundedText(text: string): string {
  if (text.length <= MAX_TEXT) return text;
  return `${text.slice(0, MAX_TEXT / 2)}\n…\n${text.slice(-MAX_TEXT / 2)}`;
}

const WECHAT = /wechat|weixin|wx_?err|errmsg|微信/i;
const RID = /\brid[:=]?\s{0,2}([0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8})\b/i;
const QR_ERRCODE = /wx_errcode["'\\]{0,4}\s{0,2}[:=]\s{0,2}["'\\]{0,4}(40[234578]|403|500)(?!\d)/;
const ERRMSG =
  /(?:err_?msg|错误信息)["'”\\\s]{0,4}(?:[:=：]|->)\s{0,2}["'“\\]{0,4}([^"'“”\\\n{}，。】\]]{2,300})/i;
const ERRMSG_TAIL = /(?:,?\s*(?:rid|hints?)\s*:.*|,?\s*\[?\s*req_id\s*:.*|[,，\s]+)$/is;

/** What every fact above needs at least one of. */
const WORTH_A_LOOK =
  /[\d=:：]|code|invalid|missing|expired|limit|unauthorized|whitelist|require https|wechat|weixin|微信|errmsg/i;

/** @returns undefined for a text that says nothing but its words. */
export function factsOfText(text: string): TextFacts | undefined {
  if (!WORTH_A_LOOK.test(text)) return undefined;
  const namesWechat = WECHAT.test(text);
  const rid = RID.exec(text)?.[1]?.toLowerCase();
  const errcode = findErrcode(text, namesWechat || rid !== undefined);
  const qrErrcode = namesWechat ? QR_ERRCODE.exec(text)?.[1] : undefined;
  const access = readAccessLine(text);
  const ids = withPathIds(findIds(text), access?.path);
  if (
    errcode === undefined &&
    rid === undefined &&
    qrErrcode === undefined &&
    access === undefined &&
    !namesWechat &&
    ids.found.length === 0 &&
    !ids.hasState
  ) {
    return undefined;
  }
  const errmsg = namesWechat ? ERRMSG.exec(text)?.[1]?.replace(ERRMSG_TAIL, '') : undefined;
  return { errcode, errmsg, rid, qrErrcode, ids, access, namesWechat };
}

function withPathIds(ids: TextIds, path: string | undefined): TextIds {
  const inPath = path === undefined ? NO_IDS : idsOfPath(path);
  return inPath === NO_IDS ? ids : { ...ids, found: [...ids.found, ...inPath.found] };
}

/** Ids that stand in the path of a URL, such as `/qrcode/5f3a9c21/status`. */
export function factsOfPath(path: string): TextFacts | undefined {
  const ids = idsOfPath(path);
  if (ids === NO_IDS) return undefined;
  return {
    errcode: undefined,
    errmsg: undefined,
    rid: undefined,
    qrErrcode: undefined,
    ids,
    access: undefined,
    namesWechat: false,
  };
}
