/** What a key says about its value. */
export type Secrecy =
  /** Never shown. */
  | 'password'
  | 'secret'
  | 'token'
  | 'cookie'
  | 'openid'
  | 'phone'
  | 'query'
  /** Ids of logins: shown only when asked for. */
  | 'code'
  | 'state'
  | 'ticket'
  | 'id'
  /** Ids of requests: shortened, so that they can be told apart. */
  | 'trace'
  /** Long and random to look at, and harmless. */
  | 'harmless';

/** Kinds of values that `--show-ids` shows. */
export const LOGIN_IDS: ReadonlySet<Secrecy> = new Set(['code', 'state', 'ticket', 'id', 'trace']);

/**
 * What the name of a field or parameter says about its value, in any usual spelling:
 * `accessToken`, `access_token`, `X-Access-Token`, `login.state`, `授权码`.
 */
export function secrecyOf(key: string): Secrecy | undefined {
  const chinese = key.replace(/[值为是]$/, '');
  for (const [ending, secrecy] of CHINESE) if (chinese.endsWith(ending)) return secrecy;
  const words = wordsOf(key);
  // Letters of four words at most: `app_secret`, `x.weixin.access_token`, `wxOpenId`.
  for (let from = Math.max(0, words.length - 4); from < words.length; from++) {
    const ending = words.slice(from).join('');
    const secrecy = ENDINGS.get(ending);
    if (secrecy === undefined) continue;
    const before = words[from - 1];
    const other = secrecy === 'code' || secrecy === 'state' ? OTHER_THINGS[secrecy] : undefined;
    return before !== undefined && other?.has(before) ? undefined : secrecy;
  }
  return undefined;
}

function wordsOf(key: string): readonly string[] {
  return key
    .slice(-80)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

const CHINESE: readonly (readonly [string, Secrecy])[] = [
  ['手机号', 'phone'],
  ['手机号码', 'phone'],
  ['手机', 'phone'],
  ['电话', 'phone'],
  ['电话号码', 'phone'],
  ['密码', 'password'],
  ['口令', 'password'],
  ['密钥', 'secret'],
  ['令牌', 'token'],
  ['凭证', 'token'],
  ['票据', 'ticket'],
  ['授权码', 'code'],
  ['二维码', 'id'],
];

const ENDINGS: ReadonlyMap<string, Secrecy> = new Map(
  Object.entries({
    password: 'password passwd pwd passphrase pin smscode verifycode verificationcode captcha otp',
    secret:
      'secret secrets appsecret clientsecret apikey accesskey secretkey privatekey signingkey ' +
      'sign signature sig credential credentials sessionkey aeskey encodingaeskey',
    token:
      'token tokens accesstoken refreshtoken idtoken sessiontoken csrftoken jwt bearer ' +
      'authorization auth proxyauthorization sessionid session sid jsessionid phpsessid csrf xsrf',
    cookie: 'cookie cookies setcookie',
    openid: 'openid openids unionid unionids fromusername tousername',
    phone: 'phone phones mobile mobiles tel telephone phonenumber mobilenumber msisdn cellphone',
    query: 'query querystring rawquery requestquery urlquery search',
    code: 'code codes authcode wxcode jscode oauthcode authorizationcode logincode',
    state: 'state states oauthstate loginstate',
    ticket: 'ticket tickets',
    id:
      'scene scenes scenestr sceneid scenevalue eventkey qrcode qrcodes qrcodeid qrid qrkey uuid ' +
      'flowid loginid nonce loginkey loginticket',
    trace:
      'trace traceid traceparent span spanid requestid reqid xrequestid correlationid ' +
      'transactionid parentid parentspanid',
    harmless:
      'rid version revision commit sha digest checksum build image pod podname podip container ' +
      'containerid host hostname node instance instanceid appid thread logger',
  } satisfies Record<Secrecy, string>).flatMap(([secrecy, endings]) =>
    endings.split(' ').map((ending) => [ending, secrecy as Secrecy] as const),
  ),
);

/** Words before `code` and `state` that make them a matter of machines. */
const OTHER_THINGS: Readonly<Record<'code' | 'state', ReadonlySet<string>>> = {
  code: new Set(
    (
      'err error status exit response result http grpc rpc sql return ret biz sub region country ' +
      'zip postal reason currency close signal event db vendor wx wechat upstream lang language'
    ).split(' '),
  ),
  state: new Set(
    (
      'circuit breaker pool connection conn thread sql new old prev previous next from to order ' +
      'task job tcp socket health lock readiness replica server node'
    ).split(' '),
  ),
};
