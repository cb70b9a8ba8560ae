import { expect, test } from 'vitest';
import { meetsGoal, score } from '../../bench/score.ts';
import type { Judged, Outcome } from '../../src/model/index.ts';
import type { FlowTruth } from '../world/index.ts';

const truth = (id: string, rest: Partial<FlowTruth> = {}): FlowTruth => ({
  id,
  plot: 'clean',
  stack: 'portal',
  kind: 'website',
  outcome: 'succeeded',
  cut: false,
  ids: { 'login.state': [`state-${id}`], trace_id: [`trace-${id}`] },
  startedAtMs: 0,
  endedAtMs: 1,
  lines: 2,
  ...rest,
});

const judged = (states: readonly string[], outcome: Outcome, kind: 'qr' | 'password' = 'qr') =>
  ({
    flow: {
      id: 'f-0',
      kind,
      firstMs: 0,
      lastMs: 1,
      identities: states.map((text) => ({ namespace: 'login.state', hash: '', text })),
      steps: [],
      signals: [],
      values: new Map(),
      stateAt: new Map(),
      podAt: new Map(),
    },
    verdict: { outcome, evidence: [] },
  }) satisfies Judged;

const SUCCEEDED: Outcome = { kind: 'succeeded', recovered: [] };
const failedBy = (cause: string | undefined): Outcome => ({
  kind: 'failed',
  stage: 'exchange',
  cause,
  symptoms: [],
});
const classOf = (rule: string): string => (rule.startsWith('wx_') ? 'code_invalid_40029' : 'other');

test('a right verdict meets the goal', () => {
  const failure = truth('2', { outcome: 'failed', class: 'code_invalid_40029' });
  const result = score(
    [truth('1'), failure],
    [judged(['state-1'], SUCCEEDED), judged(['state-2'], failedBy('wx_code_invalid'))],
    classOf,
  );
  expect(result).toMatchObject({ outcomeAccuracy: 1, causeAccuracy: 1, split: 0, merged: 0 });
  expect(meetsGoal(result)).toBe(true);
});

test.each([
  [
    'a success called a failure',
    [judged(['state-1'], failedBy(undefined))],
    'succeededCalledFailed',
  ],
  [
    'a login in two flows',
    [judged(['state-1'], SUCCEEDED), judged(['state-1'], SUCCEEDED)],
    'split',
  ],
  ['two logins in one flow', [judged(['state-1', 'state-2'], SUCCEEDED)], 'merged'],
] as const)('%s misses it', (_, flows, fault) => {
  const result = score([truth('1'), truth('2')], flows, classOf);
  expect(result[fault]).toBeGreaterThan(0);
  expect(meetsGoal(result)).toBe(false);
});

test('a flow that no login made is invented, unless it is of another kind', () => {
  const flows = [
    judged(['state-1'], SUCCEEDED),
    judged(['state-9'], SUCCEEDED),
    judged(['state-8'], SUCCEEDED, 'password'),
  ];
  expect(score([truth('1')], flows, classOf).invented).toHaveLength(1);
});

test.each([
  ['the class', 'code_invalid_40029', 'wx_code_invalid', 1],
  ['the name, where classes are coarser', 'http_pool', 'http_pool', 1],
  ['another cause', 'code_invalid_40029', 'http_pool', 0],
  ['no cause, where there is none to know', null, undefined, 1],
  ['no cause, where there is one', 'code_invalid_40029', undefined, 0],
])('a cause is right by %s', (_, label, cause, accuracy) => {
  const failure = truth('1', { outcome: 'failed', class: label });
  const result = score([failure], [judged(['state-1'], failedBy(cause))], classOf);
  expect(result.causeAccuracy).toBe(accuracy);
});
