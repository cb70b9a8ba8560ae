import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import csrfProtection from '@fastify/csrf-protection';
import formbody from '@fastify/formbody';
import { FastifyOtelInstrumentation } from '@fastify/otel';
import rateLimit from '@fastify/rate-limit';
import underPressure from '@fastify/under-pressure';
import websocket from '@fastify/websocket';
import type { TracerProvider } from '@opentelemetry/api';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { ServiceContext } from './context.ts';
import { csrfSubject } from './routes/browser.ts';
import { callbackRoute } from './routes/callback-route.ts';
import { confirmRoutes } from './routes/confirm-routes.ts';
import { handleErrors } from './routes/error-handler.ts';
import { createGuards } from './routes/guards.ts';
import { operationRoutes } from './routes/operation-routes.ts';
import { pageRoutes } from './routes/page-routes.ts';
import { profileRoutes } from './routes/profile-routes.ts';
import { pushRoutes } from './routes/push-routes.ts';
import { qrRoutes } from './routes/qr-routes.ts';
import { pollRoutes } from './routes/status/poll-routes.ts';
import { socketRoutes } from './routes/status/socket-routes.ts';
import { streamRoutes } from './routes/status/stream-routes.ts';
import { tokenRoutes } from './routes/token-routes.ts';
import { deriveKey, pageHeaders } from './security/index.ts';

/** More than any request of ours; a body beyond it is refused unread. */
const MAX_BODY_BYTES = 16 * 1024;

/** The service as one Fastify app: what every request passes through, then the routes. */
export async function createApp(
  ctx: ServiceContext,
  provider: TracerProvider,
): Promise<FastifyInstance> {
  const { config } = ctx;
  const app = fastify({
    logger: false,
    trustProxy: config.TRUST_PROXY,
    requestIdHeader: config.TRUST_PROXY ? 'x-request-id' : false,
    genReqId: () => crypto.randomUUID(),
    bodyLimit: MAX_BODY_BYTES,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
  });
  handleErrors(app, ctx);
  await traceRequests(app, provider);
  observeRequests(app, ctx);
  guardPages(app, ctx);
  await app.register(cookie, {
    secret: deriveKey(config.SERVICE_SECRET, 'cookie').toString('hex'),
  });
  await app.register(formbody);
  await app.register(csrfProtection, {
    cookieKey: ctx.cookies.nameOf('csrf'),
    cookieOpts: { ...ctx.cookies.options, signed: true },
    csrfOpts: { hmacKey: deriveKey(config.SERVICE_SECRET, 'csrf').toString('hex'), userInfo: true },
    getUserInfo: (request) => csrfSubject(ctx, request),
    // Told by the error handler, as an event.
    logLevel: 'trace',
  });
  if (config.RATE_LIMIT_PER_MINUTE > 0) {
    await app.register(rateLimit, {
      max: config.RATE_LIMIT_PER_MINUTE,
      timeWindow: 60_000,
      onExceeded: (request) =>
        ctx.record('rate.limited', { facts: { 'http.route': routeOf(request) } }),
    });
  }
  if (config.MAX_EVENT_LOOP_DELAY_MS > 0) {
    await app.register(underPressure, {
      maxEventLoopDelay: config.MAX_EVENT_LOOP_DELAY_MS,
      retryAfter: 2,
    });
  }
  await app.register(websocket, { options: { maxPayload: 1024 } });

  const guards = createGuards(app, ctx);
  operationRoutes(app, ctx);
  pageRoutes(app, ctx);
  qrRoutes(app, ctx, guards);
  pollRoutes(app, ctx);
  streamRoutes(app, ctx);
  socketRoutes(app, ctx, guards);
  callbackRoute(app, ctx);
  pushRoutes(app, ctx);
  confirmRoutes(app, ctx, guards);
  // Scripts of other origins may use tokens, never cookies.
  await app.register(async (scope) => {
    await scope.register(cors, { origin: [...config.CORS_ORIGINS], credentials: false });
    tokenRoutes(scope, ctx, guards);
    profileRoutes(scope, ctx, guards);
  });
  return app;
}

async function traceRequests(app: FastifyInstance, provider: TracerProvider): Promise<void> {
  const instrumentation = new FastifyOtelInstrumentation({
    // One span a request says enough; its hooks and handler would be five more.
    instrumentHooks: false,
    instrumentHandler: false,
    recordExceptions: false,
    requestHook: (span, request) => span.updateName(`${request.method} ${routeOf(request)}`),
  });
  instrumentation.setTracerProvider(provider);
  await app.register(instrumentation.plugin());
}

/** The access log and its metric. Status polls are many and say little: debug, when they go well. */
function observeRequests(app: FastifyInstance, ctx: ServiceContext): void {
  app.addHook('onResponse', (request, reply, done) => {
    const route = routeOf(request);
    const { method, id } = request;
    const { statusCode: status, elapsedTime: durationMs } = reply;
    ctx.metrics.httpServed({ method, route, status, durationMs });
    const quiet = status < 400 && request.routeOptions.logLevel === 'silent';
    const level = status < 400 && route.includes('/status') ? 'debug' : 'info';
    if (!quiet && ctx.logger.isLevelEnabled(level)) {
      const line = {
        'event.name': 'http.server.request',
        request_id: id,
        'http.request.method': method,
        'http.route': route,
        'http.response.status_code': status,
        duration_ms: Math.round(durationMs),
        'user_agent.original': request.headers['user-agent']?.slice(0, 200),
      };
      ctx.logger[level](line, 'request served');
    }
    done();
  });
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** False where only programs read the answer. */
    pageHeaders?: boolean;
  }
}

function guardPages(app: FastifyInstance, ctx: ServiceContext): void {
  const headers = pageHeaders({
    secure: ctx.cookies.options.secure === true,
    frames: ctx.config.WECHAT_OPEN_URL.origin,
  });
  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config.pageHeaders !== false) reply.headers(headers);
    done();
  });
}

function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? 'unmatched';
}
