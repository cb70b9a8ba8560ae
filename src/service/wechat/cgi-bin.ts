import { optionalTextOf, textOf } from './answer.ts';
import type { WechatCall, WechatHttp } from './http.ts';
import type { TokenCentre } from './token-centre.ts';
import { WechatError } from './wechat-error.ts';

export interface QrTicket {
  readonly ticket: string;
  /** What the code says; scanned, it leads to the account. */
  readonly url: string;
}

/** The API of an official account, `/cgi-bin/…`. */
export interface CgiBin {
  /** @param scene 1 to 64 characters that come back with the push. */
  createQr(scene: string, expireSeconds: number): Promise<QrTicket>;
  /** The unionid of a follower, where the account belongs to an open platform. */
  unionidOf(openid: string): Promise<string | undefined>;
}

export interface CgiBinOptions {
  readonly http: WechatHttp;
  readonly tokens: TokenCentre;
  /** Whether to fetch a fresh token and ask once more when WeChat refuses the one at hand. */
  readonly renew: boolean;
}

export function createCgiBin({ http, tokens, renew }: CgiBinOptions): CgiBin {
  async function call(call: WechatCall) {
    const withToken = async () => {
      const token = await tokens.get();
      try {
        return await http.call({ ...call, query: { ...call.query, access_token: token } });
      } catch (error) {
        if (error instanceof WechatError && error.kind === 'token') await tokens.forget(token);
        throw error;
      }
    };
    try {
      return await withToken();
    } catch (error) {
      if (!renew || !(error instanceof WechatError) || error.kind !== 'token') throw error;
      return withToken();
    }
  }

  return {
    async createQr(scene, expireSeconds) {
      const answer = await call({
        endpoint: '/cgi-bin/qrcode/create',
        body: {
          expire_seconds: expireSeconds,
          action_name: 'QR_STR_SCENE',
          action_info: { scene: { scene_str: scene } },
        },
      });
      return { ticket: textOf(answer, 'ticket'), url: textOf(answer, 'url') };
    },
    async unionidOf(openid) {
      const answer = await call({
        endpoint: '/cgi-bin/user/info',
        query: { openid, lang: 'zh_CN' },
      });
      return optionalTextOf(answer, 'unionid');
    },
  };
}
