import type { FastifyInstance } from 'fastify';
import type { ServiceContext } from '../../context.ts';
import { FLOW_PARAMS, type FlowParams, flowOfBrowser } from '../own-flow.ts';
import { whenGone } from './gone.ts';
import { createPace } from './pace.ts';
import { quietMs, settled, statusOf } from './status-view.ts';

const AFTER = {
  type: 'object',
  properties: { version: { type: 'integer', minimum: 0, default: 0 } },
} as const;

/** The status, at once or when it changes. */
export function pollRoutes(app: FastifyInstance, ctx: ServiceContext): void {
  const pace = createPace(ctx.config.POLL_INTERVAL_MS, ctx.now);

  app.get<{ Params: FlowParams }>(
    '/qr/:id/status',
    // The busiest route, and JSON: what protects pages would only cost time here.
    { schema: FLOW_PARAMS, config: { pageHeaders: false } },
    async (request, reply) => {
      const flow = await settled(ctx, await flowOfBrowser(ctx, request));
      reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
      if (pace.tooFast(flow.id)) {
        ctx.record('status.slow_down', { flow });
        const intervalMs = ctx.config.POLL_INTERVAL_MS;
        return reply
          .code(429)
          .header('retry-after', Math.ceil(intervalMs / 1000))
          .send({ error: 'slow_down', pollIntervalMs: intervalMs });
      }
      ctx.record('status.polled', { flow });
      return statusOf(ctx, flow);
    },
  );

  app.get<{ Params: FlowParams; Querystring: { version: number } }>(
    '/qr/:id/status/long',
    { schema: { ...FLOW_PARAMS, querystring: AFTER } },
    async (request, reply) => {
      const flow = await settled(ctx, await flowOfBrowser(ctx, request));
      ctx.record('status.polled', { flow });
      reply.header('cache-control', 'no-store');
      if (flow.endedAtMs !== undefined) return statusOf(ctx, flow);
      const next = await ctx.watch.next(flow.id, request.query.version, {
        signal: whenGone(reply),
        timeoutMs: Math.min(ctx.config.LONG_POLL_MS, quietMs(ctx, flow)),
      });
      return statusOf(ctx, await settled(ctx, next ?? flow));
    },
  );
}
