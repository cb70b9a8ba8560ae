import type { FastifyInstance } from 'fastify';
import type { ServiceContext } from '../context.ts';
import { decide, flowToDecide } from '../login/index.ts';
import { confirmPage, decidedPage } from '../pages/confirm-page.ts';
import { languageOf } from '../pages/language.ts';
import type { Guards } from './guards.ts';

const TOKEN = { type: 'string', minLength: 1, maxLength: 128 } as const;

/** The page on the phone that says who wants to log in where, and asks. */
export function confirmRoutes(app: FastifyInstance, ctx: ServiceContext, guards: Guards): void {
  app.get<{ Querystring: { token: string } }>(
    '/confirm',
    {
      schema: {
        querystring: { type: 'object', required: ['token'], properties: { token: TOKEN } },
      },
    },
    async (request, reply) => {
      const { token } = request.query;
      const flow = await flowToDecide(ctx, token);
      return reply
        .type('text/html; charset=utf-8')
        .header('cache-control', 'no-store')
        .send(confirmPage({ lang: languageOf(request), config: ctx.config, flow, token }));
    },
  );

  app.post<{ Body: { token: string; decision: 'confirm' | 'cancel' } }>(
    '/confirm',
    {
      ...guards.ownPages,
      schema: {
        body: {
          type: 'object',
          required: ['token', 'decision'],
          properties: { token: TOKEN, decision: { enum: ['confirm', 'cancel'] } },
        },
      },
    },
    async (request, reply) => {
      const flow = await decide(ctx, request.body.token, request.body.decision);
      return reply
        .type('text/html; charset=utf-8')
        .header('cache-control', 'no-store')
        .send(
          decidedPage({
            lang: languageOf(request),
            config: ctx.config,
            cancelled: flow.state === 'cancelled',
          }),
        );
    },
  );
}
