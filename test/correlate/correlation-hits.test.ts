import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CorrelationHits, correlationHits, FlowTable } from '../../src/correlate/index.ts';
import type { Correlation, CorrelationType, RuleCondition } from '../../src/model/index.ts';
import { anyEvent, batchOf, TEST_RULES, type TestEvent, testRule } from './events.ts';

interface Stated extends Partial<Omit<Correlation, 'rule' | 'groupBy' | 'field'>> {
  readonly name?: string;
  readonly groupBy?: readonly string[];
  readonly field?: string;
}

/** A correlation over `r0`, with windows of ten milliseconds. */
function correlation(type: CorrelationType, stated: Stated = {}): Correlation {
  const { name = 'corr', groupBy = [], field, ...rest } = stated;
  const key = (name: string) => ({ name, fieldOf: new Map<string, string>() });
  return {
    rule: testRule(name, { scope: 'correlation', effect: 'finding' }),
    type,
    rules: ['r0'],
    timespanMs: 10,
    percentile: undefined,
    bounds: [],
    condition: undefined,
    generate: false,
    ...rest,
    groupBy: groupBy.map(key),
    field: field === undefined ? undefined : key(field),
  };
}

function tableOf(events: readonly TestEvent[], correlations: readonly Correlation[]): FlowTable {
  const table = new FlowTable({ rules: TEST_RULES, explanations: [], correlations, podStages: [] });
  table.enterSource('test.log');
  for (const event of events) table.fold(batchOf(event), () => event.hits ?? []);
  return table;
}

function hitsOf(
  events: readonly TestEvent[],
  correlations: readonly Correlation[],
  watermarkMs?: number,
): CorrelationHits {
  return evaluated(tableOf(events, correlations), correlations, watermarkMs);
}

function evaluated(
  table: FlowTable,
  correlations: readonly Correlation[],
  watermarkMs?: number,
): CorrelationHits {
  const explaining = new Set<string>();
  const options = { rules: TEST_RULES, correlations, explaining, watermarkMs };
  return correlationHits(table.ruleHits, options);
}

/** Times at which the correlation began to hold. */
function begins(events: readonly TestEvent[], one: Correlation, watermarkMs?: number): number[] {
  const { findings } = hitsOf(events, [one], watermarkMs);
  return findings.flatMap(({ groups, firstMs, count }) =>
    groups === undefined ? [firstMs!, count] : groups.map(({ firstMs }) => firstMs),
  );
}

const hit = (timeMs: number, rule = 0, values: Record<string, string> = {}): TestEvent => ({
  hits: [rule],
  timeMs,
  values,
});

