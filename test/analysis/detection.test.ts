import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { type Detection, startDetection } from '../../src/analysis/index.ts';
import { parseMapping } from '../../src/normalise/index.ts';
import { compileDetections } from '../../src/sigma/index.ts';
import { runs } from '../fuzz.ts';

const utf8 = new TextEncoder();
const NO_RULES = compileDetections([]);
const MAPPING = `
fields: {login.qrcode_id: ctx.handle}
stages:
  - {name: seen, stage: scanned, outcome: ok, detection: {e: {event.name: PHONE_SEEN}, condition: e}}
`;

function detect(text: string, cuts: readonly number[] = []): Detection {
  const { mapping, problems } = parseMapping('test.yaml', MAPPING);
  expect(problems).toEqual([]);
  const run = startDetection({ mappings: [mapping], library: NO_RULES });
  const bytes = utf8.encode(text);
  const source = run.source('app.log');
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort(
    (a, b) => a - b,
  );
  for (let i = 1; i < places.length; i++) source.chunk(bytes.subarray(places[i - 1], places[i]));
  source.end();
  return run.finish();
}

const LINES = [
  '{"ts":"2026-11-23T09:00:00Z","event":"PHONE_SEEN","ctx":{"handle":"hd-0001-abcd"},"odd":1}',
  '{"ts":"2026-11-23T09:00:01Z","event":"PHONE_LOST","ctx":{"handle":"hd-0001-abcd"},"odd":2}',
  '{"ts":"2026-11-23T09:00:02Z","event":"PHONE_LOST","ctx":{"handle":"hd-0002-abcd"}}',
  '{"ts":"2026-11-23T09:00:03Z","msg":"cache 17 warm","odd":{"deep":true}}',
  '{"ts":"2026-11-23T09:00:04Z","msg":"cache 18 warm"}',
  '',
  'no json',
  '[]',
];

let found: Detection;
beforeAll(() => {
  found = detect(LINES.join('\n'));
});

test('every line is an event, of other matters, part of another, rejected or blank', () =>
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...LINES, '{"a":', '{}')),
      fc.array(fc.nat()),
      (lines, cuts) => {
        const text = lines.map((line) => `${line}\n`).join('');
        const { blank, joined, rejected, events, other, ...all } = detect(text, cuts);
        const lost = Object.values(rejected).reduce((sum, count) => sum + count, 0);
        expect(blank + joined + lost + events + other).toBe(all.lines);
        expect(all.lines).toBe(lines.length);
        expect(detect(text)).toEqual({ blank, joined, rejected, events, other, ...all });
      },
    ),
    { numRuns: runs(100) },
  ));

test('stages and ids are counted by line', () => {
  expect(found.stages.scanned.ok).toBe(1);
  expect(found.ids['login.qrcode_id']).toBe(3);
  expect([found.fromMs, found.toMs]).toEqual([
    Date.UTC(2026, 10, 23, 9),
    Date.UTC(2026, 10, 23, 9, 0, 4),
  ]);
});

test('fields have the meaning that names and the mapping give them', () => {
  const meanings = Object.fromEntries(found.fields.map(({ path, meaning }) => [path, meaning]));
  expect(meanings).toEqual({
    ts: 'time',
    event: 'event.name',
    'ctx.handle': 'login.qrcode_id',
    msg: 'message',
    odd: undefined,
    'odd.deep': undefined,
  });
  expect(found.fields.find(({ path }) => path === 'odd')?.lines).toBe(2);
});

test('lines without a stage are grouped by wording, those of logins first', () => {
  expect(
    found.unrecognised.map(({ text, lines, ids, place }) => ({ text, lines, ids, at: place.line })),
  ).toEqual([
    { text: 'PHONE_LOST', lines: 2, ids: ['login.qrcode_id'], at: 2 },
    { text: 'cache 17 warm', lines: 2, ids: [], at: 4 },
  ]);
});

test('endless names and wordings do not fill the memory', () => {
  const lines = Array.from({ length: 7000 }, (_, i) => {
    const word = [...String(i)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
    return `{"key_${word}":1,"msg":"text ${word}"}\n`;
  });
  const { fields, unrecognised, capped } = detect(lines.join(''));
  expect(fields.length).toBe(5000);
  expect(unrecognised.length).toBe(5000);
  expect(capped).toBe(true);
});

test('the demo is understood whole', () => {
  const { lines, rejected, events } = detect(
    readFileSync(new URL('../../fixtures/demo/login-api.log', import.meta.url), 'utf8'),
  );
  expect(rejected).toEqual({});
  expect(events).toBeGreaterThan(lines / 2);
});
