import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServiceContext } from '../context.ts';
import type { Session } from '../security/index.ts';

/** Hands the browser its new session; the one it may have had before ends. */
export async function openSession(
  ctx: ServiceContext,
  request: FastifyRequest,
  reply: FastifyReply,
  sessionId: string,
): Promise<void> {
  const before = ctx.cookies.read(request, 'session');
  if (before !== undefined) await ctx.sessions.close(before);
  ctx.cookies.write(reply, 'session', sessionId, ctx.config.SESSION_TTL_MS);
}

export async function sessionOf(
  ctx: ServiceContext,
  request: FastifyRequest,
): Promise<Session | undefined> {
  const id = ctx.cookies.read(request, 'session');
  return id === undefined ? undefined : ctx.sessions.find(id);
}
