import type { Explanation, Problem, Rule } from '../model/index.ts';
import type { Mapping } from '../normalise/index.ts';
import type { ActiveRule, LoadedRules, RuleDocument, RuleSet, RuleTest } from '../ruleset/index.ts';
import {
  compileDetections,
  createReporter,
  type DetectionIndex,
  jsonRecord,
  type SigmaRecord,
  type Span,
  type Trace,
} from '../sigma/index.ts';
import { checkAssertions } from './assertion.ts';
import type { CaseResult } from './case-result.ts';
import { type CorpusCase, runCorpusCase } from './corpus-case.ts';
import { createEventReader, type EventReader, recordOf } from './event-reader.ts';
import {
  createFlowReader,
  type FlowReader,
  isRipe,
  type ReadFlow,
  type ReadFlows,
} from './flow-reader.ts';
import { type DetectionLeaf, leavesIn, withoutLeaf } from './mutant.ts';
import { testLines } from './test-lines.ts';

export interface TestOptions {
  /** Only rules with one of these names, ids or classes. */
  readonly only?: readonly string[];
  /** Drop each leaf of each rule in turn and see that a test notices. */
  readonly mutate?: boolean;
  /** Cases from `*.test.yml` files, by the name of their rule. */
  readonly corpusCases?: readonly CorpusCase[];
}

/** Whether one value of a detection was seen to hold and not to hold. */
export interface LeafResult {
  /** `field|modifiers: value` */
  readonly leaf: string;
  readonly line: number;
  readonly seenTrue: boolean;
  readonly seenFalse: boolean;
}

export interface MutantResult {
  /** The leaf that was dropped. */
  readonly leaf: string;
  readonly line: number;
  /** Whether a test failed without it. */
  readonly killed: boolean;
}

export interface RuleResult {
  readonly rule: Rule;
  readonly cases: readonly CaseResult[];
  readonly leaves: readonly LeafResult[];
  /** Empty unless asked for. */
  readonly mutants: readonly MutantResult[];
}

export interface TestResult {
  readonly rules: readonly RuleResult[];
  readonly passed: number;
  readonly failed: number;
  readonly todo: number;
  /** Share of leaves seen both ways, 0–1; 1 when there are none. */
  readonly leafCoverage: number;
  /** Share of mutants that a test noticed, 0–1; undefined when none were made. */
  readonly mutationScore: number | undefined;
  /** What a stable rule lacks: a test of each kind, a leaf seen both ways. */
  readonly problems: readonly Problem[];
}

/**
 * Runs the tests in rule files through the real path: events are written as JSON lines, decoded,
 * normalised and, where a test has several, correlated and judged with the whole rule set.
 */
export function runTests(
  loaded: LoadedRules,
  mappings: readonly Mapping[],
  options: TestOptions = {},
): TestResult {
  const { ruleSet, active } = loaded;
  const bench: Bench = {
    loaded,
    readEvent: createEventReader(ruleSet.events, mappings),
    readFlows: createFlowReader(ruleSet, mappings),
  };
  const problems: Problem[] = [];
  const correlations = new Set(ruleSet.correlations.map(({ rule }) => rule));
  const tested = [
    ...active,
    ...loaded.documents
      .filter(({ facts }) => correlations.has(facts))
      .map((document) => ({ document, detection: undefined })),
  ].filter(({ document }) => document.own && isChosen(document.facts, options.only));
  const rules = tested.map(({ document, detection }) =>
    detection === undefined
      ? testCorrelation(document, bench, mappings)
      : testRule({ document, detection }, bench, options, problems),
  );
  const cases = rules.flatMap((result) => result.cases);
  const leaves = rules.flatMap((result) => result.leaves);
  const mutants = rules.flatMap((result) => result.mutants);
  const count = (status: CaseResult['status']): number =>
    cases.filter((result) => result.status === status).length;
  const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);
  return {
    rules,
    passed: count('passed'),
    failed: count('failed'),
    todo: count('todo'),
    leafCoverage: share(
      leaves.filter(({ seenTrue, seenFalse }) => seenTrue && seenFalse).length,
      leaves.length,
    ),
    mutationScore:
      options.mutate === true
        ? share(mutants.filter(({ killed }) => killed).length, mutants.length)
        : undefined,
    problems,
  };
}

interface Bench {
  readonly loaded: LoadedRules;
  readonly readEvent: EventReader;
  readonly readFlows: FlowReader;
}

