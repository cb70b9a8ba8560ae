import { visible } from '../report/index.ts';
import type { TestResult } from './run-tests.ts';

/** What a person reads after `rules test`: what failed, what is not covered, and the sums. */
export function testText(result: TestResult): string {
  const lines: string[] = [];
  for (const { rule, cases, mutants } of result.rules) {
    for (const { name, status, message, file, line } of cases) {
      if (status !== 'failed') continue;
      lines.push(`${file}:${line} FAIL ${rule.name} "${name}": ${message ?? ''}`);
    }
    for (const { leaf, line, killed } of mutants) {
      if (killed) continue;
      lines.push(`${rule.file}:${line} SURVIVED ${rule.name}: no test fails without "${leaf}"`);
    }
  }
  for (const { file, line, message } of result.problems) {
    lines.push(`${file}:${line} GAP ${message}`);
  }
  if (lines.length > 0) lines.push('');
  lines.push(`${result.passed} passed, ${result.failed} failed, ${result.todo} todo`);
  lines.push(`${result.rules.length} rules, leaf coverage ${percent(result.leafCoverage)}`);
  if (result.mutationScore !== undefined) {
    const mutants = result.rules.flatMap((rule) => rule.mutants);
    const killed = mutants.filter((mutant) => mutant.killed).length;
    const share = percent(result.mutationScore);
    lines.push(`mutation score ${share}, ${killed} of ${mutants.length} noticed`);
  }
  return `${lines.map(visible).join('\n')}\n`;
}

/** Rounded down: only all is 100 %. */
function percent(share: number): string {
  return `${(Math.floor(share * 1000) / 10).toFixed(1)}%`;
}

/** JUnit XML: a suite for each rule, a case for each test. */
export function testJUnit(result: TestResult): string {
  const total = result.passed + result.failed + result.todo;
  const suites = result.rules
    .filter(({ cases }) => cases.length > 0)
    .map(({ rule, cases }) => {
      const failed = cases.filter(({ status }) => status === 'failed').length;
      const skipped = cases.filter(({ status }) => status === 'todo').length;
      const counts = `tests="${cases.length}" failures="${failed}" skipped="${skipped}"`;
      const rows = cases.map(({ name, status, message, file, line }) => {
        const head = `    <testcase classname="${xml(rule.name)}" name="${xml(name)}" file="${xml(file)}" line="${line}"`;
        if (status === 'passed') return `${head}/>`;
        const inner =
          status === 'todo' ? '<skipped/>' : `<failure message="${xml(message ?? '')}"/>`;
        return `${head}>${inner}</testcase>`;
      });
      return [`  <testsuite name="${xml(rule.name)}" ${counts}>`, ...rows, '  </testsuite>'].join(
        '\n',
      );
    });
  const counts = `tests="${total}" failures="${result.failed}" skipped="${result.todo}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="scanlens rules test" ${counts}>`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

/** Characters that XML 1.0 does not allow become visible escapes. */
function xml(text: string): string {
  return visible(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
