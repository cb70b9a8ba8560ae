import type { ServiceContext } from '../context.ts';
import type { LoginFlow } from '../login-flow/index.ts';
import { randomSecret } from '../security/index.ts';
import { joinFlow } from '../telemetry/index.ts';
import { parseScanPush, type ScanPush, type SignedQuery, textReply } from '../wechat/index.ts';
import { confirmKey } from './decision.ts';
import { LoginRefused } from './failure.ts';
import { checkPush } from './push-guard.ts';
import { sceneKey } from './start.ts';

/** Tells WeChat that there is nothing to say to the user. */
const ACKNOWLEDGED = 'success';

export interface PushAnswer {
  readonly status: 200 | 403;
  readonly body: string;
}

/** What the official account says to the person with the phone. */
export interface PushWords {
  readonly confirm: (url: string) => string;
  readonly over: string;
  readonly taken: string;
}

/** A push of WeChat's: somebody scanned one of the account's codes. */
export async function receivePush(
  ctx: ServiceContext,
  query: SignedQuery,
  body: string,
  words: PushWords,
): Promise<PushAnswer> {
  if (ctx.officialAccount === undefined) throw new LoginRefused('not_configured');
  const check = await checkPush(ctx, ctx.officialAccount.pushToken, query, body);
  if (check !== 'fresh' && check !== 'repeated') {
    // Hearsay, but whoever looks for a lost login finds its ticket here.
    const alleged = parseScanPush(body);
    ctx.record('push.rejected', {
      facts: { 'error.type': `push_${check}`, ...(alleged && factsOf(ctx, alleged)) },
    });
    return { status: 403, body: '' };
  }
  const push = parseScanPush(body);
  if (push === undefined) return ignore(ctx, 'other_event');
  ctx.record('push.received', { facts: factsOf(ctx, push) });
  const flowId = await ctx.store.get(sceneKey(push.scene));
  if (flowId === undefined) return ignore(ctx, 'unknown_scene');
  return scan(ctx, flowId, push, words);
}

async function scan(
  ctx: ServiceContext,
  flowId: string,
  push: ScanPush,
  words: PushWords,
): Promise<PushAnswer> {
  const applied = await ctx.flows.apply(flowId, { type: 'scan', openid: push.openid });
  if (applied.kind === 'unknown') return ignore(ctx, 'unknown_flow');
  const { flow } = applied;
  joinFlow(flow);
  if (applied.kind === 'refused') {
    ctx.record('qr.refused', { flow, stage: 'scanned', facts: { 'error.type': applied.reason } });
    return say(ctx, push, applied.reason === 'taken' ? words.taken : words.over);
  }
  // WeChat repeats a push whose answer was late: the scan is the same, but its person has no link yet.
  if (applied.moved) recordScan(ctx, flow, push);
  const token = randomSecret();
  await ctx.store.put(confirmKey(token), flowId, Math.max(flow.expiresAtMs - ctx.now(), 1));
  return say(ctx, push, words.confirm(`${ctx.origin()}/confirm?token=${token}`));
}

function factsOf(ctx: ServiceContext, push: ScanPush): Record<string, string> {
  return {
    'wechat.event': push.event,
    'login.scene_hash': ctx.pseudonym(push.scene),
    ...(push.ticket && { 'login.ticket_hash': ctx.pseudonym(push.ticket) }),
  };
}

function recordScan(ctx: ServiceContext, flow: LoginFlow, push: ScanPush): void {
  const tookMs = ctx.now() - flow.createdAtMs;
  ctx.metrics.stageTook('scanned', tookMs);
  ctx.record('qr.scanned', {
    flow,
    durationMs: tookMs,
    facts: { 'enduser.pseudo.id': ctx.pseudonym(push.openid) },
  });
}

function say(ctx: ServiceContext, push: ScanPush, text: string): PushAnswer {
  return { status: 200, body: textReply(push, text, ctx.now()) };
}

function ignore(ctx: ServiceContext, why: string): PushAnswer {
  ctx.record('push.ignored', { facts: { 'error.type': why } });
  return { status: 200, body: ACKNOWLEDGED };
}
