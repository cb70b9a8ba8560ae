import { describe, expect, test } from 'vitest';
import { holds, readDetection, selects } from './rules.ts';

type Row = readonly [modifiers: string, value: unknown, actual: unknown, expected: boolean];

const b = String.raw;

describe.each<[string, readonly Row[]]>([
  [
    'contains, startswith, endswith',
    [
      ['contains', 'time', 'a TIMEout', true],
      ['contains', 'time', 'tim e', false],
      ['contains', '', '', true],
      ['contains', '*mid*', 'a mid b', true],
      ['contains', 'a*b', 'xa-bx', true],
      ['contains', b`a\*b`, 'xa*bx', true],
      ['contains', b`a\*b`, 'xa-bx', false],
      ['contains', b`dir\ `.trimEnd(), b`c:\dir\x`, true],
      ['contains', 40163, 'errcode 40163!', true],
      ['startswith', 'ab', 'ABC', true],
      ['startswith', 'ab', 'xab', false],
      ['startswith', 'a?c', 'abcd', true],
      ['endswith', b`\reg.exe`, b`C:\Windows\REG.EXE`, true],
      ['endswith', 'exe', 'exe2', false],
      ['endswith', '?x', 'x', false],
    ],
  ],
  [
    'all, neq, cased',
    [
      ['contains|all', ['a', 'b'], 'b a', true],
      ['contains|all', ['a', 'b'], 'b', false],
      ['all|contains', ['a', 'b'], 'b a', true],
      ['neq', 'a', 'b', true],
      ['neq', 'a', 'A', false],
      ['neq', ['a', 'b'], 'b', false],
      ['neq', ['a', 'b'], 'c', true],
      ['contains|all|neq', ['a', 'b'], 'a', true],
      ['contains|all|neq', ['a', 'b'], 'ab', false],
      ['cased', 'aB', 'aB', true],
      ['cased', 'aB', 'ab', false],
      ['contains|cased', 'aB', 'xaBx', true],
      ['cased|contains', 'aB', 'xabx', false],
      ['startswith|cased', 'aB', 'aBx', true],
      ['endswith|cased', 'aB', 'xAB', false],
      ['cased', 'a*B', 'a-B', true],
      ['cased', 'a*B', 'a-b', false],
    ],
  ],
  [
    'exists and null',
    [
      ['exists', true, 'x', true],
      ['exists', true, '', true],
      ['exists', true, null, true],
      ['exists', false, null, false],
      ['', null, null, true],
      ['', null, '', false],
      ['', null, 'x', false],
      ['', null, [], true],
      ['', '', '', true],
      ['', '', null, false],
      ['', 'null', null, false],
    ],
  ],
  [
    're',
    [
      ['re', 'b+', 'abbc', true],
      ['re', 'b+', 'aBBc', false],
      ['re|i', 'b+', 'aBBc', true],
      ['re', '(?i)b+', 'aBBc', true],
      ['re', '^b', 'a\nb', false],
      ['re|m', '^b', 'a\nb', true],
      ['re', 'a.b', 'a\nb', false],
      ['re|s', 'a.b', 'a\nb', true],
      ['re|i|m|s', '^B.C', 'a\nb\nc', true],
      ['re', b`\d{3}-\x41\u4e8c\Z`, '123-A二', true],
      ['re', b`a\/b\_c\"`, 'a/b_c"', true],
      ['re', '', 'anything', true],
      ['re', '扫码|登录', '请登录', true],
    ],
  ],
  [
    'numbers',
    [
      ['lt', 5, 4, true],
      ['lt', 5, 5, false],
      ['lte', 5, '5', true],
      ['gt', 5, '5.5', true],
      ['gt', 5, ' 6 ', true],
      ['gte', 5, '5e0', true],
      ['gt', 5, '0x10', false],
      ['gt', 5, 'ten', false],
      ['gte', 0, '', false],
      ['lt', 0, '-0.5', true],
      ['gt', 5, '6ms', false],
      ['gte', [100, 5], 7, true],
      ['gt|neq', 5, 6, false],
    ],
  ],
  [
    'cidr',
    [
      ['cidr', '10.0.0.0/8', '10.255.0.1', true],
      ['cidr', '10.0.0.0/8', '11.0.0.1', false],
      ['cidr', '192.168.1.128/25', '192.168.1.127', false],
      ['cidr', '192.168.1.1', '192.168.1.1', true],
      ['cidr', '0.0.0.0/0', '8.8.8.8', true],
      ['cidr', '0.0.0.0/0', '::1', false],
      ['cidr', '2001:db8::/32', '2001:DB8:1::5', true],
      ['cidr', '2001:db8::/33', '2001:db8:8000::', false],
      ['cidr', '::1/128', '0:0:0:0:0:0:0:1', true],
      ['cidr', 'fe80::/10', 'fe80::1%eth0', true],
      ['cidr', '10.0.0.0/8', '::ffff:10.1.2.3', true],
      ['cidr', ['10.0.0.0/8', '172.16.0.0/12'], '172.31.9.9', true],
      ['cidr', '10.0.0.0/8', '10.0.0', false],
      ['cidr', '10.0.0.0/8', '10.00.0.1', false],
      ['cidr', '10.0.0.0/8', 'no address', false],
      ['cidr|neq', '10.0.0.0/8', '11.0.0.1', true],
    ],
  ],
  [
    'parts of a time',
    [
      ['minute', 4, '2026-11-23T03:04:05Z', true],
      ['hour', 3, '2026-11-23 03:04:05', true],
      ['hour', 3, '2026-11-23T03:04:05+08:00', true],
      ['day', 23, '2026-11-23', true],
      ['hour', 0, '2026-11-23', false],
      ['month', 11, '2026-11-23', true],
      ['year', 2026, '2026-11-23', true],
      ['week', 53, '2027-01-03', true],
      ['week', 1, '2027-01-04', true],
      ['week', 1, '2024-12-30', true],
      ['day', 31, '2026-02-31', false],
      ['year', 2026, 1795402345, true],
      ['year', 2026, 1795402345123, true],
      ['year', 2026, '1795402345123456789', true],
      ['hour|gte', 22, '2026-11-23T23:59:00Z', true],
      ['hour|lt', 6, '2026-11-23T23:59:00Z', false],
      ['hour', 3, 'three o clock', false],
    ],
  ],
  [
    'encodings',
    [
      ['base64', 'foobar', 'Zm9vYmFy', true],
      ['base64|contains', 'foobar', 'x Zm9vYmFy y', true],
      ['base64offset|contains', 'foobar', Buffer.from('foobar').toString('base64'), true],
      ['base64offset|contains', 'foobar', Buffer.from('1foobar').toString('base64'), true],
      ['base64offset|contains', 'foobar', Buffer.from('12foobar34').toString('base64'), true],
      ['base64offset|contains', 'foobar', Buffer.from('fooba').toString('base64'), false],
      ['base64|contains', '登录', Buffer.from('登录').toString('base64'), true],
      ['wide|base64', 'cmd', Buffer.from('cmd', 'utf16le').toString('base64'), true],
      [
        'wide|base64offset|contains',
        '登录失败',
        Buffer.from('x登录失败', 'utf16le').toString('base64'),
        true,
      ],
      ['utf16|base64', 'cmd', Buffer.from('\ufeffcmd', 'utf16le').toString('base64'), true],
      ['utf16be|base64', 'cmd', Buffer.from('\0c\0m\0d').toString('base64'), true],
      ['utf16le|contains', 'cmd', 'x c\0m\0d\0', true],
      ['utf16be', 'c*d', '\0c--\0d', true],
      ['utf16', 'cmd', '\ufeffc\0m\0d\0', true],
      ['contains|windash', ' -l', 'x /l', true],
      ['windash|contains', ' -l', 'x \u2014l', true],
      ['contains|windash', ' /l', 'x -l', true],
      ['contains|windash', ' a-b', 'x a/b', false],
      ['contains|windash', ' --opt', 'x -/opt', true],
      ['contains|windash', '-a -b', '/a –b', true],
      ['endswith|windash', '-x', 'cmd ―x', true],
    ],
  ],
])('%s', (_, rows) => {
  test.each(rows)('a|%s: %j on %j is %s', (modifiers, value, actual, expected) => {
    expect(holds(modifiers, value, actual)).toBe(expected);
  });
});

