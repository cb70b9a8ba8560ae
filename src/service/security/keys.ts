import { hkdfSync } from 'node:crypto';

/** What a key is for. One secret yields them all, and none tells anything of another. */
export type KeyPurpose = 'cookie' | 'csrf' | 'pseudonym' | 'jwt' | 'wechat-token';

/** 32 bytes derived from the service's secret (HKDF, RFC 5869). */
export function deriveKey(secret: string, purpose: KeyPurpose): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'scan-login', purpose, 32));
}
