import { randomBytes } from 'node:crypto';
import type { ServiceContext } from '../context.ts';
import { verifyPassword } from '../security/index.ts';
import { typeOf } from '../telemetry/index.ts';
import { LoginFailed, LoginRefused } from './failure.ts';

/** What a script gets instead of a session cookie. */
export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** `POST /login`: name and password for a pair of tokens. */
export async function loginWithPassword(
  ctx: ServiceContext,
  username: string,
  password: string,
): Promise<TokenPair> {
  const flow = { id: `f-${randomBytes(8).toString('hex')}`, kind: 'password' as const };
  const startedMs = ctx.now();
  ctx.metrics.flowStarted('password');
  ctx.record('flow.started', { flow, stage: 'session' });
  const end = (outcome: 'succeeded' | 'failed', reason: string) =>
    ctx.metrics.flowEnded({
      kind: 'password',
      outcome,
      stage: 'session',
      reason,
      durationMs: ctx.now() - startedMs,
    });
  try {
    const known = await ctx.users.passwordOf(username);
    const good = await verifyPassword(password, known?.passwordHash);
    if (known === undefined || !good) throw new LoginRefused('credentials');
    await ctx.users.touch(known.userId);
    const pair = await issueTokens(ctx, known.userId);
    const durationMs = ctx.now() - startedMs;
    ctx.record('session.created', { flow, durationMs });
    ctx.record('flow.completed', { flow, durationMs });
    end('succeeded', '');
    return pair;
  } catch (error) {
    ctx.record('session.failed', { flow, error, durationMs: ctx.now() - startedMs });
    ctx.record('flow.failed', { flow, stage: 'session', facts: { 'error.type': typeOf(error) } });
    end('failed', typeOf(error));
    throw error instanceof LoginRefused ? error : new LoginFailed('session', error);
  }
}

async function issueTokens(ctx: ServiceContext, userId: string): Promise<TokenPair> {
  return {
    accessToken: await ctx.accessTokens.sign(userId),
    refreshToken: await ctx.refreshTokens.issue(userId),
  };
}

/** One refresh token for the next pair. @throws {LoginRefused} for one that is not good any more */
export async function refreshTokens(ctx: ServiceContext, token: string): Promise<TokenPair> {
  const rotation = await ctx.refreshTokens.rotate(token);
  if (rotation.kind === 'reused') {
    ctx.record('session.revoked', {
      stage: 'session',
      facts: {
        'error.type': 'authn_token_reuse',
        'enduser.pseudo.id': ctx.pseudonym(rotation.userId),
      },
    });
  }
  if (rotation.kind !== 'rotated') throw new LoginRefused('token');
  return {
    accessToken: await ctx.accessTokens.sign(rotation.userId),
    refreshToken: rotation.token,
  };
}