describe('an absent field', () => {
  test.each<[unknown, boolean]>([
    [{ 'a|exists': false }, true],
    [{ 'a|exists': true }, false],
    [{ a: null }, true],
    [{ a: '' }, false],
    [{ a: '*' }, false],
    [{ 'a|neq': 'x' }, true],
    [{ 'a|exists': true, 'a|neq': 'x' }, false],
    [{ 'a|lt': 5 }, false],
    [{ 'a|fieldref': 'b' }, false],
    [{ 'a|fieldref|neq': 'b' }, true],
  ])('%j: %s', (selection, expected) => {
    expect(selects(selection, { b: 'other' })).toBe(expected);
  });
});

describe('fieldref', () => {
  test.each<[unknown, object, boolean]>([
    [{ 'a|fieldref': 'b' }, { a: 'x', b: 'X' }, true],
    [{ 'a|cased|fieldref': 'b' }, { a: 'x', b: 'X' }, false],
    [{ 'a|cased|fieldref|neq': 'b' }, { a: 'aB', b: 'ab' }, true],
    [{ 'a|neq|cased|fieldref': 'b' }, { a: 'aB', b: 'aB' }, false],
    [{ 'a|fieldref|startswith': 'b' }, { a: 'abc', b: 'AB' }, true],
    [{ 'a|fieldref|endswith': 'b' }, { a: 'abc', b: 'bc' }, true],
    [{ 'a|fieldref|contains': 'b' }, { a: 'abc', b: 'c' }, true],
    [{ 'a|fieldref|contains': 'b' }, { a: 'abc', b: 'd' }, false],
    [{ 'a|fieldref': ['b', 'c'] }, { a: 'x', b: 'y', c: 'x' }, true],
    [{ 'a|fieldref|all': ['b', 'c'] }, { a: 'x', b: 'y', c: 'x' }, false],
    [{ 'a|fieldref': 'b' }, { a: ['x', 'y'], b: ['z', 'y'] }, true],
    [{ 'a|fieldref': 'b' }, { a: null, b: null }, false],
    [{ 'a|fieldref': 'b.c' }, { a: 1, b: { c: '1' } }, true],
  ])('%j on %j: %s', (selection, event, expected) => {
    expect(selects(selection, event)).toBe(expected);
  });
});

