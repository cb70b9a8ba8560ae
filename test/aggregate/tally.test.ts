import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  EVERYTHING,
  isInFocus,
  mergeTally,
  parseWhere,
  type TallyOptions,
  tally,
} from '../../src/aggregate/index.ts';
import { type Judged, STAGES, type Tally } from '../../src/model/index.ts';
import { runs } from '../fuzz.ts';
import { arbitraryFlows } from './arbitrary-judged.ts';

const BY = ['region', 'symptom'];
const ALL: TallyOptions = { selection: EVERYTHING, by: BY, showIds: false };

const options: fc.Arbitrary<TallyOptions> = fc
  .record({
    since: fc.boolean(),
    where: fc.constantFrom(undefined, 'region=a', 'region!=a && (client=b || outcome=failed)'),
    rules: fc.constantFrom([], ['code_used'], ['unclassified', 'gateway_504']),
    stages: fc.constantFrom([], ['exchange' as const]),
  })
  .map(({ since, where, rules, stages }) => ({
    ...ALL,
    selection: {
      sinceMs: since ? Date.UTC(2026, 10, 23, 6) : undefined,
      untilMs: undefined,
      where: where === undefined ? undefined : parseWhere(where),
      rules,
      stages,
    },
  }));

/** Everything a tally says, whatever order its maps grew in. */
function told(value: unknown): unknown {
  if (value instanceof Map)
    return [...value]
      .map(([key, item]) => [key, told(item)] as const)
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, told(item)]));
}

const sum = (numbers: Iterable<number>) => [...numbers].reduce((a, b) => a + b, 0);

function cut(flows: readonly Judged[], parts: number): Judged[][] {
  return Array.from({ length: parts }, (_, part) => flows.filter((_, i) => i % parts === part));
}

