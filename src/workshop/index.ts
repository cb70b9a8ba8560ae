export { type CorpusCase, readCorpusCases } from './corpus-case.ts';
export { createEventReader, type EventReader, type EventValue } from './event-reader.ts';
export { type LintOptions, type LintResult, lintRules } from './lint-rules.ts';
export {
  createEventMatcher,
  type EventMatch,
  eventOfLine,
  matchLine,
} from './match-events.ts';
export { PROBLEM_FORMATS, type ProblemFormat, problemOutput } from './problem-output.ts';
export { LOCK_FILE, lockText } from './rule-lock.ts';
export {
  type CaseResult,
  type LeafResult,
  type MutantResult,
  type RuleResult,
  runTests,
  type TestOptions,
  type TestResult,
} from './run-tests.ts';
export { testJUnit, testText } from './test-output.ts';
