import type { FastifyInstance } from 'fastify';
import type { ServiceContext } from '../context.ts';
import { receivePush } from '../login/index.ts';
import { pushWords } from '../pages/push-words.ts';
import { isSignedBy, type SignedQuery } from '../wechat/index.ts';

/** What WeChat's servers call: its proof of address, and its pushes. */
export function pushRoutes(app: FastifyInstance, ctx: ServiceContext): void {
  // WeChat's pushes come from few addresses and many people.
  const config = { rateLimit: false } as const;

  app.get<{ Querystring: SignedQuery & { echostr?: string } }>(
    '/wechat/events',
    { config },
    async (request, reply) => {
      const { officialAccount } = ctx;
      const good =
        officialAccount !== undefined && isSignedBy(officialAccount.pushToken, request.query);
      return reply
        .code(good ? 200 : 403)
        .type('text/plain')
        .send(good ? (request.query.echostr ?? '') : '');
    },
  );

  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) =>
      done(null, body),
    );
    scope.post<{ Querystring: SignedQuery; Body: string }>(
      '/wechat/events',
      { config },
      async (request, reply) => {
        const answer = await receivePush(ctx, request.query, request.body ?? '', pushWords);
        return reply
          .code(answer.status)
          .type(answer.body.startsWith('<') ? 'application/xml' : 'text/plain')
          .send(answer.body);
      },
    );
  });
}
