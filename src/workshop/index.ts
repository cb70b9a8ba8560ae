export type { CaseResult } from './case-result.ts';
export { type CorpusCase, readCorpusCases } from './corpus-case.ts';
export type { EventReader, EventValue } from './event-reader.ts';
export {
  explainRule,
  type PlacedLine,
  type RuleExplanation,
  type Subject,
} from './explain-rule.ts';
export { createFlowReader, type FlowReader, type ReadFlow, type ReadFlows } from './flow-reader.ts';
export { type LintOptions, type LintResult, lintRules } from './lint-rules.ts';
export {
  createEventMatcher,
  type EventMatch,
  eventOfLine,
  matchLine,
} from './match-events.ts';
export { type NewRule, type NewRuleOptions, newRule, type RuleSample } from './new-rule.ts';
export { type ProblemFormat, problemOutput } from './problem-output.ts';
export { LOCK_FILE, lockText } from './rule-lock.ts';
export { type Page, type PageLanguage, rulePages } from './rule-pages.ts';
export {
  type LeafResult,
  type MutantResult,
  type RuleResult,
  runTests,
  type TestOptions,
  type TestResult,
} from './run-tests.ts';
export { testJUnit, testText } from './test-output.ts';
export type { TraceOptions } from './trace-lines.ts';
