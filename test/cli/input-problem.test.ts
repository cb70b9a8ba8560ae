import { describe, expect, test } from 'vitest';
import { inputProblem } from '../../src/cli/input-problem.ts';
import type { InputSummary, RejectCode, Stage } from '../../src/model/index.ts';
import { STAGES } from '../../src/model/index.ts';

function input(
  lines: number,
  rejected: Partial<Record<RejectCode, number>> = {},
  names: readonly string[] = ['app.log'],
): InputSummary {
  const nothing = { bytes: 0, lines: 0, blank: 0, joined: 0, records: 0, events: 0, other: 0 };
  const sources = names.map((name, i) => ({
    name,
    ...nothing,
    ...(i === 0 ? { bytes: 1, lines, rejected } : { rejected: {} }),
    damaged: {},
    forms: {},
  }));
  return { sources, unlinked: 0, timeless: 0, samples: [], schemas: {}, partial: false };
}

function seen(flows: number, succeeded: number, stages: readonly Stage[] = STAGES) {
  const counts = Object.fromEntries(STAGES.map((stage) => [stage, stages.includes(stage) ? 1 : 0]));
  return { flows, succeeded, stages: counts as Record<Stage, number> };
}

describe('input that carries no report', () => {
  test.each([
    ['nothing at all', input(0), seen(0, 0), undefined, 'empty-input', 'the input is empty'],
    [
      'no JSON',
      input(3, { 'not-json': 2, truncated: 1 }),
      seen(0, 0),
      undefined,
      'nothing-parsed',
      'none of 3 lines can be read (2 not-json, 1 truncated)',
    ],
    [
      'no login',
      input(3, { 'not-json': 2 }),
      seen(0, 0),
      undefined,
      'no-flows',
      'no login recognised in 1 line',
    ],
    [
      'too little',
      input(1000, { 'not-json': 60 }),
      seen(9, 9),
      0.95,
      'parse-rate',
      'only 94 % of 1000 lines can be read (60 not-json), less than --min-parse-rate 95 %',
    ],
    [
      'no success stage',
      input(9),
      seen(9, 0, ['issued', 'scanned', 'callback']),
      undefined,
      'no-success',
      'no successful login recognised, so failures cannot be rated: stages never seen are polled, confirmed, exchange, userinfo, persist, session',
    ],
    [
      'no success',
      input(9),
      seen(9, 0),
      undefined,
      'no-success',
      'no successful login recognised, so failures cannot be rated',
    ],
  ] as const)('%s', (_, summary, flows, minParseRate, code, message) => {
    expect(inputProblem(summary, flows, minParseRate)).toMatchObject({
      code,
      message,
      at: 'app.log',
      exitCode: 3,
    });
  });

  test('names the first source and counts the others', () => {
    expect(inputProblem(input(0, {}, ['a', 'b', 'c']), seen(0, 0), undefined)?.at).toBe(
      'a and 2 more',
    );
  });
});

test.each([
  ['a success is enough', input(10, { 'not-json': 9 }), seen(1, 1), undefined],
  ['the rate may be met exactly', input(100, { 'not-json': 5 }), seen(9, 1), 0.95],
])('%s', (_, summary, flows, minParseRate) => {
  expect(inputProblem(summary, flows, minParseRate)).toBeUndefined();
});
