import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FlowTable, resolveFlows } from '../../src/correlate/index.ts';
import { NONE } from '../../src/correlate/slot-table.ts';
import type { Flow } from '../../src/model/index.ts';
import { runs } from '../fuzz.ts';
import {
  anyEvent,
  flowsOf,
  KEEP,
  spelledOut,
  TABLE_OPTIONS,
  type TestEvent,
  tableOf,
  testHash,
} from './events.ts';

const namespaces = (events: TestEvent[]) =>
  flowsOf(events).map((flow) => flow.identities.map((id) => id.namespace));

/** The life of login `n`, each line with the ids such a line really carries. */
function login(n: number, state = `state${n}`): TestEvent[] {
  const at = n * 1000;
  return [
    { stage: 'issued', timeMs: at, ids: { 'login.qrcode_id': `q${n}`, 'login.state': state } },
    {
      stage: 'polled',
      outcome: 'seen',
      timeMs: at + 1,
      ids: { 'login.qrcode_id': `q${n}`, trace_id: `p${n}` },
    },
    { stage: 'scanned', timeMs: at + 2, ids: { 'login.qrcode_id': `q${n}`, 'login.state': state } },
    {
      stage: 'callback',
      timeMs: at + 3,
      ids: { 'login.state': state, 'login.code': `c${n}`, trace_id: `t${n}` },
    },
    { stage: 'exchange', timeMs: at + 4, ids: { 'login.code': `c${n}`, trace_id: `t${n}` } },
    { hits: [0], timeMs: at + 5, ids: { trace_id: `t${n}` } },
  ];
}

describe('the identity graph', () => {
  test('lines that share no single key become one flow', () => {
    const flows = flowsOf(login(1));
    expect(flows).toHaveLength(1);
    expect(flows[0]!.steps.map((step) => step.stage)).toEqual([
      'issued',
      'polled',
      'scanned',
      'callback',
      'exchange',
    ]);
    expect(flows[0]!.signals.map((signal) => signal.rule)).toEqual([0]);
    expect(flows[0]).toMatchObject({ firstMs: 1000, lastMs: 1005 });
  });

  test('different logins stay apart, in order of their start', () => {
    const flows = flowsOf([...login(3), ...login(1), ...login(2)]);
    expect(flows.map((flow) => flow.firstMs)).toEqual([1000, 2000, 3000]);
  });

  test('the flow id comes from the smallest id of the strongest namespace', () => {
    const strongest = testHash('login.qrcode_id=q1');
    const id = `f-${strongest.high.toString(16).padStart(8, '0')}${strongest.low.toString(16).padStart(8, '0').slice(0, 4)}`;
    expect(flowsOf(login(1))[0]!.id).toBe(id);
  });

  test('an ordinary poll leaves no trace behind, a failed one does', () => {
    const poll = (n: number, outcome: 'seen' | 'failed'): TestEvent => ({
      stage: 'polled',
      outcome,
      ids: { 'login.qrcode_id': 'q', trace_id: `t${n}` },
    });
    expect(tableOf([1, 2, 3].map((n) => poll(n, 'seen'))).ids.size).toBe(1);
    expect(namespaces([poll(1, 'failed')])).toEqual([['login.qrcode_id', 'trace_id']]);
  });

  test('a constant state joins nothing and becomes a finding', () => {
    const events = Array.from({ length: 40 }, (_, n) => login(n, 'STATE')).flat();
    const graph = resolveFlows(tableOf(events), { keep: KEEP });
    expect(graph.findings).toEqual([
      { kind: 'constant_id', severity: 'critical', subject: 'login.state', count: 120 },
    ]);
    // Without its state a login falls into the part before and the part after the redirect.
    expect(graph.size).toBe(80);
    const callbacks = [...graph.flows()].filter((flow) => flow.steps[0]!.stage === 'callback');
    expect(callbacks.every((flow) => flow.steps.length === 2 && flow.signals.length === 1)).toBe(
      true,
    );
  });

  test('a batch job that touches many logins under one trace joins nothing', () => {
    const sweep = Array.from(
      { length: 20 },
      (_, n): TestEvent => ({
        ids: { 'login.qrcode_id': `q${n}`, trace_id: 'sweep' },
      }),
    );
    const graph = resolveFlows(tableOf([...login(1), ...login(2), ...sweep]), { keep: KEEP });
    expect(graph.findings.map((finding) => finding.kind)).toEqual(['shared_carrier']);
    expect([...graph.flows()].filter((flow) => flow.steps.length > 0)).toHaveLength(2);
  });

  test('events of a trace without any login are unlinked', () => {
    const graph = resolveFlows(tableOf([{ hits: [1], ids: { trace_id: 'x' } }, { hits: [0] }]), {
      keep: KEEP,
    });
    expect(graph).toMatchObject({ size: 0, unlinked: 2 });
  });

  test('a refreshed QR code stays one flow through its state', () => {
    const flows = flowsOf([
      { stage: 'issued', timeMs: 1, ids: { 'login.qrcode_id': 'a', 'login.state': 's' } },
      { stage: 'issued', timeMs: 2, ids: { 'login.qrcode_id': 'b', 'login.state': 's' } },
    ]);
    expect(flows).toHaveLength(1);
    expect(flows[0]!.steps).toEqual([{ stage: 'issued', outcome: 'ok', firstMs: 1, count: 2 }]);
  });

  test('the states of issue and callback can be compared', () => {
    const [flow] = flowsOf([
      { stage: 'issued', ids: { 'login.flow.id': 'f', 'login.state': 'a' } },
      { stage: 'callback', ids: { 'login.flow.id': 'f', 'login.state': 'b' } },
    ]);
    expect(flow!.stateAt.get('issued')).toHaveLength(1);
    expect(flow!.stateAt.get('issued')).not.toEqual(flow!.stateAt.get('callback'));
  });

  test('a flow is found by any of its ids', () => {
    const graph = resolveFlows(tableOf(login(1)), { keep: KEEP });
    const { high, low } = testHash('trace_id=t1');
    expect(graph.flowOf(high, low)!.id).toBe(flowsOf(login(1))[0]!.id);
    expect(graph.flowOf(1, 1)).toBeUndefined();
  });
});

