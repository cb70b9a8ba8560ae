import type { FlowState, LoginFlow } from './flow.ts';

/** What can happen to a flow. */
export type FlowEvent =
  /** The code was scanned; by whom is known on the official-account flow only. */
  | { readonly type: 'scan'; readonly openid?: string }
  /** Confirmed on the phone; the browser has until `claimByMs` to take the session. */
  | { readonly type: 'confirm'; readonly claimByMs: number }
  /** Cancelled on the phone. */
  | { readonly type: 'cancel' }
  /** WeChat sent the browser back with a code (website flow). */
  | { readonly type: 'return'; readonly claimByMs: number }
  /** WeChat sent the browser back without a code: the user refused (website flow). */
  | { readonly type: 'deny' }
  | { readonly type: 'complete' }
  | { readonly type: 'fail' }
  /** Time is up. */
  | { readonly type: 'expire' }
  /** The browser asked for a fresh code: this one is over whatever its age. */
  | { readonly type: 'supersede' };

export type RefusalReason =
  /** The flow has ended. */
  | 'over'
  /** Its time has run out. */
  | 'expired'
  /** `expire` came before its time. */
  | 'early'
  /** Another person scanned it first. */
  | 'taken'
  /** The event does not follow from the present state. */
  | 'out_of_order';

export interface Refusal {
  readonly refused: RefusalReason;
}

type Move = {
  readonly from: readonly FlowState[];
  readonly to: FlowState;
  readonly ends?: true;
};

const OPEN: readonly FlowState[] = ['waiting', 'scanned', 'confirmed', 'cancelled'];

/** WeChat's page lets the same person scan again after `cancel`, and tells us only if our page does. */
const WEBSITE: Record<FlowEvent['type'], Move> = {
  scan: { from: ['waiting', 'cancelled'], to: 'scanned' },
  confirm: { from: ['waiting', 'scanned', 'cancelled'], to: 'confirmed' },
  cancel: { from: ['waiting', 'scanned'], to: 'cancelled' },
  return: { from: OPEN, to: 'confirmed' },
  deny: { from: OPEN, to: 'cancelled', ends: true },
  complete: { from: ['confirmed'], to: 'completed', ends: true },
  fail: { from: OPEN, to: 'failed', ends: true },
  expire: { from: OPEN, to: 'expired', ends: true },
  supersede: { from: OPEN, to: 'expired', ends: true },
};

const NEVER: Move = { from: [], to: 'failed' };

/** Every step is the service's own, so each must follow the one before. */
const OFFICIAL_ACCOUNT: Record<FlowEvent['type'], Move> = {
  ...WEBSITE,
  scan: { from: ['waiting'], to: 'scanned' },
  confirm: { from: ['scanned'], to: 'confirmed' },
  cancel: { from: ['waiting', 'scanned'], to: 'cancelled', ends: true },
  return: NEVER,
  deny: NEVER,
};

const MOVES = { website: WEBSITE, official_account: OFFICIAL_ACCOUNT };

/**
 * The flow after the event, or why it does not move. The same scanner scanning twice changes
 * nothing: the very same flow comes back.
 */
export function transition(flow: LoginFlow, event: FlowEvent, nowMs: number): LoginFlow | Refusal {
  if (flow.endedAtMs !== undefined) return { refused: 'over' };
  const refusal = refuseByTime(flow, event, nowMs);
  if (refusal !== undefined) return refusal;
  if (event.type === 'scan' && flow.kind === 'official_account' && flow.openid !== undefined) {
    return flow.openid === event.openid ? flow : { refused: 'taken' };
  }
  const move = MOVES[flow.kind][event.type];
  if (!move.from.includes(flow.state)) return { refused: 'out_of_order' };
  return {
    ...flow,
    ...learned(flow, event, nowMs),
    // A cancelled website code that nobody scans again stays what the person made it.
    state: flow.state === 'cancelled' && move.to === 'expired' ? 'cancelled' : move.to,
    version: flow.version + 1,
    ...(move.ends && { endedAtMs: nowMs }),
  };
}

export function isRefusal(result: LoginFlow | Refusal): result is Refusal {
  return 'refused' in result;
}

function refuseByTime(flow: LoginFlow, event: FlowEvent, nowMs: number): Refusal | undefined {
  const late = nowMs >= flow.expiresAtMs;
  switch (event.type) {
    case 'expire':
      return late ? undefined : { refused: 'early' };
    // What was begun in time may end late, and how it ended must not get lost.
    case 'complete':
    case 'fail':
    case 'deny':
    case 'supersede':
      return undefined;
    default:
      return late ? { refused: 'expired' } : undefined;
  }
}

function learned(flow: LoginFlow, event: FlowEvent, nowMs: number): Partial<LoginFlow> {
  switch (event.type) {
    case 'scan':
      return {
        scannedAtMs: flow.scannedAtMs ?? nowMs,
        ...(event.openid !== undefined && { openid: event.openid }),
      };
    case 'confirm':
    case 'return':
      return { confirmedAtMs: flow.confirmedAtMs ?? nowMs, expiresAtMs: event.claimByMs };
    default:
      return {};
  }
}
