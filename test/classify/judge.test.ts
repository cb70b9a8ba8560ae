import { describe, expect, test } from 'vitest';
import { createJudge, flowRecord, hitsAcrossFlows } from '../../src/classify/index.ts';
import { resolveFlows } from '../../src/correlate/index.ts';
import type { Explanation, Rule, Verdict } from '../../src/model/index.ts';
import type { RuleSet } from '../../src/ruleset/index.ts';
import type { SigmaRecord } from '../../src/sigma/index.ts';
import { KEEP, TEST_RULES, type TestEvent, tableOf, testRule } from '../correlate/events.ts';

const MINUTE = 60_000;

/** A flow rule of a test: a predicate in place of a compiled detection. */
interface FlowRule {
  rule: Rule;
  matches: (record: SigmaRecord) => boolean;
}

interface World {
  flowRules?: FlowRule[];
  eventRules?: Rule[];
  explanations?: Explanation[];
  window?: { fromMs: number | undefined; toMs: number | undefined };
}

function verdictsOf(events: readonly TestEvent[], world: World = {}): Verdict[] {
  const { flowRules = [], eventRules = TEST_RULES, explanations = [] } = world;
  const rules = [...eventRules, ...flowRules.map((flowRule) => flowRule.rule)];
  const ruleSet = {
    rules,
    explanations,
    correlations: [],
    flowRules: flowRules.map((_, i) => eventRules.length + i),
    flows: {
      fields: new Set<string>(),
      match: (record: SigmaRecord) =>
        flowRules.flatMap((flowRule, i) => (flowRule.matches(record) ? [i] : [])),
    },
  } as unknown as RuleSet;
  const table = tableOf(events, explanations);
  const window = world.window ?? { fromMs: -1e9, toMs: 1e9 };
  const correlations = hitsAcrossFlows(ruleSet, table, () => [], window.toMs);
  const judge = createJudge({
    ruleSet,
    causes: table.causes,
    correlations,
    window,
    flowTimeoutMs: 5 * MINUTE,
  });
  return [...resolveFlows(table, { keep: KEEP }).flows()].map(judge);
}

const ids = { 'login.qrcode_id': 'q' };
const upTo = (...stages: NonNullable<TestEvent['stage']>[]): TestEvent[] =>
  stages.map((stage, i) => ({ ids, stage, timeMs: (i + 1) * 1000 }));
const scanned = upTo('issued', 'scanned', 'confirmed', 'callback');
const outcome = (events: readonly TestEvent[], world: World = {}) => {
  const verdicts = verdictsOf(events, world);
  expect(verdicts).toHaveLength(1);
  return verdicts[0]!.outcome;
};