describe('a tally', () => {
  test('does not depend on the order of flows', () => {
    const shuffled = arbitraryFlows().chain((flows) =>
      fc.tuple(
        fc.constant(flows),
        fc.shuffledSubarray([...flows], { minLength: flows.length, maxLength: flows.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, options, ([flows, other], options) => {
        expect(told(tally(other, options))).toEqual(told(tally(flows, options)));
      }),
      { numRuns: runs(500) },
    );
  });

  test('is the merge of its parts, in any grouping and order', () => {
    fc.assert(
      fc.property(arbitraryFlows(), options, (flows, options) => {
        const [a, b, c] = cut(flows, 3).map((part) => tally(part, options));
        const whole = told(tally(flows, options));
        expect(told(mergeTally(mergeTally(a, b), c))).toEqual(whole);
        expect(told(mergeTally(a, mergeTally(b, c)))).toEqual(whole);
        expect(told(mergeTally(mergeTally(c, b), a))).toEqual(whole);
      }),
      { numRuns: runs(500) },
    );
  });

  test('adds up', () => {
    fc.assert(
      fc.property(arbitraryFlows(), options, (flows, options) => {
        const t = tally(flows, options);
        const { succeeded, failed, abandoned, open } = t.outcomes;
        const focused =
          sum([...t.causes.values()].map(({ flows }) => flows)) + t.unclassified.flows;
        expect(focused + t.unfocused).toBe(failed);
        expect(sum(Object.values(t.abandoned))).toBe(abandoned);
        expect(sum(STAGES.map((stage) => t.stages[stage].failed))).toBe(failed);
        expect(sum(STAGES.map((stage) => t.stages[stage].abandoned))).toBe(abandoned);
        expect(sum(STAGES.map((stage) => t.stages[stage].open))).toBe(open);
        for (const failures of [...t.causes.values(), t.unclassified])
          expect(sum(failures.stages.values())).toBe(failures.flows);

        const trend = [...t.trend.buckets.values()];
        expect(sum(trend.map((b) => b.decided)) + t.trend.timeless.decided).toBe(
          failed + succeeded,
        );
        expect(sum(trend.map((b) => b.failed)) + t.trend.timeless.failed).toBe(focused);
        for (const bucket of trend)
          expect(sum(bucket.causes.values()) + bucket.unclassified).toBe(bucket.failed);

        const regions = t.breakdowns.get('region')!;
        const ratios = [...regions.values.values(), regions.missing, regions.other];
        expect(sum(ratios.map((r) => r.decided))).toBe(failed + succeeded);
        expect(sum(ratios.map((r) => r.failed))).toBe(focused);

        const selectedKinds = Object.values(t.otherKinds).flatMap((kinds) => Object.values(kinds));
        if (options.selection.where === undefined && options.selection.sinceMs === undefined) {
          expect(succeeded + failed + abandoned + open).toBe(t.seen.flows);
          expect(t.seen.flows + sum(selectedKinds)).toBe(flows.length);
        }
      }),
      { numRuns: runs(500) },
    );
  });
});

function flow(changes: Partial<Judged['flow']> & { id: string }): Judged['flow'] {
  return {
    kind: 'qr',
    firstMs: 1_000_000,
    lastMs: undefined,
    identities: [],
    steps: [],
    signals: [],
    values: new Map(),
    stateAt: new Map(),
    podAt: new Map(),
    ...changes,
  };
}

function failed(id: string, cause: string | undefined, symptoms: string[] = []): Judged {
  return {
    flow: flow({ id }),
    verdict: { outcome: { kind: 'failed', stage: 'exchange', cause, symptoms }, evidence: [] },
  };
}

function succeeded(id: string, recovered: string[] = []): Judged {
  return {
    flow: flow({ id }),
    verdict: { outcome: { kind: 'succeeded', recovered }, evidence: [] },
  };
}

describe('what a tally counts', () => {
  test('the smallest ids are the examples', () => {
    const ids = ['f-9', 'f-3', 'f-7', 'f-1', 'f-5', 'f-8', 'f-2'];
    const t = tally(
      ids.map((id) => failed(id, 'code_used')),
      ALL,
    );
    expect(t.causes.get('code_used')?.examples).toEqual(['f-1', 'f-2', 'f-3', 'f-5', 'f-7']);
  });

  test('by symptom, a flow counts under every rule that matched it, failed or not', () => {
    const t = tally(
      [failed('f-1', 'pool', ['gateway']), failed('f-2', 'gateway'), succeeded('f-3', ['gateway'])],
      ALL,
    );
    expect(t.breakdowns.get('symptom')?.values).toEqual(
      new Map([
        ['pool', { decided: 1, failed: 1 }],
        ['gateway', { decided: 3, failed: 2 }],
      ]),
    );
    expect(t.recovered).toEqual(new Map([['gateway', 1]]));
  });

  test('only scan logins enter the counts of outcomes', () => {
    const password = { ...failed('f-1', undefined), flow: flow({ id: 'f-1', kind: 'password' }) };
    const t = tally([password, succeeded('f-2')], ALL);
    expect(t.outcomes).toEqual({ succeeded: 1, failed: 0, abandoned: 0, open: 0 });
    expect(t.otherKinds.password.failed).toBe(1);
  });

  test('latencies run between stages that went well, polls aside', () => {
    const at = (
      stage: (typeof STAGES)[number],
      firstMs: number,
      outcome: 'ok' | 'seen' | 'failed',
    ) => ({ stage, outcome, firstMs, count: 1 }) as const;
    const one = {
      ...succeeded('f-1'),
      flow: flow({
        id: 'f-1',
        steps: [
          at('issued', 1000, 'ok'),
          at('polled', 1500, 'ok'),
          at('scanned', 5000, 'seen'),
          at('exchange', 5100, 'seen'),
          at('exchange', 5150, 'failed'),
          at('exchange', 5300, 'ok'),
          at('session', 5320, 'ok'),
        ],
      }),
    };
    const t = tally([one], ALL);
    const exact = [...t.latencies].map(([pair, histogram]) => [pair, histogram.minMs]);
    expect(exact).toEqual([
      ['issued>scanned', 4000],
      ['scanned>exchange', 300],
      ['exchange>session', 20],
    ]);
    expect(t.login.maxMs).toBe(4320);
  });

  test('a breakdown never holds a secret', () => {
    const one = succeeded('f-1');
    const values = new Map([['openid', 'oABCD1234efghIJKL5678mnopQRS']]);
    const t = tally([{ ...one, flow: { ...one.flow, values } }], { ...ALL, by: ['openid'] });
    expect([...t.breakdowns.get('openid')!.values.keys()]).toEqual(['[openid]']);
  });

  test('failures out of focus stay in the rate and leave the causes', () => {
    const t: Tally = tally([failed('f-1', 'a'), failed('f-2', 'b'), succeeded('f-3')], {
      ...ALL,
      selection: { ...EVERYTHING, rules: ['a'] },
    });
    expect(t.outcomes.failed).toBe(2);
    expect([...t.causes.keys()]).toEqual(['a']);
    expect(t.unfocused).toBe(1);
    expect(t.breakdowns.get('region')?.missing).toEqual({ decided: 3, failed: 1 });
  });

  test('unclassified is a focus like any rule', () => {
    const outcome = { kind: 'failed', stage: 'exchange', cause: undefined, symptoms: [] } as const;
    expect(isInFocus(outcome, { rules: ['unclassified'], stages: [] })).toBe(true);
    expect(isInFocus(outcome, { rules: ['a'], stages: [] })).toBe(false);
    expect(isInFocus(outcome, { rules: [], stages: ['session'] })).toBe(false);
  });

  test('since holds its moment and until does not', () => {
    const at = (id: string, firstMs: number | undefined) => ({
      ...succeeded(id),
      flow: flow({ id, firstMs }),
    });
    const t = tally([at('f-1', 10), at('f-2', 20), at('f-3', 30), at('f-4', undefined)], {
      ...ALL,
      selection: { ...EVERYTHING, sinceMs: 10, untilMs: 30 },
    });
    expect(t.outcomes.succeeded).toBe(2);
    expect(t.seen.flows).toBe(4);
  });
});