describe('event_count', () => {
  const three = correlation('event_count', { bounds: [{ op: 'gte', value: 3 }] });

  test.each([
    ['within the window, its ends included', [1, 5, 11], [11, 1]],
    ['a little too far apart', [1, 5, 12], []],
    ['over a border of whole windows', [9, 10, 11], [11, 1]],
    ['twice', [1, 2, 3, 100, 101, 102], [3, 2]],
    ['while it goes on it is one', [1, 2, 3, 4, 5, 6, 14, 15], [3, 1]],
    ['many more than are counted', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13], [3, 1]],
  ])('%s', (_, times, expected) => {
    expect(
      begins(
        times.map((time) => hit(time)),
        three,
      ),
    ).toEqual(expected);
  });

  test('a hit delivered twice is one', () => {
    expect(begins([hit(1), hit(1), hit(1), hit(2)], three)).toEqual([]);
  });

  test('hits without a time are in no window', () => {
    expect(
      begins([{ hits: [0] }, { hits: [0], values: { a: 'b' } }, hit(1), hit(2)], three),
    ).toEqual([]);
  });

  test('groups are counted apart, and hits without the field not at all', () => {
    const byPod = correlation('event_count', {
      groupBy: ['k8s.pod.name'],
      bounds: [{ op: 'gt', value: 1 }],
    });
    const pod = (timeMs: number, name: string) => hit(timeMs, 0, { 'k8s.pod.name': name });
    const { findings } = hitsOf(
      [pod(1, 'b'), pod(2, 'a'), pod(3, 'b'), hit(4), hit(5), pod(60, 'c'), pod(61, 'c')],
      [byPod],
    );
    const group = (value: string, firstMs: number) => ({
      values: [{ name: 'k8s.pod.name', fields: [], value }],
      count: 1,
      firstMs,
    });
    expect(findings).toEqual([
      {
        kind: 'corr',
        severity: 'warning',
        subject: 'corr',
        count: 2,
        firstMs: 3,
        groups: [group('b', 3), group('c', 61)],
        groupCount: 2,
      },
    ]);
  });

  test('all bounds hold at once', () => {
    const range = correlation('event_count', {
      bounds: [
        { op: 'gt', value: 1 },
        { op: 'lte', value: 2 },
      ],
    });
    expect(begins([hit(1)], range)).toEqual([]);
    expect(begins([hit(1), hit(2)], range)).toEqual([2, 1]);
    // The third takes the count out of the range; the fourth, alone with the third, back into it.
    expect(begins([hit(1), hit(2), hit(3), hit(13)], range)).toEqual([2, 2]);
  });

  test.each([
    ['eq', 2, [2, 1]],
    ['neq', 1, [2, 1]],
    ['lt', 2, [1, 1]],
  ] as const)('%s %i', (op, value, expected) => {
    const one = correlation('event_count', { bounds: [{ op, value }] });
    expect(begins([hit(1), hit(2)], one)).toEqual(expected);
  });

  test('counts as a naive count over all windows does', () => {
    const times = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 40 });
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 6 }), (raw, value) => {
        const distinct = [...new Set(raw)].sort((a, b) => a - b);
        const naive = distinct.filter(
          (to) => distinct.filter((time) => time <= to && time >= to - 10).length >= value,
        );
        const one = correlation('event_count', { bounds: [{ op: 'gte', value }] });
        const found = hitsOf(
          raw.map((time) => hit(time)),
          [one],
        );
        for (const time of distinct) {
          const inWindow = naive.some((to) => time <= to && time >= to - 10);
          expect(found.covers('corr', '', time), `at ${time}`).toBe(inWindow);
        }
      }),
    );
  });
});

describe('values of a field', () => {
  const ip = (timeMs: number, address: string) => hit(timeMs, 0, { 'client.address': address });
  const took = (timeMs: number, ms: string) => hit(timeMs, 0, { duration_ms: ms });

  test('value_count counts distinct ones', () => {
    const two = correlation('value_count', {
      field: 'client.address',
      bounds: [{ op: 'gte', value: 2 }],
    });
    expect(begins([ip(1, 'a'), ip(2, 'a'), ip(3, 'a')], two)).toEqual([]);
    expect(begins([ip(1, 'a'), hit(2), ip(11, 'b')], two)).toEqual([11, 1]);
    expect(begins([ip(1, 'a'), ip(12, 'b')], two)).toEqual([]);
    // Seen early and late: the late one is within reach.
    expect(begins([ip(1, 'a'), ip(9, 'a'), ip(19, 'b')], two)).toEqual([19, 1]);
  });

  test.each([
    ['value_sum', 60, undefined, [3, 1]],
    ['value_avg', 20, undefined, [3, 1]],
    ['value_median', 10, undefined, [2, 1]],
    ['value_percentile', 40, 95, [3, 1]],
  ] as const)('%s', (type, value, percentile, expected) => {
    const one = correlation(type, {
      field: 'duration_ms',
      percentile,
      bounds: [{ op: 'gte', value }],
    });
    const events = [took(1, '5'), took(2, '15'), took(3, '40'), took(4, 'soon'), took(5, '')];
    expect(begins(events, one)).toEqual(expected);
    expect(begins([took(1, '5'), took(2, '15'), took(13, '40')], one)).not.toEqual(expected);
  });

  test('a sum over more events than are kept comes close', () => {
    const events = Array.from({ length: 20_000 }, (_, i) => ({
      ...took(5, '1'),
      ids: { request_id: `${i}` },
    }));
    const above = (value: number) =>
      correlation('value_sum', { field: 'duration_ms', bounds: [{ op: 'gte', value }] });
    expect(begins(events, above(17_000))).toEqual([5, 1]);
    expect(begins(events, above(23_000))).toEqual([]);
  });
});

