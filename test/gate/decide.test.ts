import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Baseline,
  type Check,
  compare,
  DEFAULT_CHECKS,
  DEFAULT_CONFIG,
  type Decision,
  decide,
  differenceInterval,
  type GateConfig,
  parseShorthand,
  type Snapshot,
  worst,
} from '../../src/gate/index.ts';
import { InputError } from '../../src/model/index.ts';
import { runs } from '../fuzz.ts';
import { baselineOf, type Recipe, SOME_DAY_MS, snapshotOf, type Traffic } from './traffic.ts';

const check = (text: string, more: Partial<Check> = {}): Check => ({
  ...parseShorthand(text, {
    flag: '--fail-if',
    id: text,
    rules: ['a', 'b', 'quiet', 'new_one', 'gone'],
  }),
  ...more,
});

interface Case {
  readonly before?: Traffic | undefined;
  readonly after: Traffic;
  readonly checks: readonly (string | Check)[];
  readonly config?: Partial<GateConfig>;
  readonly digest?: string;
  readonly baseline?: Baseline;
}

function run({ before, after, checks, config = {}, digest = 'r1', baseline }: Case): Decision {
  const strata = config.strata ?? [];
  return decide({
    config: {
      ...DEFAULT_CONFIG,
      ...config,
      checks: checks.map((one) => (typeof one === 'string' ? check(one) : one)),
    },
    candidate: snapshotOf(after),
    rulesDigest: digest,
    baseline: baseline ?? (before && baselineOf(before, { strata })),
  });
}

const traffic = (decided: number, failed: Recipe['failed'] = {}): Traffic => ({
  groups: [{ decided, failed }],
});

/** The verdict of the only check, and the reason of its first limit. */
function answer(decision: Decision): string {
  const [{ verdict, comparisons }] = decision.checks;
  return `${verdict}: ${comparisons[0]?.limits[0]?.reason}`;
}

describe('three answers', () => {
  const before = traffic(20_000, { a: 600 });

  test.each([
    ['failure_rate > baseline + 0.5pp', { a: 165 }, 'inconclusive: between'],
    ['failure_rate > baseline + 0.5pp', { a: 130 }, 'pass: within'],
    ['failure_rate > baseline + 0.5pp', { a: 220 }, 'fail: beyond'],
    ['failure_rate > baseline', { a: 150 }, 'inconclusive: between'],
    ['failure_rate > 4%', { a: 150 }, 'pass: within'],
    ['failure_rate > 3.1%', { a: 150 }, 'inconclusive: between'],
    ['failure_rate > 2%', { a: 150 }, 'fail: beyond'],
    ['failure_rate > baseline * 1.5', { a: 150 }, 'pass: within'],
    ['failure_rate > baseline * 1.1', { a: 150 }, 'inconclusive: between'],
    ['failure_rate > baseline * 1.1', { a: 250 }, 'fail: beyond'],
    ['failure_rate < baseline - 0.5pp', { a: 135 }, 'inconclusive: between'],
    ['failure_rate < baseline - 1pp', { a: 150 }, 'pass: within'],
    ['failure_rate < baseline - 0.5pp', { a: 50 }, 'fail: beyond'],
    ['failure_rate(a) > baseline + 0.5pp', { a: 220 }, 'fail: beyond'],
    ['failure_rate(b) > baseline + 0.5pp', { a: 220 }, 'pass: within'],
    ['failure_rate(exchange) > baseline + 0.5pp', { a: 220 }, 'fail: beyond'],
    ['failure_rate(session) > baseline + 0.5pp', { a: 220 }, 'pass: within'],
  ])('%s with %j: %s', (text, failed, expected) => {
    expect(answer(run({ before, after: traffic(5000, failed), checks: [text] }))).toBe(expected);
  });

  test('the bounds are those of the reference', () => {
    const decision = run({
      before: traffic(2000, { a: 40 }),
      after: traffic(2000, { a: 60 }),
      checks: ['failure_rate > baseline'],
    });
    const { low, high } = decision.checks[0].comparisons[0].difference!;
    // Vector 13 of the reference.
    expect(low).toBeCloseTo(0.00186601536, 9);
    expect(high).toBeCloseTo(0.0182894415, 9);
  });

  test('are monotone: more failures never make a fail a pass', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 400, max: 5000 }),
        fc.integer({ min: 0, max: 399 }),
        fc.integer({ min: 0, max: 399 }),
        (decided, x, y) => {
          const rank = { pass: 0, inconclusive: 1, fail: 2 };
          const verdict = (a: number) =>
            run({
              before,
              after: traffic(decided, { a }),
              checks: ['failure_rate > baseline + 0.5pp'],
            }).verdict;
          const [fewer, more] = [Math.min(x, y), Math.max(x, y)];
          expect(rank[verdict(more)]).toBeGreaterThanOrEqual(rank[verdict(fewer)]);
        },
      ),
      { numRuns: runs(40) },
    ));
});

