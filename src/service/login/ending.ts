import type { ServiceContext } from '../context.ts';
import { type FlowEvent, type LoginFlow, outcomeOf } from '../login-flow/index.ts';
import type { Stage } from '../telemetry/index.ts';

type EndingEvent = Extract<FlowEvent['type'], 'deny' | 'complete' | 'expire' | 'supersede'>;

/** How far the flow came. */
export function stageOf(flow: LoginFlow): Stage {
  if (flow.confirmedAtMs !== undefined) return 'confirmed';
  return flow.scannedAtMs === undefined ? 'issued' : 'scanned';
}

/**
 * Moves a flow to its end, and counts it if this call was the one that ended it.
 * @returns the flow after it, or undefined if it had ended before or cannot end this way.
 */
export async function endFlow(
  ctx: ServiceContext,
  flow: LoginFlow,
  type: EndingEvent,
  end: { readonly stage: Stage; readonly reason: string },
): Promise<LoginFlow | undefined> {
  const applied = await ctx.flows.apply(flow.id, { type });
  if (applied.kind !== 'applied' || !applied.moved) return undefined;
  countEnd(ctx, applied.flow, end);
  return applied.flow;
}

export function countEnd(
  ctx: ServiceContext,
  flow: LoginFlow,
  end: { readonly stage: Stage; readonly reason: string },
): void {
  ctx.metrics.flowEnded({
    kind: flow.kind,
    outcome: outcomeOf(flow),
    durationMs: ctx.now() - flow.createdAtMs,
    ...end,
  });
}
