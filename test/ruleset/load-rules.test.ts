import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSignalFinder, loadRules, snapshotRules } from '../../src/ruleset/index.ts';
import { jsonRecord, parseSnapshot } from '../../src/sigma/index.ts';
import { runs } from '../fuzz.ts';
import { documents, load, names, ruleText, said, uuid } from './rules.ts';

test('a rule gives its facts', () => {
  const { ruleSet, problems } = load(`
title: Callback missing
id: ${uuid(1)}
name: callback_missing
status: stable
description: The browser never came back.
references: ['https://example.com/a']
logsource: {product: wechat_login, category: flow}
detection:
    scanned: {age_ms.scanned|gte: 120000}
    absent: {callback.ts|exists: false}
    condition: scanned and absent
falsepositives: [A closed tab]
level: medium
custom_attributes:
    flow.class: callback_missing
    flow.priority: 7
    flow.title.zh: 没有回调
    flow.description: {zh: 浏览器没有回来。}
    flow.remediation: {en: Look at the gateway., zh: 查看网关。}
    flow.deadline: {from: scanned, within: 2m}
`);
  expect(problems).toEqual([]);
  expect(ruleSet.rules).toEqual([
    {
      id: uuid(1),
      name: 'callback_missing',
      title: { en: 'Callback missing', zh: '没有回调' },
      description: { en: 'The browser never came back.', zh: '浏览器没有回来。' },
      status: 'stable',
      level: 'medium',
      scope: 'flow',
      stage: undefined,
      class: 'callback_missing',
      effect: 'failure',
      priority: 7,
      remediation: { en: 'Look at the gateway.', zh: '查看网关。' },
      references: ['https://example.com/a'],
      falsePositives: ['A closed tab'],
      deadline: { from: 'scanned', withinMs: 120_000 },
      file: 'rules/a.yml',
      line: 2,
    },
  ]);
  expect(ruleSet.flowRules).toEqual([0]);
  expect(ruleSet.eventRules).toEqual([]);
  expect(ruleSet.flows.match(jsonRecord({ 'age_ms.scanned': 130_000 }))).toEqual([0]);
});

test('rules stand by name, detections point at them', () => {
  const { ruleSet } = load(
    documents(
      ruleText(1, { name: 'zebra' }),
      ruleText(2, {
        name: 'flow_rule',
        logsource: '{product: wechat_login, category: flow}',
        detection: '{s: {path: issued, signal.zebra: "true"}, condition: s}',
      }),
      ruleText(3, { name: 'ant' }),
    ),
  );
  expect(ruleSet.rules.map(({ name, stage }) => [name, stage])).toEqual([
    ['ant', 'exchange'],
    ['flow_rule', undefined],
    ['zebra', 'exchange'],
  ]);
  expect(ruleSet.eventRules).toEqual([0, 2]);
  expect(ruleSet.flowRules).toEqual([1]);
});

test('signals of an event are rule numbers', () => {
  const { ruleSet } = load(documents(ruleText(1), ruleText(2), ruleText(3)));
  const value = (field: string, text: string) => ({
    ...{ field, text, slot: -1 },
    leaves: ruleSet.events.leavesOf(field, text),
  });
  const values = [value('message', 'x'), value('wechat.errcode', '3'), value('message', 'y')];
  const templates = [{ values: values.slice(0, 1) }, { values: values.slice(1) }];
  const batch = { template: Uint32Array.from([0, 1]), templates };
  const signalsOf = createSignalFinder(ruleSet);
  expect(signalsOf(batch as never, 0)).toEqual([]);
  expect(signalsOf(batch as never, 1)).toEqual([2]);
});

