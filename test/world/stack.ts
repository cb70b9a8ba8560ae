import type { Stage } from '../../src/model/index.ts';
import type { RouteName } from './happening.ts';
import type { Rng } from './rng.ts';
import type { Role, Service } from './service.ts';
import type { TroubleKind } from './trouble.ts';

export type LoginKind = 'website' | 'official_account';

/** One product's login: the services that its scan logins walk through. */
export interface Stack {
  readonly name: string;
  /** Share of the traffic, relative to the other stacks. */
  readonly weight: number;
  readonly kinds: readonly LoginKind[];
  readonly services: { readonly [R in Exclude<Role, 'gateway'>]: Service } & {
    readonly gateway?: Service;
  };
  /**
   * A proxy in front whose log is at hand: one that writes down the whole request line, ids in the
   * query included, or the path alone. Services that log their own requests are no proxy.
   */
  readonly proxy: 'query' | 'path' | 'none';
  /** What the proxy answers when the service refuses or breaks off: 502, but 503 from Envoy. */
  readonly brokenStatus: 502 | 503;
  readonly routes: {
    readonly [R in RouteName]: { readonly method: string; readonly path: string };
  };
  readonly mint: IdMint;
  /** Releases before and after the deploy that happens in every world. */
  readonly versions: readonly [string, string];
}

/** Whether the service of this stack that would meet such a trouble has words for it. */
export function canSuffer(stack: Stack, stage: Stage, trouble: TroubleKind): boolean {
  const role = stage === 'persist' ? 'account' : stage === 'issued' ? 'login' : 'callback';
  return stack.services[role].tongue[trouble] !== undefined;
}

/** How a stack makes up its ids. */
export interface IdMint {
  readonly qrcodeId: (rng: Rng) => string;
  readonly state: (rng: Rng) => string;
  readonly scene: (rng: Rng) => string;
  /** Present when the service gives every login an id of its own. */
  readonly flowId?: (rng: Rng) => string;
}
