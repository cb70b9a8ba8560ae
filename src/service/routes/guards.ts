import type { FastifyInstance, FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify';
import type { ServiceContext } from '../context.ts';
import { isSameOrigin } from '../security/index.ts';

type Hooks = Pick<RouteShorthandOptions, 'preValidation' | 'preHandler'>;

/** What routes put in front of themselves. */
export interface Guards {
  /** For requests that change something on the strength of a cookie. */
  readonly changing: Hooks;
  /** For requests whose secret is in the body: they need no CSRF token, but come from our pages. */
  readonly ownPages: Pick<Hooks, 'preValidation'>;
  /** A limit of its own, per client address and minute. */
  rate(perMinute: number): { max: number; timeWindow: number } | false;
}

export function createGuards(app: FastifyInstance, ctx: ServiceContext): Guards {
  async function fromOwnPages(request: FastifyRequest, reply: FastifyReply) {
    if (isSameOrigin(request.headers, ctx.origin())) return;
    ctx.record('csrf.rejected', { facts: { 'error.type': 'malicious_csrf' } });
    return reply.code(403).send({ error: 'cross_site' });
  }
  return {
    changing: { preValidation: fromOwnPages, preHandler: app.csrfProtection },
    ownPages: { preValidation: fromOwnPages },
    rate: (max) => ctx.config.RATE_LIMIT_PER_MINUTE > 0 && { max, timeWindow: 60_000 },
  };
}