describe('too little data', () => {
  const before = traffic(5000, { a: 150 });

  test('never passes, however good it looks', () => {
    const decision = run({
      before,
      after: traffic(399),
      checks: ['failure_rate > baseline + 5pp'],
    });
    expect(answer(decision)).toBe('inconclusive: few-flows');
    expect(decision.checks[0].comparisons[0].limits[0].needed?.candidateFlows).toBe(400);
    const enough = run({ before, after: traffic(400), checks: ['failure_rate > baseline + 5pp'] });
    expect(answer(enough)).toBe('pass: within');
  });

  test('fails what is beyond doubt', () => {
    const decision = run({
      before,
      after: traffic(50, { a: 50 }),
      checks: ['failure_rate > baseline + 5pp', 'failure_rate > 10%'],
    });
    expect(decision.checks.map(({ verdict }) => verdict)).toEqual(['fail', 'fail']);
  });

  test('is not frightened by one failure of three', () => {
    const decision = run({ before, after: traffic(3, { a: 1 }), checks: ['failure_rate > 5%'] });
    expect(decision.verdict).toBe('inconclusive');
  });

  test('of the baseline prevents a pass, too', () => {
    const decision = run({
      before: traffic(100, { a: 3 }),
      after: traffic(50_000, { a: 1500 }),
      checks: ['failure_rate > baseline + 20pp'],
    });
    expect(answer(decision)).toBe('inconclusive: few-flows');
  });

  test('nothing at all says how much would do', () => {
    const decision = run({
      before,
      after: traffic(0),
      checks: ['failure_rate > baseline + 0.5pp'],
    });
    expect(answer(decision)).toBe('inconclusive: no-candidate-flows');
    // The plan of vector 25.
    expect(decision.checks[0].comparisons[0].limits[0].needed).toEqual({
      candidateFlows: 16_000,
      baselineFlows: undefined,
    });
    expect(
      answer(
        run({ before: traffic(0), after: traffic(5000), checks: ['failure_rate > baseline'] }),
      ),
    ).toBe('inconclusive: no-baseline-flows');
  });

  test('as many flows as named do decide', () => {
    const after = traffic(2000, { a: 60 });
    const first = run({ before, after, checks: ['failure_rate > 3.5%'] });
    expect(first.verdict).toBe('inconclusive');
    const needed = first.checks[0].comparisons[0].limits[0].needed!.candidateFlows;
    const grown = traffic(needed, { a: Math.round(needed * 0.03) });
    expect(run({ before, after: grown, checks: ['failure_rate > 3.5%'] }).verdict).toBe('pass');
  });
});

describe('bursts', () => {
  /** The same failures, in `spells` hours of the day only. */
  const bursty = (snapshot: Snapshot, spells: number): Snapshot => {
    const minutes = [...snapshot.minutes.keys()].sort((a, b) => a - b);
    const failed = [...snapshot.minutes.values()].reduce((sum, { failed }) => sum + failed, 0);
    const chosen = new Set(minutes.filter((_, i) => Math.floor(i / 60) % 24 < spells));
    const each = failed / chosen.size;
    return {
      ...snapshot,
      minutes: new Map(
        minutes.map((index) => {
          const minute = snapshot.minutes.get(index)!;
          return [index, { ...minute, failed: chosen.has(index) ? each : 0 }];
        }),
      ),
    };
  };

  test('widen the bounds', () => {
    const calm = baselineOf(traffic(20_000, { a: 600 }));
    const wild: Baseline = {
      ...calm,
      windows: calm.windows.map((window) => ({ ...window, snapshot: bursty(window.snapshot, 6) })),
    };
    const after = traffic(5000, { a: 190 });
    const sure = run({ baseline: calm, after, checks: ['failure_rate > baseline'] });
    const unsure = run({ baseline: wild, after, checks: ['failure_rate > baseline'] });
    expect(sure.burstiness?.factor).toBe(1);
    expect(unsure.burstiness?.factor).toBeGreaterThan(10);
    expect([sure.verdict, unsure.verdict]).toEqual(['fail', 'inconclusive']);
  });

  test('are taken from the candidate where there is no baseline, and from nothing without failures', () => {
    const decision = run({ after: traffic(5000, { a: 150 }), checks: ['failure_rate > 5%'] });
    expect(decision.burstiness?.of).toBe('candidate');
    expect(run({ after: traffic(5000), checks: ['failure_rate > 5%'] }).burstiness).toBeUndefined();
  });
});

