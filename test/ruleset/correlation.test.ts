import { describe, expect, test } from 'vitest';
import { documents, load, ruleText, said, uuid } from './rules.ts';

const app = '{product: wechat_login, category: app}';
const RULES = [1, 2, 3].map((n) => ruleText(n, { logsource: app }));

/** Three rules on 27 lines, then a correlation from line 28 (title) and 31 (correlation). */
function correlated(correlation: string, more = ''): string {
  return documents(
    ...RULES,
    `title: C\nid: ${uuid(50)}\nname: corr\ncorrelation: ${correlation}\n${more}`,
  );
}

test('a count across flows', () => {
  const { ruleSet, problems } = load(
    correlated(
      `
    type: event_count
    rules: [rule_1, ${uuid(2)}]
    group-by: [pod, service.name]
    timespan: 5m
    aliases:
        pod: {rule_1: k8s.pod.name, rule_2: upstream.pod}
    condition: {gte: 10, lt: 100}`,
      'level: high\ncustom_attributes: {flow.class: storm, flow.remediation: {en: a, zh: b}}\n',
    ),
  );
  expect(problems).toEqual([]);
  expect(ruleSet.explanations).toEqual([]);
  expect(ruleSet.correlations).toMatchObject([
    {
      rule: {
        name: 'corr',
        scope: 'correlation',
        class: 'storm',
        effect: 'finding',
        level: 'high',
      },
      type: 'event_count',
      rules: ['rule_1', 'rule_2'],
      groupBy: [
        {
          name: 'pod',
          fieldOf: new Map([
            ['rule_1', 'k8s.pod.name'],
            ['rule_2', 'upstream.pod'],
          ]),
        },
        {
          name: 'service.name',
          fieldOf: new Map([
            ['rule_1', 'service.name'],
            ['rule_2', 'service.name'],
          ]),
        },
      ],
      timespanMs: 300_000,
      field: undefined,
      bounds: [
        { op: 'gte', value: 10 },
        { op: 'lt', value: 100 },
      ],
      condition: undefined,
      generate: false,
    },
  ]);
});

test('values of a field', () => {
  const { ruleSet, problems } = load(
    correlated(
      '{type: value_percentile, rules: rule_1, timespan: 1h, condition: {field: duration_ms, percentile: 95, gt: 3000}}',
    ),
  );
  expect(problems).toEqual([]);
  expect(ruleSet.correlations).toMatchObject([
    {
      field: { name: 'duration_ms', fieldOf: new Map([['rule_1', 'duration_ms']]) },
      percentile: 95,
      bounds: [{ op: 'gt', value: 3000 }],
    },
  ]);
});

test('a boolean condition over rules', () => {
  const { ruleSet, problems } = load(
    correlated(
      '{type: temporal, rules: [rule_1, rule_2, rule_3], timespan: 30s, condition: rule_1 and not (rule_2 or rule_3)}',
    ),
  );
  expect(problems).toEqual([]);
  expect(ruleSet.correlations[0].condition).toEqual({
    kind: 'and',
    parts: [
      { kind: 'rule', name: 'rule_1' },
      {
        kind: 'not',
        part: {
          kind: 'or',
          parts: [
            { kind: 'rule', name: 'rule_2' },
            { kind: 'rule', name: 'rule_3' },
          ],
        },
      },
    ],
  });
});

test('an explanation', () => {
  const { ruleSet, problems } = load(
    correlated(
      '{type: temporal_ordered, rules: [rule_1, rule_2, rule_3], timespan: 30s, group-by: [k8s.pod.name]}',
      'custom_attributes: {flow.explains: {cause: rule_1, symptoms: [rule_2, rule_3]}}\n',
    ),
  );
  expect(problems).toEqual([]);
  expect(ruleSet.explanations).toMatchObject([
    {
      name: 'corr',
      ordered: true,
      cause: 'rule_1',
      symptoms: ['rule_2', 'rule_3'],
      timespanMs: 30_000,
      groupBy: [{ name: 'k8s.pod.name' }],
    },
  ]);
});

