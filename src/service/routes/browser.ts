import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServiceContext } from '../context.ts';
import type { Browser } from '../login/index.ts';
import { fingerprint, randomSecret } from '../security/index.ts';

const BROWSER_TTL_MS = 24 * 60 * 60_000;

/** The browser's own cookie; one that has none yet gets it with this answer. */
export function ensureBrowser(
  ctx: ServiceContext,
  request: FastifyRequest,
  reply: FastifyReply,
): string {
  const known = ctx.cookies.read(request, 'browser');
  if (known !== undefined) return known;
  const id = randomSecret();
  ctx.cookies.write(reply, 'browser', id, BROWSER_TTL_MS);
  // The rest of this request sees it too.
  request.cookies[ctx.cookies.nameOf('browser')] = id;
  return id;
}

export function browserKey(ctx: ServiceContext, request: FastifyRequest): string | undefined {
  const id = ctx.cookies.read(request, 'browser');
  return id === undefined ? undefined : fingerprint(id);
}

/** What the confirm page will tell of the browser that wants to log in. */
export function browserOf(
  ctx: ServiceContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Browser {
  return {
    key: fingerprint(ensureBrowser(ctx, request, reply)),
    device: deviceOf(request.headers['user-agent'] ?? ''),
    address: request.ip,
  };
}

/** Whom CSRF tokens belong to: the session, before a login the browser. */
export function csrfSubject(ctx: ServiceContext, request: FastifyRequest): string {
  return ctx.cookies.read(request, 'session') ?? ctx.cookies.read(request, 'browser') ?? '';
}

const BROWSERS: readonly (readonly [name: string, mark: RegExp])[] = [
  ['WeChat', /MicroMessenger/],
  ['Edge', /Edg(e|A|iOS)?\//],
  ['Firefox', /Firefox\//],
  ['Chrome', /Chrom(e|ium)\//],
  ['Safari', /Safari\//],
];

const SYSTEMS: readonly (readonly [name: string, mark: RegExp])[] = [
  ['Android', /Android/],
  ['iOS', /iPhone|iPad/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X/],
  ['Linux', /Linux/],
];

function deviceOf(userAgent: string): string {
  const named = (table: typeof BROWSERS) => table.find(([, mark]) => mark.test(userAgent))?.[0];
  return [named(BROWSERS) ?? '?', named(SYSTEMS) ?? '?'].join(' · ');
}
