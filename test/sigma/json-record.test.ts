import { expect, test } from 'vitest';
import { jsonRecord } from '../../src/sigma/index.ts';

const record = jsonRecord({
  flat: 'x',
  'a.b': 'flat first',
  a: { b: 'nested', c: [1, [2, null]], 'd.e': { f: true } },
  list: [{ k: 1 }, { k: 2 }, { other: 3 }],
  empty: [],
  nothing: null,
  object: { inner: 'y' },
});

test.each<[field: string, values: unknown]>([
  ['flat', ['x']],
  ['a.b', ['flat first']],
  ['a.c', ['1', '2', null]],
  ['a.d.e.f', ['true']],
  ['list.k', ['1', '2']],
  ['empty', []],
  ['nothing', [null]],
  ['object', []],
  ['object.inner', ['y']],
  ['absent', undefined],
  ['a.absent', undefined],
  ['flat.more', undefined],
  ['toString', undefined],
  ['__proto__', undefined],
])('%s holds %j', (field, values) => {
  expect(record.get(field)).toEqual(values);
});

test('keywords read every scalar at any depth, in order', () => {
  const all = ['x', 'flat first', 'nested', '1', '2', 'true', '1', '2', '3', 'y'];
  expect([...record.values()]).toEqual(all);
});

test('deep nesting does not exhaust the stack', () => {
  const deep = JSON.parse(`${'{"a":['.repeat(50_000)}"end"${']}'.repeat(50_000)}`);
  expect([...jsonRecord(deep).values()]).toEqual(['end']);
  expect(jsonRecord(JSON.parse(`${'['.repeat(50_000)}1${']'.repeat(50_000)}`)).get('a')).toBe(
    undefined,
  );
});
