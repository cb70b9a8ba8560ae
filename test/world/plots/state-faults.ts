import { MINUTE } from '../clock.ts';
import type { StateFault } from '../happening.ts';
import { wechatCode } from '../ids.ts';
import type { Scene } from '../scene.ts';
import { arrive, callback, confirm, lookForPhone, scan } from '../website.ts';
import { isWebsite, type Plot, upTo, walk } from './plot.ts';

const AT_CALLBACK = { outcome: 'failed', stage: 'callback' } as const;

/** The rejecting service knows the browser by its cookie and names the QR code it had shown. */
const COOKIE = ['login.qrcode_id'] as const;

function reject(scene: Scene, fault: StateFault, also: readonly 'login.qrcode_id'[] = []): void {
  scene.tell({ kind: 'state_rejected', fault }, also);
  scene.settle();
  scene.respond(scene.rng.pick([400, 403, 401, 302]));
}

export const stateFaults: readonly Plot[] = [
  {
    name: 'state_mismatch',
    weight: 1.6,
    ending: { ...AT_CALLBACK, class: 'state_mismatch' },
    fits: isWebsite,
    play(scene) {
      upTo(scene, 'callback');
      scene.learn({ 'login.state': scene.stack.mint.state(scene.rng) });
      callback(scene);
      reject(scene, 'mismatch', COOKIE);
    },
  },
  {
    name: 'state_on_other_pod',
    weight: 1.6,
    ending: { ...AT_CALLBACK, class: 'state_mismatch' },
    fits: isWebsite,
    play(scene) {
      upTo(scene, 'callback');
      callback(scene);
      reject(scene, 'not_found');
    },
  },
  {
    name: 'forged_callback',
    weight: 0.6,
    ending: { ...AT_CALLBACK, class: 'state_mismatch' },
    // Nobody's cookie comes along, so a service that names logins itself knows none to name.
    fits: (stack, kind) => isWebsite(stack, kind) && stack.mint.flowId === undefined,
    play(scene) {
      scene.forget('login.qrcode_id');
      scene.learn({ 'login.code': wechatCode(scene.rng) });
      callback(scene);
      reject(scene, 'not_found');
    },
  },
  {
    name: 'state_expired',
    weight: 1.4,
    ending: { ...AT_CALLBACK, class: 'state_mismatch' },
    patient: true,
    fits: isWebsite,
    play(scene) {
      walk(scene, 'issued', 'scanned');
      lookForPhone(scene, 40_000);
      scan(scene);
      scene.nowMs += scene.rng.between(2.5, 4) * MINUTE;
      confirm(scene);
      callback(scene);
      reject(scene, 'expired');
    },
  },
  {
    name: 'state_missing',
    weight: 1.4,
    ending: { ...AT_CALLBACK, class: 'state_missing' },
    fits: isWebsite,
    play(scene) {
      upTo(scene, 'callback');
      scene.pass(260);
      scene.forget('login.state');
      arrive(scene);
      reject(scene, 'missing', COOKIE);
    },
  },
  {
    name: 'state_taken_by_prefetch',
    weight: 1.4,
    ending: { ...AT_CALLBACK, class: 'state_reused' },
    fits: isWebsite,
    play(scene) {
      upTo(scene, 'callback');
      callback(scene);
      scene.respond(499, 'left');
      callback(scene);
      reject(scene, 'reused');
    },
  },
];
