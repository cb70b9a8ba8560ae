import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { lintRules, lockText, problemOutput } from '../../src/workshop/index.ts';
import { load, MAPPINGS, RULES } from './library.ts';

function advice(text: string): string[] {
  return lintRules([{ file: 'rules/a.yml', text }], MAPPINGS).problems.map(
    ({ line, column, severity, code, message }) =>
      `${line}:${column} ${severity} ${code}: ${message}`,
  );
}

const event = (detection: string, tests = '[]', name = 'r'): string => `title: R
id: 00000000-0000-4000-8000-00000000000${name.length}
name: ${name}
status: test
logsource: {product: wechat_login, category: app}
detection: ${detection}
level: low
custom_attributes:
    flow.class: class_${name}
    flow.title.zh: 规则
    flow.remediation: {en: a, zh: b}
    flow.tests: ${tests}
`;

test('the library of these tests is clean', () => {
  expect(advice(RULES)).toEqual([]);
});

describe('advice', () => {
  test('what stands in one language only', () => {
    const text = `title: R
id: 00000000-0000-4000-8000-000000000001
name: r
status: test
description: Says something.
logsource: {product: wechat_login, category: app}
detection: {s: {message: x}, condition: s}
level: low
custom_attributes: {flow.class: c, flow.remediation: {en: a}}
`;
    expect(advice(text)).toEqual([
      '5:1 warning missing-language: "r" has no "flow.description" with zh beside its "description"',
      '9:1 warning missing-language: "r" has no "flow.title.zh"',
      '9:36 warning missing-language: "r" has no "flow.remediation" in zh',
    ]);
  });

  test.each<[string, string[]]>([
    [
      "{s: {message|re: 'x*'}, condition: s}",
      [
        '6:29 warning regex-empty: regular expression: it matches the empty text, and so every value',
      ],
    ],
    [
      "{s: {message|re: '.*timeout'}, condition: s}",
      ['6:29 warning regex-redundant: regular expression: ".*" at an end has no effect'],
    ],
    [
      "{s: {message|re: 'after \\d+ms.*'}, condition: s}",
      ['6:29 warning regex-redundant: regular expression: ".*" at an end has no effect'],
    ],
    [
      "{s: {message|re: '\\d+\\s\\d+'}, condition: s}",
      [
        '6:29 warning regex-unguarded: regular expression: no piece of text is sure to stand in a match',
      ],
    ],
    ["{s: {error.code|re: '^\\d+$'}, condition: s}", []],
    [
      "{s: {message|re: 'x(a+)+y'}, condition: s}",
      [
        '6:29 warning regex-nested: regular expression: a repetition repeated takes exponential time elsewhere',
      ],
    ],
    ["{s: {message|re: 'after \\d+(\\.\\d+)?ms'}, condition: s}", []],
    [
      '{s: {message|exists: false}, condition: s}',
      ['6:1 warning no-positive-sign: "r" can match an event by what it lacks alone'],
    ],
    [
      '{s: {message: x}, condition: not s}',
      ['6:1 warning no-positive-sign: "r" can match an event by what it lacks alone'],
    ],
    [
      '{s: {message: x}, t: {message: y}, condition: s}',
      ['6:30 warning unused-identifier: "t" is not used by the condition'],
    ],
  ])('%s', (detection, expected) => {
    expect(advice(event(detection))).toEqual(expected);
  });

  test('absence that nothing waits for', () => {
    const flow = (detection: string, more = ''): string =>
      event(detection)
        .replace('category: app', 'category: flow')
        .replace('flow.tests', `${more}flow.tests`);
    const absent =
      '{s: {scanned.ts|exists: true}, a: {callback.ts|exists: false}, condition: s and a}';
    const warning =
      '6:47 warning absence-without-deadline: "callback.ts" may only be late: nothing says how long to wait for it';
    expect(advice(flow(absent))).toEqual([warning]);
    expect(
      advice(
        flow(
          '{s: {scanned.ts|exists: true}, a: {callback.ts|exists: true}, condition: s and not a}',
        ),
      ),
    ).toEqual([warning]);
    expect(advice(flow(absent, 'flow.deadline: {from: scanned, within: 2m}\n    '))).toEqual([]);
    expect(
      advice(flow(absent.replace('scanned.ts|exists: true', 'age_ms.scanned|gte: 5'))),
    ).toEqual([]);
    expect(
      advice(flow(absent.replace('callback.ts|exists: false', 'cancelled.ts|exists: false'))),
    ).toEqual([]);
  });

  test('tests given twice', () => {
    const tests =
      '[{name: a, expect: match, event: {message: x}}, {name: b, expect: match, event: {message: x}}, {name: a, expect: no-match, event: {message: y}}]';
    expect(advice(event('{s: {message: x}, condition: s}', tests))).toEqual([
      '12:72 warning duplicate-test: "b" tests the same as "a"',
      '12:119 warning duplicate-test: "r" has two tests named "a"',
    ]);
  });
});

