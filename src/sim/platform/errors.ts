import { randomBytes } from 'node:crypto';
import { type Answer, json } from './answer.ts';

/** The platform's own words for the numbers it answers with. */
const TEXTS = {
  [-1]: 'system error',
  40001: 'invalid credential, access_token is invalid or not latest',
  40003: 'invalid openid',
  40013: 'invalid appid',
  40014: 'invalid access_token',
  40029: 'invalid code',
  40030: 'invalid refresh_token',
  40052: 'invalid action name',
  40053: 'invalid action info',
  40125: 'invalid appsecret',
  40163: 'code been used',
  40164: 'invalid ip, not in whitelist',
  41001: 'access_token missing',
  41002: 'appid missing',
  41004: 'appsecret missing',
  41008: 'missing code',
  41009: 'missing openid',
  42001: 'access_token expired',
  42002: 'refresh_token expired',
  42003: 'code expired',
  45009: 'reach max api daily quota limit',
  45011: 'api minute-quota reach limit, must slower, retry next minute',
} as const satisfies Record<number, string>;

export type Errcode = keyof typeof TEXTS;

/** A refusal: HTTP 200, the number in the body, and an id that begins with the platform's time. */
export function refuse(errcode: Errcode, nowMs: number): Answer {
  const hex = () => randomBytes(4).toString('hex');
  const second = Math.floor(nowMs / 1000).toString(16);
  return json({ errcode, errmsg: `${TEXTS[errcode]}, rid: ${second}-${hex()}-${hex()}` });
}
