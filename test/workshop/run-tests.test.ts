import { describe, expect, test } from 'vitest';
import type { Problem } from '../../src/model/index.ts';
import { readCorpusCases, runTests, testJUnit, testText } from '../../src/workshop/index.ts';
import { load, MAPPINGS, RULES } from './library.ts';

const changed = (...edits: readonly (readonly [string, string])[]): string =>
  edits.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, RULES);

function results(text = RULES, options: Parameters<typeof runTests>[2] = {}) {
  const loaded = load(text);
  expect(loaded.problems).toEqual([]);
  return runTests(loaded, MAPPINGS, options);
}

function failures(text: string): (string | undefined)[] {
  return results(text)
    .rules.flatMap(({ cases }) => cases)
    .filter(({ status }) => status === 'failed')
    .map(({ name, message }) => `${name}: ${message}`);
}

test('the tests of rules and correlations pass', () => {
  const result = results();
  expect(result.problems).toEqual([]);
  expect(
    result.rules.flatMap(({ cases }) => cases).filter(({ status }) => status !== 'passed'),
  ).toEqual([]);
  expect([result.passed, result.failed, result.todo]).toEqual([12, 0, 0]);
});

describe('a test fails when it is wrong', () => {
  test.each<[string, string, string, string]>([
    [
      'matches',
      '{name: other, expect: no-match',
      '{name: other, expect: match',
      'other: it does not match',
    ],
    [
      'does not',
      '{name: words, expect: match',
      '{name: words, expect: no-match',
      'words: it matches',
    ],
    [
      'cause',
      'cause: pool_exhausted, symptom: gateway_504',
      'cause: gateway_timeout',
      'one flow: flow q1: cause is pool_exhausted, not gateway_timeout',
    ],
    [
      'class',
      'cause: pool_exhausted, symptom: gateway_504',
      'class: gateway_504',
      'one flow: flow q1: class is db_pool_exhausted, not gateway_504',
    ],
    [
      'symptom',
      'symptom: gateway_504',
      'symptom: code_used',
      'one flow: flow q1: no symptom code_used among gateway_timeout, callback_missing',
    ],
    [
      'outcome',
      'outcome: failed, cause',
      'outcome: open, cause',
      'one flow: flow q1: outcome is failed, not open',
    ],
    ['flow', 'assert: {q1:', 'assert: {q9:', 'one flow: there is no flow "q9"'],
    ['correlation', 'offset: 2m', 'offset: 8s', 'too late: it matches'],
    ['watermark', 'until: 1m', 'until: 3m', 'too early: it matches'],
  ])('%s', (_, from, to, failure) => {
    expect(failures(changed([from, to]))).toEqual([failure]);
  });

  test('unless it is still to do', () => {
    const result = results(
      changed(['{name: other, expect: no-match', '{name: other, expect: todo']),
    );
    expect([result.failed, result.todo]).toEqual([0, 1]);
  });
});

describe('leaf coverage', () => {
  test('sees each value hold and not hold', () => {
    const { leafCoverage, rules } = results(RULES, { only: ['code_used'] });
    expect(leafCoverage).toBe(1);
    expect(rules[0].leaves.map(({ leaf, line }) => [leaf, line])).toEqual([
      ['wechat.errcode: 40163', 9],
      ['keyword code was spent', 10],
      ['keyword code 已使用', 10],
      ['service.name: test', 11],
    ]);
  });

  test('tells what a stable rule lacks', () => {
    const { problems, leafCoverage } = results(
      changed([
        '        - {name: chinese, expect: match, event: {message: 失败：code 已使用}}\n',
        '',
      ]),
      { only: ['code_used_40163'] },
    );
    expect(leafCoverage).toBe(0.75);
    expect(problems.map(({ line, message }) => [line, message])).toEqual([
      [10, 'no test of "code_used" sees "keyword code 已使用" hold'],
    ]);
  });

  test('wants both kinds of tests', () => {
    const tests = /(?<=只换一次。\}\n) {4}flow\.tests:\n(?: {8}.*\n)+/;
    const { problems } = results(RULES.replace(tests, ''), { only: ['code_used'] });
    expect(problems.map(({ code }) => code).sort()).toEqual([
      ...Array(4).fill('leaf-uncovered'),
      ...Array(2).fill('stable-untested'),
    ]);
  });
});