describe('overlap', () => {
  const tests = '[{name: a, expect: match, event: {message: x y}}]';
  const one = event('{s: [x y], condition: s}', tests);
  const two = event('{s: [x], condition: s}', '[]', 'rr');

  test('of two classes that match one test', () => {
    expect(advice(`${one}---\n${two}`)).toEqual([
      '12:25 warning overlap: "r" (class_r) and "rr" (class_rr) both match, and neither comes first',
    ]);
  });

  test.each<[string, string, string]>([
    [
      'priority',
      one,
      two.replace('flow.class: class_rr', 'flow.class: class_rr\n    flow.priority: -1'),
    ],
    [
      'effect',
      one,
      two.replace('flow.class: class_rr', 'flow.class: class_rr\n    flow.effect: benign'),
    ],
    ['class', one, two.replace('class_rr', 'class_r')],
    [
      'explanation',
      one,
      `${two}---
title: E
id: 00000000-0000-4000-8000-000000000009
name: e
correlation: {type: temporal, rules: [r, rr], timespan: 5m}
custom_attributes: {flow.title.zh: 解释, flow.explains: {cause: r, symptoms: [rr]}}
`,
    ],
  ])('is decided by %s', (_, a, b) => {
    expect(advice(`${a}---\n${b}`)).toEqual([]);
  });

  test('of events at one time, not of earlier and later ones', () => {
    const third = event('{s: [zz], condition: s}', '[]', 'rrr');
    const lint = (...messages: readonly string[]): string[] => {
      const events = messages.map(
        (message, i) => `{offset: ${i}s, event: {login.flow.id: q, message: ${message}}}`,
      );
      const flowTests = `[{name: f, expect: match, events: [${events.join(', ')}]}]`;
      return advice(`${event('{s: [x y], condition: s}', flowTests)}---\n${third}`);
    };
    expect(lint('x y', 'zz')).toEqual([]);
    expect(lint('first', 'x y zz')).toEqual([
      '12:25 warning overlap: "r" (class_r) and "rrr" (class_rrr) both match, and neither comes first',
    ]);
  });

  test('of shapes of one flow', () => {
    const flow = (name: string, tests: string): string =>
      event('{s: {issued.ts|exists: true}, condition: s}', tests, name).replace(
        'category: app',
        'category: flow',
      );
    const flowTests =
      '[{name: f, expect: match, events: [{offset: 0s, event: {login.flow.id: q, login.stage: issued, login.outcome: ok}}]}]';
    expect(advice(`${flow('r', flowTests)}---\n${flow('rr', '[]')}`)).toEqual([
      '12:25 warning overlap: "r" (class_r) and "rr" (class_rr) both match, and neither comes first',
    ]);
  });
});

