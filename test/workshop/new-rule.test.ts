import { describe, expect, test } from 'vitest';
import { loadRules } from '../../src/ruleset/index.ts';
import {
  createFlowReader,
  lintRules,
  newRule,
  type RuleSample,
  runTests,
} from '../../src/workshop/index.ts';
import { load, MAPPINGS, RULES } from './library.ts';

const ID = '00000000-0000-4000-8000-0000000000ff';

function made(sample: RuleSample, library = RULES) {
  const rule = newRule(load(library), MAPPINGS, { id: ID, sample });
  const files = [
    { file: 'rules/a.yml', text: library },
    { file: 'rules/new.yml', text: rule.text, layer: 1 },
  ];
  const { problems } = lintRules(files, MAPPINGS);
  const tested = runTests(loadRules(files), MAPPINGS, { only: [rule.name], mutate: true });
  return { rule, problems, tested };
}

const lines = (...texts: readonly (string | object)[]): RuleSample => ({
  kind: 'lines',
  lines: texts.map((text) => (typeof text === 'string' ? text : JSON.stringify(text))),
});

describe('a rule from a line passes lint and its own tests', () => {
  test.each<[string, RuleSample, string, RegExp]>([
    [
      'a code',
      lines({ errcode: 50002, errmsg: 'user limited' }),
      'wx_50002',
      /wechat\.errcode: 50002/,
    ],
    ['a negative code', lines({ message: 'errcode: -7' }), 'wx_minus_7', /wechat\.errcode: -7/],
    [
      'an exception',
      lines({ exception: { type: 'com.acme.LedgerClosedException' } }),
      'ledger_closed_exception',
      /exception\.type\|endswith: 'LedgerClosedException'/,
    ],
    [
      'words',
      lines('2026-01-01 12:00:00 [main] ERROR Ledger refused the write: shard 7'),
      'ledger_refused_the_write',
      /keywords: \['Ledger refused the write'\]/,
    ],
    [
      'words with quotes',
      lines("Couldn't open the user's vault"),
      'couldn_t_open_the_user_s_vault',
      /'Couldn''t open the user''s vault'/,
    ],
    [
      'Chinese words',
      lines('用户中心 保存失败：第3次'),
      'rule',
      /keywords: \['用户中心 保存失败'\]/,
    ],
    [
      'the first line that tells something',
      lines('12:00', '404', 'Vault is sealed today'),
      'vault_is_sealed_today',
      /Vault is sealed/,
    ],
  ])('%s', (_, sample, name, detection) => {
    const { rule, problems, tested } = made(sample);
    expect(rule.name).toBe(name);
    expect(rule.text).toMatch(detection);
    expect(problems).toEqual([]);
    expect([tested.passed, tested.failed]).toEqual([2, 0]);
    expect([tested.leafCoverage, tested.mutationScore]).toEqual([1, 1]);
  });
});

test('secrets and ids of the line do not get into the rule', () => {
  const { rule } = made(
    lines(
      'Vault sealed for openid=oAbCdEf1234567890abcdefghij12 access_token=SECRETSECRET code=0a1B2c3D',
    ),
  );
  expect(rule.text).not.toMatch(/SECRET|oAbCdEf|0a1B2c3D/);
});

test('what other rules match already comes after the new one', () => {
  const { rule, problems } = made(lines({ message: 'pool exhausted', errcode: 50002 }));
  expect(rule.known).toEqual(['pool_exhausted']);
  expect(rule.text).toMatch(/flow\.priority: 1\n/);
  expect(problems).toEqual([]);
});

test('names stay free', () => {
  const loaded = load(
    RULES.replace('name: pool_exhausted\n', 'name: wx_50002\n').replaceAll(
      /(rules: \[|cause: )pool_exhausted/g,
      '$1wx_50002',
    ),
  );
  expect(newRule(loaded, MAPPINGS, { id: ID, sample: lines({ errcode: 50002 }) }).name).toBe(
    'wx_50002_2',
  );
  expect(
    newRule(loaded, MAPPINGS, { id: ID, name: 'mine', sample: lines({ errcode: 1 }) }).text,
  ).toMatch(/^name: mine$/m);
  expect(() =>
    newRule(loaded, MAPPINGS, { id: ID, name: 'not mine', sample: lines({ errcode: 1 }) }),
  ).toThrow(/cannot be the name/);
});

test('a line without anything to hold on to', () => {
  expect(() => made(lines('12:00', '...', ''))).toThrow(
    expect.objectContaining({ code: 'nothing-telling' }),
  );
});

describe('a rule from a flow', () => {
  const step = (second: number, stage: string, outcome: string): string =>
    JSON.stringify({
      time: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(),
      ...{ 'login.flow.id': 'secret-flow', 'login.stage': stage, 'login.outcome': outcome },
    });
  const end = JSON.stringify({ time: '2026-01-02T00:00:00Z', message: 'end' });
  const sampleOf = (...steps: string[]): RuleSample => {
    const [{ flow }] = createFlowReader(load().ruleSet, MAPPINGS)([...steps, end]).flows;
    return { kind: 'flow', flow, lines: [], watermarkMs: Date.UTC(2026, 0, 2) };
  };

  test.each<[string, RuleSample, string]>([
    [
      'that went silent',
      sampleOf(step(0, 'issued', 'ok'), step(5, 'scanned', 'ok')),
      'no_confirmed_after_scanned',
    ],
    [
      'that failed',
      sampleOf(step(0, 'issued', 'ok'), step(5, 'scanned', 'ok'), step(9, 'userinfo', 'failed')),
      'userinfo_failed',
    ],
  ])('%s', (_, sample, name) => {
    const { rule, problems, tested } = made(sample);
    expect(rule.name).toBe(name);
    expect(rule.text).not.toContain('secret-flow');
    expect(problems.filter(({ code }) => code !== 'overlap')).toEqual([]);
    expect([tested.passed, tested.failed]).toEqual([2, 0]);
  });
});
