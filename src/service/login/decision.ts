import type { ServiceContext } from '../context.ts';
import type { LoginFlow } from '../login-flow/index.ts';
import { fingerprint } from '../security/index.ts';
import { joinFlow } from '../telemetry/index.ts';
import { countEnd } from './ending.ts';
import { LoginRefused } from './failure.ts';

/** The key of the link that the account sent to whoever scanned, and to nobody else. */
export function confirmKey(token: string): string {
  return `confirm:${fingerprint(token)}`;
}

/** The login a confirm link speaks of. @throws {LoginRefused} when the link was used or ran out */
export async function flowToDecide(ctx: ServiceContext, token: string): Promise<LoginFlow> {
  const flowId = await ctx.store.get(confirmKey(token));
  const flow = flowId === undefined ? undefined : await ctx.flows.read(flowId);
  if (flow === undefined) throw new LoginRefused('decided');
  joinFlow(flow);
  return flow;
}

/** Confirms or cancels a login on the phone. The link is spent by it, whatever comes of it. */
export async function decide(
  ctx: ServiceContext,
  token: string,
  decision: 'confirm' | 'cancel',
): Promise<LoginFlow> {
  const flowId = await ctx.store.take(confirmKey(token));
  if (flowId === undefined) throw new LoginRefused('decided');
  const applied = await ctx.flows.apply(
    flowId,
    decision === 'confirm'
      ? { type: 'confirm', claimByMs: ctx.now() + ctx.config.CLAIM_TTL_MS }
      : { type: 'cancel' },
  );
  if (applied.kind === 'unknown') throw new LoginRefused('decided');
  const { flow } = applied;
  joinFlow(flow);
  if (applied.kind === 'refused') {
    ctx.record('qr.refused', { flow, stage: 'confirmed', facts: { 'error.type': applied.reason } });
    throw new LoginRefused('decided');
  }
  recordDecision(ctx, flow);
  return flow;
}

/** Tells of a flow that was just confirmed or cancelled on the phone. */
export function recordDecision(ctx: ServiceContext, flow: LoginFlow): void {
  const tookMs = ctx.now() - (flow.scannedAtMs ?? flow.createdAtMs);
  if (flow.state === 'cancelled') {
    ctx.record('qr.cancelled', { flow, durationMs: tookMs });
    if (flow.endedAtMs !== undefined) {
      countEnd(ctx, flow, { stage: 'scanned', reason: 'cancelled' });
    }
    return;
  }
  ctx.metrics.stageTook('confirmed', tookMs);
  ctx.record('qr.confirmed', { flow, durationMs: tookMs });
}
