import type { Rng } from './rng.ts';

const DIGITS = '0123456789';
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const BASE62 = DIGITS + LETTERS;
const BASE64URL = `${BASE62}-_`;

export function uuid(rng: Rng): string {
  const hex = rng.hex(32);
  const variant = '89ab'[rng.below(4)];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** A 64-bit id of the snowflake kind: larger than a double can hold. */
export function snowflake(rng: Rng): string {
  return `19${rng.text(DIGITS, 17)}`;
}

export function base62(rng: Rng, length: number): string {
  return rng.text(BASE62, length);
}

export function base64url(rng: Rng, length: number): string {
  return rng.text(BASE64URL, length);
}

/** The uuid of a qrconnect page. */
export function wechatUuid(rng: Rng): string {
  return `0${rng.whole(1, 8)}1${base62(rng, 13)}`;
}

/** An authorization code as WeChat hands it out. */
export function wechatCode(rng: Rng): string {
  return `0${rng.pick(['0', '1', '2', '3', '6', '7', '8'])}1${base62(rng, 29)}`;
}

export function wechatTicket(rng: Rng): string {
  return `gQ${rng.pick('EFGH'.split(''))}${rng.text(BASE62, 89)}Ac`;
}

export function wechatAppId(rng: Rng): string {
  return `wx${rng.hex(16)}`;
}

export function openid(rng: Rng): string {
  return `o${base64url(rng, 27)}`;
}