describe('what is wrong is said in its place', () => {
  const explains = (cause: string, symptoms: string): string =>
    `custom_attributes: {flow.explains: {cause: ${cause}, symptoms: ${symptoms}}}\n`;
  test.each<[correlation: string, more: string, problems: string[]]>([
    [
      '{type: temporal, rules: [rule_1, rul_2], timespan: 30s}',
      '',
      ['31:47 error unknown-rule: there is no rule "rul_2"; did you mean "rule_2"?'],
    ],
    [
      '{type: temporal, rules: [rule_1, rule_1], timespan: 30s}',
      '',
      ['31:47 error repeated-rule: rule "rule_1" is named twice'],
    ],
    [
      '{type: temporal, rules: [rule_1], timespan: 30s}',
      '',
      ['31:31 error wrong-value: "temporal" needs at least two rules'],
    ],
    [
      '{type: temporal, rules: [rule_1, corr], timespan: 30s}',
      '',
      ['31:47 error correlation-cycle: a correlation cannot be about itself'],
    ],
    [
      '{type: event_counts, rules: [rule_1], timespan: soon, condition: {banana: 1}}',
      '',
      [
        '31:21 error wrong-value: "type" is not one of event_count, value_count, value_sum, value_avg, value_median, value_percentile, temporal, temporal_ordered; did you mean "event_count"?',
        '31:62 error wrong-value: "timespan" is not written right; write a whole number with s, m, h or d, such as 90s',
        '31:80 error unknown-key: unknown key "banana"',
      ],
    ],
    [
      '{type: event_count, rules: [rule_1], timespan: 30s}',
      '',
      ['31:15 error missing-key: "event_count" needs a "condition"; such as {gte: 10}'],
    ],
    [
      '{type: event_count, rules: [rule_1], timespan: 30s, condition: {field: message}}',
      '',
      [
        '31:66 error missing-key: the condition has no bound; one of gt, gte, lt, lte, eq, neq',
        '31:78 error wrong-value: "event_count" counts hits and takes no "field"',
      ],
    ],
    [
      '{type: value_count, rules: [rule_1], timespan: 30s, condition: {gte: 3}}',
      '',
      ['31:66 error missing-key: "value_count" needs a "field" in its condition'],
    ],
    [
      '{type: value_count, rules: [rule_1], timespan: 30s, condition: {field: mesage, gte: 3}}',
      '',
      ['31:85 error unknown-field: events have no field "mesage"; did you mean "message"?'],
    ],
    [
      '{type: event_count, rules: [rule_1], timespan: 30s, condition: rule_1}',
      '',
      ['31:77 error wrong-type: the condition of "event_count" must be a map; such as {gte: 10}'],
    ],
    [
      '{type: temporal, rules: [rule_1, rule_2], timespan: 30s, condition: rule_1 and rule_3}',
      '',
      [
        '31:93 error unknown-identifier: the condition names "rule_3", but there is no such rule in the correlation; did you mean "rule_1"?',
      ],
    ],
    [
      '{type: temporal, rules: [rule_1, rule_2], timespan: 30s, group-by: [pod], aliases: {pod: {rule_1: k8s.pod.name}}}',
      '',
      ['31:82 error alias-gap: alias "pod" has no field for rule "rule_2"'],
    ],
    [
      '{type: temporal, rules: [rule_1, rule_2], timespan: 30s, group-by: [pod], aliases: {pod: {rule_1: k8s.pod, rule_3: x, rule_2: upstream.pod}}}',
      '',
      [
        '31:112 error unknown-field: events have no field "k8s.pod"',
        '31:121 error unknown-rule: "rule_3" is none of the rules of this correlation; did you mean "rule_1"?',
      ],
    ],
    [
      '{type: temporal, rules: [rule_1, rule_2], timespan: 30s, aliases: {pod: {rule_1: k8s.pod.name, rule_2: upstream.pod}}}',
      '',
      ['31:81 warning unused-alias: alias "pod" is not used by "group-by" or "field"'],
    ],
    [
      '{type: temporal_ordered, rules: [rule_1, rule_2], timespan: 30s}',
      explains('rule_2', '[rule_1]'),
      ['32:44 error wrong-order: the cause must be the first of "rules"'],
    ],
    [
      '{type: temporal, rules: [rule_1, rule_2], timespan: 30s}',
      explains('rule_1', '[rule_1, rule_3]'),
      [
        '32:63 error explains-cycle: a rule cannot explain itself',
        '32:71 error unknown-rule: "rule_3" is none of the rules of this correlation; did you mean "rule_1"?',
      ],
    ],
    [
      '{type: event_count, rules: [rule_1], timespan: 30s, condition: {gte: 1}}',
      explains('rule_1', '[rule_2]'),
      [
        '32:21 error wrong-value: "event_count" cannot explain: only "temporal" and "temporal_ordered" can',
      ],
    ],
  ])('%s %s', (correlation, more, problems) => {
    expect(said(load(correlated(correlation, more)))).toEqual(problems);
  });
});

describe('circles', () => {
  const explaining = (n: number, cause: number, symptom: number): string => `title: E${n}
id: ${uuid(6000 + n)}
name: e${n}
correlation: {type: temporal, rules: [rule_${cause}, rule_${symptom}], timespan: 30s}
custom_attributes: {flow.explains: {cause: rule_${cause}, symptoms: [rule_${symptom}]}}
`;

  test('of explanations are refused where they close', () => {
    const loaded = load(
      documents(...RULES, explaining(1, 1, 2), explaining(2, 2, 3), explaining(3, 3, 1)),
    );
    expect(said(loaded)).toEqual([
      '40:1 error explains-cycle: explanations go in a circle: rule_3 → rule_1 → rule_2 → rule_3',
    ]);
    expect(loaded.ruleSet.explanations.map(({ name }) => name)).toEqual(['e1', 'e2']);
  });

  test('of correlations on correlations too', () => {
    const counting = (n: number, of: string): string =>
      `title: K\nid: ${uuid(70 + n)}\nname: k${n}\ncorrelation: {type: event_count, rules: [${of}], timespan: 1m, condition: {gte: 2}}\n`;
    const loaded = load(
      documents(
        ...RULES,
        counting(1, 'k2'),
        counting(2, 'k1'),
        counting(3, 'k4'),
        counting(4, 'rule_1'),
      ),
    );
    expect(loaded.ruleSet.correlations.map(({ rule }) => rule.name)).toEqual(['k3', 'k4']);
    expect(loaded.problems.map(({ code }) => code)).toEqual([
      'correlation-cycle',
      'correlation-cycle',
    ]);
  });

  test('a long chain is no circle', () => {
    const many = Array.from({ length: 300 }, (_, i) => ruleText(i + 1, { logsource: app }));
    const chain = Array.from({ length: 299 }, (_, i) => explaining(i + 100, i + 1, i + 2));
    const loaded = load(documents(...many, ...chain));
    expect(said(loaded)).toEqual([]);
    expect(loaded.ruleSet.explanations).toHaveLength(299);
  });
});