function isChosen(rule: Rule, only: readonly string[] | undefined): boolean {
  if (only === undefined || only.length === 0) return true;
  return only.some((name) => name === rule.name || name === rule.id || name === rule.class);
}

/** What a test gives a rule to look at. */
interface Scene {
  readonly test: RuleTest;
  /** Events, or flows. */
  readonly records: readonly SigmaRecord[];
  /** Those the rule may speak of: flows that are old enough. */
  readonly ripe: readonly SigmaRecord[];
  /** Present when the test says what becomes of flows. */
  readonly flows: ReadFlows | undefined;
}

function sceneOf(test: RuleTest, rule: Rule, bench: Bench): Scene {
  const isFlowRule = rule.scope === 'flow';
  if (test.single) {
    const { event } = test.events[0];
    // A single event of a flow rule is the flow record itself.
    const record = isFlowRule
      ? jsonRecord(event)
      : recordOf(bench.readEvent(JSON.stringify(event)));
    return { test, records: [record], ripe: [record], flows: undefined };
  }
  const lines = testLines(test);
  const needsFlows = isFlowRule || test.assertions.length > 0;
  const flows = needsFlows ? bench.readFlows(lines) : undefined;
  const records = isFlowRule
    ? (flows?.flows ?? []).map(({ record }) => record)
    : lines.slice(1, -1).map((line) => recordOf(bench.readEvent(line)));
  return { test, records, ripe: records.filter((record) => isRipe(rule, record)), flows };
}

function testRule(
  { document, detection }: ActiveRule,
  bench: Bench,
  options: TestOptions,
  problems: Problem[],
): RuleResult {
  const rule = document.facts;
  const index = compileDetections([detection]);
  const scenes = document.tests.map((test) => sceneOf(test, rule, bench));
  const cases = [
    ...scenes.map((scene) => judgeScene(scene, index, document, bench)),
    ...(options.corpusCases ?? [])
      .filter((one) => one.rule === rule.name || one.rule === rule.id)
      .map((one) => runCorpusCase(one, rule, index, bench.loaded, bench)),
  ];
  const leaves = coverageOf({ document, detection }, index, scenes);
  const result: RuleResult = {
    rule,
    cases,
    leaves,
    mutants: options.mutate === true ? mutantsOf({ document, detection }, index, scenes) : [],
  };
  checkStable(document, result, problems);
  return result;
}

function matchesAny(index: DetectionIndex, { ripe }: Scene): boolean {
  return ripe.some((record) => index.match(record).length > 0);
}

function judgeScene(
  scene: Scene,
  index: DetectionIndex,
  document: RuleDocument,
  bench: Bench,
): CaseResult {
  const { test, flows } = scene;
  const matched = matchesAny(index, scene);
  const complaints: string[] = [];
  if (matched !== (test.expect === 'match')) {
    complaints.push(matched ? 'it matches' : 'it does not match');
  }
  if (flows !== undefined) complaints.push(...checkAssertions(test, flows, bench.loaded.ruleSet));
  return caseResult(test, document, complaints);
}

function caseResult(
  test: RuleTest,
  document: RuleDocument,
  complaints: readonly string[],
): CaseResult {
  const status = test.expect === 'todo' ? 'todo' : complaints.length === 0 ? 'passed' : 'failed';
  return {
    name: test.name,
    status,
    message: status === 'failed' ? complaints.join('; ') : undefined,
    file: document.file,
    line: document.report.place(test.span.start).line,
  };
}

/** A correlation matches when it attributes a flow, or is itself a cause or a finding. */
function testCorrelation(document: RuleDocument, bench: Bench, mappings: readonly Mapping[]) {
  const rule = document.facts;
  const { ruleSet } = bench.loaded;
  const explanation = ruleSet.explanations.find(({ name }) => name === rule.name);
  const readAlone = explanation && createFlowReader(onlyExplaining(ruleSet, explanation), mappings);
  // A benign one is told nowhere; as a finding it would be.
  const readAsFinding =
    rule.effect === 'benign' ? createFlowReader(asFinding(ruleSet, rule), mappings) : undefined;
  const cases = document.tests.map((test) => {
    const lines = testLines(test);
    const read = bench.readFlows(lines);
    const matched =
      (readAsFinding?.(lines) ?? read).findings.some(({ subject }) => subject === rule.name) ||
      causedBy(read, rule.name).length > 0 ||
      (readAlone !== undefined && causedBy(readAlone(lines), explanation?.cause).length > 0);
    const complaints = checkAssertions(test, read, ruleSet);
    if (matched !== (test.expect === 'match')) {
      complaints.unshift(matched ? 'it matches' : 'it does not match');
    }
    return caseResult(test, document, complaints);
  });
  return { rule, cases, leaves: [], mutants: [] };
}

