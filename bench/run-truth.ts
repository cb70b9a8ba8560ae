import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OutcomeKind } from '../src/model/index.ts';
import type { LoginTruth } from './score.ts';

/** What the analysis should call each cause of a simulated run: a rule's class, or its name. */
const CALLED: Readonly<Record<string, string | null>> = {
  'wx.stall': 'upstream_timeout',
  'wx.slow_body': 'upstream_timeout',
  'wx.reset': 'upstream_reset',
  'wx.close': 'upstream_reset',
  'wx.truncate': 'upstream_reset',
  'wx.garbage': 'upstream_answer_unreadable',
  'wx.html': 'upstream_answer_unreadable',
  'wx.dns': 'dns_failure',
  'wx.errcode.-1': 'platform_busy_-1',
  'wx.errcode.40029': 'code_invalid_40029',
  'wx.errcode.40125': 'secret_invalid_40125',
  'wx.errcode.40163': 'code_used_40163',
  'wx.errcode.40164': 'ip_not_whitelisted_40164',
  'wx.errcode.42001': 'token_expired_42001',
  'wx.errcode.42003': 'code_expired_42003',
  'wx.errcode.45009': 'api_quota_45009',
  'wx.errcode.45011': 'api_minute_quota_45011',
  'rpc.deadline': 'upstream_timeout',
  'rpc.denied': null,
  'db.deadlock': 'db_deadlock',
  'db.lock_wait': 'db_lock_timeout',
  'db.slow': 'db_statement_timeout',
  'db.pool': 'db_pool_exhausted',
  'pods.state': 'state_store_per_pod',
  'pods.token': 'token_invalid_40001',
  'pods.kill': 'oom_or_restart',
  'clock.skew': 'clock_skew',
  'cpu.block': 'event_loop_blocked',
  avalanche: 'upstream_timeout',
  'client.no_cookie': 'state_mismatch',
  'client.forged_state': 'state_mismatch',
  'push.badsig': 'push_rejected',
  'user.dither': 'qr_expired',
};

/** One line of a run's `truth.jsonl`, with what the analysis should make of it. */
export interface RunTruth extends LoginTruth {
  readonly flowId: string;
  readonly cause: string | null;
  readonly certainty: 'exact' | 'window';
}

export function readRunTruth(folder: string): RunTruth[] {
  return readFileSync(join(folder, 'truth.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const truth = JSON.parse(line) as Omit<RunTruth, 'class'> & { outcome: OutcomeKind };
      return truth.outcome === 'failed' ? { ...truth, class: classOf(truth.cause) } : truth;
    });
}

function classOf(cause: string | null): string | null {
  const called = CALLED[cause ?? ''];
  // What went wrong unplanned has no name that could be right.
  return called === undefined ? null : called;
}