describe('mutants', () => {
  test('are noticed by thorough tests', () => {
    const { mutationScore, rules } = results(RULES, {
      only: ['code_used', 'callback_missing'],
      mutate: true,
    });
    expect(rules.map(({ mutants }) => mutants.length)).toEqual([2, 4]);
    expect(mutationScore).toBe(1);
  });

  test('survive where a test is missing', () => {
    const text = changed([
      '        - {name: test service, expect: no-match, event: {wechat.errcode: 40163, service.name: test}}\n',
      '',
    ]);
    const { mutationScore, rules } = results(text, { only: ['code_used'], mutate: true });
    expect(mutationScore).toBe(0.75);
    expect(rules[0].mutants.filter(({ killed }) => !killed).map(({ leaf }) => leaf)).toEqual([
      'service.name: test',
    ]);
  });
});

describe('logs beside a rule', () => {
  const log = [
    {
      'login.flow.id': 'a',
      'login.stage': 'exchange',
      'login.outcome': 'failed',
      'wechat.errcode': 40163,
    },
    { message: 'code was spent' },
    { message: 'all is well' },
    { message: 'pool exhausted' },
  ];
  const files: Record<string, string> = {
    'day.ndjson': log.map((line) => JSON.stringify(line)).join('\n'),
  };
  const read = (text: string) => {
    const problems: Problem[] = [];
    const cases = readCorpusCases(
      { file: 'rules/code_used.test.yml', text },
      (name) => files[name],
      problems,
    );
    return { cases, problems };
  };

  test('are counted', () => {
    const { cases, problems } = read(`rule: code_used
cases:
    - {name: two, corpus: day.ndjson, exactly: 2}
    - {name: three, corpus: day.ndjson, exactly: 3}
    - {name: some, corpus: day.ndjson, at_least: 3, at_most: 1}
    - {name: only, corpus: day.ndjson, exactly: 2, unexpected: fail}
`);
    expect(problems).toEqual([]);
    const { rules } = results(RULES, { only: ['code_used'], corpusCases: cases });
    expect(
      rules[0].cases.slice(-4).map(({ name, message, line }) => [name, message, line]),
    ).toEqual([
      ['two', undefined, 3],
      ['three', '2 lines match, not 3', 4],
      ['some', '2 lines match, fewer than 3; 2 lines match, more than 1', 5],
      ['only', 'pool_exhausted matches too, 1 times', 6],
    ]);
  });

  test('are reported when they are wrong or missing', () => {
    const { problems } = read(`rule: code_used
cases:
    - {name: none, corpus: night.ndjson, exactly: 0}
---
rule: code_used
cases:
    - {name: nothing said, corpus: day.ndjson}
    - {name: x, corpus: day.ndjson, exactly: -1}
`);
    expect(problems.map(({ line, code }) => [line, code])).toEqual(
      expect.arrayContaining([
        [3, 'missing-corpus'],
        [7, 'wrong-value'],
        [8, 'wrong-value'],
      ]),
    );
  });
});

describe('outputs', () => {
  const failing = results(
    changed(['{name: other, expect: no-match', '{name: "<other> & \\e[31m", expect: match']),
    {
      only: ['code_used'],
      mutate: true,
    },
  );

  test('as text', () => {
    expect(
      testText(failing),
    ).toBe(`rules/a.yml:23 FAIL code_used "<other> & \\x1b[31m": it does not match

4 passed, 1 failed, 0 todo
1 rules, leaf coverage 100.0%
mutation score 100.0%, 4 of 4 noticed
`);
  });

  test('as JUnit XML', () => {
    expect(testJUnit(failing)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="scanlens rules test" tests="5" failures="1" skipped="0">
  <testsuite name="code_used" tests="5" failures="1" skipped="0">
    <testcase classname="code_used" name="number" file="rules/a.yml" line="20"/>
    <testcase classname="code_used" name="words" file="rules/a.yml" line="21"/>
    <testcase classname="code_used" name="chinese" file="rules/a.yml" line="22"/>
    <testcase classname="code_used" name="&lt;other&gt; &amp; \\x1b[31m" file="rules/a.yml" line="23"><failure message="it does not match"/></testcase>
    <testcase classname="code_used" name="test service" file="rules/a.yml" line="24"/>
  </testsuite>
</testsuites>
`);
  });
});
