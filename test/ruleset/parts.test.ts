import { createHash } from 'node:crypto';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { checkField, durationMs, editorSchema, sha256 } from '../../src/ruleset/index.ts';
import { runs } from '../fuzz.ts';
import { ruleText } from './rules.ts';

test('SHA-256 is that of the standard', () => {
  expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      expect(sha256(text)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
    }),
    { numRuns: runs(300) },
  );
});

test.each([
  ['0s', 0],
  ['90s', 90_000],
  ['5m', 300_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
  ['5', undefined],
  ['500ms', undefined],
  ['1.5h', undefined],
  ['-5s', undefined],
  ['5M', undefined],
])('%s is %s ms', (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});

describe('fields', () => {
  const names = new Set(['wx_code_used']);
  test.each([
    'flow.id',
    'path',
    'scanned.ts',
    'callback.state',
    'issued.pod',
    'exchange.failed.ts',
    'dt_ms.scanned.callback',
    'age_ms.scanned',
    'age_ms.flow',
    'cancelled.ts',
    'signal.wx_code_used',
    'service.version',
  ])('%s stands on the flow record', (field) => {
    expect(checkField(field, 'flow', names)).toBeUndefined();
  });
  test.each([
    'flow.ids',
    'scaned.ts',
    'dt_ms.scanned',
    'dt_ms.scanned.scanned',
    'age_ms.x',
    'signal.x',
  ])('%s does not', (field) => {
    expect(checkField(field, 'flow', names)).toBeDefined();
  });
  test('each scope has its own', () => {
    expect(checkField('message', 'event', names)).toBeUndefined();
    expect(checkField('path', 'event', names)?.hint).toMatch(/category "flow"/);
  });
});

describe('the schema for editors', () => {
  const validate = new Ajv({ strict: false }).compile(editorSchema());
  const isValid = (text: string): boolean => validate(parse(text));

  test('accepts rules, correlations and filters', () => {
    expect(isValid(ruleText(1))).toBe(true);
    expect(
      isValid(
        `title: c\nid: 00000000-0000-4000-8000-000000000001\nname: c\ncorrelation: {type: event_count, rules: a, timespan: 5m, condition: {gte: 2}}`,
      ),
    ).toBe(true);
    expect(isValid('title: f\nfilter: {rules: [a], s: {message: x}, condition: not s}')).toBe(true);
  });

  test.each([
    { detection: '{s: {message|contians: x}, condition: s}' },
    { detection: '{s: {message|expand: "%x%"}, condition: s}' },
    { detection: '{s: {message: x}}' },
    { level: 'severe' },
    { logsource: '{product: wechat_login, category: nowhere}' },
    { custom_attributes: '{flow.class: Not A Label}' },
  ])('refuses %j', (parts) => {
    expect(isValid(ruleText(1, parts as Record<string, string>))).toBe(false);
  });
});
