import type { QrKind } from '../people/behaviour.ts';

/** What a fault cannot be caused without. */
export type Need = 'postgresql' | 'redis' | 'faketime';

/** Groups of instances with a setting of their own; each takes the logins of its fault only. */
export type SiteName =
  | 'main'
  /** Two instances, each with a memory of its own. */
  | 'islands'
  /** WeChat's host has a name that does not exist. */
  | 'nowhere'
  /** Shares its official account's token with a stranger. */
  | 'rivals'
  /** Two instances, of which one gets killed now and then. */
  | 'mortal'
  /** Two instances whose clocks differ. */
  | 'skewed'
  /** Two database connections. */
  | 'narrow'
  /** Its event loop gets blocked. */
  | 'blocked'
  /** Few connections, many retries, no breaker. */
  | 'flooded';

/** Where in the login a fault shows. */
export type FaultStage =
  | 'issued'
  | 'scanned'
  | 'confirmed'
  | 'callback'
  | 'exchange'
  | 'userinfo'
  | 'persist'
  | 'session';

export interface FaultKind {
  /** Logins it can befall. */
  readonly kinds: readonly QrKind[];
  readonly site: SiteName;
  readonly needs: readonly Need[];
  /** `window`: it befalls whoever comes at the wrong time, so the cause of one login is a guess. */
  readonly certainty: 'exact' | 'window';
  /** No rule names it, on purpose: the right answer is that nobody knows. */
  readonly heldOut: boolean;
}

const BOTH: readonly QrKind[] = ['website', 'official_account'];
const WEBSITE: readonly QrKind[] = ['website'];
const ACCOUNT: readonly QrKind[] = ['official_account'];

const fault = (kinds: readonly QrKind[], more: Partial<FaultKind> = {}): FaultKind => ({
  kinds,
  site: 'main',
  needs: [],
  certainty: 'exact',
  heldOut: false,
  ...more,
});

/** Every fault there is. */
export const FAULTS = {
  'wx.stall': fault(BOTH),
  'wx.slow_body': fault(BOTH),
  'wx.reset': fault(BOTH),
  'wx.close': fault(BOTH),
  'wx.truncate': fault(BOTH),
  'wx.garbage': fault(BOTH),
  'wx.html': fault(BOTH),
  'wx.dns': fault(WEBSITE, { site: 'nowhere' }),
  'wx.errcode.-1': fault(BOTH),
  'wx.errcode.40029': fault(WEBSITE),
  'wx.errcode.40125': fault(WEBSITE),
  'wx.errcode.40163': fault(WEBSITE),
  'wx.errcode.40164': fault(ACCOUNT),
  'wx.errcode.42001': fault(WEBSITE),
  'wx.errcode.42003': fault(WEBSITE),
  'wx.errcode.45009': fault(ACCOUNT),
  'wx.errcode.45011': fault(WEBSITE),
  'rpc.deadline': fault(BOTH),
  'rpc.denied': fault(BOTH, { heldOut: true }),
  'db.deadlock': fault(BOTH, { needs: ['postgresql'] }),
  'db.lock_wait': fault(BOTH, { needs: ['postgresql'] }),
  'db.slow': fault(BOTH, { needs: ['postgresql'] }),
  'db.pool': fault(BOTH, { needs: ['postgresql'], site: 'narrow', certainty: 'window' }),
  'pods.state': fault(WEBSITE, { site: 'islands' }),
  'pods.token': fault(ACCOUNT, { site: 'rivals' }),
  'pods.kill': fault(BOTH, { needs: ['postgresql', 'redis'], site: 'mortal' }),
  'clock.skew': fault(WEBSITE, { needs: ['postgresql', 'redis', 'faketime'], site: 'skewed' }),
  'cpu.block': fault(BOTH, { site: 'blocked', certainty: 'window' }),
  avalanche: fault(WEBSITE, { site: 'flooded', certainty: 'window' }),
  'client.double_callback': fault(WEBSITE),
  'client.no_cookie': fault(WEBSITE),
  'client.forged_state': fault(WEBSITE),
  'push.late': fault(ACCOUNT),
  'push.dup': fault(ACCOUNT),
  'push.badsig': fault(ACCOUNT),
} satisfies Record<string, FaultKind>;

export type FaultId = keyof typeof FAULTS;

export const FAULT_IDS = Object.keys(FAULTS) as readonly FaultId[];

export function kindOf(id: FaultId): FaultKind {
  return FAULTS[id];
}
