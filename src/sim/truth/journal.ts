import type { FaultId, SiteName } from '../faults/catalogue.ts';
import type { FlowPlan } from '../people/plan.ts';
import { createSecrets, type Secrets } from './secrets.ts';

/**
 * What one login came to, in the eyes of the person: in; gone, not wanting in any more; or wanting in
 * and not let in.
 */
export type Ending = 'logged_in' | 'left' | 'shut_out';

/** WeChat refused an account's token: whoever waited for the same token met the refusal too. */
export interface Refusal {
  readonly site: SiteName;
  readonly fault: FaultId;
  readonly atMs: number;
}

/** Everything that was seen of one login from outside the service. */
export interface FlowRecord {
  readonly plan: FlowPlan;
  /** The flow's ids as the service told the browser; a refreshed code has another. */
  readonly serviceIds: string[];
  readonly traceIds: string[];
  readonly startedMs: number;
  endedMs: number;
  ending: Ending | undefined;
  /** When the browser last asked for something that decides. */
  askedMs: number;
  /** What the browser was answered at last. */
  lastAnswer: string;
  /** When a fault really befell one of the login's requests. */
  readonly hits: number[];
  /** What WeChat refused one of its calls with at last, whether planned or not. */
  errcode: number | undefined;
  /** What the simulator and the database say of it. */
  simulator: string | undefined;
  database: string | undefined;
}

/** The driver's book of all logins, and of the requests that belong to them. */
export interface Journal {
  open(plan: FlowPlan): FlowRecord;
  /** Ties a request of a browser or phone to its login. */
  trace(record: FlowRecord, traceId: string): void;
  flowOf(traceId: string | undefined): FlowRecord | undefined;
  /** The login of a client's address, where a service is told nothing else of it. */
  flowAt(address: string): FlowRecord | undefined;
  hit(record: FlowRecord, simulator: string): void;
  /** A hit that may befall others too. */
  refuse(record: FlowRecord, simulator: string): void;
  /** What opened something in this run: codes, states, tokens, cookies, secrets, openids. */
  readonly secrets: Secrets;
  readonly records: readonly FlowRecord[];
  readonly refusals: readonly Refusal[];
}

export function createJournal(): Journal {
  const records: FlowRecord[] = [];
  const refusals: Refusal[] = [];
  const byTrace = new Map<string, FlowRecord>();
  const byAddress = new Map<string, FlowRecord>();

  function hit(record: FlowRecord, simulator: string): void {
    record.hits.push(Date.now());
    record.simulator = simulator;
  }

  return {
    secrets: createSecrets(),
    records,
    refusals,
    open(plan) {
      const record: FlowRecord = {
        plan,
        serviceIds: [],
        traceIds: [],
        startedMs: Date.now(),
        endedMs: Date.now(),
        askedMs: Date.now(),
        ending: undefined,
        lastAnswer: '',
        hits: [],
        errcode: undefined,
        simulator: undefined,
        database: undefined,
      };
      records.push(record);
      byAddress.set(plan.address, record);
      return record;
    },
    trace(record, traceId) {
      record.traceIds.push(traceId);
      byTrace.set(traceId, record);
    },
    flowAt: (address) => byAddress.get(address),
    flowOf: (traceId) => (traceId === undefined ? undefined : byTrace.get(traceId)),
    hit,
    refuse(record, simulator) {
      const { site, fault } = record.plan;
      if (fault !== undefined) refusals.push({ site, fault: fault.id, atMs: Date.now() });
      hit(record, simulator);
    },
  };
}
