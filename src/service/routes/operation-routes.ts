import type { FastifyInstance } from 'fastify';
import type { ServiceContext } from '../context.ts';

/** For the machines that look after this one. */
export function operationRoutes(app: FastifyInstance, ctx: ServiceContext): void {
  const config = { rateLimit: false, otel: false, pageHeaders: false } as const;

  /** Alive: the process answers. It asks nobody else, or a slow database would restart all pods. */
  app.get('/health', { config, logLevel: 'silent' }, async () => ({ status: 'ok' }));

  /** Ready: the stores answer and no shutdown is under way. Never WeChat: it is not ours to fix. */
  app.get('/ready', { config, logLevel: 'silent' }, async (_request, reply) => {
    const checks = {
      draining: ctx.draining.aborted ? 'yes' : 'no',
      state: await works(ctx.store.ping()),
      database: await works(ctx.users.ping()),
    };
    const ready = checks.draining === 'no' && checks.state === 'ok' && checks.database === 'ok';
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', checks });
  });

  app.get('/metrics', { config, logLevel: 'silent' }, async (_request, reply) => {
    const { contentType, text } = await ctx.metrics.expose();
    return reply.header('content-type', contentType).send(text);
  });
}

async function works(check: Promise<void>): Promise<'ok' | 'failed'> {
  return check.then(
    () => 'ok' as const,
    () => 'failed' as const,
  );
}
