import type { FastifyRequest } from 'fastify';
import type { ServiceContext } from '../context.ts';
import { LoginRefused } from '../login/index.ts';
import type { LoginFlow } from '../login-flow/index.ts';
import { fingerprint, sameSecret } from '../security/index.ts';
import { joinFlow } from '../telemetry/index.ts';

export interface FlowParams {
  readonly id: string;
}

/** Schema of routes about one flow. */
export const FLOW_PARAMS = {
  params: {
    type: 'object',
    properties: { id: { type: 'string', pattern: '^f-[0-9a-f]{16}$' } },
  },
} as const;

/**
 * The flow of a request whose browser holds its poll secret. The id stands in URLs and logs, so it
 * opens nothing; to anybody else the flow does not exist.
 * @throws {LoginRefused}
 */
export async function flowOfBrowser(
  ctx: ServiceContext,
  request: FastifyRequest<{ Params: FlowParams }>,
): Promise<LoginFlow> {
  const { id } = request.params;
  const secret = ctx.cookies.read(request, `poll-${id}`);
  const flow = secret === undefined ? undefined : await ctx.flows.read(id);
  if (flow !== undefined && sameSecret(fingerprint(secret!), flow.pollSecretHash)) {
    joinFlow(flow);
    return flow;
  }
  ctx.record('status.rejected', {
    // Without the secret the id is hearsay, and the log does not repeat it.
    facts: {
      ...(secret !== undefined && { 'login.flow.id': id }),
      'error.type': secret === undefined ? 'no_secret' : flow ? 'wrong_secret' : 'flow_not_found',
    },
  });
  throw new LoginRefused('unknown_flow');
}
