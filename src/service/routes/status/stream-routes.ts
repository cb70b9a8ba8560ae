import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { ServiceContext } from '../../context.ts';
import type { LoginFlow } from '../../login-flow/index.ts';
import { FLOW_PARAMS, type FlowParams, flowOfBrowser } from '../own-flow.ts';
import { whenGone } from './gone.ts';
import { statuses } from './status-view.ts';

/** The status as server-sent events; a browser that reconnects goes on where it was. */
export function streamRoutes(app: FastifyInstance, ctx: ServiceContext): void {
  app.get<{ Params: FlowParams }>(
    '/qr/:id/status/stream',
    { schema: FLOW_PARAMS },
    async (request, reply) => {
      const flow = await flowOfBrowser(ctx, request);
      const version = Number(request.headers['last-event-id'] ?? 0) || 0;
      return (
        reply
          .type('text/event-stream')
          .header('cache-control', 'no-store')
          // Proxies that gather answers would hold back the news.
          .header('x-accel-buffering', 'no')
          .send(Readable.from(events(ctx, flow, { version, gone: whenGone(reply) })))
      );
    },
  );
}

async function* events(
  ctx: ServiceContext,
  flow: LoginFlow,
  options: { readonly version: number; readonly gone: AbortSignal },
): AsyncGenerator<string, void, undefined> {
  yield `retry: ${Math.max(ctx.config.POLL_INTERVAL_MS, 100)}\n\n`;
  for await (const status of statuses(ctx, flow, options)) {
    yield `id: ${status.version}\nevent: status\ndata: ${JSON.stringify(status)}\n\n`;
  }
}