describe('strata', () => {
  const old = (decided: number, a: number): Recipe => ({ values: ['7'], decided, failed: { a } });
  const young = (decided: number, a: number): Recipe => ({ values: ['8'], decided, failed: { a } });
  const config = { strata: ['version_major'] };

  test('undo a shift of traffic; the crude change is shown beside', () => {
    // Vector 23 turned round: the crude rate doubles, no stratum moves.
    const decision = run({
      before: { groups: [old(3000, 60), young(1000, 80)] },
      after: { groups: [old(1000, 20), young(3000, 240)] },
      checks: ['failure_rate > baseline + 1.5pp'],
      config,
    });
    const [{ difference, crude }] = decision.checks[0].comparisons;
    expect(crude?.value).toBeCloseTo(0.03, 12);
    expect(difference?.value).toBeCloseTo(0, 12);
    expect(decision.verdict).toBe('pass');
    expect(decision.strata?.heterogeneityP).toBeGreaterThan(0.5);
  });

  test('show a rise that a shift hides', () => {
    const decision = run({
      before: { groups: [old(3000, 60), young(3000, 240)] },
      after: { groups: [old(5000, 250), young(1000, 110)] },
      checks: ['failure_rate > baseline + 1pp'],
      config,
    });
    const [{ difference, crude }] = decision.checks[0].comparisons;
    expect(crude?.value).toBeCloseTo(0.01, 3);
    expect(difference?.value).toBeGreaterThan(0.025);
    expect(decision.verdict).toBe('fail');
  });

  test('of a fifth of the flows and more without a counterpart decide nothing', () => {
    const before = { groups: [old(20_000, 600)] };
    const with_ = (flows: number) =>
      run({
        before,
        after: { groups: [old(10_000, 100), young(flows, 0)] },
        checks: ['failure_rate > baseline + 1pp'],
        config,
      });
    expect(answer(with_(2400))).toBe('pass: within');
    expect(answer(with_(2600))).toBe('inconclusive: strata-unmatched');
    expect(with_(2600).strata?.unmatched.candidate).toBeCloseTo(2600 / 12_600, 12);
  });

  test('that move apart are told', () => {
    const decision = run({
      before: { groups: [old(5000, 150), young(5000, 150)] },
      after: { groups: [old(5000, 150), young(5000, 400)] },
      checks: ['failure_rate > baseline'],
      config,
    });
    expect(decision.strata?.heterogeneityP).toBeLessThan(0.001);
    expect(decision.strata?.groups.map(({ values }) => values[0])).toEqual(['8', '7']);
  });

  test('without a failure leave the bounds their width', () => {
    const decision = run({
      before: { groups: [old(500, 0), young(500, 0)] },
      after: { groups: [old(500, 0), young(500, 0)] },
      checks: ['failure_rate > baseline + 0.1pp'],
      config,
    });
    const { low, high } = decision.checks[0].comparisons[0].difference!;
    const crude = differenceInterval(
      { candidate: { events: 0, trials: 1000 }, baseline: { events: 0, trials: 1000 } },
      0.9,
    );
    expect(low).toBeCloseTo(crude.low, 12);
    expect(high).toBeCloseTo(crude.high, 12);
    expect(decision.verdict).toBe('inconclusive');
  });

  test('that the baseline does not know are a mistake; those it knows besides are forgotten', () => {
    const baseline = baselineOf({ groups: [old(5000, 10)] }, { strata: ['version_major'] });
    const after = { groups: [{ decided: 5000, failed: { a: 10 } }] };
    const plain = run({ baseline, after, checks: ['failure_rate > baseline + 1pp'] });
    expect(plain.verdict).toBe('pass');
    expect(() =>
      run({ baseline, after, checks: ['failure_rate > baseline'], config: { strata: ['region'] } }),
    ).toThrow(/not grouped by "region"/);
  });
});