describe('what is wrong in a rule about logins is said in its place', () => {
  test.each<[string, Record<string, string>, string[]]>([
    ['no id', { id: '' }, ['1:1 error missing-key: the document has no "id"']],
    ['a bad id', { id: '7' }, ['2:5 error wrong-type: "id" must be a text; a UUID in lower case']],
    [
      'a bad name',
      { name: '9lives' },
      [
        '3:7 error wrong-value: "name" is not written right; write letters, digits and _, not beginning with a digit',
      ],
    ],
    [
      'an unknown status',
      { status: 'stabel' },
      [
        '4:9 error wrong-value: "status" is not one of stable, test, experimental, deprecated, unsupported; did you mean "stable"?',
      ],
    ],
    [
      'an unknown category',
      { logsource: '{product: wechat_login, category: gatewey}' },
      [
        '5:46 error wrong-value: "category" is not one of flow, issued, polled, scanned, confirmed, callback, exchange, userinfo, persist, session, app, gateway, database, cache, upstream, platform; did you mean "gateway"?',
      ],
    ],
    [
      'an unknown field',
      { detection: '{s: {wechat.errcod: 1}, condition: s}' },
      [
        '6:17 error unknown-field: events have no field "wechat.errcod"; did you mean "wechat.errcode"?',
      ],
    ],
    [
      'a field of the flow record in an event rule',
      { detection: '{s: {issued.ts|exists: true}, condition: s}' },
      [
        '6:17 error unknown-field: events have no field "issued.ts"; only rules of category "flow" read the flow record',
      ],
    ],
    [
      'an unknown field in a reference',
      { detection: '{s: {message|fieldref: mesage}, condition: s}' },
      ['6:35 error unknown-field: events have no field "mesage"; did you mean "message"?'],
    ],
    [
      'a signal of no rule',
      {
        logsource: '{product: wechat_login, category: flow}',
        detection: '{s: {signal.rule_2: "true"}, condition: s}',
      },
      [
        '6:17 error unknown-field: "signal.rule_2" names a rule that does not exist; did you mean "rule_1"?',
      ],
    ],
    [
      'an unknown key',
      { levels: 'high', level: '' },
      [
        '1:1 error missing-key: the document has no "level"',
        '8:1 error unknown-key: unknown key "levels"; did you mean "level"?',
      ],
    ],
    [
      'an unknown attribute',
      { custom_attributes: '{flow.class: a, flow.priorty: 1}' },
      ['8:36 error unknown-key: unknown key "flow.priorty"; did you mean "flow.priority"?'],
    ],
    [
      'no class',
      { custom_attributes: '{flow.priority: 1}' },
      ['8:21 error missing-key: "custom_attributes" has no "flow.class"'],
    ],
    [
      'a bad deadline',
      { custom_attributes: '{flow.class: a, flow.deadline: {from: scaned, within: soon}}' },
      [
        '8:58 error wrong-value: "from" is not one of issued, polled, scanned, confirmed, callback, exchange, userinfo, persist, session; did you mean "scanned"?',
        '8:74 error wrong-value: "within" is not written right; write a whole number with s, m, h or d, such as 90s',
      ],
    ],
    [
      'a bad test',
      { custom_attributes: '{flow.class: a, flow.tests: [{name: x, expects: match, event: {}}]}' },
      [
        '8:50 error missing-key: "0" has no "expect"',
        '8:59 error unknown-key: unknown key "expects"; did you mean "expect"?',
        '8:75 error wrong-value: "event" must NOT have fewer than 1 properties',
      ],
    ],
    [
      'a text instead of a list',
      { references: 'none' },
      ['9:13 error wrong-type: "references" must be a list'],
    ],
    [
      'no detection',
      { detection: '' },
      [
        '1:1 error unknown-document: the document has neither "detection" nor "correlation" nor "filter"',
      ],
    ],
    [
      'detection and correlation at once',
      { correlation: '{type: event_count}' },
      ['1:1 error unknown-document: "correlation" and "detection" cannot stand in one document'],
    ],
  ])('%s', (_, parts, problems) => {
    const loaded = load(ruleText(1, parts));
    expect(said(loaded)).toEqual(problems);
    expect(names(loaded)).toEqual([]);
  });

  test('one wrong document disables no other', () => {
    const loaded = load(
      documents(ruleText(1), ruleText(2, { level: 'x' }), 'a: [b\n', ruleText(3)),
    );
    expect(names(loaded)).toEqual(['rule_1', 'rule_3']);
    expect(loaded.problems).toHaveLength(2);
  });

  test('files that are no rules', () => {
    expect(said(load('just text'))).toEqual(['1:1 error wrong-type: a rule must be a map']);
    expect(said(load(''))).toEqual([]);
    expect(loadRules([{ file: 'x.test.yml', text: 'rule: x' }]).problems).toEqual([]);
  });
});

