import type { AbandonReason, Stage } from '../../../src/model/index.ts';
import * as officialAccount from '../official-account.ts';
import type { Scene } from '../scene.ts';
import type { LoginKind, Stack } from '../stack.ts';
import type { Endpoint, Trouble } from '../trouble.ts';
import * as website from '../website.ts';

/** How a login really ends. `class` is null for a failure that no rule can know. */
export type Ending =
  | { readonly outcome: 'succeeded' }
  | { readonly outcome: 'abandoned'; readonly stage: Stage; readonly reason: AbandonReason }
  | { readonly outcome: 'failed'; readonly stage: Stage; readonly class: string | null };

/** One way a login can go. */
export interface Plot {
  readonly name: string;
  readonly ending: Ending;
  /** Logins of a thousand that go this way in an ordinary world. */
  readonly weight: number;
  /** Minutes of silence belong to it, so it must not begin shortly before the data ends. */
  readonly patient?: boolean;
  /** The page draws a second QR code, which only a state of its own can tie to the first. */
  readonly refreshes?: boolean;
  readonly fits: (stack: Stack, kind: LoginKind) => boolean;
  readonly play: (scene: Scene) => void;
}

export const isWebsite = (_: Stack, kind: LoginKind): boolean => kind === 'website';

export const isOfficialAccount = (_: Stack, kind: LoginKind): boolean =>
  kind === 'official_account';

/** Plays the stages from `from` on and stops before `before`, whatever the kind of login. */
export function walk(scene: Scene, from: Stage, before?: Stage): void {
  (scene.kind === 'website' ? website : officialAccount).walk(scene, from, before);
}

/** Plays from the start up to, not including, the stage at which something is about to happen. */
export function upTo(scene: Scene, stage: Stage): void {
  if (stage !== 'issued') walk(scene, 'issued', stage);
}

/** The call to WeChat that a stage makes. */
export function endpointOf(stage: Stage, kind: LoginKind): Endpoint {
  if (stage === 'exchange') return '/sns/oauth2/access_token';
  if (stage === 'issued') return '/cgi-bin/qrcode/create';
  return kind === 'website' ? '/sns/userinfo' : '/cgi-bin/user/info';
}

/** What the services answer to the browser when such trouble ends a request. */
export function statusFor(scene: Scene, trouble: Trouble, stage: Stage): number {
  if (trouble.kind === 'limited') return 429;
  if (trouble.kind === 'breaker' || trouble.kind === 'threads') {
    return scene.rng.chance(0.3) ? 503 : 500;
  }
  if (trouble.kind === 'timeout') return scene.rng.chance(0.2) ? 504 : 500;
  // Only a browser on its way back from WeChat can be redirected to an error page.
  return scene.rng.pick(stage === 'issued' ? [500, 500, 500, 200] : [500, 500, 500, 302, 200]);
}

/** How long a caller waits before it gives up, by what it waits for. */
export function patienceMs(scene: Scene, trouble: Trouble): number {
  switch (trouble.kind) {
    case 'timeout':
      return scene.rng.between(5000, 5040);
    case 'db_pool':
    case 'redis_pool':
    case 'http_pool':
      return scene.rng.between(3000, 3040);
    case 'db_lock':
      return scene.rng.between(8000, 8100);
    case 'db_deadlock':
      return scene.rng.between(30, 900);
    default:
      return scene.rng.between(2, 120);
  }
}

/** The stage breaks with this trouble and the login is over. */
export function breakAt(scene: Scene, stage: Stage, trouble: Trouble): void {
  if (stage === 'issued') {
    scene.open('issue');
    scene.nowMs += patienceMs(scene, trouble);
    scene.tell({ kind: 'issue_failed', trouble });
  } else {
    scene.nowMs += patienceMs(scene, trouble);
    const driverSpeaks = isStorage(trouble) && hasDriver(scene, stage) && scene.rng.chance(0.5);
    if (driverSpeaks) scene.tell({ kind: 'driver', trouble });
    const terse = driverSpeaks && scene.rng.chance(0.5);
    scene.tell({ kind: 'failed', stage, trouble, terse });
  }
  scene.settle();
  scene.respond(statusFor(scene, trouble, stage));
}

function isStorage(trouble: Trouble): boolean {
  return trouble.kind.startsWith('db_') || trouble.kind.startsWith('redis_');
}

function hasDriver(scene: Scene, stage: Stage): boolean {
  const role = stage === 'persist' ? 'account' : 'callback';
  return scene.stack.services[role].words.driver !== undefined;
}