describe('rules', () => {
  const perRule = check('failure_rate per rule > baseline + 0.2pp');

  test('a new cause fails, a vanished one is told, and neither hides in the total', () => {
    const decision = run({
      before: traffic(20_000, { a: 400, gone: 200, quiet: 20 }),
      after: traffic(10_000, { a: 200, new_one: 100, quiet: 10 }),
      checks: [check('failure_rate > baseline + 0.5pp'), perRule],
    });
    expect(decision.checks.map(({ verdict }) => verdict)).toEqual(['pass', 'fail']);
    const [first] = decision.checks[1].comparisons;
    expect(first.subject).toEqual({ kind: 'rule', rule: 'new_one' });
    expect(first.q).toBeLessThan(1e-10);
    expect(decision.causes?.map(({ cause, trend }) => [cause, trend])).toEqual([
      ['new_one', 'new'],
      ['a', 'same'],
      ['quiet', 'same'],
      ['gone', 'vanished'],
    ]);
  });

  test('one of many that stands out by chance does not fail', () => {
    const names = Array.from({ length: 40 }, (_, i) => `r${i}`);
    const each = (flows: number) => Object.fromEntries(names.map((name) => [name, flows]));
    // Five against two in twenty thousand: p is about 2%, which happens among forty.
    const decision = run({
      before: traffic(20_000, each(8)),
      after: traffic(5000, { ...each(2), r7: 6 }),
      checks: [check('failure_rate per rule > baseline')],
    });
    const odd = decision.checks[0].comparisons.find(
      ({ subject }) => subject?.kind === 'rule' && subject.rule === 'r7',
    )!;
    expect(odd.p).toBeLessThan(0.05);
    expect(odd.q).toBeGreaterThan(0.05);
    expect(odd.limits[0].reason).toBe('not-significant');
    expect(decision.verdict).toBe('inconclusive');
  });

  test('judged by other rules: totals are compared, causes are not', () => {
    const decision = run({
      before: traffic(20_000, { a: 600 }),
      after: traffic(10_000, { a: 300 }),
      checks: [
        'failure_rate > baseline + 0.6pp',
        perRule,
        'unclassified_share > baseline + 10pp',
        'failure_rate(exchange) > baseline + 0.6pp',
      ],
      digest: 'r2',
    });
    expect(decision.rulesDiffer).toBe(true);
    expect(decision.causes).toBeUndefined();
    expect(decision.checks.map(({ verdict }) => verdict)).toEqual([
      'pass',
      'inconclusive',
      'inconclusive',
      'inconclusive',
    ]);
    expect(decision.checks[1].comparisons[0].limits[0].reason).toBe('rules-differ');
  });

  test('a baseline without a window is empty, not judged by others', () => {
    const baseline = baselineOf({ groups: [] }, { windows: [] });
    const decision = run({ baseline, after: traffic(5000, { a: 9 }), checks: [perRule] });
    expect(decision.rulesDiffer).toBe(false);
    expect(answer(decision)).toBe('inconclusive: no-baseline-flows');
  });

  test('causes are compared with the windows that the same rules judged', () => {
    const window = (day: number, rulesDigest: string, failed: Recipe['failed']) => ({
      rulesDigest,
      snapshot: snapshotOf({
        groups: [{ decided: 10_000, failed: failed ?? {} }],
        fromMs: SOME_DAY_MS + day * 86_400_000,
        hours: 24,
      }),
    });
    const baseline = baselineOf(
      { groups: [] },
      { windows: [window(0, 'r1', { b: 300 }), window(1, 'r2', { a: 300 })] },
    );
    const decision = run({
      baseline,
      after: traffic(10_000, { a: 300 }),
      checks: [perRule],
      digest: 'r2',
    });
    expect(decision.rulesDiffer).toBe(false);
    expect(decision.causes?.map(({ cause }) => cause)).toEqual(['a']);
    expect(decision.checks[0].comparisons[0].baseline?.flows).toBe(10_000);
  });
});