describe('the lock file', () => {
  const lockOf = (text: string): string =>
    lockText(load(text).documents.filter(({ kind }) => kind !== 'filter'));
  const against = (lock: string, text: string) =>
    lintRules([{ file: 'rules/a.yml', text }], MAPPINGS, {
      lock: { file: 'rules/rules.lock.json', text: lock },
    }).problems.map(({ file, line, severity, code }) => `${file}:${line} ${severity} ${code}`);
  const lock = lockOf(RULES);

  test('agrees with the rules it was made of', () => {
    expect(against(lock, RULES)).toEqual([]);
    expect(JSON.parse(lock)).toMatchObject({
      version: 1,
      rules: [{ name: 'code_used' }, {}, {}, {}, {}],
    });
  });

  test('does not mind comments and tests', () => {
    const text = `# new\n${RULES.replace(/ {8}- \{name: chinese.*\n/, '')}`;
    expect(against(lock, text)).toEqual([]);
  });

  test('notices a change, a new rule, a new name and a missing rule', () => {
    expect(against(lock, RULES.replace('level: high', 'level: low'))).toEqual([
      'rules/a.yml:2 warning lock-stale',
    ]);
    expect(
      against(lock, `${RULES}---\n${event('{s: {message: x}, condition: s}', '[]', 'rrrrrrr')}`),
    ).toEqual(['rules/a.yml:113 warning lock-missing']);
    expect(against(lock, RULES.replace('name: code_used', 'name: code_spent'))).toEqual([
      'rules/a.yml:2 error lock-renamed',
    ]);
    const without = RULES.split('---\n').slice(0, 4).join('---\n');
    expect(against(lock, without)).toEqual(['rules/rules.lock.json:25 error lock-gone']);
  });

  test('of another kind is an error', () => {
    for (const text of ['', '[]', '{"version": 1, "rules": [{"id": 5}]}']) {
      expect(against(text, RULES)).toEqual(['rules/rules.lock.json:1 error lock-unreadable']);
    }
  });
});

describe('outputs', () => {
  const { problems } = lintRules(
    [{ file: 'my rules/a,b.yml', text: event("{s: {mesage: '\u001b[31m'}, condition: s}") }],
    MAPPINGS,
  );

  test('text', () => {
    expect(
      problemOutput(problems, 'text'),
    ).toBe(`my rules/a,b.yml:6:17 error unknown-field: events have no field "mesage"
  6 | detection: {s: {mesage: ' [31m'}, condition: s}
    |                 ^^^^^^
  did you mean "message"?

1 error, 0 warnings
`);
    expect(problemOutput([], 'text')).toBe('');
  });

  test('json', () => {
    expect(JSON.parse(problemOutput(problems, 'json'))).toMatchObject({
      schema: 'scanlens.problems/1',
      problems: [{ file: 'my rules/a,b.yml', line: 6, column: 17, code: 'unknown-field' }],
    });
  });

  test('github', () => {
    expect(problemOutput(problems, 'github')).toBe(
      '::error file=my rules/a%2Cb.yml,line=6,col=17,title=unknown-field::events have no field "mesage"; did you mean "message"?\n',
    );
    const nasty = { ...problems[0], message: 'a\n::error::b 100%', hint: undefined };
    expect(problemOutput([nasty], 'github')).toMatch(/::a%0A::error::b 100%25\n$/);
  });

  test('sarif', () => {
    const sarif = JSON.parse(problemOutput(problems, 'sarif'));
    const shape = new Ajv().compile({
      type: 'object',
      required: ['$schema', 'version', 'runs'],
      properties: {
        version: { const: '2.1.0' },
        runs: { type: 'array', minItems: 1, maxItems: 1 },
      },
    });
    expect(shape(sarif)).toBe(true);
    expect(sarif.runs[0]).toMatchObject({
      tool: { driver: { name: 'scanlens', rules: [{ id: 'unknown-field' }] } },
      results: [
        {
          ruleId: 'unknown-field',
          level: 'error',
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: 'my%20rules/a,b.yml' },
                region: { startLine: 6, startColumn: 17 },
              },
            },
          ],
        },
      ],
    });
  });
});
