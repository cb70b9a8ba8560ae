import { describe, expect, test } from 'vitest';
import { parseZone, UTC } from '../../src/normalise/index.ts';
import {
  bytesText,
  countText,
  durationText,
  percentRange,
  percentText,
  shareText,
} from '../../src/report/figures.ts';
import { ASCII, BLOCKS, bar, sparkline } from '../../src/report/glyphs.ts';
import { visible } from '../../src/report/index.ts';
import { columns, flowed, truncate, widthOf, wrap } from '../../src/report/layout.ts';
import { codeMarkdown, plainMarkdown } from '../../src/report/markdown/markdown.ts';
import { localTime, windowText } from '../../src/report/moments.ts';

describe('figures', () => {
  test.each([
    [0, '0%'],
    [1, '100%'],
    [0.00001, '<0.01%'],
    [0.0003, '0.03%'],
    [0.03, '3.00%'],
    [0.0994, '9.94%'],
    [0.09999, '10.0%'],
    [0.312, '31.2%'],
    [0.99951, '>99.9%'],
  ])('the ratio %d is %s', (ratio, text) => {
    expect(percentText(ratio)).toBe(text);
  });

  test.each([
    [0.0001, '<0.1%'],
    [0.0971, '9.7%'],
    [0.99999, '>99.9%'],
  ])('the share %d is %s', (ratio, text) => {
    expect(shareText(ratio)).toBe(text);
  });

  test('a range names its sign once', () => {
    expect(percentRange(0, 1, '–')).toBe('0–100%');
    expect(percentRange(0.0284, 0.0316, '..')).toBe('2.84..3.16%');
  });

  test.each([
    [0, '0ms'],
    [0.4, '<1ms'],
    [22.4, '22ms'],
    [999.6, '1.0s'],
    [6100, '6.1s'],
    [31_000, '31s'],
    [99_600, '1.7min'],
    [2.5 * 3_600_000, '2.5h'],
    [3 * 86_400_000, '3.0d'],
  ])('%d ms are %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });

  test.each([
    [999, '999 B'],
    [54_100_000, '54.1 MB'],
    [999_999, '1.0 MB'],
    [3e15, '3000 TB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });

  test('counts are grouped by thousands', () => {
    expect([0, 999, 1000, 1234567].map(countText)).toEqual(['0', '999', '1,000', '1,234,567']);
  });
});

describe('moments', () => {
  const shanghai = parseZone('Asia/Shanghai');
  const from = Date.UTC(2026, 10, 23, 0, 0);

  test('a window of one day names the day once', () => {
    expect(windowText(from, from + 21_600_000, shanghai, '–')).toBe('2026-11-23 08:00–14:00 UTC+8');
    expect(windowText(from, from + 86_400_000, UTC, '..')).toBe(
      '2026-11-23 00:00..2026-11-24 00:00 UTC',
    );
  });

  test('zones with half hours and summer time are told by the offset of the day', () => {
    expect(windowText(from, from, parseZone('-03:30'), '–')).toContain('UTC-3:30');
    expect(windowText(from, from, parseZone('Europe/Berlin'), '–')).toContain('01:00–01:00 UTC+1');
    const summer = Date.UTC(2026, 6, 1);
    expect(windowText(summer, summer, parseZone('Europe/Berlin'), '–')).toContain('UTC+2');
  });

  test('a time that no calendar holds does not throw', () => {
    expect(localTime(9e15, UTC)).toEqual({ date: '?', time: '?' });
  });
});

describe('bars and sparklines', () => {
  test.each([
    [0, ''],
    [0.001, '▏'],
    [0.5, '█████'],
    [0.55, '█████▌'],
    [1, '██████████'],
    [2, '██████████'],
  ])('a share of %d', (share, text) => {
    expect(bar(share, 10, BLOCKS)).toBe(text);
  });

  test('in ASCII, too', () => {
    expect(bar(0.54, 10, ASCII)).toBe('#####');
    expect(bar(0.001, 10, ASCII)).toBe('#');
    expect(sparkline([0, 1, 2, undefined], ASCII)).toBe('_=# ');
  });

  test('a sparkline starts from nothing, and leaves gaps', () => {
    expect(sparkline([0, 1, 4, 8, undefined], BLOCKS)).toBe('▁▂▅█ ');
    expect(sparkline([0, 0], BLOCKS)).toBe('▁▁');
    expect(sparkline([], BLOCKS)).toBe('');
  });
});

describe('layout', () => {
  test('a Chinese character takes two cells', () => {
    expect(widthOf('扫码 ok')).toBe(7);
    expect(truncate('扫码登录失败', 7, '…')).toBe('扫码登…');
    expect(truncate('扫码登录', 8, '…')).toBe('扫码登录');
    expect(truncate('abcdefgh', 6, '...')).toBe('abc...');
  });

  test('marks without width cannot be piled up', () => {
    expect(truncate(`a${'\u0301'.repeat(1000)}`, 10, '…').length).toBeLessThan(50);
  });

  test('columns align across scripts', () => {
    const lines = columns(
      ['HEAD', 'n'],
      [
        ['扫码', '1'],
        ['\u001b[31mx\u001b[39m', '22'],
      ],
      {
        aligns: ['left', 'right'],
      },
    );
    expect(lines).toEqual(['HEAD     n', '  扫码   1', '  \u001b[31mx\u001b[39m     22']);
  });

  test('the flexible column gives way', () => {
    const lines = columns(['', 'title', 'n'], [['a', 'a very long title indeed', '1']], {
      aligns: ['left', 'left', 'right'],
      flexible: { column: 1, width: 20, ellipsis: '…' },
    });
    expect(lines[1]).toBe('  a  a very long…  1');
  });

  test('text wraps at spaces and beside Chinese characters, full stops staying behind', () => {
    expect(wrap('check the callback, twice', 12)).toEqual(['check the', 'callback,', 'twice']);
    expect(wrap('检查回调是否重复。完', 8)).toEqual(['检查回调', '是否重', '复。完']);
    expect(wrap('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
    expect(wrap('', 4)).toEqual(['']);
  });

  test('parts flow over lines', () => {
    const style = { first: '> ', separator: ', ', indent: 4, width: 12 };
    expect(flowed(['one', 'two', 'three'], style)).toEqual(['> one, two', '    three']);
    expect(flowed([], style)).toEqual(['> ']);
  });
});

describe('log text', () => {
  test.each([
    ['a\tb\r\n', 'a\\tb\\r\\n'],
    ['\u001b[31mred\u009b0m', '\\x1b[31mred\\x9b0m'],
    ['\u202eabc\u2066', '\\u202eabc\\u2066'],
    ['a\u200bb\ufeff', 'a\\u200bb\\ufeff'],
    ['\ud800', '\\ud800'],
    ['\u{e0041}', '\\u{e0041}'],
    ['登录 🙂 ok', '登录 🙂 ok'],
  ])('%j is shown as %s', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  test.each([
    ['<b>&amp;</b>', '&#60;b&#62;&#38;amp;&#60;/b&#62;'],
    ['[x](http://a)', '\\[x\\](http&#58;//a)'],
    ['a | b', 'a &#124; b'],
    ['@team #1 *x* _y_ `z` ~s~', '&#64;team \\#1 \\*x\\* \\_y\\_ \\`z\\` \\~s\\~'],
    ['www.evil.example', 'w&#119;w.evil.example'],
  ])('%s is plain in Markdown', (text, markdown) => {
    expect(plainMarkdown(text)).toBe(markdown);
  });

  test.each([
    ['a`b', "`a'b`"],
    ['a|b', '`a\\|b`'],
    ['', '` `'],
    ['\u001b[1m', '`\\x1b[1m`'],
  ])('%j is code in Markdown', (text, markdown) => {
    expect(codeMarkdown(text)).toBe(markdown);
  });
});