test.each([
  ['a time that is no part of a millisecond, of an event without a stage', { timeMs: 0.1 }],
  ['a time far from all others', { timeMs: -62_135_596_800_000, stage: 'callback' } as const],
  ['a time of another year', { timeMs: 1_795_000_000_000, stage: 'callback' } as const],
  ['a signal', { timeMs: 5, hits: [1] }],
  ['no time', { stage: 'callback' } as const],
])('a table takes over an id that it has not met with %s', (_, event) => {
  const known: TestEvent = { ids: { 'login.code': 'a' }, timeMs: 3.2, stage: 'issued' };
  const more: TestEvent = { ids: { 'login.code': 'b' }, values: { 'k8s.pod.name': 'p' }, ...event };
  for (const first of [[known], []]) {
    const table = tableOf(first);
    table.absorb(tableOf([more, { ...more, line: 2 }]));
    const graph = resolveFlows(table, { keep: KEEP });
    expect([...graph.flows()].map(spelledOut)).toEqual(flowsOf([...first, more, more]));
  }
});

test('a table whose flows were made can be folded into again', () => {
  const events = [1, 2, 3, 4].flatMap((n) => login(n));
  const table = tableOf(events.slice(0, 13));
  resolveFlows(table, { keep: KEEP });
  table.absorb(tableOf(events.slice(13)));
  const graph = resolveFlows(table, { keep: KEEP });
  expect([...graph.flows()].map(spelledOut)).toEqual(flowsOf(events).map(spelledOut));
});

