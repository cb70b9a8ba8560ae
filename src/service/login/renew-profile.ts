import type { ServiceContext } from '../context.ts';
import { unseal } from '../security/index.ts';
import { type SnsTokens, type SnsUser, WechatError } from '../wechat/index.ts';
import { keepTokens } from './callback.ts';
import { LoginRefused } from './failure.ts';

/**
 * Asks WeChat again who the user is, with the tokens kept from the login; an access token that ran
 * out is refreshed first. @throws {LoginRefused} when no tokens were kept
 */
export async function renewProfile(ctx: ServiceContext, userId: string): Promise<void> {
  const sealed = await ctx.users.tokens(userId);
  const { website } = ctx;
  if (sealed === undefined || website === undefined) throw new LoginRefused('not_configured');
  const tokens = JSON.parse(unseal(sealed, ctx.tokenKey)) as SnsTokens;
  let user: SnsUser;
  try {
    user = await website.sns.userinfo(tokens);
  } catch (error) {
    if (!(error instanceof WechatError) || error.kind !== 'token') throw error;
    const fresh = await website.sns.refresh(tokens.refreshToken);
    await keepTokens(ctx, userId, fresh);
    user = await website.sns.userinfo(fresh);
  }
  await ctx.users.signIn({ appId: website.appId, ...user });
}
