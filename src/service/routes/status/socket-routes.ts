import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ServiceContext } from '../../context.ts';
import type { Guards } from '../guards.ts';
import { FLOW_PARAMS, type FlowParams, flowOfBrowser } from '../own-flow.ts';
import { statuses } from './status-view.ts';

/** The status over a WebSocket: one JSON message a change. */
export function socketRoutes(app: FastifyInstance, ctx: ServiceContext, guards: Guards): void {
  app.get<{ Params: FlowParams }>(
    '/qr/:id/status/socket',
    {
      websocket: true,
      schema: FLOW_PARAMS,
      // Browsers send cookies with a WebSocket from any site, and ask nobody first.
      ...guards.ownPages,
      preHandler: async (request: FastifyRequest<{ Params: FlowParams }>) => {
        await flowOfBrowser(ctx, request);
      },
    },
    async (socket, request: FastifyRequest<{ Params: FlowParams }>) => {
      const gone = new AbortController();
      socket.once('close', () => gone.abort());
      try {
        const flow = await ctx.flows.read(request.params.id);
        if (flow === undefined) return;
        for await (const status of statuses(ctx, flow, { version: 0, gone: gone.signal })) {
          socket.send(JSON.stringify(status));
        }
      } catch (error) {
        ctx.logger.error({ err: error }, 'a status socket broke');
      } finally {
        socket.close();
      }
    },
  );
}
