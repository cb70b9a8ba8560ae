import fc from 'fast-check';
import {
  ABANDON_REASONS,
  type Flow,
  type Judged,
  type Outcome,
  STAGES,
  STEP_OUTCOMES,
  type Step,
} from '../../src/model/index.ts';

const T0 = Date.UTC(2026, 10, 23, 0, 0, 0);

const RULES = ['code_used', 'state_mismatch', 'db_pool_exhausted', 'gateway_504'];

const stage = fc.constantFrom(...STAGES);
const rule = fc.constantFrom(...RULES);

const step: fc.Arbitrary<Step> = fc.record({
  stage,
  outcome: fc.constantFrom(...STEP_OUTCOMES),
  firstMs: fc.option(
    fc.nat(86_400_000).map((ms) => T0 + ms / 8),
    { nil: undefined },
  ),
  count: fc.integer({ min: 1, max: 3 }),
});

const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.record({
    kind: fc.constant('succeeded' as const),
    recovered: fc.array(rule, { maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('failed' as const),
    stage,
    cause: fc.option(rule, { nil: undefined }),
    symptoms: fc.array(rule, { maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('abandoned' as const),
    stage,
    reason: fc.constantFrom(...ABANDON_REASONS),
  }),
  fc.record({ kind: fc.constant('open' as const), stage }),
);

/** Flows with every outcome, times across a day or none, and `values` under the given fields. */
export function arbitraryJudged(values: fc.Arbitrary<string>): fc.Arbitrary<Judged> {
  const flow: fc.Arbitrary<Flow> = fc.record({
    id: fc.nat(0xffffff).map((n) => `f-${n.toString(16).padStart(12, '0')}`),
    kind: fc.oneof(
      { weight: 9, arbitrary: fc.constant('qr' as const) },
      { weight: 1, arbitrary: fc.constantFrom('password' as const, 'refresh' as const) },
    ),
    firstMs: fc.option(
      fc.nat(86_400_000).map((ms) => T0 + ms),
      { nil: undefined, freq: 10 },
    ),
    lastMs: fc.constant(T0 + 86_400_000),
    identities: fc.constant([]),
    steps: fc
      .uniqueArray(step, {
        selector: ({ stage, outcome }) => `${stage} ${outcome}`,
        maxLength: 8,
      })
      .map((steps) => steps.sort((a, b) => placeOf(a) - placeOf(b))),
    signals: fc.constant([]),
    values: fc
      .record({ region: values, client: values }, { requiredKeys: [] })
      .map((record) => new Map(Object.entries(record))),
    stateAt: fc.constant(new Map()),
    podAt: fc.constant(new Map()),
  });
  return fc
    .record({ flow, outcome, findings: fc.uniqueArray(rule) })
    .map(({ flow, outcome, findings }) => ({
      flow,
      verdict: { outcome, evidence: [], findings },
    }));
}

/** As {@link arbitraryJudged}, with at most one flow of an id, as flows are. */
export function arbitraryFlows(
  values: fc.Arbitrary<string> = fc.constantFrom('a', 'b', 'c'),
): fc.Arbitrary<readonly Judged[]> {
  return fc.uniqueArray(arbitraryJudged(values), {
    selector: ({ flow }) => flow.id,
    maxLength: 40,
  });
}

const placeOf = ({ stage, outcome }: Step): number =>
  STAGES.indexOf(stage) * STEP_OUTCOMES.length + STEP_OUTCOMES.indexOf(outcome);
