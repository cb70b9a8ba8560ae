import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { renderSVG } from 'uqr';
import type { ServiceContext } from '../context.ts';
import {
  claimSession,
  endFlow,
  LoginRefused,
  REPORTABLE,
  type StartedLogin,
  stageOf,
  startLogin,
  takeReport,
  type WxErrcode,
} from '../login/index.ts';
import type { QrKind } from '../login-flow/index.ts';
import { browserKey, browserOf } from './browser.ts';
import type { Guards } from './guards.ts';
import { openSession } from './open-session.ts';
import { FLOW_PARAMS, type FlowParams, flowOfBrowser } from './own-flow.ts';
import { statusOf } from './status/status-view.ts';

/** Begin a login, refresh its code, pass on what the page saw, take the session. */
export function qrRoutes(app: FastifyInstance, ctx: ServiceContext, guards: Guards): void {
  app.post<{ Body: { kind: QrKind } }>(
    '/qr',
    {
      ...guards.changing,
      config: { rateLimit: guards.rate(60) },
      schema: {
        body: {
          type: 'object',
          required: ['kind'],
          additionalProperties: false,
          properties: { kind: { enum: ['website', 'official_account'] } },
        },
      },
    },
    async (request, reply) => {
      const browser = browserOf(ctx, request, reply);
      return shown(ctx, reply, await startLogin(ctx, request.body.kind, browser));
    },
  );

  app.post<{ Params: FlowParams }>(
    '/qr/:id/refresh',
    { ...guards.changing, config: { rateLimit: guards.rate(60) }, schema: FLOW_PARAMS },
    async (request, reply) => {
      const old = await flowOfBrowser(ctx, request);
      const stage = stageOf(old);
      if (await endFlow(ctx, old, 'supersede', { stage, reason: 'superseded' })) {
        ctx.record('qr.expired', { flow: old, stage, facts: { 'login.superseded': true } });
      }
      ctx.cookies.clear(reply, `poll-${old.id}`);
      return shown(
        ctx,
        reply,
        await startLogin(ctx, old.kind, browserOf(ctx, request, reply), old),
      );
    },
  );

  app.post<{ Params: FlowParams; Body: { wx_errcode: WxErrcode } }>(
    '/qr/:id/report',
    {
      // No CSRF token: the page reports while WeChat already leads it back, and the login that this
      // ends gives the browser a session to which the page's token does not belong.
      ...guards.ownPages,
      schema: {
        ...FLOW_PARAMS,
        body: {
          type: 'object',
          required: ['wx_errcode'],
          additionalProperties: false,
          properties: { wx_errcode: { enum: [...REPORTABLE] } },
        },
      },
    },
    async (request, reply) => {
      const flow = await flowOfBrowser(ctx, request);
      if (flow.kind !== 'website') throw new LoginRefused('unknown_flow');
      await takeReport(ctx, flow, request.body.wx_errcode);
      return reply.code(204).send();
    },
  );

  app.post<{ Params: FlowParams }>(
    '/qr/:id/claim',
    { ...guards.changing, schema: FLOW_PARAMS },
    async (request: FastifyRequest<{ Params: FlowParams }>, reply) => {
      const flow = await flowOfBrowser(ctx, request);
      // The poll secret alone is not enough: the session goes to the browser that asked for it.
      if (browserKey(ctx, request) !== flow.browserKey) throw new LoginRefused('unknown_flow');
      const { sessionId } = await claimSession(ctx, flow);
      await openSession(ctx, request, reply, sessionId);
      return { next: '/profile' };
    },
  );
}

/** What the page needs to show a code and follow its login. */
function shown(ctx: ServiceContext, reply: FastifyReply, started: StartedLogin) {
  const { flow, pollSecret, target } = started;
  // Somewhat longer than the code, so that the page still learns how it ended.
  const ttlMs = flow.expiresAtMs - ctx.now() + ctx.config.CLAIM_TTL_MS;
  ctx.cookies.write(reply, `poll-${flow.id}`, pollSecret, ttlMs);
  reply.code(201).header('cache-control', 'no-store');
  return {
    id: flow.id,
    kind: flow.kind,
    ...statusOf(ctx, flow),
    ...('authorizeUrl' in target
      ? { authorizeUrl: target.authorizeUrl }
      : {
          qrText: target.qrText,
          qrSvg: renderSVG(target.qrText, { border: 2, ecc: 'M' }),
        }),
  };
}
