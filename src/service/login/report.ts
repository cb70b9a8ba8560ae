import type { ServiceContext } from '../context.ts';
import type { FlowEvent, LoginFlow } from '../login-flow/index.ts';
import { recordDecision } from './decision.ts';

/**
 * The values of WeChat's own long poll that tell of the person with the phone. The website flow's
 * browser polls WeChat, not the service, which learns of them only if the page passes them on.
 */
export const REPORTABLE = [402, 403, 404, 405] as const;

export type WxErrcode = (typeof REPORTABLE)[number];

/** Takes note of what the page saw. It may be false: nothing but the display hangs on it. */
export async function takeReport(
  ctx: ServiceContext,
  flow: LoginFlow,
  wxErrcode: WxErrcode,
): Promise<void> {
  if (wxErrcode === 402) {
    // WeChat's page draws a new code for the same state: the login goes on.
    ctx.record('qr.refreshed', { flow, facts: { 'wechat.qr_errcode': wxErrcode } });
    return;
  }
  const applied = await ctx.flows.apply(flow.id, eventOf(ctx, wxErrcode));
  if (applied.kind !== 'applied' || !applied.moved) return;
  if (wxErrcode !== 404) return recordDecision(ctx, applied.flow);
  const tookMs = ctx.now() - flow.createdAtMs;
  ctx.metrics.stageTook('scanned', tookMs);
  ctx.record('qr.scanned', { flow, durationMs: tookMs });
}

function eventOf(ctx: ServiceContext, wxErrcode: 403 | 404 | 405): FlowEvent {
  switch (wxErrcode) {
    case 404:
      return { type: 'scan' };
    case 403:
      return { type: 'cancel' };
    case 405:
      return { type: 'confirm', claimByMs: ctx.now() + ctx.config.CLAIM_TTL_MS };
  }
}
