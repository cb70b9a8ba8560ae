import type { Stage } from '../../src/model/index.ts';
import type { Scene } from './scene.ts';
import { issue, lookForPhone, persist, userinfo } from './website.ts';

/** A login through an official account's ticket: WeChat pushes the scan, the page polls. */

/** WeChat pushes `SCAN` or `subscribe`; its request stays open until `respond`. */
export function webhook(scene: Scene): void {
  scene.open('webhook');
  scene.tell({ kind: 'scanned' });
}

/** The next poll of the page finds the login done. */
export function collect(scene: Scene): void {
  scene.respond(200);
  scene.pass(900);
  scene.open('poll', ['login.ticket']);
  scene.tell({ kind: 'session' });
  scene.settle();
  scene.respond(200);
}

const STEPS: Readonly<Partial<Record<Stage, (scene: Scene) => void>>> = {
  issued: issue,
  scanned: (scene) => {
    lookForPhone(scene);
    webhook(scene);
  },
  userinfo,
  persist,
  session: collect,
};

const ORDER = Object.keys(STEPS) as Stage[];

/** Plays the stages from `from` on and stops before `before`; to the end without it. */
export function walk(scene: Scene, from: Stage, before?: Stage): void {
  for (const stage of ORDER.slice(ORDER.indexOf(from))) {
    if (stage === before) return;
    STEPS[stage]?.(scene);
  }
}
