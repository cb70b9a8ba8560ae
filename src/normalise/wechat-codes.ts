/**
 * WeChat's error codes that a scan login can meet, with the platform's own wordings.
 * `sure` wordings stand for their code by themselves; the others only beside a trace of the
 * platform, such as a `rid`.
 * @see reference: WeChat's global error code table, as copied in public SDKs
 */
interface Wording {
  readonly code: number;
  readonly sure?: readonly string[];
  readonly unsure?: readonly string[];
}

const WORDINGS: readonly Wording[] = [
  { code: -1, unsure: ['system error'] },
  {
    code: 40001,
    sure: ['access_token is invalid or not latest'],
    unsure: ['invalid credential'],
  },
  { code: 40003, sure: ['invalid openid'] },
  { code: 40013, sure: ['invalid appid'] },
  { code: 40014, unsure: ['invalid access_token'] },
  { code: 40029, sure: ['invalid oauth_code'], unsure: ['invalid code'] },
  { code: 40030, unsure: ['invalid refresh_token'] },
  { code: 40052, sure: ['invalid action name'] },
  { code: 40053, sure: ['invalid action info'] },
  { code: 40125, sure: ['invalid appsecret'] },
  { code: 40163, sure: ['code been used'] },
  { code: 40164, unsure: ['not in whitelist', 'invalid ip'] },
  { code: 40226, sure: ['code blocked'] },
  { code: 41001, sure: ['access_token missing'] },
  { code: 41002, sure: ['appid missing'] },
  { code: 41004, sure: ['appsecret missing'] },
  { code: 41008, unsure: ['missing code'] },
  { code: 41009, sure: ['missing openid'] },
  { code: 42001, unsure: ['access_token expired'] },
  { code: 42002, unsure: ['refresh_token expired'] },
  { code: 42003, unsure: ['code expired', 'oauth_code expired'] },
  { code: 43003, sure: ['require https'] },
  { code: 45009, sure: ['reach max api daily quota limit', 'api freq out of limit'] },
  { code: 45011, sure: ['api minute-quota reach limit'] },
  { code: 48001, sure: ['api unauthorized'] },
  { code: 50002, unsure: ['user limited'] },
  { code: 61023, unsure: ['refresh_token is invalid'] },
];

/** Codes without a wording that a text would repeat. */
const FURTHER_CODES = [
  10003, 10004, 10005, 10006, 10009, 10012, 10039, 40002, 40242, 42007, 44002, 47001, 48006, 61024,
  89503,
];

export const WECHAT_CODES: ReadonlySet<number> = new Set([
  ...WORDINGS.map(({ code }) => code),
  ...FURTHER_CODES,
]);

export interface KnownWording {
  readonly text: string;
  readonly code: number;
  readonly sure: boolean;
}

/** The longest first, so that `oauth_code expired` is not read as `code expired`. */
export const KNOWN_WORDINGS: readonly KnownWording[] = WORDINGS.flatMap(
  ({ code, sure = [], unsure = [] }) => [
    ...sure.map((text) => ({ text, code, sure: true })),
    ...unsure.map((text) => ({ text, code, sure: false })),
  ],
).sort((a, b) => b.text.length - a.text.length || (a.text < b.text ? -1 : 1));
