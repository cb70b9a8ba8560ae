import type { ServiceContext } from '../context.ts';
import { type LoginFlow, outcomeOf } from '../login-flow/index.ts';
import { joinFlow } from '../telemetry/index.ts';
import { endFlow, stageOf } from './ending.ts';

/** @returns the flow if it is still open, its time having been prolonged. */
export async function expireFlow(
  ctx: ServiceContext,
  flowId: string,
): Promise<LoginFlow | undefined> {
  const flow = await ctx.flows.read(flowId);
  if (flow === undefined || flow.endedAtMs !== undefined) return undefined;
  if (ctx.now() < flow.expiresAtMs) return flow;
  // Nobody asked for it: without a span of its own the end would be missing in the traces.
  const attributes = { 'login.flow.id': flow.id, 'login.kind': flow.kind };
  await ctx.inSpan('wechat.login.expire', { attributes }, () => expire(ctx, flow));
  return undefined;
}

async function expire(ctx: ServiceContext, flow: LoginFlow): Promise<void> {
  joinFlow(flow);
  const cancelled = flow.state === 'cancelled';
  const stage = stageOf(flow);
  const ended = await endFlow(ctx, flow, 'expire', {
    stage,
    reason: cancelled ? 'cancelled' : 'expired',
  });
  if (ended === undefined || cancelled) return;
  ctx.record('qr.expired', { flow, stage, durationMs: ctx.now() - flow.createdAtMs });
  if (outcomeOf(ended) === 'failed') {
    ctx.record('flow.failed', { flow, stage, facts: { 'error.type': 'expired' } });
  }
}