describe('temporal', () => {
  const seconds = { timespanMs: 10_000 };
  const both = correlation('temporal', { ...seconds, rules: ['r0', 'r1'] });
  const ordered = correlation('temporal_ordered', { ...seconds, rules: ['r0', 'r1', 'r2'] });

  test('all rules, in any order, within the window', () => {
    expect(begins([hit(1000, 0), hit(11_000, 1)], both)).toEqual([11_000, 1]);
    expect(begins([hit(1000, 1), hit(11_000, 0)], both)).toEqual([11_000, 1]);
    expect(begins([hit(1000, 1), hit(11_001, 0)], both)).toEqual([]);
    expect(begins([hit(1000, 1), hit(2000, 1)], both)).toEqual([]);
  });

  test('in the order of the rules', () => {
    expect(begins([hit(1000, 0), hit(2000, 1), hit(3000, 2)], ordered)).toEqual([3000, 1]);
    expect(begins([hit(1000, 0), hit(3000, 1), hit(2000, 2)], ordered)).toEqual([]);
    expect(begins([hit(1000, 2), hit(2000, 0), hit(3000, 1), hit(4000, 2)], ordered)).toEqual([
      4000, 1,
    ]);
    expect(begins([hit(1000, 0), hit(2000, 1), hit(12_000, 2)], ordered)).toEqual([]);
  });

  test('groups under their name in each rule', () => {
    const one: Correlation = {
      ...both,
      groupBy: [
        {
          name: 'pod',
          fieldOf: new Map([
            ['r0', 'k8s.pod.name'],
            ['r1', 'upstream.pod'],
          ]),
        },
      ],
    };
    const at = (second: string) => [
      hit(1000, 0, { 'k8s.pod.name': 'a' }),
      hit(2000, 1, { 'upstream.pod': second }),
    ];
    expect(begins(at('a'), one)).toEqual([2000]);
    expect(begins(at('b'), one)).toEqual([]);
  });

  describe('with a condition', () => {
    const rule = (name: string): RuleCondition => ({ kind: 'rule', name });
    const alone = correlation('temporal', {
      ...seconds,
      rules: ['r0', 'r1'],
      condition: { kind: 'and', parts: [rule('r0'), { kind: 'not', part: rule('r1') }] },
    });

    test('what must not hit is absent before and after', () => {
      expect(begins([hit(20_000, 0)], alone)).toEqual([20_000, 1]);
      expect(begins([hit(20_000, 0), hit(10_000, 1)], alone)).toEqual([]);
      expect(begins([hit(20_000, 0), hit(30_000, 1)], alone)).toEqual([]);
      expect(begins([hit(20_000, 0), hit(9000, 1), hit(31_000, 1)], alone)).toEqual([20_000, 1]);
    });

    test('absence waits for the watermark', () => {
      expect(begins([hit(20_000, 0)], alone, 29_999)).toEqual([]);
      expect(begins([hit(20_000, 0)], alone, 30_000)).toEqual([20_000, 1]);
    });

    test('either of two', () => {
      const either = correlation('temporal', {
        ...seconds,
        rules: ['r0', 'r1', 'r2'],
        condition: {
          kind: 'and',
          parts: [rule('r0'), { kind: 'or', parts: [rule('r1'), rule('r2')] }],
        },
      });
      expect(begins([hit(1000, 0), hit(2000, 2)], either)).toEqual([2000, 1]);
      expect(begins([hit(1000, 1), hit(2000, 2)], either)).toEqual([]);
    });
  });
});

