import { describe, expect, test } from 'vitest';
import { EVERYTHING, parseWhere } from '../../src/aggregate/index.ts';
import { parseZone } from '../../src/normalise/index.ts';
import {
  reportHtml,
  reportJson,
  reportMarkdown,
  reportText,
  type TextOptions,
} from '../../src/report/index.ts';
import { INPUT, reportOf, someDay } from './some-day.ts';

const TEXT: TextOptions = {
  language: 'en',
  colorLevel: 0,
  ascii: false,
  width: 100,
  zone: parseZone('Asia/Shanghai'),
  top: 10,
  inputs: ['logs'],
};

const full = reportOf({ by: ['client', 'region'] });
const succeeded = someDay().filter(({ verdict }) => verdict.outcome.kind !== 'failed');
const blind = someDay().filter(({ verdict }) => verdict.outcome.kind !== 'succeeded');

describe('the report reads as it should', () => {
  test.each([
    ['english', reportText(full, TEXT)],
    ['chinese', reportText(full, { ...TEXT, language: 'zh' })],
    ['ascii', reportText(full, { ...TEXT, ascii: true })],
    ['narrow', reportText(full, { ...TEXT, width: 80, top: 2 })],
    ['wide', reportText(full, { ...TEXT, width: 200, top: 2 })],
    ['colour', reportText(full, { ...TEXT, colorLevel: 1 })],
    ['all-succeeded', reportText(reportOf({ judged: succeeded, findings: [] }), TEXT)],
    ['no-success-recognised', reportText(reportOf({ judged: blind, findings: [] }), TEXT)],
    ['no-login', reportText(reportOf({ judged: [], findings: [] }), TEXT)],
    [
      'nothing-decided',
      reportText(
        reportOf({
          judged: someDay().filter(({ verdict }) => verdict.outcome.kind === 'open'),
          findings: [],
        }),
        TEXT,
      ),
    ],
    [
      'interrupted-and-piped',
      reportText(reportOf({ input: { ...INPUT, partial: true } }), { ...TEXT, inputs: ['-'] }),
    ],
    [
      'focus',
      reportText(
        reportOf({
          by: ['client', 'absent'],
          whereText: 'region=上海 && login.state!=7d1f0c3b9a5e4d2c8b6a',
          selection: {
            ...EVERYTHING,
            sinceMs: Date.UTC(2026, 10, 23, 2),
            where: parseWhere('region=上海'),
            rules: ['code_used_40163'],
          },
        }),
        TEXT,
      ),
    ],
  ])('%s', async (name, text) => {
    await expect(text).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  test('Markdown names three files and counts the others', () => {
    const sources = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ ...INPUT.sources[0], name }));
    expect(reportMarkdown(reportOf({ input: { ...INPUT, sources } }), TEXT)).toContain(
      '`a`, `b`, `c`, 2 more',
    );
  });

  test.each([
    ['english', 'en'],
    ['chinese', 'zh'],
  ] as const)('Markdown in %s', async (name, language) => {
    await expect(reportMarkdown(full, { ...TEXT, language })).toMatchFileSnapshot(
      `golden/${name}.md.txt`,
    );
  });

  test.each([
    ['english', 'en'],
    ['chinese', 'zh'],
  ] as const)('HTML in %s', async (name, language) => {
    await expect(reportHtml(full, { ...TEXT, language })).toMatchFileSnapshot(
      `golden/${name}.html`,
    );
  });

  test('JSON', async () => {
    await expect(reportJson(reportOf({ judged: someDay(200) }))).toMatchFileSnapshot(
      'golden/json.txt',
    );
  });
});