describe('outcomes', () => {
  test('a flow that reaches its session has succeeded, whatever it stumbled over', () => {
    const events: TestEvent[] = [
      ...scanned,
      { ids, stage: 'exchange', outcome: 'failed', hits: [0], timeMs: 5000 },
      ...upTo('session').map((event) => ({ ...event, timeMs: 9000 })),
    ];
    expect(outcome(events)).toEqual({ kind: 'succeeded', recovered: ['r0'] });
  });

  test('a rule hit after the scan is a failure at its stage', () => {
    const events: TestEvent[] = [
      ...scanned,
      { ids, stage: 'exchange', outcome: 'failed', hits: [1], timeMs: 5000, line: 7 },
    ];
    expect(verdictsOf(events)[0]).toEqual({
      outcome: { kind: 'failed', stage: 'exchange', cause: 'r1', symptoms: [] },
      evidence: [{ rule: 'r1', timeMs: 5000, place: { file: 'test.log', line: 7 } }],
    });
  });

  test('a failure that no rule explains is unclassified', () => {
    const events: TestEvent[] = [
      ...scanned,
      { ids, stage: 'persist', outcome: 'failed', timeMs: 5000 },
    ];
    expect(outcome(events)).toEqual({
      kind: 'failed',
      stage: 'persist',
      cause: undefined,
      symptoms: [],
    });
  });

  test.each<[string, TestEvent[], object]>([
    [
      'never scanned',
      upTo('issued', 'polled'),
      { kind: 'abandoned', stage: 'polled', reason: 'never_scanned' },
    ],
    [
      'ran out unscanned',
      [...upTo('issued'), { ids, stage: 'polled', outcome: 'expired', timeMs: 5000 }],
      { kind: 'abandoned', stage: 'polled', reason: 'never_scanned' },
    ],
    [
      'cancelled on the phone',
      [
        ...upTo('issued', 'scanned'),
        { ids, stage: 'confirmed', outcome: 'cancelled', timeMs: 5000 },
      ],
      { kind: 'abandoned', stage: 'confirmed', reason: 'cancelled' },
    ],
    [
      'denied: a callback without a code',
      [...upTo('issued', 'scanned'), { ids, stage: 'callback', outcome: 'denied', timeMs: 5000 }],
      { kind: 'abandoned', stage: 'callback', reason: 'denied' },
    ],
    [
      'polls that hit a rule before anybody scanned',
      [...upTo('issued'), { ids, stage: 'polled', outcome: 'failed', hits: [0], timeMs: 5000 }],
      { kind: 'abandoned', stage: 'polled', reason: 'never_scanned' },
    ],
  ])('%s is abandoned', (_, events, expected) => {
    expect(outcome(events)).toEqual(expected);
  });

  test('a QR code that could not be issued is a failure', () => {
    expect(
      outcome([{ ids, stage: 'issued', outcome: 'failed', hits: [2], timeMs: 1 }]),
    ).toMatchObject({
      kind: 'failed',
      stage: 'issued',
      cause: 'r2',
    });
  });

  test('cancelled, but an exchange failed as well: a failure', () => {
    const events: TestEvent[] = [
      ...upTo('issued', 'scanned'),
      { ids, stage: 'confirmed', outcome: 'cancelled', timeMs: 5000 },
      { ids, stage: 'exchange', outcome: 'failed', hits: [0], timeMs: 6000 },
    ];
    expect(outcome(events)).toMatchObject({ kind: 'failed', cause: 'r0' });
  });

  test('a silent flow is open until its timeout, then failed', () => {
    const at = (toMs: number) => outcome(scanned, { window: { fromMs: 0, toMs } }).kind;
    expect(at(4000 + 5 * MINUTE - 1)).toBe('open');
    expect(at(4000 + 5 * MINUTE)).toBe('failed');
  });

  test('a flow cut off by the start of the data is open', () => {
    const events = upTo('scanned', 'confirmed');
    expect(outcome(events, { window: { fromMs: 0, toMs: 1e9 } })).toEqual({
      kind: 'open',
      stage: 'confirmed',
    });
    expect(outcome(events, { window: { fromMs: -1e9, toMs: 1e9 } }).kind).toBe('failed');
  });

  test('a recovered attempt does not fail a flow that is still young', () => {
    const events: TestEvent[] = [
      ...scanned,
      { ids, stage: 'exchange', outcome: 'failed', hits: [0], timeMs: 5000 },
      { ids, stage: 'exchange', outcome: 'ok', timeMs: 6000 },
    ];
    expect(outcome(events, { window: { fromMs: 0, toMs: 10_000 } }).kind).toBe('open');
  });
});

describe('rules about the whole flow', () => {
  const silent: FlowRule = {
    rule: testRule('silent', {
      scope: 'flow',
      deadline: { from: 'confirmed', withinMs: 2 * MINUTE },
    }),
    matches: (record) => record.get('callback.ts') === undefined,
  };
  const confirmed = upTo('issued', 'scanned', 'confirmed');

  test('speak only when their deadline has passed', () => {
    const at = (toMs: number) =>
      outcome(confirmed, { flowRules: [silent], window: { fromMs: 0, toMs } });
    expect(at(3000 + 2 * MINUTE - 1)).toEqual({ kind: 'open', stage: 'confirmed' });
    expect(at(3000 + 2 * MINUTE)).toEqual({
      kind: 'failed',
      stage: 'callback',
      cause: 'silent',
      symptoms: [],
    });
  });

  test('read one flat record', () => {
    const events: TestEvent[] = [
      ...upTo('issued', 'scanned', 'confirmed'),
      { ids: { ...ids, 'login.state': 's1' }, stage: 'issued', timeMs: 1000 },
      { ids: { ...ids, 'login.state': 's2' }, stage: 'callback', timeMs: 4000, hits: [1] },
      {
        ids,
        stage: 'exchange',
        outcome: 'failed',
        timeMs: 5000,
        values: { 'service.version': '2.1' },
      },
    ];
    const table = tableOf(events);
    const [flow] = [...resolveFlows(table, { keep: KEEP }).flows()];
    const record = flowRecord(flow!, TEST_RULES, 10_000);
    const read = (field: string) => record.get(field);
    expect(read('path')).toEqual(['issued>scanned>confirmed>callback']);
    expect(read('scanned.ts')).toEqual(['2000']);
    expect(read('issued.count')).toEqual(['2']);
    expect(read('exchange.errors')).toEqual(['1']);
    expect(read('exchange.failed.ts')).toEqual(['5000']);
    expect(read('exchange.ts')).toBeUndefined();
    expect(read('dt_ms.scanned.callback')).toEqual(['2000']);
    expect(read('dt_ms.scanned.session')).toBeUndefined();
    expect(read('age_ms.confirmed')).toEqual(['7000']);
    expect(read('age_ms.flow')).toEqual(['9000']);
    expect(read('signal.r1')).toEqual(['true']);
    expect(read('signal.r0')).toBeUndefined();
    expect(read('service.version')).toEqual(['2.1']);
    expect(read('issued.state')).not.toEqual(read('callback.state'));
    expect(read('flow.kind')).toEqual(['qr']);
  });
});

