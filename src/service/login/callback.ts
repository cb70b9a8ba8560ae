import type { ServiceContext } from '../context.ts';
import type { LoginFlow } from '../login-flow/index.ts';
import { type StateRejection, seal } from '../security/index.ts';
import { joinFlow } from '../telemetry/index.ts';
import { exchangeRepeatable, isTransient, type SnsTokens, withRetries } from '../wechat/index.ts';
import { endFlow } from './ending.ts';
import { LoginRefused } from './failure.ts';
import { type FinishedLogin, finishLogin } from './finish.ts';
import { failFlow, runStage } from './stage.ts';

/** What the browser brought back from WeChat. Without a code the user refused. */
export interface Callback {
  readonly code: string | undefined;
  readonly state: string | undefined;
  /** Fingerprint of the browser's cookie, if it had one. */
  readonly browserKey: string | undefined;
}

/** The website flow from WeChat's redirect to the open session. */
export async function finishWebsiteLogin(
  ctx: ServiceContext,
  callback: Callback,
): Promise<FinishedLogin> {
  const { website } = ctx;
  if (website === undefined) throw new LoginRefused('not_configured');
  const { code, state } = callback;
  ctx.record('callback.received', {
    facts: {
      ...(state && { 'login.state_hash': ctx.pseudonym(state) }),
      ...(code && { 'login.code_hash': ctx.pseudonym(code) }),
    },
  });
  const flow = await ctx.inSpan(
    'wechat.login.state_check',
    { attributes: { 'login.kind': 'website', 'login.stage': 'callback' } },
    () => checkState(ctx, callback),
  );
  joinFlow(flow);
  if (!code) {
    ctx.record('callback.denied', { flow });
    await endFlow(ctx, flow, 'deny', { stage: 'callback', reason: 'denied' });
    throw new LoginRefused('denied');
  }
  const claimByMs = ctx.now() + ctx.config.CLAIM_TTL_MS;
  const returned = await ctx.flows.apply(flow.id, { type: 'return', claimByMs });
  if (returned.kind !== 'applied') await rejectState(ctx, 'expired', flow);

  const tokens = await exchange(ctx, flow, code);
  const user = await runStage(ctx, 'userinfo', flow, async (elapsedMs) => {
    const fetched = await withRetries(() => website.sns.userinfo(tokens), {
      retries: ctx.config.WECHAT_RETRIES,
      worthwhile: isTransient,
      onRetry: (error, attempt) =>
        ctx.record('userinfo.retried', { flow, error, facts: { 'retry.attempt': attempt } }),
    });
    ctx.record('userinfo.fetched', { flow, durationMs: elapsedMs() });
    return fetched;
  });
  const finished = await finishLogin(ctx, flow, {
    appId: website.appId,
    openid: user.openid,
    unionid: user.unionid ?? tokens.unionid,
    nickname: user.nickname,
  });
  if (ctx.config.KEEP_WECHAT_TOKENS) await keepTokens(ctx, finished.userId, tokens);
  return finished;
}

/** WeChat's tokens, sealed, for the profile to be renewed with later. */
export async function keepTokens(
  ctx: ServiceContext,
  userId: string,
  tokens: SnsTokens,
): Promise<void> {
  await ctx.users.keepTokens(userId, seal(JSON.stringify(tokens), ctx.tokenKey));
}

function exchange(ctx: ServiceContext, flow: LoginFlow, code: string): Promise<SnsTokens> {
  return runStage(ctx, 'exchange', flow, async (elapsedMs) => {
    const tokens = await withRetries(() => ctx.website!.sns.exchange(code), {
      retries: ctx.config.WECHAT_RETRIES,
      worthwhile: exchangeRepeatable(ctx.config.WECHAT_EXCHANGE_RETRY),
      onRetry: (error, attempt) =>
        ctx.record('token.retried', { flow, error, facts: { 'retry.attempt': attempt } }),
    });
    ctx.record('token.exchanged', { flow, durationMs: elapsedMs() });
    return tokens;
  });
}

async function checkState(ctx: ServiceContext, callback: Callback): Promise<LoginFlow> {
  const check = await ctx.states.consume(callback.state, callback.browserKey);
  const flow = check.flowId === undefined ? undefined : await ctx.flows.read(check.flowId);
  if (!check.ok) return rejectState(ctx, check.reason, flow, callback.state);
  return flow ?? rejectState(ctx, 'not_found', undefined, callback.state);
}

async function rejectState(
  ctx: ServiceContext,
  reason: StateRejection,
  flow: LoginFlow | undefined,
  state?: string,
): Promise<never> {
  ctx.record('state.rejected', {
    flow,
    facts: {
      'error.type': `state_${reason}`,
      ...(state && { 'login.state_hash': ctx.pseudonym(state) }),
      ...(flow && { 'login.state_age_ms': ctx.now() - flow.createdAtMs }),
    },
  });
  const refused = new LoginRefused('state');
  if (flow === undefined) {
    ctx.metrics.flowEnded({
      kind: 'website',
      outcome: 'failed',
      stage: 'callback',
      reason: `state_${reason}`,
      durationMs: undefined,
    });
  } else if (reason !== 'reused') {
    // A state that came twice says nothing about the login it belonged to: that may well be fine.
    await failFlow(ctx, flow, 'callback', refused, `state_${reason}`);
  }
  throw refused;
}
