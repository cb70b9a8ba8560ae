import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Baseline,
  countFlows,
  decodeBaseline,
  differenceOfPopulations,
  encodeBaseline,
  failedIn,
  mergeBaselines,
  type PopulationOptions,
  type Snapshot,
  sumOfSnapshots,
  updateBaseline,
  wholeOf,
} from '../../src/gate/index.ts';
import type { Flow, Judged, Outcome, Stage } from '../../src/model/index.ts';
import { runs } from '../fuzz.ts';
import { baselineOf, SOME_DAY_MS, snapshotOf } from './traffic.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface Login {
  readonly atMs: number;
  readonly tookMs?: number;
  readonly outcome: Outcome | Outcome['kind'];
  readonly region?: string | undefined;
  readonly user?: string;
  readonly kind?: Flow['kind'];
  /** Whether its first line is there. */
  readonly begins?: boolean;
}

const OUTCOMES: Readonly<Record<Outcome['kind'], Outcome>> = {
  succeeded: { kind: 'succeeded', recovered: [] },
  failed: { kind: 'failed', stage: 'exchange', cause: 'code_used', symptoms: [] },
  abandoned: { kind: 'abandoned', stage: 'scanned', reason: 'never_scanned' },
  open: { kind: 'open', stage: 'scanned' },
};

let serial = 0;

function judged(login: Login): Judged {
  const { atMs, tookMs = 10_000, begins = true } = login;
  const outcome = typeof login.outcome === 'string' ? OUTCOMES[login.outcome] : login.outcome;
  const step = (stage: Stage, afterMs: number) => ({
    stage,
    outcome: 'ok' as const,
    firstMs: atMs + afterMs,
    count: 1,
  });
  const done = outcome.kind === 'succeeded' ? [step('session', tookMs)] : [];
  return {
    flow: {
      id: `f-${String(serial++).padStart(12, '0')}`,
      kind: login.kind ?? 'qr',
      firstMs: atMs,
      lastMs: atMs + tookMs,
      identities: [],
      steps: [...(begins ? [step('issued', 0)] : []), step('scanned', tookMs / 2), ...done],
      signals: [],
      values: new Map([
        ...(login.region === undefined ? [] : [['cloud.region', login.region] as const]),
        ...(login.user === undefined ? [] : [['client.address', login.user] as const]),
      ]),
      stateAt: new Map(),
      podAt: new Map(),
    },
    verdict: { outcome, evidence: [] },
  };
}

const OPTIONS: PopulationOptions = {
  strata: [],
  window: { fromMs: SOME_DAY_MS, toMs: SOME_DAY_MS + HOUR },
  flowTimeoutMs: 5 * MINUTE,
  retries: undefined,
};

const count = (logins: readonly Login[], options: Partial<PopulationOptions> = {}) =>
  countFlows(logins.map(judged), { ...OPTIONS, ...options });

const at = (minutes: number) => SOME_DAY_MS + minutes * MINUTE;

function totals(snapshot: Snapshot) {
  const sum = { succeeded: 0, failed: 0, abandoned: 0, open: snapshot.open, cut: snapshot.cut };
  for (const group of snapshot.groups.values()) {
    sum.succeeded += group.succeeded;
    sum.failed += failedIn(group);
    sum.abandoned += group.abandoned;
  }
  return sum;
}

