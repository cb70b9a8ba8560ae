import type { FastifyInstance } from 'fastify';
import type { ServiceContext } from '../context.ts';
import { finishWebsiteLogin, LoginRefused } from '../login/index.ts';
import { browserKey } from './browser.ts';
import { openSession, sessionOf } from './open-session.ts';

/** Where WeChat sends the browser back to. */
export function callbackRoute(app: FastifyInstance, ctx: ServiceContext): void {
  app.get<{ Querystring: { code?: string; state?: string } }>(
    '/callback',
    {
      schema: {
        querystring: {
          type: 'object',
          properties: {
            code: { type: 'string', maxLength: 512 },
            state: { type: 'string', maxLength: 512 },
          },
        },
      },
    },
    async (request, reply) => {
      const { code, state } = request.query;
      try {
        const { sessionId } = await finishWebsiteLogin(ctx, {
          code,
          state,
          browserKey: browserKey(ctx, request),
        });
        await openSession(ctx, request, reply, sessionId);
      } catch (error) {
        if (!(error instanceof LoginRefused)) throw error;
        if (error.because === 'denied') return reply.redirect('/login?notice=denied', 303);
        // Who reloads the callback after a login that went well is logged in.
        if ((await sessionOf(ctx, request)) === undefined) throw error;
      }
      // Code and state leave the address bar, the history and every Referer.
      return reply.redirect('/profile', 303);
    },
  );
}
