import type { Stage } from '../../../src/model/index.ts';
import type { Scene } from '../scene.ts';
import { canSuffer } from '../stack.ts';
import type { Trouble } from '../trouble.ts';
import {
  callback,
  confirm,
  exchange,
  lookForPhone,
  persist,
  poll,
  scan,
  session,
  userinfo,
} from '../website.ts';
import { endpointOf, isWebsite, type Plot, patienceMs, upTo, walk } from './plot.ts';

const SUCCEEDED = { outcome: 'succeeded' } as const;

/** A step fails once, is tried again and works. */
function stumble(
  name: string,
  weight: number,
  stage: Stage,
  kind: 'timeout' | 'refused' | 'dns' | 'db_deadlock' | 'db_lock' | 'wechat',
): Plot {
  return {
    name,
    weight,
    ending: SUCCEEDED,
    fits: (stack, login) =>
      canSuffer(stack, stage, kind) && (login === 'website' || stage !== 'exchange'),
    play(scene) {
      const endpoint = endpointOf(stage, scene.kind);
      const trouble: Trouble =
        kind === 'wechat'
          ? { kind, errcode: -1, endpoint }
          : kind === 'db_deadlock' || kind === 'db_lock'
            ? { kind }
            : { kind, endpoint };
      upTo(scene, stage);
      scene.nowMs += patienceMs(scene, trouble);
      scene.tell({ kind: 'retried', stage, trouble });
      scene.pass(220, 0.2);
      walk(scene, stage);
    },
  };
}

export const successes: readonly Plot[] = [
  {
    name: 'clean',
    weight: 720,
    ending: SUCCEEDED,
    fits: () => true,
    play: (scene) => walk(scene, 'issued'),
  },
  stumble('userinfo_timeout_retried', 8, 'userinfo', 'timeout'),
  stumble('exchange_refused_retried', 5, 'exchange', 'refused'),
  stumble('userinfo_dns_retried', 3, 'userinfo', 'dns'),
  stumble('userinfo_busy_retried', 4, 'userinfo', 'wechat'),
  stumble('deadlock_retried', 5, 'persist', 'db_deadlock'),
  stumble('lock_wait_retried', 2, 'persist', 'db_lock'),
  {
    name: 'slow_person',
    weight: 5,
    ending: SUCCEEDED,
    fits: isWebsite,
    play(scene) {
      walk(scene, 'issued', 'scanned');
      lookForPhone(scene, 70_000);
      scan(scene);
      scene.pass(20_000, 0.3);
      walk(scene, 'confirmed');
    },
  },
  {
    name: 'qr_refreshed',
    weight: 12,
    refreshes: true,
    ending: SUCCEEDED,
    fits: isWebsite,
    play(scene) {
      walk(scene, 'issued', 'scanned');
      lookForPhone(scene, 40_000);
      refresh(scene);
      walk(scene, 'scanned');
    },
  },
  {
    name: 'cancelled_then_rescanned',
    weight: 5,
    ending: SUCCEEDED,
    fits: isWebsite,
    play(scene) {
      walk(scene, 'issued', 'confirmed');
      scene.pass(2500);
      scene.open('poll', ['login.qrcode_id']);
      scene.tell({ kind: 'cancelled' });
      scene.respond(200);
      walk(scene, 'scanned');
    },
  },
  {
    name: 'double_callback_code_used',
    weight: 8,
    ending: SUCCEEDED,
    fits: isWebsite,
    play(scene) {
      walk(scene, 'issued');
      scene.pass(700);
      callback(scene);
      scene.pass(70);
      tellCodeUsed(scene);
      scene.respond(500);
    },
  },
  {
    name: 'double_callback_state_used',
    weight: 8,
    ending: SUCCEEDED,
    fits: isWebsite,
    play(scene) {
      walk(scene, 'issued');
      scene.pass(700);
      callback(scene);
      scene.tell({
        kind: 'state_rejected',
        fault: scene.rng.pick(['reused', 'not_found']),
      });
      scene.respond(400);
    },
  },
  {
    name: 'crossing_callbacks',
    weight: 3,
    ending: SUCCEEDED,
    fits: isWebsite,
    play(scene) {
      upTo(scene, 'callback');
      callback(scene);
      exchange(scene);
      userinfo(scene);
      const meanwhile = scene.nowMs;
      const first = scene.request;
      callback(scene);
      scene.pass(40);
      tellCodeUsed(scene);
      scene.respond(500);
      scene.nowMs = Math.max(meanwhile, scene.nowMs) + 5;
      scene.resume(first);
      persist(scene);
      session(scene);
    },
  },
  {
    name: 'poll_refused_then_fine',
    weight: 4,
    ending: SUCCEEDED,
    fits: (stack, kind) => kind === 'website' && stack.proxy === 'query',
    play(scene) {
      walk(scene, 'issued', 'scanned');
      scene.pass(3000);
      scene.open('poll', ['login.qrcode_id']);
      scene.respond(scene.stack.brokenStatus, 'refused');
      scene.pass(2000);
      poll(scene, false);
      lookForPhone(scene);
      scan(scene);
      confirm(scene);
      walk(scene, 'callback');
    },
  },
];

/** The page draws a new QR code for the same login: a new uuid under the same state. */
export function refresh(scene: Scene): void {
  scene.learn({ 'login.qrcode_id': scene.stack.mint.qrcodeId(scene.rng) });
  scene.open('issue');
  scene.tell({ kind: 'refreshed' });
  scene.respond(200);
}

function tellCodeUsed(scene: Scene): void {
  scene.tell({
    kind: 'failed',
    stage: 'exchange',
    trouble: { kind: 'wechat', errcode: 40163, endpoint: '/sns/oauth2/access_token' },
  });
}