describe('who counts', () => {
  test('decided scan logins; abandoned and open ones apart, other kinds not at all', () => {
    const snapshot = count([
      { atMs: at(10), outcome: 'succeeded' },
      { atMs: at(11), outcome: 'failed' },
      { atMs: at(12), outcome: 'abandoned' },
      { atMs: at(13), outcome: 'open' },
      { atMs: at(14), outcome: 'failed', kind: 'password' },
    ]);
    expect(totals(snapshot)).toEqual({ succeeded: 1, failed: 1, abandoned: 1, open: 1, cut: 0 });
  });

  test('not those begun since the oldest that is still open at the end', () => {
    const logins: Login[] = [
      { atMs: at(50), outcome: 'succeeded' },
      { atMs: at(56), outcome: 'succeeded' },
      { atMs: at(57), outcome: 'open' },
      { atMs: at(58), outcome: 'succeeded' },
      { atMs: at(59), outcome: 'failed' },
    ];
    expect(totals(count(logins))).toMatchObject({ succeeded: 2, failed: 0, open: 1, cut: 2 });
  });

  test('all of them, up to the end, when none is open there', () => {
    const logins: Login[] = [
      { atMs: at(58), outcome: 'succeeded' },
      { atMs: at(59), outcome: 'failed' },
    ];
    expect(totals(count(logins))).toMatchObject({ succeeded: 1, failed: 1, cut: 0 });
  });

  test('however long one login stays open, no more than the time-out is cut', () => {
    const logins: Login[] = [
      { atMs: at(5), outcome: 'open' },
      { atMs: at(30), outcome: 'succeeded' },
      { atMs: at(56), outcome: 'failed' },
    ];
    expect(totals(count(logins))).toMatchObject({ succeeded: 1, failed: 1, open: 1, cut: 0 });
  });

  test('not those whose beginning lies before the data, where beginnings are logged', () => {
    const logins: Login[] = [
      { atMs: at(1), outcome: 'failed', begins: false },
      { atMs: at(1), outcome: 'succeeded' },
      { atMs: at(20), outcome: 'succeeded', begins: false },
    ];
    expect(totals(count(logins))).toMatchObject({ succeeded: 2, failed: 0, cut: 1 });
    const without = logins.map((login) => ({ ...login, begins: false }));
    expect(totals(count(without))).toMatchObject({ succeeded: 2, failed: 1, cut: 0 });
  });

  test('by minute, with all that began; latencies of every pair of stages', () => {
    const snapshot = count([
      { atMs: at(10), outcome: 'succeeded', tookMs: 8000 },
      { atMs: at(10) + 1, outcome: 'abandoned' },
      { atMs: at(11), outcome: 'failed' },
    ]);
    expect([...snapshot.minutes.values()]).toEqual([
      { begun: 2, decided: 1, failed: 0 },
      { begun: 1, decided: 1, failed: 1 },
    ]);
    expect([...snapshot.latencies.keys()].sort()).toEqual([
      '>scanned',
      '>session',
      'issued>scanned',
      'issued>session',
      'login',
      'scanned>session',
    ]);
    expect(snapshot.latencies.get('issued>session')).toMatchObject({ count: 1, maxMs: 8000 });
  });

  test('by group, ids and secrets apart', () => {
    const snapshot = count(
      [
        { atMs: at(10), outcome: 'succeeded', region: 'sh' },
        { atMs: at(10), outcome: 'failed', region: 'sh' },
        {
          atMs: at(10),
          outcome: 'failed',
          region: 'https://x/?code=021abcdefghijklmnopqrstuvwxyz012',
        },
        { atMs: at(10), outcome: 'failed' },
      ],
      { strata: ['region'] },
    );
    const values = [...snapshot.groups.values()].map((group) => group.values[0]);
    expect(values).toHaveLength(3);
    expect(values).toContain('sh');
    expect(values).toContain(undefined);
    expect(JSON.stringify(values)).not.toContain('021abcdefghij');
  });

  test('a thousand groups at most', () => {
    const logins = Array.from({ length: 1500 }, (_, i): Login[] => [
      { atMs: at(10), outcome: 'succeeded', region: `r${i}` },
      ...(i < 10 ? [{ atMs: at(11), outcome: 'failed', region: `r${i}` } as const] : []),
    ]).flat();
    const snapshot = count(logins, { strata: ['region'] });
    expect(snapshot.groups.size).toBe(1001);
    expect(totals(snapshot)).toMatchObject({ succeeded: 1500, failed: 10 });
    expect(failedIn(snapshot.groups.get('["r3"]')!)).toBe(1);
  });
});