describe('ids and names', () => {
  test('are taken once in a layer', () => {
    const loaded = load(
      documents(ruleText(1), ruleText(2, { id: uuid(1) }), ruleText(3, { name: 'rule_1' })),
    );
    expect(said(loaded)).toEqual([
      `11:5 error duplicate-id: id "${uuid(1)}" is taken by rules/a.yml:1`,
      '21:7 error duplicate-name: name "rule_1" is taken by rules/a.yml:1',
    ]);
    expect(names(loaded)).toEqual(['rule_1']);
  });

  test('a higher layer takes their place', () => {
    const { ruleSet, problems } = loadRules([
      { file: 'mine.yml', text: ruleText(1, { title: 'Mine' }), layer: 1 },
      { file: 'rules/a.yml', text: documents(ruleText(1), ruleText(2)) },
      { file: 'other.yml', text: ruleText(9, { name: 'rule_2', title: 'By name' }), layer: 1 },
    ]);
    expect(problems).toEqual([]);
    expect(ruleSet.rules.map(({ title }) => title.en)).toEqual(['Mine', 'By name']);
  });

  test('deprecated and replaced rules are not evaluated', () => {
    const loaded = load(
      documents(
        ruleText(1, { status: 'deprecated' }),
        ruleText(2),
        ruleText(3, { related: `[{id: ${uuid(2)}, type: renamed}]` }),
        ruleText(4, { related: `[{id: ${uuid(3)}, type: similar}]` }),
      ),
    );
    expect(names(loaded)).toEqual(['rule_3', 'rule_4']);
    expect(loaded.documents).toHaveLength(4);
  });
});

describe('rules of other products', () => {
  const foreign = (n: number, more = ''): string =>
    `title: Foreign ${n}\nid: foreign-${n}\nlogsource: {product: windows}\n${more}detection: {s: {Any Field: ${n}}, condition: s}\n`;

  test('load without the checks of ours, by their id', () => {
    const loaded = load(foreign(1, 'simulation: [{type: x}]\nauthor: me\n'), {
      anyLogsource: true,
    });
    expect(said(loaded)).toEqual([]);
    expect(names(loaded)).toEqual(['foreign-1']);
    expect(loaded.ruleSet.events.match(jsonRecord({ AnyField: 1 }))).toEqual([0]);
  });

  test('are evaluated only when asked', () => {
    expect(names(load(documents(foreign(1), ruleText(2))))).toEqual(['rule_2']);
  });
});

describe('filters', () => {
  const filter = (rules: string, detection = 's: {service.name: test}, condition: not s') =>
    `title: F\nid: ${uuid(90)}\nname: ours\nlogsource: {product: wechat_login}\nfilter: {rules: ${rules}, ${detection}}\n`;
  const match = (loaded: ReturnType<typeof load>, event: object) =>
    loaded.ruleSet.events.match(jsonRecord(event)).map((i) => names(loaded)[i]);

  test('narrow the rules they name', () => {
    const loaded = load(documents(ruleText(1), ruleText(2), filter('[rule_1]')));
    expect(said(loaded)).toEqual([]);
    expect(match(loaded, { 'wechat.errcode': 1 })).toEqual(['rule_1']);
    expect(match(loaded, { 'wechat.errcode': 1, 'service.name': 'test' })).toEqual([]);
    expect(match(loaded, { 'wechat.errcode': 2, 'service.name': 'test' })).toEqual(['rule_2']);
  });

  test('narrow any rule of their logsource', () => {
    const loaded = load(documents(ruleText(1), ruleText(2), filter('any')));
    expect(match(loaded, { 'wechat.errcode': 2, 'service.name': 'test' })).toEqual([]);
  });

  test('are checked like rules', () => {
    const loaded = load(
      documents(ruleText(1), filter('[rule_11]', 's: {servce.name: x}, condition: s')),
    );
    expect(said(loaded)).toEqual([
      '14:18 error unknown-rule: there is no rule "rule_11"; did you mean "rule_1"?',
      '14:32 error unknown-field: events have no field "servce.name"; did you mean "service.name"?',
    ]);
    expect(said(load(documents(ruleText(1), filter('[rule_11]'))))).toEqual([
      '14:18 error unknown-rule: there is no rule "rule_11"; did you mean "rule_1"?',
    ]);
  });
});

