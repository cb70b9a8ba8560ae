import { KNOWN_WORDINGS, WECHAT_CODES } from './wechat-codes.ts';

/** How sure an errcode is that was read from a text; the lower number wins. */
export const ErrcodeSource = {
  /** A field of the record. */
  field: 0,
  /** JSON inside a text: the platform's own answer. */
  json: 1,
  /** A number that the text calls an errcode. */
  named: 2,
  /** The platform's wording without its number. */
  wording: 3,
} as const;

export interface ErrcodeFound {
  readonly code: string;
  readonly source: number;
}

const KEY = /err[_-]?code|error[ _-]?code|错误代码|错误码|返回码/gi;

/** What stands between the key and its number: quotes (also escaped or curly), brackets of PHP or XML, a separator, a type. */
const NUMBER_AFTER =
  /["'”’`\\\s\]>]{0,6}(?:[:=：＝]|->|=>|is|为|是|\(|（|\[)?["'“‘`\\\s]{0,6}(?:\{[^{}\n]{0,40}\}\s{0,4}|int\()?(-?\d{1,6})(?![\w.]*\w)/y;

/** Also SQLSTATE and PostgreSQL speak of 40001, and not of credentials. */
const SPEAKS_SQL = /sqlstate|serializ|deadlock|postgres|psycopg|mysql|could not/i;

/** The platform's wording for -1, which others use for anything. */
const SYSTEM_ERROR = /\bsystem error\b|系统繁忙/i;

/** A number right before the platform's wording: `[40164] invalid ip`, `40125, invalid appsecret`. */
const NUMBER_BEFORE = /(?:^|[^\d.])(-?\d{2,6})["'”\\\])}，,:：\s-]{1,6}$/;
/** A number in brackets after it: `invalid code…(40029)`. */
const NUMBER_BEHIND =
  /^[^\n(（[]{0,160}[(（[]\s?(?:err(?:or)?[_ ]?code\s?[:=：]?\s?)?(-?\d{1,6})\s?[)）\]]/i;
/** `Exception(code: 42001)` where the text names WeChat. */
const BARE_CODE = /\bcode["'\\\s]{0,4}[:=：]\s{0,2}["'\\]{0,2}(\d{5})(?!\d)/gi;

/**
 * Finds WeChat's errcode in a text. The number beats the wording, and JSON, being the
 * platform's own answer, beats what an SDK makes of it.
 * @param namesWechat the text speaks of WeChat elsewhere
 */
export function findErrcode(text: string, namesWechat: boolean): ErrcodeFound | undefined {
  return (
    namedCode(text, namesWechat) ??
    codeBesideWording(text, namesWechat) ??
    bareCode(text, namesWechat)
  );
}

function namedCode(text: string, namesWechat: boolean): ErrcodeFound | undefined {
  let best: ErrcodeFound | undefined;
  KEY.lastIndex = 0;
  for (let key = KEY.exec(text); key !== null; key = KEY.exec(text)) {
    const start = key.index;
    if (text.slice(Math.max(0, start - 3), start).toLowerCase() === 'wx_') continue;
    NUMBER_AFTER.lastIndex = start + key[0].length;
    const number = NUMBER_AFTER.exec(text)?.[1];
    if (number === undefined) continue;
    const isErrcode = /^err[_-]?code$/i.test(key[0]);
    const code = Number(number);
    const isPlatforms = namesWechat || code !== -1 || SYSTEM_ERROR.test(text);
    if (!isErrcode && !(WECHAT_CODES.has(code) && isPlatforms)) continue;
    if (code === 40001 && !namesWechat && SPEAKS_SQL.test(text)) continue;
    const isJson = isErrcode && /["\\]/.test(text.charAt(start + key[0].length));
    const found = { code: String(code), source: isJson ? ErrcodeSource.json : ErrcodeSource.named };
    if (best === undefined || found.source < best.source) best = found;
  }
  return best;
}

function codeBesideWording(text: string, namesWechat: boolean): ErrcodeFound | undefined {
  if (!MAY_HOLD_WORDING.test(text)) return undefined;
  const lower = text.toLowerCase();
  for (const wording of KNOWN_WORDINGS) {
    const at = lower.indexOf(wording.text);
    if (at === -1) continue;
    const before = NUMBER_BEFORE.exec(text.slice(Math.max(0, at - 16), at))?.[1];
    if (before !== undefined && WECHAT_CODES.has(Number(before))) {
      return { code: String(Number(before)), source: ErrcodeSource.named };
    }
    const behind = NUMBER_BEHIND.exec(text.slice(at + wording.text.length, at + 240))?.[1];
    if (behind !== undefined && WECHAT_CODES.has(Number(behind))) {
      return { code: String(Number(behind)), source: ErrcodeSource.named };
    }
    if (wording.sure || (namesWechat && HAS_PLATFORM_TAIL.test(text))) {
      return { code: String(wording.code), source: ErrcodeSource.wording };
    }
  }
  return WHITELIST.test(text) ? { code: '40164', source: ErrcodeSource.wording } : undefined;
}

/** Other gates have whitelists, too, but word it otherwise. */
const WHITELIST = /invalid ip [0-9a-f.:]{3,45}[^\n]{0,80}not in whitelist/i;

const MAY_HOLD_WORDING =
  /invalid|been used|whitelist|blocked|missing|expired|require https|limit|unauthorized|system error/i;

/** The platform ends its words with a request id; others who say `invalid code` do not. */
const HAS_PLATFORM_TAIL = /\brid:\s?[0-9a-f]{8}-|req_id:|hints?:|\berrmsg\b|错误信息/i;

function bareCode(text: string, namesWechat: boolean): ErrcodeFound | undefined {
  if (!namesWechat || SPEAKS_SQL.test(text)) return undefined;
  BARE_CODE.lastIndex = 0;
  for (let found = BARE_CODE.exec(text); found !== null; found = BARE_CODE.exec(text)) {
    const code = Number(found[1]);
    if (WECHAT_CODES.has(code)) return { code: String(code), source: ErrcodeSource.named };
  }
  return undefined;
}
