import { type FaultId, type FaultStage, kindOf } from '../faults/catalogue.ts';
import type { Site } from '../fleet/site.ts';
import type { FlowRecord, Refusal } from './journal.ts';

export type TrueOutcome = 'succeeded' | 'failed' | 'abandoned';

/** What really became of one login: a line of `truth.jsonl`. */
export interface FlowTruth {
  readonly schema: 'qr-login-truth/1';
  readonly flowId: string;
  readonly kind: string;
  readonly intent: string;
  readonly outcome: TrueOutcome;
  readonly stage: FaultStage | null;
  /** A fault that was injected and had its effect; else what the person did, else unknown. */
  readonly cause: string | null;
  readonly injected: readonly { fault: string; at: string; hits: number }[];
  readonly seen: {
    readonly driver: string;
    readonly simulator: string | null;
    readonly database: string | null;
  };
  readonly instances: readonly string[];
  readonly startedAt: string;
  readonly endedAt: string;
  readonly certainty: 'exact' | 'window';
  /** Under which names logs and spans may speak of it. */
  readonly ids: Readonly<Record<string, readonly string[]>>;
}

/** A code that ran out after it was scanned: somebody wanted in, and nothing was in the way but time. */
const RAN_OUT = 'user.dither';

/** Failures that nobody caused on purpose; there should be none. */
const UNEXPECTED = 'unexpected';

/**
 * The truth about one login, from what the driver, the simulator and the database saw. What the
 * service says of it is not asked.
 */
export function truthOf(record: FlowRecord, site: Site, refusals: readonly Refusal[]): FlowTruth {
  const { plan, hits } = record;
  const outcome = outcomeOf(record);
  const { cause, certainty } =
    outcome === 'failed' ? causeOf(record, refusals) : { cause: null, certainty: 'exact' as const };
  const passages = record.traceIds.map((traceId) => site.passageOf(traceId)?.instance ?? '');
  return {
    schema: 'qr-login-truth/1',
    flowId: plan.name,
    kind: plan.kind,
    intent: plan.intent,
    outcome,
    stage: outcome === 'failed' ? stageOf(record) : null,
    cause,
    injected:
      plan.fault === undefined || hits.length === 0
        ? []
        : [{ fault: plan.fault.id, at: isoTime(hits[0] as number), hits: hits.length }],
    seen: {
      driver: record.lastAnswer,
      simulator: record.simulator ?? null,
      database: record.database ?? null,
    },
    instances: [...new Set(passages)].filter((name) => name !== '').sort(),
    startedAt: isoTime(record.startedMs),
    endedAt: isoTime(record.endedMs),
    certainty,
    ids: {
      'login.flow.id': record.serviceIds,
      trace_id: record.traceIds,
    },
  };
}

function outcomeOf({ ending }: FlowRecord): TrueOutcome {
  if (ending === 'logged_in') return 'succeeded';
  return ending === 'left' ? 'abandoned' : 'failed';
}

function causeOf(
  { plan, hits, errcode, askedMs, endedMs, lastAnswer }: FlowRecord,
  refusals: readonly Refusal[],
): Pick<FlowTruth, 'cause' | 'certainty'> {
  if (plan.intent === 'dither') return { cause: RAN_OUT, certainty: 'exact' };
  const id = plan.fault?.id;
  if (id !== undefined && (hits.length > 0 || isWhereabouts(id))) {
    return { cause: id, certainty: kindOf(id).certainty };
  }
  // What befell another befell this one too: while the browser waited for its last answer, WeChat
  // refused a token that it needed along with others, or one of its own calls.
  const refused = plan.kind === 'official_account' && lastAnswer === 'http 502';
  const shared =
    refused &&
    refusals.findLast(({ site, atMs }) => site === plan.site && askedMs <= atMs && atMs <= endedMs);
  if (shared) return { cause: shared.fault, certainty: 'window' };
  const own = refused && errcode !== undefined ? `wx.errcode.${errcode}` : UNEXPECTED;
  return { cause: own, certainty: 'window' };
}

/** To be at the site is to meet the fault: no single request shows it. */
function isWhereabouts(id: FaultId): boolean {
  return ['wx.dns', 'pods.state', 'clock.skew', 'avalanche', 'cpu.block', 'db.pool'].includes(id);
}

/** Where the login stood still, as far as its fault says. */
function stageOf({ plan, serviceIds, simulator }: FlowRecord): FaultStage {
  const id = plan.fault?.id;
  if (plan.intent === 'dither') return 'scanned';
  if (serviceIds.length === 0) return 'issued';
  if (id === undefined) return 'session';
  if (id.startsWith('db.')) return 'persist';
  if (id.startsWith('rpc.')) return 'session';
  if (id.startsWith('push.')) return 'scanned';
  if (/^(client|pods\.state|clock)/.test(id)) return 'callback';
  return simulator?.includes('user') === true ? 'userinfo' : 'exchange';
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
