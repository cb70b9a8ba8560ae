import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ServiceContext } from '../context.ts';
import { LoginRefused, renewProfile } from '../login/index.ts';
import { languageOf } from '../pages/language.ts';
import { profilePage } from '../pages/profile-page.ts';
import { TokenRejected } from '../security/index.ts';
import { csrfSubject } from './browser.ts';
import { wantsPage } from './error-handler.ts';
import type { Guards } from './guards.ts';
import { sessionOf } from './open-session.ts';

const BEARER = /^Bearer (\S+)$/i;

/** Who is logged in, for a session cookie or a JWT; and the way out. */
export function profileRoutes(app: FastifyInstance, ctx: ServiceContext, guards: Guards): void {
  app.get('/profile', async (request, reply) => {
    const userId = await userOf(ctx, request);
    const profile = userId === undefined ? undefined : await ctx.users.profile(userId);
    reply.header('cache-control', 'no-store');
    if (profile === undefined) {
      if (wantsPage(request)) return reply.redirect('/login', 303);
      throw new LoginRefused('token');
    }
    if (!wantsPage(request)) return profile;
    const csrf = reply.generateCsrf({ userInfo: csrfSubject(ctx, request) });
    return reply
      .type('text/html; charset=utf-8')
      .send(profilePage({ lang: languageOf(request), config: ctx.config, profile, csrf }));
  });

  app.post('/profile/renew', guards.changing, async (request, reply) => {
    const session = await sessionOf(ctx, request);
    if (session === undefined) throw new LoginRefused('token');
    await renewProfile(ctx, session.userId);
    return reply.redirect('/profile', 303);
  });

  app.post('/logout', guards.changing, async (request, reply) => {
    const id = ctx.cookies.read(request, 'session');
    const closed = id === undefined ? undefined : await ctx.sessions.close(id);
    if (closed !== undefined) {
      ctx.record('session.revoked', {
        facts: { 'enduser.pseudo.id': ctx.pseudonym(closed.userId) },
      });
    }
    ctx.cookies.clear(reply, 'session');
    return reply.redirect('/login', 303);
  });
}

async function userOf(ctx: ServiceContext, request: FastifyRequest): Promise<string | undefined> {
  const bearer = BEARER.exec(request.headers.authorization ?? '')?.[1];
  if (bearer === undefined) return (await sessionOf(ctx, request))?.userId;
  try {
    return await ctx.accessTokens.verify(bearer);
  } catch (error) {
    if (!(error instanceof TokenRejected)) throw error;
    ctx.record('session.failed', {
      facts: { 'error.type': error.reason, 'error.message': error.message },
    });
    throw new LoginRefused('token');
  }
}