describe('keywords', () => {
  const event = { message: 'Pool exhausted after 30s', nested: { list: ['登录失败', 40163] } };
  test.each<[unknown, boolean]>([
    [['pool EXHAUSTED'], true],
    [['nothing', '登录'], true],
    [['nothing'], false],
    ['pool', true],
    [[40163], true],
    [['exhausted*30s'], true],
    [{ '|all': ['pool', '登录'] }, true],
    [{ '|all': ['pool', 'nothing'] }, false],
    [{ '|contains': 'xhaus' }, true],
    [{ '|startswith': 'pool' }, true],
    [{ '|startswith': 'exhausted' }, false],
    [{ '|endswith': '失败' }, true],
    [{ '|re': ['after \\d+s'] }, true],
    [{ '|re|i': 'POOL' }, true],
    [{ '|re|all': ['Pool', '登录'] }, true],
    [{ '|cased': ['pool'] }, false],
    [{ '|neq': ['pool'] }, false],
    [{ '|contains': 'pool', message: '*30s' }, true],
    [['pool', { message: 'other' }], true],
    [['message'], false],
  ])('%j: %s', (selection, expected) => {
    expect(selects(selection, event)).toBe(expected);
  });
});

describe('a field with several values', () => {
  test.each<[unknown, boolean]>([
    [{ a: 'x' }, true],
    [{ a: ['y', 'z'] }, true],
    [{ 'a|all': ['x', 'y'] }, true],
    [{ 'a|all': ['x', 'z'] }, false],
    [{ 'a|neq': 'x' }, false],
    [{ a: null }, false],
    [{ 'b.c': 2 }, true],
  ])('%j: %s', (selection, expected) => {
    expect(selects(selection, { a: ['x', null, 'y'], b: [{ c: 1 }, { c: 2 }] })).toBe(expected);
  });
});

test.each<[string, unknown, boolean]>([
  ['a list of maps is OR', [{ a: 1 }, { b: 9 }], true],
  ['a map is AND', { a: 1, b: 9 }, false],
  ['blanks are taken out of field names', { 'New Value': 3 }, true],
])('%s', (_, selection, expected) => {
  expect(selects(selection, { a: 1, b: 2, NewValue: 3 })).toBe(expected);
});

