import type { FastifyReply } from 'fastify';

/** Fires when the client closes the connection before its answer is complete. */
export function whenGone(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => controller.abort());
  return controller.signal;
}