describe('retries', () => {
  const retries = { by: 'client.address', withinMs: 10 * MINUTE };

  test('of one user, soon after each other, are one attempt with its last ending', () => {
    const snapshot = count(
      [
        { atMs: at(10), outcome: 'failed', user: 'a' },
        { atMs: at(12), outcome: 'failed', user: 'a' },
        { atMs: at(14), outcome: 'succeeded', user: 'a' },
        { atMs: at(14), outcome: 'abandoned', user: 'b' },
        { atMs: at(15), outcome: 'failed', user: 'b' },
        { atMs: at(40), outcome: 'failed', user: 'b' },
        { atMs: at(16), outcome: 'failed' },
        { atMs: at(16), outcome: 'failed' },
      ],
      { retries },
    );
    expect(totals(snapshot)).toMatchObject({ succeeded: 1, failed: 4, abandoned: 0 });
  });

  test('in any order give the same', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            atMs: fc.integer({ min: 0, max: 60 }).map(at),
            outcome: fc.constantFrom(...(['succeeded', 'failed', 'abandoned', 'open'] as const)),
            user: fc.constantFrom('a', 'b', 'c'),
            region: fc.constantFrom('sh', 'bj', undefined),
          }),
          { maxLength: 40 },
        ),
        fc.integer(),
        (logins, seed) => {
          const options = { ...OPTIONS, strata: ['region'], retries };
          const flows = logins.map(judged);
          const shuffled = flows
            .map((flow, i) => ({ flow, key: Math.sin(seed + i * 7919) }))
            .sort((a, b) => a.key - b.key)
            .map(({ flow }) => flow);
          expect(textOf(countFlows(shuffled, options))).toBe(textOf(countFlows(flows, options)));
        },
      ),
    ));
});

function textOf(snapshot: Snapshot): string {
  return encodeBaseline(baselineOf({ groups: [] }, { windows: [{ rulesDigest: 'r', snapshot }] }));
}

