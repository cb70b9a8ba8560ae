import type { OutcomeKind, Stage } from '../model/index.ts';
import { entryOf, plainOf, type Span, type YamlNode } from '../sigma/index.ts';
import { durationMs } from './duration.ts';
import type { TEST_EXPECTATIONS } from './rule-schema.ts';

export type TestExpectation = (typeof TEST_EXPECTATIONS)[number];

/** What a test says about one flow, named by the flow id its events carry. */
export interface FlowAssertion {
  readonly flow: string;
  readonly outcome: OutcomeKind | undefined;
  readonly cause: string | undefined;
  readonly class: string | undefined;
  readonly stage: Stage | undefined;
  readonly symptoms: readonly string[];
}

/** A case under `flow.tests` of a rule. */
export interface RuleTest {
  readonly name: string;
  readonly expect: TestExpectation;
  /** One event, or several with their time since the beginning of the test. */
  readonly events: readonly { readonly offsetMs: number; readonly event: object }[];
  /** Whether it was written as one `event`. */
  readonly single: boolean;
  /** The watermark, since the beginning; undefined when everything has had its time. */
  readonly untilMs: number | undefined;
  readonly assertions: readonly FlowAssertion[];
  readonly span: Span;
}

/** Reads `flow.tests` of a document that fits its schema. */
export function readTests(document: YamlNode): readonly RuleTest[] {
  const attributes = entryOf(document, 'custom_attributes')?.value;
  const list = attributes && entryOf(attributes, 'flow.tests')?.value;
  return list?.kind === 'list' ? list.items.map(readTest) : [];
}

function readTest(node: YamlNode): RuleTest {
  const test = plainOf(node) as {
    name: string;
    expect: TestExpectation;
    event?: object;
    events?: { offset: string; event: object }[];
    until?: string;
    assert?: Record<string, Record<string, unknown>>;
  };
  const events = test.events?.map(({ offset, event }) => ({
    offsetMs: durationMs(offset) as number,
    event,
  }));
  const span = (entryOf(node, 'name')?.value as Span | undefined) ?? node;
  return {
    name: test.name,
    expect: test.expect,
    events: events ?? (test.event === undefined ? [] : [{ offsetMs: 0, event: test.event }]),
    single: events === undefined,
    untilMs: test.until === undefined ? undefined : durationMs(test.until),
    assertions: Object.entries(test.assert ?? {}).map(([flow, said]) => ({
      flow,
      outcome: said.outcome as OutcomeKind | undefined,
      cause: said.cause as string | undefined,
      class: said.class as string | undefined,
      stage: said.stage as Stage | undefined,
      symptoms: [said.symptom ?? []].flat() as string[],
    })),
    span,
  };
}
