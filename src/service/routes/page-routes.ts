import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import type { ServiceContext } from '../context.ts';
import { languageOf } from '../pages/language.ts';
import { loginPage } from '../pages/login-page.ts';
import { csrfSubject, ensureBrowser } from './browser.ts';
import { sessionOf } from './open-session.ts';

const ASSETS = {
  'style.css': 'text/css; charset=utf-8',
  'login.js': 'text/javascript; charset=utf-8',
};

/** The login page and what belongs to it. */
export function pageRoutes(app: FastifyInstance, ctx: ServiceContext): void {
  app.get('/', async (request, reply) =>
    reply.redirect((await sessionOf(ctx, request)) === undefined ? '/login' : '/profile', 303),
  );

  app.get<{ Querystring: { notice?: string } }>('/login', async (request, reply) => {
    ensureBrowser(ctx, request, reply);
    const csrf = reply.generateCsrf({ userInfo: csrfSubject(ctx, request) });
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(
        loginPage({
          lang: languageOf(request),
          config: ctx.config,
          csrf,
          denied: request.query.notice === 'denied',
        }),
      );
  });

  for (const [name, type] of Object.entries(ASSETS)) {
    const content = readFileSync(new URL(`../pages/assets/${name}`, import.meta.url));
    app.get(`/assets/${name}`, { logLevel: 'silent' }, async (_request, reply) =>
      reply.type(type).header('cache-control', 'public, max-age=300').send(content),
    );
  }
}
