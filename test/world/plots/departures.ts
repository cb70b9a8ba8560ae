import { MINUTE } from '../clock.ts';
import type { Scene } from '../scene.ts';
import { poll } from '../website.ts';
import { isWebsite, type Plot, upTo, walk } from './plot.ts';
import { refresh } from './successes.ts';

/** A QR code is good for this long in every stack. */
export const QR_LIFE_MS = 3 * MINUTE;

const NEVER_SCANNED = {
  outcome: 'abandoned',
  stage: 'issued',
  reason: 'never_scanned',
} as const;

/** The page still polls when the code has run out, and is told so. */
export function runOut(scene: Scene, issuedMs: number): void {
  scene.nowMs = issuedMs + QR_LIFE_MS + scene.rng.between(50, 2500);
  scene.open('poll', ['login.qrcode_id', 'login.ticket']);
  scene.tell({ kind: 'expired' });
  scene.settle();
  scene.respond(200);
}

function linger(scene: Scene): number {
  const issuedMs = scene.nowMs;
  walk(scene, 'issued', 'scanned');
  for (let polls = scene.rng.below(3); polls >= 0; polls--) {
    scene.pass(20_000, 0.3);
    poll(scene, false);
  }
  return issuedMs;
}

/** People who leave, or say no. Nobody's failure. */
export const departures: readonly Plot[] = [
  {
    name: 'never_scanned_silent',
    weight: 45,
    ending: NEVER_SCANNED,
    patient: true,
    fits: () => true,
    play: linger,
  },
  {
    name: 'never_scanned_expired',
    weight: 35,
    ending: NEVER_SCANNED,
    patient: true,
    fits: () => true,
    play: (scene) => runOut(scene, linger(scene)),
  },
  {
    name: 'refreshed_never_scanned',
    weight: 8,
    refreshes: true,
    ending: NEVER_SCANNED,
    patient: true,
    fits: isWebsite,
    play(scene) {
      runOut(scene, linger(scene));
      refresh(scene);
      runOut(scene, scene.nowMs);
    },
  },
  {
    name: 'cancelled',
    weight: 14,
    ending: { outcome: 'abandoned', stage: 'scanned', reason: 'cancelled' },
    fits: isWebsite,
    play(scene) {
      upTo(scene, 'confirmed');
      scene.pass(2500);
      scene.open('poll', ['login.qrcode_id']);
      scene.tell({ kind: 'cancelled' });
      scene.settle();
      scene.respond(200);
    },
  },
  {
    name: 'denied',
    weight: 10,
    ending: { outcome: 'abandoned', stage: 'callback', reason: 'denied' },
    fits: isWebsite,
    play(scene) {
      upTo(scene, 'confirmed');
      scene.pass(2500);
      scene.open('callback', ['login.state']);
      scene.tell({ kind: 'denied' });
      scene.settle();
      scene.respond(302);
    },
  },
];
