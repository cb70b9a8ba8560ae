import type { ServiceContext } from '../context.ts';
import type { LoginFlow } from '../login-flow/index.ts';
import { type EventName, type Stage, typeOf } from '../telemetry/index.ts';
import { WechatError } from '../wechat/index.ts';
import { countEnd } from './ending.ts';
import { LoginFailed } from './failure.ts';

const STEPS = {
  issue: { stage: 'issued', failure: 'qr.failed' },
  exchange: { stage: 'exchange', failure: 'token.failed' },
  userinfo: { stage: 'userinfo', failure: 'userinfo.failed' },
  persist: { stage: 'persist', failure: 'user.failed' },
  session: { stage: 'session', failure: 'session.failed' },
} as const satisfies Record<string, { stage: Stage; failure: EventName }>;

/** Runs one step of a login in its span; a failure is told and ends the flow. */
export async function runStage<T>(
  ctx: ServiceContext,
  step: keyof typeof STEPS,
  flow: LoginFlow,
  work: (elapsedMs: () => number) => Promise<T>,
): Promise<T> {
  const { stage, failure } = STEPS[step];
  const started = performance.now();
  const elapsedMs = () => performance.now() - started;
  const attributes = {
    'login.flow.id': flow.id,
    'login.kind': flow.kind,
    'login.stage': stage,
  };
  try {
    return await ctx.inSpan(`wechat.login.${step}`, { attributes }, async () => {
      try {
        return await work(elapsedMs);
      } catch (error) {
        ctx.record(failure, { flow, error, durationMs: elapsedMs() });
        await failFlow(ctx, flow, stage, error);
        throw error;
      } finally {
        ctx.metrics.stageTook(stage, elapsedMs());
      }
    });
  } catch (error) {
    throw new LoginFailed(stage, error);
  }
}

/**
 * Ends a flow as failed, and tells so.
 * @param reason label of the metric, if the error's type says too little
 */
export async function failFlow(
  ctx: ServiceContext,
  flow: LoginFlow,
  stage: Stage,
  error: unknown,
  reason = reasonOf(error),
): Promise<void> {
  const applied = await ctx.flows
    .apply(flow.id, { type: 'fail' })
    .catch(() => ({ kind: 'unknown' as const }));
  // A flow the store does not know, or cannot be asked about, has failed all the same.
  if (applied.kind !== 'refused') {
    countEnd(ctx, { ...flow, state: 'failed' }, { stage, reason });
  }
  ctx.record('flow.failed', { flow, stage, facts: { 'error.type': typeOf(error) } });
}

function reasonOf(error: unknown): string {
  return error instanceof WechatError ? `wechat_${error.errcode}` : typeOf(error);
}
