import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseZone, readTime, UTC } from '../../src/normalise/index.ts';
import { runs } from '../fuzz.ts';

const utf8 = new TextEncoder();

function read(text: string, zone = 'UTC'): number {
  const bytes = utf8.encode(`"${text}",`);
  return readTime(bytes, 1, bytes.length - 2, parseZone(zone));
}

const AT = Date.UTC(2026, 10, 22, 5, 41, 15);

describe('a time is read from its bytes', () => {
  test.each([
    ['2026-11-22T05:41:15Z', AT],
    ['2026-11-22T05:41:15z', AT],
    ['2026-11-22T05:41:15.896Z', AT + 896],
    ['2026-11-22T05:41:15,896Z', AT + 896],
    ['2026-11-22T05:41:15.8Z', AT + 800],
    ['2026-11-22T05:41:15.896123456Z', AT + 896.123456],
    ['2026-11-22T13:41:15+08:00', AT],
    ['2026-11-22T13:41:15+0800', AT],
    ['2026-11-22T13:41:15+08', AT],
    ['2026-11-22T13:41:15.000 +0800', AT],
    ['2026-11-21T23:11:15-06:30', AT],
    ['2026-11-22 05:41:15', AT],
    ['2026-11-22 05:41:15.000000', AT],
    ['2026-11-22 05:41:15,000', AT],
    ['2026-11-22 05:41:15 UTC', AT],
    ['2026/11/22 05:41:15', AT],
    ['2026-11-22T05:41Z', AT - 15_000],
    ['[2026-11-22 05:41:15]', AT],
    ['22/Nov/2026:05:41:15 +0000', AT],
    ['22/Nov/2026:13:41:15 +0800', AT],
    ['1795326075', AT],
    ['1795326075.896', AT + 896],
    ['1795326075896', AT + 896],
    ['1795326075896.5', AT + 896.5],
    ['1795326075896123', AT + 896.123],
    ['1795326075896123456', AT + 896.123456],
    ['1.795326075896e9', AT + 896],
    ['1.795326075896E12', AT + 896],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['2000-01-01T00:00:00Z', Date.UTC(2000, 0, 1)],
    ['2099-12-31T23:59:59Z', Date.UTC(2099, 11, 31, 23, 59, 59)],
    ['2026-11-22T05:41:60Z', AT + 45_000],
  ])('%s', (text, timeMs) => {
    expect(read(text)).toBeCloseTo(timeMs, 3);
  });

  test.each([
    '',
    '-',
    'now',
    '35',
    '12:00:00',
    '2026',
    '2026-11-22',
    '2026-13-22T05:41:15Z',
    '2026-11-22T25:41:15Z',
    '2026-11-22T05:61:15Z',
    '2026-11-22T05:41:15 CEST',
    '2026-11-22T05:41:15+99:00',
    '1999-12-31T23:59:59Z',
    '2100-01-01T00:00:00Z',
    '1970-01-01T00:00:00Z',
    '0',
    '999',
    '123456789012345678901234',
    '-1795326075',
    '22/Nov/2026',
    '22/Foo/2026:05:41:15 +0000',
    '1e400',
    'NaN',
  ])('%j is no time', (text) => {
    expect(read(text)).toBeNaN();
  });

  test('a time without a zone is in the zone of the run', () => {
    expect(read('2026-11-22 13:41:15', 'Asia/Shanghai')).toBe(AT);
    expect(read('2026-11-22 13:41:15', '+08:00')).toBe(AT);
    expect(read('2026-11-22 13:41:15', 'UTC+8')).toBe(AT);
    expect(read('2026-11-22 00:41:15', 'America/New_York')).toBe(AT);
    expect(read('2026-07-22 01:41:15', 'America/New_York')).toBe(Date.UTC(2026, 6, 22, 5, 41, 15));
    expect(read('2026-11-22T05:41:15Z', 'Asia/Shanghai')).toBe(AT);
  });

  test('an unknown zone is a mistake of the user', () => {
    expect(() => parseZone('Mars/Olympus')).toThrow(/unknown time zone "Mars\/Olympus"/);
  });

  test('what Date prints is read back', () => {
    fc.assert(
      fc.property(
        fc.date({
          min: new Date('2000-01-01T00:00:00Z'),
          max: new Date('2099-12-31T00:00:00Z'),
          noInvalidDate: true,
        }),
        (date) => {
          expect(read(date.toISOString())).toBe(date.getTime());
          expect(read(String(date.getTime()))).toBe(date.getTime());
        },
      ),
      { numRuns: runs(500) },
    );
  });

  test('no bytes make it throw, and no time is out of range', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const time = readTime(bytes, 0, bytes.length, UTC);
        expect(Number.isNaN(time) || (time >= 946_684_800_000 && time < 4_102_444_800_000)).toBe(
          true,
        );
      }),
      { numRuns: runs(1000) },
    );
  });
});

test('whole milliseconds stay whole in every form', () => {
  for (let ms = 0; ms < 1000; ms += 1) {
    const digits = String(ms).padStart(3, '0');
    expect(read(`2026-11-22T05:41:15.${digits}Z`)).toBe(AT + ms);
    expect(read(`2026-11-22T05:41:15.${digits}000000Z`)).toBe(AT + ms);
    expect(read(`1795326075.${digits}`)).toBe(AT + ms);
    expect(read(`1795326075${digits}`)).toBe(AT + ms);
    expect(read(`1795326075${digits}000000`)).toBe(AT + ms);
  }
});
