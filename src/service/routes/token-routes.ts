import type { FastifyInstance } from 'fastify';
import type { ServiceContext } from '../context.ts';
import { loginWithPassword, refreshTokens, type TokenPair } from '../login/index.ts';
import type { Guards } from './guards.ts';

const REFRESH_TOKEN = { type: 'string', minLength: 1, maxLength: 256 } as const;

/** The API for scripts: a password for tokens, a refresh token for the next pair. No cookies. */
export function tokenRoutes(app: FastifyInstance, ctx: ServiceContext, guards: Guards): void {
  app.post<{ Body: { username: string; password: string } }>(
    '/login',
    {
      config: { rateLimit: guards.rate(20) },
      schema: {
        body: {
          type: 'object',
          required: ['username', 'password'],
          additionalProperties: false,
          properties: {
            username: { type: 'string', minLength: 1, maxLength: 64 },
            password: { type: 'string', minLength: 1, maxLength: 256 },
          },
        },
      },
    },
    async (request, reply) => {
      const { username, password } = request.body;
      reply.header('cache-control', 'no-store');
      return answer(ctx, await loginWithPassword(ctx, username, password));
    },
  );

  app.post<{ Body: { refresh_token: string } }>(
    '/token/refresh',
    {
      config: { rateLimit: guards.rate(60) },
      schema: {
        body: {
          type: 'object',
          required: ['refresh_token'],
          additionalProperties: false,
          properties: { refresh_token: REFRESH_TOKEN },
        },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return answer(ctx, await refreshTokens(ctx, request.body.refresh_token));
    },
  );

  app.post<{ Body: { refresh_token: string } }>(
    '/token/revoke',
    {
      schema: {
        body: {
          type: 'object',
          required: ['refresh_token'],
          additionalProperties: false,
          properties: { refresh_token: REFRESH_TOKEN },
        },
      },
    },
    async (request, reply) => {
      const userId = await ctx.refreshTokens.revoke(request.body.refresh_token);
      if (userId !== undefined) {
        ctx.record('session.revoked', { facts: { 'enduser.pseudo.id': ctx.pseudonym(userId) } });
      }
      // The same answer for a token that never was: there is nothing to find out here.
      return reply.code(204).send();
    },
  );
}

/** RFC 6749 §5.1 */
function answer(ctx: ServiceContext, { accessToken, refreshToken }: TokenPair) {
  return {
    token_type: 'Bearer',
    access_token: accessToken,
    expires_in: ctx.accessTokens.expiresInS,
    refresh_token: refreshToken,
  };
}
