import type { ServiceContext } from '../context.ts';
import { fingerprint } from '../security/index.ts';
import { isSignedBy, type SignedQuery } from '../wechat/index.ts';

export type PushCheck = 'fresh' | 'repeated' | 'badsig' | 'stale' | 'replayed';

/** WeChat repeats an unanswered push within seconds; clocks may differ by minutes. */
const WINDOW_MS = 5 * 60_000;

/**
 * Whether a push may be believed. WeChat's signature covers no body, so a signature that was seen
 * is good for the same body only: with another it is a replay.
 */
export async function checkPush(
  ctx: ServiceContext,
  pushToken: string,
  query: SignedQuery,
  body: string,
): Promise<PushCheck> {
  if (!isSignedBy(pushToken, query)) return 'badsig';
  if (Math.abs(ctx.now() - Number(query.timestamp) * 1000) > WINDOW_MS) return 'stale';
  const key = `push-seen:${fingerprint(`${query.timestamp}.${query.nonce}`)}`;
  const print = fingerprint(body);
  if (await ctx.store.putIfAbsent(key, print, 2 * WINDOW_MS)) return 'fresh';
  return (await ctx.store.get(key)) === print ? 'repeated' : 'replayed';
}