describe('partials', () => {
  const lines = (events: TestEvent[]) => events.map((event, i) => ({ ...event, line: i + 1 }));
  const world = fc.array(anyEvent, { maxLength: 40 });
  /** Everything but the line numbers, which shuffling changes by its nature. */
  const withoutLines = (events: TestEvent[]) =>
    flowsOf(events).map((flow) => ({
      ...flow,
      signals: flow.signals.map(({ place: _, ...rest }) => rest),
    }));

  test('the order of events does not matter', () => {
    fc.assert(
      fc.property(
        world.chain((events) =>
          fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
        ),
        ([events, shuffled]) => {
          expect(withoutLines(shuffled)).toEqual(withoutLines(events));
        },
      ),
      { numRuns: runs(500) },
    );
  });

  test('delivering events twice changes nothing', () => {
    fc.assert(
      fc.property(world, fc.array(fc.nat()), (events, again) => {
        const numbered = lines(events);
        const repeats = events.length === 0 ? [] : again.map((i) => numbered[i % events.length]!);
        expect(flowsOf([...numbered, ...repeats])).toEqual(flowsOf(numbered));
      }),
      { numRuns: runs(500) },
    );
  });

  test('tables of two halves add up to the whole', () => {
    fc.assert(
      fc.property(world, fc.nat(), (events, cut) => {
        const numbered = lines(events);
        const at = cut % (events.length + 1);
        const half = tableOf(numbered.slice(at));
        half.absorb(tableOf(numbered.slice(0, at)));
        const graph = resolveFlows(half, { keep: KEEP });
        const whole = resolveFlows(tableOf(numbered), { keep: KEEP });
        expect([...graph.flows()].map(spelledOut)).toEqual([...whole.flows()].map(spelledOut));
        expect(graph.unlinked).toBe(whole.unlinked);
        expect(graph.findings).toEqual(whole.findings);
      }),
      { numRuns: runs(500) },
    );
  });

  test('flows that one table has met alone, and those of the rests put together, are all there are', () => {
    const guards = fc.record({
      loginIds: fc.integer({ min: 1, max: 4 }),
      loginIdsOfCarrier: fc.integer({ min: 1, max: 4 }),
      carriers: fc.integer({ min: 1, max: 4 }),
    });
    const apart = fc.array(fc.tuple(anyEvent, fc.nat({ max: 2 })), { maxLength: 40 });
    let kept = 0;
    let cut = 0;
    fc.assert(
      fc.property(apart, fc.option(guards, { nil: undefined }), (placed, guard) => {
        const options = { keep: KEEP, ...(guard === undefined ? {} : { guard }) };
        const numbered = placed.map(([event, place], i) => ({ ...event, line: i + 1, place }));
        const tables = [0, 1, 2].map((at) => tableOf(numbered.filter(({ place }) => place === at)));
        const met = tables.map(({ ids }) =>
          ids.alsoIn(tables.flatMap((other) => (other.ids === ids ? [] : [other.ids]))),
        );
        const graphs = tables.map((table, at) =>
          resolveFlows(table, { ...options, metElsewhere: met[at]! }),
        );
        const rest = tableOf([]);
        for (const graph of graphs) {
          const part = tableOf([]);
          graph.putRest(part);
          rest.absorb(new FlowTable(TABLE_OPTIONS, part.pack()));
        }
        const together = resolveFlows(rest, options);
        const whole = resolveFlows(tableOf(numbered), options);
        const found = [...graphs, together].flatMap((graph) => [...graph.flows('any')]);
        const expected = [...whole.flows('any')];
        const byId = (flows: Flow[]) => new Map(flows.map((flow) => [flow.id, spelledOut(flow)]));
        expect(byId(found)).toEqual(byId(expected));
        expect(found).toHaveLength(expected.length);
        expect(together.unlinked).toBe(whole.unlinked);
        expect(together.findings).toEqual(whole.findings);
        kept += graphs.reduce((sum, { size }) => sum + size, 0);
        cut += whole.findings.length;
      }),
      { numRuns: runs(1000) },
    );
    expect(kept).toBeGreaterThan(0);
    expect(cut).toBeGreaterThan(0);
  });

  test('every event is in one flow or unlinked', () => {
    fc.assert(
      fc.property(world, (events) => {
        const table = tableOf(events);
        const graph = resolveFlows(table, { keep: KEEP });
        let folded = table.unlinked;
        for (let node = 0; node < table.ids.size; node += 1) {
          const block = table.partials.blockOf(node);
          if (block !== NONE) folded += table.partials.eventsAt(block);
        }
        expect(folded).toBe(events.length);
        expect(graph.unlinked).toBeLessThanOrEqual(events.length);
        const ids = [...graph.flows()].flatMap((flow) => flow.identities.map((id) => id.hash));
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: runs(500) },
    );
  });

  test('counts of a step saturate at three and ignore repeats', () => {
    const callback = (n: number): TestEvent => ({
      stage: 'callback',
      timeMs: n,
      ids: { 'login.code': 'c' },
    });
    const count = (events: TestEvent[]) => flowsOf(events)[0]!.steps[0]!.count;
    expect(count([callback(1), callback(1)])).toBe(1);
    expect(count([callback(1), callback(2)])).toBe(2);
    expect(count([1, 2, 3, 4, 5].map(callback))).toBe(3);
  });
});
