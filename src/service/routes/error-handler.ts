import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ServiceContext } from '../context.ts';
import { LoginFailed, LoginRefused } from '../login/index.ts';
import { languageOf } from '../pages/language.ts';
import { noticePage } from '../pages/notice-page.ts';
import { factsOf } from '../telemetry/index.ts';
import { problemOf } from './problem.ts';

/** Answers errors: pages to people, JSON to scripts; and logs what nothing else has logged. */
export function handleErrors(app: FastifyInstance, ctx: ServiceContext): void {
  app.setErrorHandler((error, request, reply) => {
    const { status, code } = problemOf(error);
    if (code.startsWith('fst_csrf')) {
      ctx.record('csrf.rejected', { facts: { 'error.type': 'malicious_csrf' } });
    }
    const told = error instanceof LoginFailed || error instanceof LoginRefused;
    if (!told && status >= 500) {
      const facts = {
        'event.name': 'http.server.error',
        request_id: request.id,
        ...factsOf(error),
        ...ctx.vitals.facts(),
      };
      ctx.logger.error(facts, 'a request failed');
    }
    return answer(ctx, request, reply, status, code);
  });
  app.setNotFoundHandler((request, reply) => answer(ctx, request, reply, 404, 'not_found'));
}

function answer(
  ctx: ServiceContext,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  code: string,
): FastifyReply {
  reply.code(status).header('cache-control', 'no-store');
  if (!wantsPage(request)) return reply.send({ error: code });
  return reply
    .type('text/html; charset=utf-8')
    .send(noticePage({ lang: languageOf(request), config: ctx.config, status, code }));
}

export function wantsPage(request: FastifyRequest): boolean {
  return request.headers.accept?.includes('text/html') ?? false;
}
