import { describe, expect, test } from 'vitest';
import { exitCode } from '../../src/cli/ending.ts';
import { errorLine } from '../../src/cli/error-line.ts';
import { momentMs, parseMoment } from '../../src/cli/moment.ts';
import { byteCount, fieldPath, list, positiveInteger, ratio } from '../../src/cli/option-values.ts';
import { InputError } from '../../src/model/index.ts';

describe('values of flags', () => {
  test.each([
    ['4MiB', 4_194_304],
    ['4m', 4_194_304],
    ['512k', 524_288],
    ['100', 100],
    ['0.5g', 536_870_912],
  ])('a size: %s', (text, bytes) => {
    expect(byteCount('--max-line-bytes')(text)).toBe(bytes);
  });
  test.each(['0', '-1', '4 miles', '', '2g', '1e9'])('no size: %j', (text) => {
    expect(() => byteCount('--max-line-bytes')(text)).toThrow('--max-line-bytes takes a size');
  });

  test.each([
    ['95%', 0.95],
    ['0.95', 0.95],
    ['100%', 1],
    ['0', 0],
  ])('a share: %s', (text, value) => {
    expect(ratio('--min-parse-rate')(text)).toBeCloseTo(value, 12);
  });
  test.each(['95', '101%', '-1%', 'most'])('no share: %j', (text) => {
    expect(() => ratio('--min-parse-rate')(text)).toThrow(InputError);
  });

  test.each(['0', '-1', '1.5', 'ten', ''])('no whole number: %j', (text) => {
    expect(() => positiveInteger('--top')(text)).toThrow('--top takes a whole number from 1');
  });

  test('lists add up', () => {
    expect(list('--by')(' a , b,', ['z'])).toEqual(['z', 'a', 'b']);
  });

  test('a field and its path', () => {
    expect(fieldPath('login.state=ctx.st', undefined)).toEqual([
      { field: 'login.state', path: 'ctx.st' },
    ]);
    expect(() => fieldPath('login.state', undefined)).toThrow('--map takes FIELD=PATH');
  });
});

describe('moments', () => {
  test.each([
    ['2026-11-23', 'UTC', '2026-11-23T00:00:00.000Z'],
    ['2026-11-23', 'Asia/Shanghai', '2026-11-22T16:00:00.000Z'],
    ['2026-11-23T08:00', '+08:00', '2026-11-23T00:00:00.000Z'],
    ['2026-11-23 08:00:01.5', 'UTC', '2026-11-23T08:00:01.500Z'],
    ['2026-11-23T08:00:00+02:00', 'Asia/Shanghai', '2026-11-23T06:00:00.000Z'],
    ['1795392000', 'UTC', '2026-11-23T00:00:00.000Z'],
    ['1795392000000', 'UTC', '2026-11-23T00:00:00.000Z'],
  ])('%s in %s', (text, zone, iso) => {
    const ms = momentMs(parseMoment('--since', text, zone), undefined);
    expect(new Date(ms as number).toISOString()).toBe(iso);
  });

  test.each([
    ['-6h', 21_600_000],
    ['-1h30m', 5_400_000],
    ['-2d', 172_800_000],
    ['-500ms', 500],
    ['-5min', 300_000],
  ])('%s is before the last event', (text, ms) => {
    expect(momentMs(parseMoment('--since', text, 'UTC'), 1e12)).toBe(1e12 - ms);
    expect(momentMs(parseMoment('--since', text, 'UTC'), undefined)).toBeUndefined();
  });

  test.each(['yesterday', '', '-6', '6h', '2026-13-40', '-h'])('no time: %j', (text) => {
    expect(() => parseMoment('--since', text, 'UTC')).toThrow(
      `--since takes a time, not '${text}'`,
    );
  });
});

test.each([
  [{ kind: 'done' }, 0],
  [{ kind: 'closed-pipe' }, 0],
  [{ kind: 'findings' }, 1],
  [{ kind: 'broken-rules' }, 2],
  [{ kind: 'mistake', error: new InputError('x', { message: 'x' }) }, 2],
  [{ kind: 'mistake', error: new InputError('x', { message: 'x', exitCode: 3 }) }, 3],
  [{ kind: 'interrupted' }, 130],
  [{ kind: 'bug', error: new Error('x') }, 70],
] as const)('$0.kind exits $1', (ending, code) => {
  expect(exitCode(ending)).toBe(code);
});

test('an error is one line, whatever stands in it', () => {
  const error = new InputError('x', {
    message: 'no such\n file',
    at: 'evil\u001b[2J\u202e.log',
    hint: 'look',
  });
  expect(errorLine(error)).toBe('scanlens: no such file (evil\\x1b[2J\\u202e.log); look\n');
});
