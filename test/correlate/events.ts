import fc from 'fast-check';
import { FlowTable, type FlowTableOptions, resolveFlows } from '../../src/correlate/index.ts';
import {
  type EventBatch,
  type Explanation,
  type Flow,
  ID_NAMESPACES,
  type IdNamespace,
  type Rule,
  STAGES,
  STEP_OUTCOMES,
  type Stage,
  type StepOutcome,
} from '../../src/model/index.ts';

/** One event as a test states it. */
export interface TestEvent {
  ids?: Partial<Record<IdNamespace, string>>;
  stage?: Stage;
  outcome?: StepOutcome;
  timeMs?: number;
  values?: Record<string, string>;
  /** Numbers of the rules it matches. */
  hits?: number[];
  line?: number;
}

/** A hash that is good enough to keep the ids of a test apart. */
export function testHash(text: string): { high: number; low: number } {
  let high = 0x811c9dc5;
  let low = 0x12345678;
  for (let i = 0; i < text.length; i += 1) {
    high = Math.imul(high ^ text.charCodeAt(i), 0x01000193);
    low = Math.imul(low ^ (high >>> 7) ^ text.charCodeAt(i), 0x5bd1e995);
  }
  return { high: high >>> 0, low: (low ^ (low >>> 15)) >>> 0 };
}

export const KEEP = ['service.version'];

/** A batch of one event, as the normaliser would make it. */
export function batchOf(event: TestEvent): EventBatch {
  const ids = ID_NAMESPACES.flatMap((namespace, index) => {
    const text = event.ids?.[namespace];
    return text === undefined ? [] : [{ index, ...testHash(`${namespace}=${text}`) }];
  });
  const values = Object.entries(event.values ?? {}).map(([field, text]) => ({
    field,
    text,
    leaves: [],
    slot: KEEP.indexOf(field),
  }));
  const content = testHash(JSON.stringify({ ...event, line: undefined, hits: undefined }));
  return {
    count: 1,
    row: Uint32Array.of(0),
    line: Uint32Array.of(event.line ?? 1),
    timeMs: Float64Array.of(event.timeMs ?? Number.NaN),
    severity: Uint8Array.of(3),
    stage: Uint8Array.of(event.stage === undefined ? 0 : STAGES.indexOf(event.stage) + 1),
    outcome: Uint8Array.of(STEP_OUTCOMES.indexOf(event.outcome ?? 'ok')),
    kind: Uint8Array.of(0),
    hashHigh: Uint32Array.of(content.high),
    hashLow: Uint32Array.of(content.low),
    idStart: Uint32Array.of(0, ids.length),
    idNamespace: Uint8Array.from(ids, (id) => id.index),
    idHigh: Uint32Array.from(ids, (id) => id.high),
    idLow: Uint32Array.from(ids, (id) => id.low),
    idText: ids.map(() => ''),
    template: Uint32Array.of(0),
    templates: [{ values }],
  };
}

export function testRule(name: string, rule: Partial<Rule> = {}): Rule {
  return {
    id: name,
    name,
    title: { en: name, zh: name },
    description: undefined,
    status: 'stable',
    level: 'high',
    scope: 'event',
    stage: undefined,
    class: name,
    effect: 'failure',
    priority: 0,
    remediation: { en: '', zh: '' },
    references: [],
    falsePositives: [],
    deadline: undefined,
    file: 'test.yml',
    line: 1,
    ...rule,
  };
}

export const TEST_RULES = [testRule('r0'), testRule('r1'), testRule('r2')];

export const TABLE_OPTIONS: FlowTableOptions = {
  rules: TEST_RULES,
  explanations: [],
  podStages: ['issued', 'callback'],
};

export function tableOf(
  events: readonly TestEvent[],
  explanations: readonly Explanation[] = [],
): FlowTable {
  const table = new FlowTable({ ...TABLE_OPTIONS, explanations });
  table.enterSource('test.log');
  for (const event of events) table.fold(batchOf(event), () => event.hits ?? []);
  return table;
}

/** The flow with everything spelled out, for comparing. */
export function spelledOut(flow: Flow): Flow {
  const { id, identities, kind, firstMs, lastMs, steps, signals, values, stateAt, podAt } = flow;
  return { id, identities, kind, firstMs, lastMs, steps, signals, values, stateAt, podAt };
}

export function flowsOf(events: readonly TestEvent[]): Flow[] {
  return [...resolveFlows(tableOf(events), { keep: KEEP }).flows()].map(spelledOut);
}

/** Events of a small world in which ids meet often. */
export const anyEvent: fc.Arbitrary<TestEvent> = fc.record(
  {
    ids: fc.dictionary(
      fc.constantFrom(...ID_NAMESPACES),
      fc.integer({ min: 0, max: 5 }).map(String),
      { maxKeys: 3 },
    ) as fc.Arbitrary<Partial<Record<IdNamespace, string>>>,
    stage: fc.constantFrom(...STAGES),
    outcome: fc.constantFrom(...STEP_OUTCOMES),
    // Some that are far from the others, or too fine to be counted from them.
    timeMs: fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: 0, max: 20 }) },
      { weight: 1, arbitrary: fc.constantFrom(0.1, -62_135_596_800_000, 1_795_000_000_000.25) },
    ),
    values: fc.dictionary(
      fc.constantFrom('service.version', 'k8s.pod.name'),
      fc.constantFrom('a', 'b'),
    ) as fc.Arbitrary<Record<string, string>>,
    hits: fc.uniqueArray(fc.integer({ min: 0, max: 2 })),
  },
  { requiredKeys: ['ids'] },
) as fc.Arbitrary<TestEvent>;
