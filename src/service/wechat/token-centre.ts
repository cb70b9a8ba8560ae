import { fingerprint } from '../security/index.ts';
import type { StateStore } from '../store/index.ts';
import { numberOf, textOf } from './answer.ts';
import type { WechatHttp } from './http.ts';

/**
 * The one place that fetches the account's `cgi-bin` token. With the legacy API every new token
 * kills the one before, so instances must share a store; the stable API gives all the same.
 */
export interface TokenCentre {
  get(): Promise<string>;
  /** WeChat refused this token: forget it, unless a newer one stands in its place. */
  forget(token: string): Promise<void>;
}

export interface TokenCentreOptions {
  readonly http: WechatHttp;
  readonly store: StateStore;
  readonly appId: string;
  readonly secret: string;
  readonly api: 'stable' | 'legacy';
}

/** A token is dropped this long before its end, while WeChat still takes it. */
const MARGIN_MS = 5 * 60_000;
const LOCK_MS = 10_000;
const LOOK_AGAIN_MS = 50;

export function createTokenCentre(options: TokenCentreOptions): TokenCentre {
  const { http, store, appId, secret, api } = options;
  const key = `cgi-token:${fingerprint(appId)}`;
  const lock = `${key}:lock`;
  let fetching: Promise<string> | undefined;

  async function fetchToken(): Promise<string> {
    const answer = await http.call(
      api === 'stable'
        ? {
            endpoint: '/cgi-bin/stable_token',
            body: { grant_type: 'client_credential', appid: appId, secret, force_refresh: false },
          }
        : {
            endpoint: '/cgi-bin/token',
            query: { grant_type: 'client_credential', appid: appId, secret },
          },
    );
    const token = textOf(answer, 'access_token');
    const lifeMs = numberOf(answer, 'expires_in') * 1000;
    await store.put(key, token, Math.max(lifeMs - MARGIN_MS, lifeMs / 2));
    return token;
  }

  /** One instance fetches, the others look until they find; a lock whose holder died runs out. */
  async function fetchAlone(): Promise<string> {
    for (;;) {
      const known = await store.get(key);
      if (known !== undefined) return known;
      if (await store.putIfAbsent(lock, '1', LOCK_MS)) {
        try {
          return await fetchToken();
        } finally {
          await store.delete(lock);
        }
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }

  return {
    async get() {
      const known = await store.get(key);
      if (known !== undefined) return known;
      fetching ??= fetchAlone().finally(() => {
        fetching = undefined;
      });
      return fetching;
    },
    async forget(token) {
      if ((await store.get(key)) === token) await store.delete(key);
    },
  };
}
