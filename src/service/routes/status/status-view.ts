import type { ServiceContext } from '../../context.ts';
import { expireFlow } from '../../login/index.ts';
import type { FlowState, LoginFlow } from '../../login-flow/index.ts';

/** What a browser learns of its login. */
export interface StatusView {
  readonly state: FlowState;
  /** Pass it on to a long poll: it answers when there is a later one. */
  readonly version: number;
  readonly expiresInMs: number;
  readonly pollIntervalMs: number;
  /** Nothing more will happen. */
  readonly over: boolean;
  /** The session waits to be taken with `POST /qr/:id/claim`. */
  readonly claimable: boolean;
}

export function statusOf(ctx: ServiceContext, flow: LoginFlow): StatusView {
  return {
    state: flow.state,
    version: flow.version,
    expiresInMs: Math.max(flow.expiresAtMs - ctx.now(), 0),
    pollIntervalMs: ctx.config.POLL_INTERVAL_MS,
    over: flow.endedAtMs !== undefined,
    claimable: flow.kind === 'official_account' && flow.state === 'confirmed',
  };
}

/** Ends the flow first if its time is up: the instance that should have may be gone. */
export async function settled(ctx: ServiceContext, flow: LoginFlow): Promise<LoginFlow> {
  if (flow.endedAtMs !== undefined || ctx.now() < flow.expiresAtMs) return flow;
  await expireFlow(ctx, flow.id);
  return (await ctx.flows.read(flow.id)) ?? flow;
}

/** Lets the timer that ends a flow go first. */
const GRACE_MS = 50;

/** How long nothing but an event can happen to the flow. */
export function quietMs(ctx: ServiceContext, flow: LoginFlow): number {
  return Math.max(flow.expiresAtMs - ctx.now(), 0) + GRACE_MS;
}

/** Every version of the flow after `version`, until it ends, the reader leaves or the service closes. */
export async function* statuses(
  ctx: ServiceContext,
  first: LoginFlow,
  options: { readonly version: number; readonly gone: AbortSignal },
): AsyncGenerator<StatusView, void, undefined> {
  let { version } = options;
  let flow = await settled(ctx, first);
  for (;;) {
    if (flow.version > version) {
      version = flow.version;
      yield statusOf(ctx, flow);
    }
    if (flow.endedAtMs !== undefined || options.gone.aborted || ctx.closing.aborted) return;
    const next = await ctx.watch.next(flow.id, version, {
      signal: options.gone,
      timeoutMs: quietMs(ctx, flow),
    });
    if (next === undefined) return;
    flow = await settled(ctx, next);
  }
}