const anySnapshot: fc.Arbitrary<Snapshot> = fc
  .record({
    day: fc.integer({ min: 0, max: 5 }),
    hours: fc.integer({ min: 1, max: 30 }),
    open: fc.nat(9),
    cut: fc.nat(9),
    groups: fc.array(
      fc.record({
        value: fc.constantFrom('sh', 'bj', undefined, 'a"b', '登录'),
        ok: fc.nat(50),
        failed: fc.dictionary(
          fc.constantFrom('a', 'b@userinfo', 'unclassified@session', '__proto__', 'constructor'),
          fc.integer({ min: 1, max: 9 }),
        ),
        abandoned: fc.nat(9),
      }),
      { maxLength: 5 },
    ),
    latencies: fc.dictionary(
      fc.constantFrom('login', '>exchange', 'issued>session'),
      fc.array(fc.double({ min: 0, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 20 }),
    ),
  })
  .map(({ day, groups, ...rest }) =>
    snapshotOf({
      ...rest,
      fromMs: SOME_DAY_MS + day * 24 * HOUR,
      groups: groups.map(({ value, ok, failed, abandoned }) => ({
        values: [value],
        decided: ok + Object.values(failed).reduce((sum, n) => sum + n, 0),
        failed,
        abandoned,
      })),
    }),
  );

const anyBaseline: fc.Arbitrary<Baseline> = fc
  .array(fc.record({ snapshot: anySnapshot, rulesDigest: fc.constantFrom('r1', 'r2') }), {
    maxLength: 4,
  })
  .map((windows) => baselineOf({ groups: [] }, { strata: ['region'], windows }));

describe('baselines', () => {
  test('come back from their file as they went', () =>
    fc.assert(
      fc.property(anyBaseline, (baseline) => {
        const text = encodeBaseline(baseline);
        const { baseline: again, problems } = decodeBaseline('b.json', text);
        expect(problems).toEqual([]);
        expect(encodeBaseline(again!)).toBe(text);
        expect(again!.windows.length).toBe(baseline.windows.length);
      }),
      { numRuns: runs(60) },
    ));

  test('merge to the sum of their flows, in any order and grouping', () =>
    fc.assert(
      fc.property(anyBaseline, anyBaseline, anyBaseline, (a, b, c) => {
        const left = mergeBaselines(mergeBaselines(a, b), c);
        const right = mergeBaselines(a, mergeBaselines(c, b));
        expect(encodeBaseline(left)).toBe(encodeBaseline(right));
        const parts = [a, b, c].flatMap(({ windows }) => windows.map(({ snapshot }) => snapshot));
        expect(textOf(wholeOf(left))).toBe(textOf(sumOfSnapshots(parts)));
        for (const digest of ['r1', 'r2']) {
          const own = [a, b, c]
            .flatMap(({ windows }) => windows)
            .filter(({ rulesDigest }) => rulesDigest === digest)
            .map(({ snapshot }) => snapshot);
          expect(textOf(wholeOf(left, digest))).toBe(textOf(sumOfSnapshots(own)));
        }
      }),
      { numRuns: runs(60) },
    ));

  test('counted in parts are what the whole is', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            minute: fc.integer({ min: 6, max: 54 }),
            outcome: fc.constantFrom(...(['succeeded', 'failed', 'abandoned'] as const)),
            region: fc.constantFrom('sh', 'bj'),
          }),
          { maxLength: 60 },
        ),
        fc.integer({ min: 1, max: 5 }),
        (logins, parts) => {
          const options = { ...OPTIONS, strata: ['region'] };
          const flows = logins.map(({ minute, ...login }) =>
            judged({ ...login, atMs: at(minute) }),
          );
          const shares = Array.from({ length: parts }, (_, k) =>
            countFlows(
              flows.filter((_, i) => i % parts === k),
              options,
            ),
          );
          expect(textOf(sumOfSnapshots(shares))).toBe(textOf(countFlows(flows, options)));
        },
      ),
      { numRuns: runs(60) },
    ));

  test('of one machine and another become one window, days stay apart', () => {
    const hour = (day: number) =>
      baselineOf({ groups: [{ decided: 10 }], fromMs: SOME_DAY_MS + day * 24 * HOUR, hours: 24 });
    const merged = [hour(0), hour(0), hour(1), hour(2)].reduce(mergeBaselines);
    expect(merged.windows.map(({ snapshot }) => totals(snapshot).succeeded)).toEqual([20, 10, 10]);
  });

  test('counted in different ways do not merge', () => {
    const one = baselineOf({ groups: [] });
    const other = { ...one, population: { flowTimeoutMs: 1000, retries: undefined } };
    expect(() => mergeBaselines(one, other)).toThrow(/time out after/);
    expect(differenceOfPopulations(one, { ...one, strata: ['region'] })).toContain('strata');
  });

  test('keep the latest windows, take the same one again, and refuse one that overlaps', () => {
    const window = (day: number, decided: number, hours = 24) => ({
      rulesDigest: 'r1',
      snapshot: snapshotOf({
        groups: [{ decided }],
        fromMs: SOME_DAY_MS + day * 24 * HOUR,
        hours,
      }),
    });
    let baseline: Baseline = { ...baselineOf({ groups: [] }), windows: [] };
    for (let day = 0; day < 5; day++) baseline = updateBaseline(baseline, window(day, day + 1), 3);
    const sizes = () => baseline.windows.map(({ snapshot }) => totals(snapshot).succeeded);
    expect(sizes()).toEqual([3, 4, 5]);
    baseline = updateBaseline(baseline, window(4, 50), 3);
    expect(sizes()).toEqual([3, 4, 50]);
    expect(() => updateBaseline(baseline, window(4, 50, 20), 3)).toThrow(/already knows/);
  });

  test('hold no word of the logs but what flows are grouped by', () => {
    const secret = 'oSecretOpenid_1234567890123456';
    const snapshot = count([
      { atMs: at(10), outcome: 'succeeded', user: secret },
      { atMs: at(11), outcome: 'failed', user: secret, region: secret },
    ]);
    expect(textOf(snapshot)).not.toContain('Secret');
    expect(textOf(snapshot)).not.toContain('f-');
  });
});
