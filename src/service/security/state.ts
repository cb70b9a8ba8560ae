import type { StateStore } from '../store/index.ts';
import { fingerprint, randomSecret, sameSecret } from './secret-text.ts';

export type StateRejection =
  /** The callback carried none. */
  | 'missing'
  /** Never issued, or by an instance that shares no store with this one. */
  | 'not_found'
  /** Came back in another browser than it was issued to. */
  | 'mismatch'
  | 'expired'
  | 'reused';

export type StateCheck =
  | { readonly ok: true; readonly flowId: string }
  /** `flowId` is known where the state was once issued here. */
  | { readonly ok: false; readonly reason: StateRejection; readonly flowId: string | undefined };

interface IssuedState {
  readonly flowId: string;
  readonly browserKey: string;
  readonly expiresAtMs: number;
}

/** How long a spent or expired state is still recognised as such. */
const MEMORY_MS = 10 * 60_000;

/**
 * The OAuth `state`: WeChat has neither PKCE nor nonce, so this value, good once and only in the
 * browser it was given to, is all that stands against forged callbacks (RFC 9700 §2.1).
 */
export interface States {
  /** @param browserKey fingerprint of the browser's cookie. */
  issue(flowId: string, browserKey: string, ttlMs: number): Promise<string>;
  /** Spends the state, before it is looked at: one that came to the wrong browser is burnt too. */
  consume(state: string | undefined, browserKey: string | undefined): Promise<StateCheck>;
}

export function createStates(store: StateStore, now: () => number): States {
  return {
    async issue(flowId, browserKey, ttlMs) {
      const state = randomSecret();
      const issued: IssuedState = { flowId, browserKey, expiresAtMs: now() + ttlMs };
      const key = fingerprint(state);
      await store.put(`state-seen:${key}`, JSON.stringify(issued), ttlMs + MEMORY_MS);
      await store.put(`state:${key}`, flowId, ttlMs);
      return state;
    },
    async consume(state, browserKey) {
      const reject = (reason: StateRejection, flowId?: string): StateCheck => ({
        ok: false,
        reason,
        flowId,
      });
      if (state === undefined || state === '') return reject('missing');
      const key = fingerprint(state);
      const fresh = (await store.take(`state:${key}`)) !== undefined;
      const seen = await store.get(`state-seen:${key}`);
      if (seen === undefined) return reject('not_found');
      const issued = JSON.parse(seen) as IssuedState;
      if (!fresh) return reject(now() >= issued.expiresAtMs ? 'expired' : 'reused', issued.flowId);
      if (browserKey === undefined || !sameSecret(browserKey, issued.browserKey)) {
        return reject('mismatch', issued.flowId);
      }
      return { ok: true, flowId: issued.flowId };
    },
  };
}
