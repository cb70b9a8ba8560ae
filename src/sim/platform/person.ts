import { createHash } from 'node:crypto';

/** Somebody with a phone. */
export interface Person {
  /** Any text; the same text is the same person. */
  readonly id: string;
  readonly nickname: string;
}

const digest = (text: string) => createHash('sha256').update(text).digest('base64url');

/** A person has another openid under every app: 28 characters that begin with `o`. */
export function openidOf(person: Person, appId: string): string {
  return `o${digest(`openid ${appId} ${person.id}`).slice(0, 27)}`;
}

/** The same under all apps of one open platform. */
export function unionidOf(person: Person): string {
  return `u${digest(`unionid ${person.id}`).slice(0, 27)}`;
}
