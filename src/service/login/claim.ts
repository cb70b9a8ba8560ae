import type { ServiceContext } from '../context.ts';
import type { LoginFlow } from '../login-flow/index.ts';
import { LoginRefused } from './failure.ts';
import { type FinishedLogin, finishLogin } from './finish.ts';
import { runStage } from './stage.ts';

/** The official-account flow's end: the browser takes the session that the phone confirmed, once. */
export async function claimSession(ctx: ServiceContext, flow: LoginFlow): Promise<FinishedLogin> {
  const { officialAccount } = ctx;
  const { openid } = flow;
  if (officialAccount === undefined) throw new LoginRefused('not_configured');
  if (flow.kind !== 'official_account' || flow.state !== 'confirmed' || openid === undefined) {
    throw new LoginRefused('not_confirmed');
  }
  const once = `claimed:${flow.id}`;
  if (!(await ctx.store.putIfAbsent(once, '1', ctx.config.CLAIM_TTL_MS))) {
    throw new LoginRefused('not_confirmed');
  }
  const unionid = await runStage(ctx, 'userinfo', flow, async (elapsedMs) => {
    const found = await officialAccount.cgiBin.unionidOf(openid);
    ctx.record('userinfo.fetched', { flow, durationMs: elapsedMs() });
    return found;
  });
  return finishLogin(ctx, flow, {
    appId: officialAccount.appId,
    openid,
    unionid,
    nickname: undefined,
  });
}
