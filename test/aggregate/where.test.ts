import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareValues, fieldsOfCondition, holds, parseWhere } from '../../src/aggregate/index.ts';
import { InputError, type Judged } from '../../src/model/index.ts';
import { runs } from '../fuzz.ts';

const judged: Judged = {
  flow: {
    id: 'f-1',
    kind: 'qr',
    firstMs: 0,
    lastMs: 0,
    identities: [],
    steps: [],
    signals: [],
    values: new Map([
      ['cloud.region', 'sh'],
      ['client', '8.0.49'],
      ['duration_ms', '250'],
      ['note', 'a & b'],
      ['url', '/a=b'],
    ]),
    stateAt: new Map(),
    podAt: new Map(),
  },
  verdict: {
    outcome: { kind: 'failed', stage: 'exchange', cause: 'pool', symptoms: ['gateway'] },
    evidence: [],
  },
};

test.each([
  ['region=sh', true],
  ['cloud.region=sh', true],
  ['region = bj', false],
  ['region==sh', true],
  ['region!=bj', true],
  ['client~8.0', true],
  ['client=~8.0', true],
  ['client~^8\\.0\\.4[0-9]$', true],
  ['client!~^9', true],
  ['client>=8.0.9', true],
  ['client<8.0.9', false],
  ['client<8.1.0', true],
  ['duration_ms>30', true],
  ['duration_ms<=250', true],
  ['duration_ms>abc', false],
  ['region=sh && client~8.0', true],
  ['region=sh && client~^9', false],
  ['region=bj || client~8.0', true],
  ['region=bj && region=bj || region=sh', true],
  ['region=bj && (region=bj || region=sh)', false],
  ['((region=sh))', true],
  ['note="a & b"', true],
  ["note='a & b'", true],
  ['note~"a &"', true],
  ['url=/a=b', true],
  ['absent=x', false],
  ['absent!=x', true],
  ['absent~.', false],
  ['absent!~.', true],
  ['absent>1', false],
  ["absent=''", true],
  ["region=''", false],
  ["region!=''", true],
  ['outcome=failed', true],
  ['stage=exchange && cause=pool', true],
  ['symptom=gateway', true],
  ['symptom!=gateway', false],
  ['kind=qr', true],
  ['reason=denied', false],
])('%s', (text, expected) => {
  expect(holds(parseWhere(text), judged)).toBe(expected);
});

describe('a mistake names its column and the way out', () => {
  test.each([
    ['', '--where:1', 'a comparison is missing', 'write field=value, such as region=sh'],
    [
      'region',
      '--where:7',
      '"region" is not compared with anything',
      'use one of = != ~ !~ > >= < <=',
    ],
    ['region=', '--where:8', 'a value is missing after =', 'quote values with spaces or signs'],
    ['region=sh client=8', '--where:11', 'expected && or || before "client"', undefined],
    ['region=sh & client=8', '--where:11', '"&" has no meaning here', 'did you mean "&&"?'],
    ['(region=sh', '--where:11', 'the parenthesis is not closed', 'it opens at column 1'],
    [
      `${'('.repeat(50_000)}a=b`,
      '--where:101',
      'parentheses are nested deeper than 100 levels',
      undefined,
    ],
    ['region="sh', '--where:8', 'the quote is not closed', undefined],
    ['client~(', '--where:8', 'a value is missing after ~', 'quote values with spaces or signs'],
    ['client~"("', '--where:8', 'bad pattern: missing closing ): `(`', undefined],
    ['outcome=fail', '--where:9', '"outcome" is never "fail"', 'did you mean "failed"?'],
    ['outcom=failed', '--where:1', 'unknown field "outcom"', 'did you mean "outcome"?'],
    ['stage=exchnage', '--where:7', '"stage" is never "exchnage"', 'did you mean "exchange"?'],
    [
      'kind=mail',
      '--where:6',
      '"kind" is never "mail"',
      'it is one of qr, password, refresh, profile',
    ],
    ['cause=poool', '--where:7', '"cause" is never "poool"', 'did you mean "pool"?'],
  ])('%s', (text, at, message, hint) => {
    let caught: unknown;
    try {
      parseWhere(text, { rules: ['pool', 'gateway'] });
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(InputError);
    expect(caught).toMatchObject({ code: 'bad-where', at, message, hint, exitCode: 2 });
  });
});

test('the fields of a condition are those to keep', () => {
  const condition = parseWhere('region=sh && (client~8 || outcome=failed) && region!=bj');
  expect(fieldsOfCondition(condition)).toEqual(['region', 'cloud.region', 'client']);
});

test('any text is a condition or a mistake of the user', () => {
  const piece = fc.constantFrom(
    'a',
    'b.c',
    '=',
    '!=',
    '~',
    '>',
    '(',
    ')',
    '&&',
    '||',
    '"',
    "'",
    ' ',
    '1',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      try {
        expect(typeof holds(parseWhere(pieces.join('')), judged)).toBe('boolean');
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }),
    { numRuns: runs(2000) },
  );
});

test.each([
  ['8.0.9', '8.0.49', -1],
  ['8.0', '8.0.0', 0],
  ['10', '9', 1],
  ['0.5', '0.10', 1],
  ['abc', 'abd', -1],
])('%s against %s', (a, b, sign) => {
  expect(Math.sign(compareValues(a, b))).toBe(sign);
});
