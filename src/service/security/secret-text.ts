import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits, safe in URLs and cookies. */
export function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What a store keeps of a secret that is random enough not to be guessed. */
export function fingerprint(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

/** Compares without telling, by the time it takes, how much of the two is alike. */
export function sameSecret(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  // Lengths are no secret: ours are all alike.
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Gives log lines a name for something they must not show: the same value, the same name. */
export type Pseudonymise = (value: string) => string;

/** Keyed, so that values with little variety cannot be looked up; 16 hex digits. */
export function pseudonyms(key: Buffer): Pseudonymise {
  return (value) => createHmac('sha256', key).update(value).digest('hex').slice(0, 16);
}
