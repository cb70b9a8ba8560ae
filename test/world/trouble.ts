import type { Rng } from './rng.ts';

/** Where a call to WeChat goes. */
export type Endpoint =
  | '/sns/oauth2/access_token'
  | '/sns/userinfo'
  | '/cgi-bin/token'
  | '/cgi-bin/qrcode/create'
  | '/cgi-bin/user/info';

/** What really went wrong, before anybody words it. */
export type Trouble =
  | { readonly kind: 'wechat'; readonly errcode: number; readonly endpoint: Endpoint }
  /** The QR ticket came back empty, or a ticket came back that nobody knows. */
  | { readonly kind: 'ticket_empty' | 'ticket_unknown'; readonly ticket: string }
  | {
      readonly kind: 'timeout' | 'refused' | 'reset' | 'dns' | 'tls' | 'http_pool' | 'breaker';
      readonly endpoint: Endpoint;
    }
  | { readonly kind: 'db_pool' | 'db_deadlock' | 'db_lock' | 'db_down' }
  | { readonly kind: 'redis_pool' | 'redis_down' }
  | { readonly kind: 'threads' | 'limited' }
  /** A defect of the service's own that no library of rules can know. */
  | { readonly kind: 'odd' };

export type TroubleKind = Trouble['kind'];

/** The member of the union that a kind belongs to. */
export type TroubleOf<K extends TroubleKind> = Trouble extends infer Member
  ? Member extends Trouble
    ? K extends Member['kind']
      ? Member
      : never
    : never
  : never;

/** An error as a language and its libraries print it. */
export interface Failure {
  readonly type: string;
  readonly message: string;
  /** The whole stack trace with its first line, lines parted by `\n`. */
  readonly stack?: string;
  /** Number of a database or of WeChat, when the library keeps it apart. */
  readonly code?: string | number;
  /** The driver's own words, where the error wraps them. */
  readonly root?: string;
  /** What WeChat answered, where it answered. */
  readonly answer?: WechatAnswer;
}

/** The body of a refusal by WeChat. */
export interface WechatAnswer {
  readonly errcode: number;
  readonly errmsg: string;
}

export interface Circumstances {
  readonly rng: Rng;
  readonly atMs: number;
  readonly appId: string;
  readonly code: string | undefined;
}

/**
 * How one language words troubles. A trouble that its libraries cannot have, or that they
 * report nowhere, is absent: such a fault cannot strike a service of that language.
 */
export type Tongue = {
  readonly [K in TroubleKind]?: (trouble: TroubleOf<K>, circumstances: Circumstances) => Failure;
};

export function word(tongue: Tongue, trouble: Trouble, circumstances: Circumstances): Failure {
  const wording = tongue[trouble.kind] as
    | ((trouble: Trouble, circumstances: Circumstances) => Failure)
    | undefined;
  if (wording === undefined) throw new Error(`no words for ${trouble.kind}`);
  return wording(trouble, circumstances);
}

const ERRMSG: Readonly<Record<number, string>> = {
  [-1]: 'system error',
  40001: 'invalid credential, access_token is invalid or not latest',
  40003: 'invalid openid',
  40013: 'invalid appid',
  40029: 'invalid code',
  40052: 'invalid action name',
  40053: 'invalid action info',
  40125: 'invalid appsecret',
  40163: 'code been used',
  41008: 'missing code',
  42001: 'access_token expired',
  42003: 'code expired',
  45009: 'reach max api daily quota limit',
  45011: 'api minute-quota reach limit, must slower, retry next minute',
  48001: 'api unauthorized',
};

/** WeChat's own words for an errcode. The first eight digits of a rid are the platform's clock. */
export function wechatAnswer(errcode: number, { rng, atMs }: Circumstances): WechatAnswer {
  const clock = Math.floor(atMs / 1000).toString(16);
  const rid = `${clock}-${rng.hex(8)}-${rng.hex(8)}`;
  if (errcode === 40164) {
    const address = `203.0.113.${rng.whole(2, 250)}`;
    const errmsg = `invalid ip ${address} ipv6 ::ffff:${address}, not in whitelist rid: ${rid}`;
    return { errcode, errmsg };
  }
  return { errcode, errmsg: `${ERRMSG[errcode]}${rng.chance(0.6) ? ', ' : ' '}rid: ${rid}` };
}
