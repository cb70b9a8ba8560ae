import type { StateStore } from '../store/index.ts';
import { fingerprint, randomSecret } from './secret-text.ts';

export interface Session {
  readonly userId: string;
  readonly openedAtMs: number;
}

/** Server-side sessions: the cookie holds a random id, the store only its fingerprint. */
export interface Sessions {
  /** Always under a new id, so that one planted before the login is worth nothing after it. */
  open(userId: string): Promise<string>;
  find(id: string): Promise<Session | undefined>;
  /** @returns whose session it was. */
  close(id: string): Promise<Session | undefined>;
}

export function createSessions(store: StateStore, ttlMs: number, now: () => number): Sessions {
  const keyOf = (id: string) => `session:${fingerprint(id)}`;
  const parse = (text: string | undefined) =>
    text === undefined ? undefined : (JSON.parse(text) as Session);
  return {
    async open(userId) {
      const id = randomSecret();
      const session: Session = { userId, openedAtMs: now() };
      await store.put(keyOf(id), JSON.stringify(session), ttlMs);
      return id;
    },
    async find(id) {
      return parse(await store.get(keyOf(id)));
    },
    async close(id) {
      return parse(await store.take(keyOf(id)));
    },
  };
}
