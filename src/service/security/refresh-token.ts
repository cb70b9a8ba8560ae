import type { StateStore } from '../store/index.ts';
import { fingerprint, randomSecret } from './secret-text.ts';

interface Family {
  readonly userId: string;
  /** Fingerprint of the only token of the family that is still good. */
  readonly current: string;
  readonly endsAtMs: number;
}

export type Rotation =
  | { readonly kind: 'rotated'; readonly userId: string; readonly token: string }
  /** An earlier token came back: one of two holders stole it, so the whole family is revoked. */
  | { readonly kind: 'reused'; readonly userId: string }
  | { readonly kind: 'unknown' };

/** Refresh tokens that are good once: each use gives the next of its family. */
export interface RefreshTokens {
  issue(userId: string): Promise<string>;
  rotate(token: string): Promise<Rotation>;
  /** Ends the family of the token, if it is its current one. @returns whose it was. */
  revoke(token: string): Promise<string | undefined>;
}

export function createRefreshTokens(
  store: StateStore,
  ttlMs: number,
  now: () => number,
): RefreshTokens {
  const keyOf = (family: string) => `refresh:${family}`;

  async function read(token: string) {
    const [family, secret] = token.split('.');
    if (!secret) return undefined;
    const text = await store.get(keyOf(family));
    return text === undefined
      ? undefined
      : { family, text, known: JSON.parse(text) as Family, presented: fingerprint(secret) };
  }

  return {
    async issue(userId) {
      const family = randomSecret();
      const secret = randomSecret();
      const record: Family = { userId, current: fingerprint(secret), endsAtMs: now() + ttlMs };
      await store.put(keyOf(family), JSON.stringify(record), ttlMs);
      return `${family}.${secret}`;
    },
    async rotate(token) {
      const found = await read(token);
      if (found === undefined) return { kind: 'unknown' };
      const { family, text, known, presented } = found;
      const secret = randomSecret();
      const next: Family = { ...known, current: fingerprint(secret) };
      // Rotation does not prolong the family: at its end the user logs in again.
      const leftMs = known.endsAtMs - now();
      const rotated =
        presented === known.current &&
        leftMs > 0 &&
        (await store.compareAndSet(keyOf(family), text, JSON.stringify(next), leftMs));
      if (rotated) return { kind: 'rotated', userId: known.userId, token: `${family}.${secret}` };
      await store.delete(keyOf(family));
      return { kind: 'reused', userId: known.userId };
    },
    async revoke(token) {
      const found = await read(token);
      if (found === undefined || found.presented !== found.known.current) return undefined;
      await store.delete(keyOf(found.family));
      return found.known.userId;
    },
  };
}
