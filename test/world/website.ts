import type { Stage } from '../../src/model/index.ts';
import { wechatCode } from './ids.ts';
import type { Scene } from './scene.ts';

/** How a website login goes when all goes well, stage by stage. */

export function issue(scene: Scene): void {
  scene.open('issue');
  scene.pass(12);
  scene.tell({ kind: 'issued' });
  scene.respond(200);
}

/** One status poll of the page; long polls hang, so few of them are logged. */
export function poll(scene: Scene, scanned: boolean): void {
  scene.open('poll', ['login.qrcode_id', 'login.ticket']);
  scene.tell({ kind: 'polled', scanned });
  scene.respond(200);
}

/** People take some seconds to find their phone. */
export function lookForPhone(scene: Scene, medianMs = 8000): void {
  const waitMs = Math.min(90_000, Math.max(1500, scene.rng.logNormal(medianMs, 0.6)));
  const polls = waitMs > 15_000 ? 1 : scene.rng.chance(0.25) ? 1 : 0;
  const startMs = scene.nowMs;
  for (let i = 1; i <= polls; i++) {
    scene.nowMs = startMs + (waitMs * i) / (polls + 1);
    poll(scene, false);
  }
  scene.nowMs = startMs + waitMs;
}

/** The page reports what it saw at WeChat, in a beacon that no proxy logs. */
export function scan(scene: Scene): void {
  scene.open('poll');
  scene.tell({ kind: 'scanned' });
}

export function confirm(scene: Scene): void {
  scene.pass(3000);
  scene.learn({ 'login.code': wechatCode(scene.rng) });
  scene.open('poll');
  scene.tell({ kind: 'confirmed' });
}

/** The browser comes back from WeChat; its request stays open until `respond`. */
export function callback(scene: Scene): void {
  scene.pass(260);
  arrive(scene);
  scene.tell({ kind: 'callback' });
}

/** The request line of a callback, before the service has said anything. */
export function arrive(scene: Scene): void {
  scene.open('callback', ['login.code', 'login.state']);
}

export function exchange(scene: Scene): void {
  scene.pass(80);
  scene.tell({ kind: 'exchanged' });
}

export function userinfo(scene: Scene): void {
  scene.pass(90);
  scene.tell({ kind: 'userinfo' });
}

export function persist(scene: Scene): void {
  scene.pass(9);
  scene.tell({ kind: 'persisted' });
}

export function session(scene: Scene): void {
  scene.pass(4);
  scene.tell({ kind: 'session' });
  scene.settle();
  scene.respond(302);
}

const STEPS: Readonly<Record<Exclude<Stage, 'polled'>, (scene: Scene) => void>> = {
  issued: issue,
  scanned: (scene) => {
    lookForPhone(scene);
    scan(scene);
  },
  confirmed: confirm,
  callback,
  exchange,
  userinfo,
  persist,
  session,
};

const ORDER = Object.keys(STEPS) as Exclude<Stage, 'polled'>[];

/** Plays the stages from `from` on and stops before `before`; to the end without it. */
export function walk(scene: Scene, from: Stage, before?: Stage): void {
  const start = ORDER.indexOf(from as Exclude<Stage, 'polled'>);
  for (const stage of ORDER.slice(start)) {
    if (stage === before) return;
    STEPS[stage](scene);
  }
}
