import { numberOf, optionalTextOf, textOf } from './answer.ts';
import type { WechatHttp } from './http.ts';
import { neverArrived, WechatError } from './wechat-error.ts';

export interface SnsTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresInS: number;
  readonly openid: string;
  readonly unionid: string | undefined;
}

export interface SnsUser {
  readonly openid: string;
  readonly unionid: string | undefined;
  readonly nickname: string | undefined;
}

/** The web-login API of the open platform, `/sns/…`. */
export interface Sns {
  /** Spends the code; WeChat takes each only once. */
  exchange(code: string): Promise<SnsTokens>;
  userinfo(tokens: Pick<SnsTokens, 'accessToken' | 'openid'>): Promise<SnsUser>;
  refresh(refreshToken: string): Promise<SnsTokens>;
}

export interface SnsOptions {
  readonly http: WechatHttp;
  readonly appId: string;
  readonly secret: string;
}

export function createSns({ http, appId, secret }: SnsOptions): Sns {
  return {
    async exchange(code) {
      return tokensOf(
        await http.call({
          endpoint: '/sns/oauth2/access_token',
          query: { appid: appId, secret, code, grant_type: 'authorization_code' },
        }),
      );
    },
    async userinfo({ accessToken, openid }) {
      const answer = await http.call({
        endpoint: '/sns/userinfo',
        query: { access_token: accessToken, openid, lang: 'zh_CN' },
      });
      return {
        openid: textOf(answer, 'openid'),
        unionid: optionalTextOf(answer, 'unionid'),
        nickname: optionalTextOf(answer, 'nickname'),
      };
    },
    async refresh(refreshToken) {
      return tokensOf(
        await http.call({
          endpoint: '/sns/oauth2/refresh_token',
          query: { appid: appId, grant_type: 'refresh_token', refresh_token: refreshToken },
        }),
      );
    },
  };
}

/** Where a browser goes to show WeChat's code (website flow). */
export function authorizeUrl(options: {
  readonly open: URL;
  readonly appId: string;
  readonly redirectUri: string;
  readonly state: string;
}): string {
  const url = new URL('/connect/qrconnect', options.open);
  url.search = new URLSearchParams({
    appid: options.appId,
    redirect_uri: options.redirectUri,
    response_type: 'code',
    scope: 'snsapi_login',
    state: options.state,
  }).toString();
  url.hash = 'wechat_redirect';
  return url.toString();
}

/**
 * A code is good once, and whoever loses the answer has lost the code: after a timeout, a reset or
 * `-1` a second exchange earns 40163. Only what never reached WeChat is safe to repeat.
 */
export function exchangeRepeatable(policy: 'safe' | 'always') {
  return (error: unknown) => neverArrived(error) || (policy === 'always' && isTransient(error));
}

/** For calls that change nothing: the network's troubles and WeChat's `-1` may pass. */
export function isTransient(error: unknown): boolean {
  return error instanceof WechatError ? error.kind === 'platform' : true;
}

function tokensOf(answer: Readonly<Record<string, unknown>>): SnsTokens {
  return {
    accessToken: textOf(answer, 'access_token'),
    refreshToken: textOf(answer, 'refresh_token'),
    expiresInS: numberOf(answer, 'expires_in'),
    openid: textOf(answer, 'openid'),
    unionid: optionalTextOf(answer, 'unionid'),
  };
}
