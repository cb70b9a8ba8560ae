import { runOut } from './departures.ts';
import { isWebsite, type Plot, upTo } from './plot.ts';

/** Failures that show in what does not follow. */
export const silences: readonly Plot[] = [
  {
    name: 'qr_expired_after_scan',
    weight: 1.2,
    ending: { outcome: 'failed', stage: 'confirmed', class: 'qr_expired' },
    patient: true,
    fits: isWebsite,
    play(scene) {
      const issuedMs = scene.nowMs;
      upTo(scene, 'confirmed');
      runOut(scene, issuedMs);
    },
  },
  {
    name: 'scanned_then_silence',
    weight: 0.9,
    ending: { outcome: 'failed', stage: 'confirmed', class: 'qr_expired' },
    patient: true,
    fits: isWebsite,
    play: (scene) => upTo(scene, 'confirmed'),
  },
  {
    name: 'callback_missing',
    weight: 1.5,
    ending: { outcome: 'failed', stage: 'callback', class: 'callback_missing' },
    patient: true,
    fits: isWebsite,
    play: (scene) => upTo(scene, 'callback'),
  },
  {
    name: 'session_missing',
    weight: 1.6,
    ending: { outcome: 'failed', stage: 'session', class: 'session_missing' },
    patient: true,
    fits: isWebsite,
    play(scene) {
      upTo(scene, scene.rng.pick(['userinfo', 'persist', 'session']));
      if (scene.rng.chance(0.5)) scene.respond(200);
    },
  },
];