describe('the digest', () => {
  const digest = (text: string): string => load(text).ruleSet.digest;
  const base = ruleText(1);

  test('is the same for the same meaning', () => {
    const other = `# a comment\n${base.replace('{flow.class: class_1}', '\n    flow.class: class_1\n    flow.tests: [{name: t, expect: match, event: {message: x}}]')}`;
    expect(said(load(other))).toEqual([]);
    expect(digest(other)).toBe(digest(base));
  });

  test.each([
    [{ level: 'low' }],
    [{ name: 'other' }],
    [{ detection: '{s: {wechat.errcode: 2}, condition: s}' }],
    [{ status: 'deprecated' }],
  ])('changes with %j', (parts) => {
    expect(digest(ruleText(1, parts as unknown as Record<string, string>))).not.toBe(digest(base));
  });
});

test('the order of files and documents means nothing', () => {
  const texts = [1, 2, 3, 4, 5].map((n) => ruleText(n));
  const first = load(documents(...texts)).ruleSet;
  fc.assert(
    fc.property(fc.shuffledSubarray(texts, { minLength: 5 }), fc.nat(4), (shuffled, cut) => {
      const { ruleSet } = loadRules(
        [
          { file: 'z.yml', text: documents(...shuffled.slice(0, cut)) },
          { file: 'b.yml', text: documents(...shuffled.slice(cut)) },
        ].filter(({ text }) => text !== ''),
      );
      expect(ruleSet.digest).toBe(first.digest);
      expect(ruleSet.rules.map(({ name }) => name)).toEqual(first.rules.map(({ name }) => name));
    }),
    { numRuns: runs(50) },
  );
});

describe('a snapshot', () => {
  const files = [
    { file: 'rules/a.yml', text: documents(ruleText(1), ruleText(2)) },
    { file: 'rules/b.yml', text: ruleText(3, { level: 'hgih' }) },
    {
      file: 'rules/c.yml',
      text: ruleText(4, {
        custom_attributes:
          '{flow.class: c, flow.tests: [{name: t, expect: match, event: {message: x}}]}',
      }),
    },
  ];
  const snapshot = parseSnapshot(snapshotRules(files));

  test('loads the same rules, tests aside', () => {
    const plain = loadRules(files);
    const known = loadRules(files, { snapshot });
    expect(known.ruleSet.rules).toEqual(plain.ruleSet.rules);
    expect(known.ruleSet.digest).toBe(plain.ruleSet.digest);
    expect(known.problems).toEqual(plain.problems);
    expect(known.documents.flatMap(({ tests }) => tests)).toEqual([]);
    expect(plain.documents.flatMap(({ tests }) => tests)).toHaveLength(1);
  });

  test('takes other YAML with it', () => {
    const text = 'fields: {message: [msg]}\n';
    expect(parseSnapshot(snapshotRules([{ file: 'mappings/a.yaml', text }])).size).toBe(1);
  });

  test('leaves out what has a problem, and is no longer used when a file changes', () => {
    expect(snapshot.size).toBe(2);
    const changed = [{ file: 'rules/a.yml', text: `${files[0].text}---\n${ruleText(7)}` }];
    expect(names(loadRules(changed, { snapshot }))).toEqual(['rule_1', 'rule_2', 'rule_7']);
  });

  test('of anything else is empty', () => {
    for (const json of ['', '{}', '[1]', '{"version":2,"documents":{}}']) {
      expect(parseSnapshot(json).size).toBe(0);
    }
  });
});