test('a correlation builds on another, by its own groups', () => {
  const storm = correlation('event_count', {
    name: 'storm',
    groupBy: ['k8s.pod.name'],
    bounds: [{ op: 'gte', value: 2 }],
  });
  const everywhere = correlation('value_count', {
    name: 'everywhere',
    rules: ['storm'],
    field: 'k8s.pod.name',
    timespanMs: 100,
    bounds: [{ op: 'gte', value: 2 }],
  });
  const at = (timeMs: number, pod: string) => hit(timeMs, 0, { 'k8s.pod.name': pod });
  const storms = [at(1, 'a'), at(2, 'a'), at(50, 'b'), at(51, 'b')];
  const named = (events: readonly TestEvent[]) =>
    hitsOf(events, [everywhere, storm]).findings.map(({ subject, count }) => [subject, count]);
  expect(named(storms)).toEqual([
    ['everywhere', 1],
    ['storm', 2],
  ]);
  expect(named(storms.slice(0, 3))).toEqual([['storm', 1]]);
});

describe('findings of single events', () => {
  const rules = [testRule('leak', { effect: 'finding', level: 'critical' })];

  function count(events: readonly TestEvent[]) {
    const table = new FlowTable({ rules, explanations: [], podStages: [] });
    for (const event of events) table.fold(batchOf(event), () => event.hits ?? []);
    const options = {
      rules,
      correlations: [],
      explaining: new Set<string>(),
      watermarkMs: undefined,
    };
    return correlationHits(table.ruleHits, options).findings;
  }

  test('distinct events are counted, with the first of them', () => {
    expect(count([hit(7), hit(3), hit(3), { hits: [0] }])).toEqual([
      { kind: 'leak', severity: 'critical', subject: 'leak', count: 3, firstMs: 3 },
    ]);
    expect(count([{ hits: [] }])).toEqual([]);
  });

  test('very many are estimated', () => {
    const many = Array.from({ length: 30_000 }, (_, i) => hit(i));
    const [finding] = count([...many, ...many]);
    expect(finding!.count).toBeGreaterThan(28_000);
    expect(finding!.count).toBeLessThan(32_000);
  });
});

describe('the laws', () => {
  const pods = ['k8s.pod.name'];
  const all: readonly Correlation[] = [
    correlation('event_count', { name: 'a', groupBy: pods, bounds: [{ op: 'gte', value: 2 }] }),
    correlation('event_count', { name: 'b', bounds: [{ op: 'eq', value: 3 }] }),
    correlation('value_count', {
      name: 'c',
      field: 'service.version',
      rules: ['r0', 'r1'],
      bounds: [{ op: 'gte', value: 2 }],
    }),
    correlation('temporal', { name: 'd', rules: ['r0', 'r1'], timespanMs: 3, groupBy: pods }),
    correlation('temporal_ordered', { name: 'e', rules: ['r2', 'r1'], timespanMs: 5 }),
    correlation('event_count', {
      name: 'f',
      rules: ['a', 'd'],
      bounds: [{ op: 'gte', value: 2 }],
    }),
  ];
  const someEvents = fc.array(anyEvent, { maxLength: 30 });

  test('neither order, nor repetition, nor a split and a merge changes what is found', () => {
    fc.assert(
      fc.property(
        someEvents.chain((events) =>
          fc.tuple(
            fc.constant(events),
            fc.shuffledSubarray([...events, ...events.slice(0, 5)], {
              minLength: events.length + Math.min(5, events.length),
            }),
            fc.nat(events.length),
          ),
        ),
        ([events, shuffled, cut]) => {
          const expected = hitsOf(events, all, 20).findings;
          expect(hitsOf(shuffled, all, 20).findings).toEqual(expected);
          const merged = tableOf(shuffled.slice(0, cut), all);
          merged.absorb(tableOf(shuffled.slice(cut), all));
          expect(evaluated(merged, all, 20).findings).toEqual(expected);
        },
      ),
    );
  });

  test('what is kept of a window does not grow with its hits', () => {
    const one = correlation('event_count', { bounds: [{ op: 'gte', value: 5 }] });
    const table = tableOf(
      Array.from({ length: 5000 }, (_, i) => ({ ...hit(i % 10), ids: { request_id: `${i}` } })),
      [one],
    );
    const group = table.ruleHits.groups.get('corr')!.get('')!;
    if (group.kind !== 'counted') throw new Error('it is counted');
    for (const { earliest, latest } of group.spans.values()) {
      expect(earliest.size).toBeLessThanOrEqual(12);
      expect(latest.size).toBeLessThanOrEqual(12);
    }
  });
});
