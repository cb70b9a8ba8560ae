import { type FaultId, kindOf, type SiteName } from '../faults/catalogue.ts';
import type { Person } from '../platform/index.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { BEHAVIOURS, type Behaviour, type QrKind } from './behaviour.ts';
import { type Draw, drawFor, logNormal, pickOne, shuffled } from './random.ts';

export type Intent = 'confirm' | Behaviour;

/** How a page follows its login. */
const TRANSPORTS = ['short', 'long', 'stream', 'socket'] as const;

export type Transport = (typeof TRANSPORTS)[number];

/** The calls of WeChat's that a fault may befall. */
export type Spot =
  | '/sns/oauth2/access_token'
  | '/sns/userinfo'
  | '/cgi-bin/qrcode/create'
  | '/cgi-bin/user/info';

export interface PlannedFault {
  readonly id: FaultId;
  /** For faults of WeChat's answers: which one. */
  readonly spot: Spot;
  /** Only the first call is hit, so that a retry may succeed. */
  readonly once: boolean;
}

/** All that a seed decides of one login before it begins. */
export interface FlowPlan {
  readonly index: number;
  readonly name: string;
  readonly kind: QrKind;
  readonly site: SiteName;
  readonly intent: Intent;
  readonly transport: Transport;
  readonly person: Person;
  /** The client's address, its own for each login. */
  readonly address: string;
  readonly fault: PlannedFault | undefined;
  /** Milliseconds at time scale 1. */
  readonly startMs: number;
  readonly scanMs: number;
  readonly decideMs: number;
}

export interface PlanOptions {
  readonly scenario: Scenario;
  readonly flows: number;
  readonly seed: number;
}

/** The same scenario, number and seed give the same plans, whatever the machine can do. */
export function planFlows({ scenario, flows, seed }: PlanOptions): FlowPlan[] {
  const victims = allot(scenario, flows, seed);
  return Array.from({ length: flows }, (_, index) => {
    const draw = drawFor(seed, 'flow', index);
    const fault = victims.get(index);
    const kind = kindFor(scenario, fault, draw);
    const spot = pickOne(draw, SPOTS[kind]);
    return {
      index,
      name: `f_${String(index + 1).padStart(5, '0')}`,
      kind,
      site: fault === undefined ? 'main' : kindOf(fault).site,
      intent: fault === undefined ? intentFor(scenario, kind, draw) : 'confirm',
      transport: pickOne(draw, TRANSPORTS),
      person: personFor(draw, { index, flows, alone: fault !== undefined }),
      address: `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`,
      fault: fault && { id: fault, spot, once: draw() < ONCE },
      startMs: (index + draw()) * scenario.arrivalMs,
      scanMs: logNormal(draw, 8000, 0.6),
      decideMs: logNormal(draw, 3000, 0.5),
    };
  });
}

const SPOTS: Record<QrKind, readonly Spot[]> = {
  website: ['/sns/oauth2/access_token', '/sns/userinfo'],
  official_account: ['/cgi-bin/qrcode/create', '/cgi-bin/user/info'],
};

/** Share of faults that pass after the first call. */
const ONCE = 0.25;

/** Each fault gets its share of the logins in its window, and at least one. */
function allot({ faults }: Scenario, flows: number, seed: number): ReadonlyMap<number, FaultId> {
  const free = new Set(shuffled(drawFor(seed, 'victims'), [...Array(flows).keys()]));
  const victims = new Map<number, FaultId>();
  for (const [id, { rate, window }] of Object.entries(faults)) {
    const [from, until] = window.map((share) => share * flows) as [number, number];
    let wanted = rate > 0 ? Math.max(Math.round(rate * flows), 1) : 0;
    for (const index of free) {
      if (wanted === 0) break;
      if (index < Math.floor(from) || index >= Math.max(until, from + 1)) continue;
      victims.set(index, id as FaultId);
      free.delete(index);
      wanted--;
    }
  }
  return victims;
}

function kindFor(scenario: Scenario, fault: FaultId | undefined, draw: Draw): QrKind {
  const drawn = draw() < scenario.officialAccount ? 'official_account' : 'website';
  const possible = fault === undefined ? [drawn] : kindOf(fault).kinds;
  return possible.includes(drawn) ? drawn : (possible[0] as QrKind);
}

function intentFor({ people }: Scenario, kind: QrKind, draw: Draw): Intent {
  let left = draw();
  for (const behaviour of BEHAVIOURS) {
    // Nobody can refuse a scope, or rescan, where the account's page only knows yes and no.
    if (kind === 'official_account' && (behaviour === 'deny' || behaviour === 'rescan')) continue;
    left -= people[behaviour] ?? 0;
    if (left < 0) return behaviour;
  }
  return 'confirm';
}

/**
 * Most people come once; some come again.
 * @param options.alone nobody else may be this person: what befalls them must befall one login
 */
function personFor(
  draw: Draw,
  { index, flows, alone }: { index: number; flows: number; alone: boolean },
): Person {
  const once = draw() < 0.7 || alone;
  const id = once ? `p${index}` : `r${Math.floor((draw() * flows) / 10)}`;
  return { id, nickname: `Person ${id}` };
}