describe('causes', () => {
  const at = (timeMs: number, rule: number, stage: TestEvent['stage'] = 'exchange'): TestEvent => ({
    ids,
    stage: stage!,
    outcome: 'failed',
    hits: [rule],
    timeMs,
  });
  const cause = (events: TestEvent[], world: World = {}) => {
    const result = outcome([...scanned, ...events], world);
    return result.kind === 'failed' ? [result.cause, ...result.symptoms] : [];
  };

  test('the earliest evidence wins between equals', () => {
    expect(cause([at(6000, 0), at(5000, 1)])).toEqual(['r1', 'r0']);
  });

  test('priority beats time', () => {
    const eventRules = [testRule('r0', { priority: 10 }), testRule('r1')];
    expect(cause([at(6000, 0), at(5000, 1)], { eventRules })).toEqual(['r0', 'r1']);
  });

  test('level, then id, settle a tie', () => {
    const eventRules = [testRule('b'), testRule('a'), testRule('c', { level: 'critical' })];
    expect(cause([at(5000, 0), at(5000, 1), at(5000, 2)], { eventRules })).toEqual(['c', 'a', 'b']);
  });

  test('an attempt that recovered is not to blame for a later failure', () => {
    const events = [at(5000, 0, 'userinfo'), { ids, stage: 'userinfo', timeMs: 6000 } as TestEvent];
    expect(cause([...events, at(7000, 1, 'persist')])).toEqual(['r1']);
  });

  const explains = (
    causeName: string,
    symptom: string,
    more: Partial<Explanation> = {},
  ): Explanation => ({
    name: `${causeName}_then_${symptom}`,
    ordered: true,
    cause: causeName,
    symptoms: [symptom],
    timespanMs: 10_000,
    groupBy: [],
    ...more,
  });

  test('an explained symptom yields to its root, through several steps', () => {
    const eventRules = [testRule('r0', { priority: 50 }), testRule('r1'), testRule('r2')];
    const explanations = [explains('r1', 'r0'), explains('r2', 'r1')];
    const events = [at(7000, 0), at(6000, 1), at(5000, 2)];
    expect(cause(events, { eventRules, explanations })).toEqual(['r2', 'r0', 'r1']);
  });

  test('an ordered explanation wants the cause first and within its timespan', () => {
    const explanations = [explains('r1', 'r0')];
    const eventRules = [testRule('r0', { priority: 50 }), testRule('r1')];
    expect(cause([at(5000, 0), at(6000, 1)], { eventRules, explanations })[0]).toBe('r0');
    expect(cause([at(5000, 1), at(15_001, 0)], { eventRules, explanations })[0]).toBe('r0');
    expect(cause([at(5000, 1), at(15_000, 0)], { eventRules, explanations })[0]).toBe('r1');
  });

  test('one cause outside every flow explains the symptoms on its pod', () => {
    const groupBy = [
      {
        name: 'pod',
        fieldOf: new Map([
          ['r1', 'k8s.pod.name'],
          ['r0', 'upstream.pod'],
        ]),
      },
    ];
    const explanations = [explains('r1', 'r0', { groupBy })];
    const pool: TestEvent = { hits: [1], timeMs: 4500, values: { 'k8s.pod.name': 'a' } };
    const timeout = (pod: string): TestEvent => ({
      ...at(5000, 0),
      values: { 'upstream.pod': pod },
    });
    expect(cause([pool, timeout('a')], { explanations })).toEqual(['r1', 'r0']);
    expect(cause([pool, timeout('b')], { explanations })).toEqual(['r0']);
  });
});
