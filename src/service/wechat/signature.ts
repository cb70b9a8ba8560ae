import { createHash } from 'node:crypto';
import { sameSecret } from '../security/index.ts';

export interface SignedQuery {
  readonly signature?: string | undefined;
  readonly timestamp?: string | undefined;
  readonly nonce?: string | undefined;
}

/** WeChat's proof that a push comes from it: SHA-1 over token, timestamp and nonce, sorted. */
export function signatureOf(token: string, timestamp: string, nonce: string): string {
  return createHash('sha1').update([token, timestamp, nonce].sort().join('')).digest('hex');
}

/** The body is not signed: see {@link ../login/push-guard.ts} for what keeps a replay out. */
export function isSignedBy(token: string, query: SignedQuery): boolean {
  const { signature, timestamp, nonce } = query;
  if (!signature || !timestamp || !nonce) return false;
  return sameSecret(signature, signatureOf(token, timestamp, nonce));
}
