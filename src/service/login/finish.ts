import type { ServiceContext } from '../context.ts';
import type { LoginFlow } from '../login-flow/index.ts';
import { RiskDenied } from '../risk/risk-client.ts';
import type { WechatIdentity } from '../store/index.ts';
import { endFlow } from './ending.ts';
import { runStage } from './stage.ts';

export interface FinishedLogin {
  readonly userId: string;
  readonly sessionId: string;
}

/** Somebody else ended the flow while it was being finished; its session is taken back. */
class FlowOver extends Error {
  constructor() {
    super('the login ended before its session was open');
    this.name = 'FlowOver';
  }
}

/** The last two stages of every QR login: store the user, open the session. */
export async function finishLogin(
  ctx: ServiceContext,
  flow: LoginFlow,
  identity: WechatIdentity,
): Promise<FinishedLogin> {
  const userId = await runStage(ctx, 'persist', flow, async (elapsedMs) => {
    const user = await ctx.users.signIn(identity);
    ctx.record(user.created ? 'user.created' : 'user.updated', {
      flow,
      durationMs: elapsedMs(),
      facts: { 'enduser.pseudo.id': ctx.pseudonym(user.userId) },
    });
    return user.userId;
  });
  return runStage(ctx, 'session', flow, async (elapsedMs) => {
    const { kind, address } = flow;
    if (!(await ctx.risk.allows({ userId, kind, address }))) throw new RiskDenied();
    const sessionId = await ctx.sessions.open(userId);
    if ((await endFlow(ctx, flow, 'complete', { stage: 'session', reason: '' })) === undefined) {
      await ctx.sessions.close(sessionId);
      throw new FlowOver();
    }
    ctx.record('session.created', { flow, durationMs: elapsedMs() });
    ctx.record('flow.completed', { flow, durationMs: ctx.now() - flow.createdAtMs });
    return { userId, sessionId };
  });
}
