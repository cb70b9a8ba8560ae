import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadRules } from '../../src/ruleset/index.ts';
import { createEventMatcher, eventOfLine, matchLine } from '../../src/workshop/index.ts';
import { flatEvent } from '../sigma/flat-event.ts';
import { load, MAPPINGS, RULES } from './library.ts';

const match = createEventMatcher(load(), MAPPINGS);

test.each<[string, object, string[], string[]]>([
  ['a field', { 'wechat.errcode': 40163 }, ['code_used'], ['code_used_40163']],
  ['a field under another name', { errcode: '40163' }, ['code_used'], ['code_used_40163']],
  [
    'a code within a text',
    { message: '{"errcode":40163,"errmsg":"x"}' },
    ['code_used'],
    ['code_used_40163'],
  ],
  ['a keyword in a text', { message: 'the code was spent' }, ['code_used'], ['code_used_40163']],
  [
    'a keyword in a field of any name',
    { whatever: [{ deep: 'code 已使用' }] },
    ['code_used'],
    ['code_used_40163'],
  ],
  ['what a rule leaves out', { errcode: 40163, service: { name: 'test' } }, [], []],
  ['nothing', { message: 'all is well' }, [], []],
  ['no object of ours', {}, [], []],
  [
    'several, the cause first',
    { message: 'pool exhausted', status: 504, errcode: 40163 },
    ['pool_exhausted', 'code_used', 'gateway_timeout'],
    ['db_pool_exhausted', 'code_used_40163', 'gateway_504'],
  ],
])('%s', (_, event, rules, classes) => {
  expect(match(JSON.stringify(event))).toEqual({ rules, classes });
});

test('classes are those of failures and of users who left', () => {
  const text = RULES.replace(
    'flow.class: gateway_504',
    'flow.class: gateway_504\n    flow.effect: benign',
  );
  const loaded = loadRules([{ file: 'a.yml', text }]);
  expect(createEventMatcher(loaded, MAPPINGS)('{"status": 504, "errcode": 40163}')).toEqual({
    rules: ['code_used', 'gateway_timeout'],
    classes: ['code_used_40163'],
  });
});

test('a line that is no object is a message', () => {
  expect(eventOfLine('{"a": 1}')).toEqual({ a: 1 });
  for (const line of ['code was spent', '[1]', '"x"', '{broken']) {
    expect(eventOfLine(line)).toEqual({ message: line });
  }
  expect(matchLine(3, match('code was spent'))).toBe(
    '{"index":3,"rules":["code_used"],"classes":["code_used_40163"]}',
  );
});

test('a hostile event harms nothing', () => {
  const long = { message: 'code was spent', deep: 'x'.repeat(1_000_000) };
  expect(match(JSON.stringify(long)).rules).toEqual(['code_used']);
  expect(match(`${'{"a":'.repeat(20_000)}"code was spent"${'}'.repeat(20_000)}`).rules).toEqual([
    'code_used',
  ]);
  expect(match('{"__proto__": {"message": "code was spent"}}').rules).toEqual(['code_used']);
  expect(match('\u0000{').rules).toEqual([]);
});

const folder = fileURLToPath(new URL('../../../shared/conformance/sigma/', import.meta.url));

describe.skipIf(!existsSync(`${folder}cases.ndjson`))('rules of other products', () => {
  const read = <T>(name: string): T[] =>
    readFileSync(folder + name, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as T);

  test('match flattened events as the vectors say', () => {
    const cases = read<{ id: string; rule: string; events: unknown[] }>('cases.ndjson');
    const files = cases.map(({ id, rule }) => ({ file: `${id}.yml`, text: rule }));
    const loaded = loadRules(files, { anyLogsource: true });
    expect(loaded.problems).toEqual([]);
    const matchAny = createEventMatcher(loaded, []);
    const found = cases.flatMap(({ id, events }) =>
      events.flatMap((event, i) =>
        matchAny(JSON.stringify(flatEvent(event))).rules.map((rule) => `${rule} ${id} ${i}`),
      ),
    );
    const listed = read<{ rule: string; case: string; event: number }>('cross.ndjson');
    expect(found.sort()).toEqual(
      listed.map((one) => `${one.rule} ${one.case} ${one.event}`).sort(),
    );
  });
});