function causedBy(read: ReadFlows, cause: string | undefined): readonly ReadFlow[] {
  return read.flows.filter(
    ({ verdict: { outcome } }) => outcome.kind === 'failed' && outcome.cause === cause,
  );
}

function asFinding(ruleSet: RuleSet, rule: Rule): RuleSet {
  const correlations = ruleSet.correlations.map((one) =>
    one.rule === rule ? { ...one, rule: { ...rule, effect: 'finding' as const } } : one,
  );
  return { ...ruleSet, correlations };
}

/**
 * A rule set in which the cause can only win by this explanation: its symptoms have the highest
 * priority, and nothing else explains anything.
 */
function onlyExplaining(ruleSet: RuleSet, explanation: Explanation): RuleSet {
  const rules = ruleSet.rules.map((rule) =>
    explanation.symptoms.includes(rule.name)
      ? { ...rule, priority: Number.MAX_SAFE_INTEGER }
      : rule,
  );
  return { ...ruleSet, rules, explanations: [explanation] };
}

function shownLeaf({ item, value }: DetectionLeaf): string {
  const key = [item.field ?? '', item.modifiers].filter((part, i) => i === 0 || part !== '');
  const name = key.join('|');
  return name === '' ? `keyword ${value.shown}` : `${name}: ${value.shown}`;
}

function coverageOf(
  { document, detection }: ActiveRule,
  index: DetectionIndex,
  scenes: readonly Scene[],
): readonly LeafResult[] {
  const seenTrue = new Set<unknown>();
  const seenFalse = new Set<unknown>();
  const visit = (trace: Trace): void => {
    if (trace.kind === 'item') {
      for (const { value, matched } of trace.values) (matched ? seenTrue : seenFalse).add(value);
    } else if ('parts' in trace) {
      trace.parts.forEach(visit);
    } else {
      visit(trace.part);
    }
  };
  for (const { records } of scenes) {
    for (const record of records) visit(index.trace(0, record));
  }
  return leavesIn(detection).map((leaf) => ({
    leaf: shownLeaf(leaf),
    line: document.report.place(leaf.value.span.start).line,
    seenTrue: seenTrue.has(leaf.value),
    seenFalse: seenFalse.has(leaf.value),
  }));
}

function mutantsOf(
  { document, detection }: ActiveRule,
  index: DetectionIndex,
  scenes: readonly Scene[],
): readonly MutantResult[] {
  const decided = scenes.filter(({ test }) => test.expect !== 'todo');
  const before = decided.map((scene) => matchesAny(index, scene));
  return leavesIn(detection).map((leaf) => {
    const mutant = compileDetections([withoutLeaf(detection, leaf)]);
    return {
      leaf: shownLeaf(leaf),
      line: document.report.place(leaf.value.span.start).line,
      killed: decided.some((scene, i) => matchesAny(mutant, scene) !== before[i]),
    };
  });
}

/** A stable rule shows what it matches, what tempts it in vain, and that each leaf matters. */
function checkStable(document: RuleDocument, result: RuleResult, problems: Problem[]): void {
  if (document.facts.status !== 'stable') return;
  const report = createReporter(document.file, document.text, problems);
  const nameSpan: Span = document.node.entries[0]?.keySpan ?? document.node;
  const kinds = new Set(document.tests.map(({ expect }) => expect));
  for (const kind of ['match', 'no-match'] as const) {
    if (kinds.has(kind)) continue;
    report.error(nameSpan, 'stable-untested', `a stable rule needs a test with "expect: ${kind}"`);
  }
  for (const { leaf, line, seenTrue, seenFalse } of result.leaves) {
    if (seenTrue && seenFalse) continue;
    const start = offsetOfLine(document.text, line);
    const what = seenTrue ? 'not hold' : 'hold';
    report.error(
      { start, end: start },
      'leaf-uncovered',
      `no test of "${document.facts.name}" sees "${leaf}" ${what}`,
    );
  }
}

function offsetOfLine(text: string, line: number): number {
  let at = 0;
  for (let i = 1; i < line; i++) at = text.indexOf('\n', at) + 1;
  while (text[at] === ' ') at++;
  return at;
}