describe('what is wrong is reported in its place', () => {
  type Wrong = readonly [item: string, place: string, message: string, hint?: string];
  test.each<Wrong>([
    ['a|contians: x', '2:5', 'unknown modifier "contians"', 'did you mean "contains"?'],
    ['a|contains|regex: x', '2:14', 'unknown modifier "regex"', 'write "re"'],
    ['a|ignorecase: x', '2:5', 'unknown modifier "ignorecase"', 'write "i"'],
    ['"a|contians": x', '2:6', 'unknown modifier "contians"', 'did you mean "contains"?'],
    [
      "a|expand: '%x%'",
      '2:5',
      'placeholders ("expand") are not supported',
      'write the values out; there is no pipeline that could fill them in',
    ],
    ['a|contains|contains: x', '2:14', 'modifier "contains" is given twice'],
    ['a|contains|startswith: x', '2:14', '"startswith" cannot be joined with "contains"'],
    ['a|i: x', '2:5', '"i" is a flag of "re"', 'write "re|i"'],
    ['a|cased|re: x', '2:11', '"re" must come first, not after "cased"'],
    ['a|re|cased: x', '2:8', '"cased" cannot follow "re"', '"re" regards case unless "i" follows'],
    [
      'a|re|startswith: x',
      '2:8',
      '"startswith" cannot follow "re"',
      'a regular expression says so itself, with ^ or $',
    ],
    [
      'a|fieldref|cased: b',
      '2:14',
      '"cased" must stand before "fieldref"',
      'write "cased|fieldref"',
    ],
    ['a|contains|fieldref: b', '2:14', '"fieldref" cannot follow "contains"'],
    ['a|fieldref: b*', '2:15', '"fieldref" takes the name of a field, without wildcards'],
    [
      'a|contains|base64: x',
      '2:14',
      '"base64" cannot follow "contains", whose wildcards have no Base64 form',
      'write "base64|contains"',
    ],
    ["a|base64: 'x*y'", '2:13', 'a text with wildcards has no "base64" form'],
    [
      'a|base64offset|contains: x',
      '2:28',
      'too short for "base64offset": nothing of it would be sure',
    ],
    [
      'a|wide: é',
      '2:11',
      'UTF-16 bytes of this text are no readable text',
      'follow it with base64 or base64offset, or search for ASCII text',
    ],
    ["a|gt: '5'", '2:9', '"gt" takes a number', 'take the quotes away'],
    ['a|gt: five', '2:9', '"gt" takes a number'],
    ['a|hour: noon', '2:11', '"hour" takes a number'],
    ['a|exists: 1', '2:13', '"exists" takes true or false'],
    [
      'a|exists|contains: x',
      '2:12',
      '"contains" cannot follow "exists", which asks for presence only',
    ],
    ['a|cidr: 10.0.0.1/8', '2:11', '"10.0.0.1/8" has bits set behind its prefix'],
    ['a|cidr: ten', '2:11', '"ten" is no network', 'write it like 10.0.0.0/8'],
    ['a|cidr: 10.0.0.0/33', '2:11', '"10.0.0.0/33" is no network', 'write it like 10.0.0.0/8'],
    [
      "a|re: '(?=x)'",
      '2:9',
      'regular expression: invalid or unsupported Perl syntax: (?=',
      'lookaround is no part of Sigma; write a second selection and "not" in the condition',
    ],
    [
      "a|re: '(a)\\1'",
      '2:9',
      'regular expression: invalid escape sequence: \\1',
      'backreferences are no part of Sigma',
    ],
    ["a|re: '(a'", '2:9', 'regular expression: missing closing ): (a'],
    ['a|all: x', '2:5', '"all" needs more than one value', 'take "all" out'],
    ['a|contains|all: [x]', '2:14', '"all" needs more than one value', 'take "all" out'],
    ['a: []', '2:6', 'the list of values is empty', 'null means "no value"'],
    [
      'a: [x, null]',
      '2:10',
      'null cannot stand in a list of values',
      'make it a selection of its own and join both with "or"',
    ],
    [
      'a|contains: null',
      '2:15',
      'null cannot be joined with "contains"',
      'null means "no value"; for the empty text write two quotes',
    ],
    ['a: {b: c}', '2:6', 'a field cannot hold a map', 'write the dotted path as the field name'],
    ['a: [[x]]', '2:7', 'a value must be a text, a number, a boolean or null'],
    ["'|exists': true", '2:5', '"exists" needs a field name before it'],
    ["'|all': ['', x]", '2:12', 'an empty keyword would match every event'],
    [
      "a|contains|windash: ' -a -b -c -d -e -f'",
      '2:23',
      '"windash" would give more than 3125 forms of this text',
    ],
  ])('%s', (item, place, message, hint) => {
    const { detection, problems } = readDetection(`s:\n  ${item}\ncondition: s`);
    expect(detection).toBeUndefined();
    expect(problems.map((p) => [`${p.line}:${p.column}`, p.severity, p.message, p.hint])).toEqual([
      [place, 'error', message, hint],
    ]);
  });

  test('all of them at once', () => {
    const { problems } = readDetection(
      's:\n  a|contians: x\n  b|gt: y\n  c|re: "("\nt: []\ncondition: s and u',
    );
    expect(problems.map(({ line, code }) => `${line} ${code}`)).toEqual([
      '2 unknown-modifier',
      '3 wrong-value',
      '4 regex-syntax',
      '5 empty-list',
      '6 unknown-identifier',
    ]);
  });
});
