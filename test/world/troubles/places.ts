import type { Rng } from '../rng.ts';
import type { Circumstances, Endpoint } from '../trouble.ts';

/** Addresses that error texts name. */
export const WECHAT_HOST = 'api.weixin.qq.com';

export function wechatPeer(rng: Rng): string {
  return `203.0.113.${rng.pick([14, 31, 77, 102])}:443`;
}

export function localSocket(rng: Rng): string {
  return `10.42.${rng.below(8)}.${rng.whole(2, 250)}:${rng.whole(32768, 60999)}`;
}

/**
 * The address of a call with its query, as HTTP clients put it into their errors: WeChat wants
 * the secret and the code there.
 */
export function callUrl(endpoint: Endpoint, { appId, code }: Circumstances): string {
  const query =
    endpoint === '/sns/oauth2/access_token'
      ? `?appid=${appId}&secret=0123456789abcdeffedcba9876543210&code=${code ?? ''}&grant_type=authorization_code`
      : endpoint === '/cgi-bin/token'
        ? `?grant_type=client_credential&appid=${appId}&secret=0123456789abcdeffedcba9876543210`
        : '';
  return `https://${WECHAT_HOST}${endpoint}${query}`;
}
