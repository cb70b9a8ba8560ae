import { randomBytes } from 'node:crypto';
import type { ServiceContext } from '../context.ts';
import type { LoginFlow, QrKind } from '../login-flow/index.ts';
import { fingerprint, randomSecret } from '../security/index.ts';
import { activeTraceparent, joinFlow } from '../telemetry/index.ts';
import { authorizeUrl, type CgiBin } from '../wechat/index.ts';
import { LoginRefused } from './failure.ts';
import { runStage } from './stage.ts';

/** The browser that asks for a login. */
export interface Browser {
  /** Fingerprint of its cookie. */
  readonly key: string;
  /** As the confirm page will name it. */
  readonly device: string;
  readonly address: string;
}

export interface StartedLogin {
  readonly flow: LoginFlow;
  readonly pollSecret: string;
  /** Website: WeChat's page with the code. Official account: what the code must say. */
  readonly target: { readonly authorizeUrl: string } | { readonly qrText: string };
}

/** @param replaces the flow whose code this one replaces on the same page */
export async function startLogin(
  ctx: ServiceContext,
  kind: QrKind,
  browser: Browser,
  replaces?: LoginFlow,
): Promise<StartedLogin> {
  const issue = issuerOf(ctx, kind);
  const createdAtMs = ctx.now();
  const pollSecret = randomSecret();
  const ttlMs = kind === 'website' ? ctx.config.STATE_TTL_MS : ctx.config.QR_TTL_MS;
  const flow: LoginFlow = {
    id: `f-${randomBytes(8).toString('hex')}`,
    kind,
    state: 'waiting',
    version: 1,
    createdAtMs,
    expiresAtMs: createdAtMs + ttlMs,
    pollSecretHash: fingerprint(pollSecret),
    browserKey: browser.key,
    traceparent: activeTraceparent(),
    device: browser.device,
    address: browser.address,
  };
  joinFlow(flow);
  ctx.metrics.flowStarted(kind);
  ctx.record('flow.started', { flow });
  return runStage(ctx, 'issue', flow, async (elapsedMs) => {
    const issued = await issue(flow, ttlMs);
    await ctx.flows.create(issued.flow);
    ctx.expiry.watch(issued.flow);
    ctx.record(replaces === undefined ? 'qr.issued' : 'qr.refreshed', {
      flow,
      durationMs: elapsedMs(),
      // In addresses the flow's id is that of its code.
      facts: { 'login.qrcode_id': flow.id, ...issued.facts },
    });
    return { flow: issued.flow, pollSecret, target: issued.target };
  });
}

interface Issued {
  readonly flow: LoginFlow;
  readonly facts: Readonly<Record<string, string>>;
  readonly target: StartedLogin['target'];
}

type Issue = (flow: LoginFlow, ttlMs: number) => Promise<Issued>;

/** @throws {LoginRefused} where the service has no app of that kind */
function issuerOf(ctx: ServiceContext, kind: QrKind): Issue {
  const { website, officialAccount } = ctx;
  if (kind === 'website' && website !== undefined) return stateIssuer(ctx, website.appId);
  if (kind === 'official_account' && officialAccount !== undefined) {
    return ticketIssuer(ctx, officialAccount.cgiBin);
  }
  throw new LoginRefused('not_configured');
}

function stateIssuer(ctx: ServiceContext, appId: string): Issue {
  return async (flow, ttlMs) => {
    const state = await ctx.states.issue(flow.id, flow.browserKey, ttlMs);
    const stateHash = ctx.pseudonym(state);
    return {
      flow: { ...flow, stateHash },
      facts: { 'login.state_hash': stateHash },
      target: {
        authorizeUrl: authorizeUrl({
          open: ctx.config.WECHAT_OPEN_URL,
          appId,
          redirectUri: `${ctx.origin()}/callback`,
          state,
        }),
      },
    };
  };
}

function ticketIssuer(ctx: ServiceContext, cgiBin: CgiBin): Issue {
  return async (flow, ttlMs) => {
    const scene = `login_${randomSecret()}`;
    const { ticket, url } = await cgiBin.createQr(scene, Math.ceil(ttlMs / 1000));
    await ctx.store.put(sceneKey(scene), flow.id, ttlMs + SCENE_MEMORY_MS);
    const ticketHash = ctx.pseudonym(ticket);
    return {
      flow: { ...flow, ticketHash },
      facts: { 'login.ticket_hash': ticketHash, 'login.scene_hash': ctx.pseudonym(scene) },
      target: { qrText: url },
    };
  };
}

/** A code scanned late leads to its flow still, which then says that it is over. */
const SCENE_MEMORY_MS = 10 * 60_000;

export function sceneKey(scene: string): string {
  return `scene:${fingerprint(scene)}`;
}