describe('latency and throughput', () => {
  const spread = (n: number, middle: number) =>
    Array.from({ length: n }, (_, i) => middle * (0.5 + (i + 0.5) / n));

  const timed = (n: number, middle: number): Traffic => ({
    groups: [{ decided: 5000 }],
    latencies: { '>exchange': spread(n, middle) },
  });

  test.each([
    ['p95(exchange) > baseline * 1.25', 'pass: within'],
    ['p95(exchange) > baseline * 1.05', 'fail: beyond'],
    ['p95(exchange) > baseline + 30ms', 'pass: within'],
    ['p95(exchange) > 150ms', 'fail: beyond'],
    ['p50(exchange) > 200ms', 'pass: within'],
    ['mean(exchange) > 115ms', 'pass: within'],
    ['mean(exchange) > baseline * 1.02', 'fail: beyond'],
    ['p95(session) > 1s', 'inconclusive: no-candidate-flows'],
  ])('%s: %s', (text, expected) => {
    const decision = run({ before: timed(5000, 100), after: timed(2000, 110), checks: [text] });
    expect(answer(decision)).toBe(expected);
  });

  test('too few durations for a far quantile say how many it takes', () => {
    const decision = run({
      before: timed(5000, 100),
      after: timed(100, 100),
      checks: ['p99(exchange) > 1s'],
    });
    expect(answer(decision)).toBe('inconclusive: between');
    expect(decision.checks[0].comparisons[0].limits[0].needed?.candidateFlows).toBe(400);
  });

  test('throughput is taken over the time that windows cover, gaps apart', () => {
    const window = (day: number) => ({
      rulesDigest: 'r1',
      snapshot: snapshotOf({
        groups: [{ decided: 7200 }],
        fromMs: SOME_DAY_MS + day * 86_400_000,
        hours: 1,
      }),
    });
    const decision = run({
      baseline: baselineOf({ groups: [] }, { windows: [window(0), window(3)] }),
      after: { groups: [{ decided: 3600 }], hours: 1 },
      checks: ['flows_per_second < baseline * 0.7', 'flows_per_second(peak) < 1/s'],
    });
    const [mean, peak] = decision.checks.map(({ comparisons }) => comparisons[0]);
    expect(mean.baseline?.value).toBeCloseTo(2, 9);
    expect(mean.candidate?.value).toBeCloseTo(1, 9);
    expect(mean.verdict).toBe('fail');
    expect(peak.candidate?.value).toBe(1);
    expect(peak.verdict).toBe('pass');
  });
});

describe('the gate as a whole', () => {
  test('is as bad as its worst error; warnings do not count', () => {
    expect(worst([])).toBe('pass');
    expect(worst(['pass', 'inconclusive'])).toBe('inconclusive');
    expect(worst(['inconclusive', 'fail', 'pass'])).toBe('fail');
    const decision = run({
      after: traffic(5000, { a: 400 }),
      checks: [check('failure_rate > 5%', { level: 'warn' }), 'failure_rate > 20%'],
    });
    expect(decision.checks[0].verdict).toBe('fail');
    expect(decision.verdict).toBe('pass');
  });

  test('needs a baseline for what compares, and none for what does not', () => {
    expect(() => run({ after: traffic(10), checks: DEFAULT_CHECKS })).toThrow(InputError);
    expect(run({ after: traffic(5000), checks: ['failure_rate > 5%'] }).verdict).toBe('pass');
  });

  test('refuses a baseline that was counted in another way', () => {
    const baseline = baselineOf(traffic(5000), {
      population: { flowTimeoutMs: 60_000, retries: undefined },
    });
    expect(() =>
      run({ baseline, after: traffic(10), checks: ['failure_rate > baseline'] }),
    ).toThrow(/counted in another way/);
  });

  test('a comparison tells the figures people ask for', () => {
    const decision = compare(
      baselineOf({ ...traffic(5000, { a: 150 }), latencies: { login: [1, 2, 3] } }),
      baselineOf({ ...traffic(5000, { a: 250 }), latencies: { login: [2, 3, 4] } }),
      [],
    );
    expect(decision.checks.map(({ check: { metric } }) => metric.kind)).toEqual([
      'failure_rate',
      'unclassified_share',
      'abandoned_rate',
      'latency',
      'flows_per_second',
      'flows_per_second',
    ]);
    expect(decision.checks[0].comparisons[0].difference?.low).toBeGreaterThan(0);
  });
});
