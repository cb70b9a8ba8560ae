import type { LoginKind, Stack } from '../stack.ts';
import { arrive, callback } from '../website.ts';
import { type Plot, upTo } from './plot.ts';

const AT_CALLBACK = { outcome: 'failed', stage: 'callback' } as const;

/** The service never sees the request, so the proxy's own line must hold the ids. */
const proxySeesIds = (stack: Stack, kind: LoginKind): boolean =>
  kind === 'website' && stack.proxy === 'query';

const says502 = (stack: Stack): boolean => stack.brokenStatus === 502;

const hasProxy = (stack: Stack, kind: LoginKind): boolean =>
  kind === 'website' && stack.proxy !== 'none';

/** Trouble between the proxy and the service. */
export const gatewayFaults: readonly Plot[] = [
  {
    name: 'gateway_502_refused',
    weight: 0.8,
    ending: { ...AT_CALLBACK, class: 'gateway_502' },
    fits: (stack, kind) => proxySeesIds(stack, kind) && says502(stack),
    play(scene) {
      upTo(scene, 'callback');
      scene.pass(260);
      arrive(scene);
      scene.respond(502, 'refused');
      scene.settle();
    },
  },
  {
    name: 'gateway_502_cut',
    weight: 0.8,
    ending: { ...AT_CALLBACK, class: 'gateway_502' },
    fits: (stack, kind) => hasProxy(stack, kind) && says502(stack),
    play(scene) {
      upTo(scene, 'callback');
      callback(scene);
      scene.pass(400);
      scene.respond(502, 'cut');
      scene.settle();
    },
  },
  {
    name: 'gateway_503',
    weight: 1.4,
    ending: { ...AT_CALLBACK, class: 'gateway_503' },
    fits: proxySeesIds,
    play(scene) {
      upTo(scene, 'callback');
      scene.pass(260);
      arrive(scene);
      scene.respond(503, 'none');
      scene.settle();
    },
  },
  {
    name: 'gateway_504',
    weight: 1.5,
    ending: { ...AT_CALLBACK, class: 'gateway_504' },
    fits: hasProxy,
    play(scene) {
      upTo(scene, 'callback');
      callback(scene);
      scene.nowMs += scene.rng.between(30_000, 30_020);
      scene.respond(504, 'silent');
      scene.settle();
    },
  },
  {
    name: 'gateway_429',
    weight: 0.5,
    ending: { ...AT_CALLBACK, class: 'rate_limited' },
    fits: proxySeesIds,
    play(scene) {
      upTo(scene, 'callback');
      scene.pass(260);
      arrive(scene);
      scene.respond(429, 'limited');
      scene.settle();
    },
  },
];
