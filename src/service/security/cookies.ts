import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

export type CookieName =
  /** Names the browser before anybody is logged in. */
  | 'browser'
  | 'session'
  | 'csrf'
  /** One for each running login: the secret that entitles to its status. */
  | `poll-${string}`;

/**
 * The service's cookies, all HttpOnly and `Lax`: the way back from WeChat is cross-site, and
 * `Strict` would lose the cookie that the state is bound to. Under https their names carry
 * `__Host-`, so that no neighbouring subdomain can plant one.
 */
export interface Cookies {
  readonly options: CookieSerializeOptions;
  nameOf(name: CookieName): string;
  read(request: FastifyRequest, name: CookieName): string | undefined;
  write(reply: FastifyReply, name: CookieName, value: string, ttlMs: number): void;
  clear(reply: FastifyReply, name: CookieName): void;
}

export function createCookies({ secure }: { readonly secure: boolean }): Cookies {
  const options: CookieSerializeOptions = { path: '/', httpOnly: true, sameSite: 'lax', secure };
  const nameOf = (name: CookieName) => (secure ? `__Host-${name}` : name);
  return {
    options,
    nameOf,
    read: (request, name) => request.cookies[nameOf(name)] || undefined,
    write(reply, name, value, ttlMs) {
      reply.setCookie(nameOf(name), value, { ...options, maxAge: Math.ceil(ttlMs / 1000) });
    },
    clear(reply, name) {
      reply.clearCookie(nameOf(name), options);
    },
  };
}
