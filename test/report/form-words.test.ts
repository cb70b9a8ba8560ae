import { describe, expect, test } from 'vitest';
import { FORM_WORDS, formsText } from '../../src/report/form-words.ts';
import { BLOCKS } from '../../src/report/glyphs.ts';
import { WORDINGS } from '../../src/report/wording/index.ts';
import { TEXTS, WRAPPERS } from '../analysis/forms.ts';

const english = { wording: WORDINGS.en, glyphs: BLOCKS };
const chinese = { wording: WORDINGS.zh, glyphs: BLOCKS };

describe('forms in the words of people', () => {
  test.each([
    ['json', 'JSON lines', 'JSON 行'],
    ['json-array', 'JSON array', 'JSON 数组'],
    ['docker/json', 'JSON lines in Docker logs', 'Docker 日志 中的 JSON 行'],
    [
      'elasticsearch/fluent/cri/json',
      'JSON lines in CRI logs in Fluent Bit in Elasticsearch',
      'Elasticsearch 中的 Fluent Bit 中的 CRI 日志 中的 JSON 行',
    ],
    ['otlp-json/spans', 'OTLP/JSON spans', 'OTLP/JSON span'],
    ['otlp-proto/logs', 'OTLP protobuf logs', 'OTLP protobuf 日志'],
    ['otlp-json', 'OTLP/JSON', 'OTLP/JSON'],
    ['clickhouse/span-events', 'ClickHouse span events', 'ClickHouse span 事件'],
  ])('%s', (form, en, zh) => {
    expect(formsText({ [form]: 3 }, english)).toBe(en);
    expect(formsText({ [form]: 3 }, chinese)).toBe(zh);
  });

  test('every wrapper and form of text that a decoder names has words', () => {
    for (const { label } of [...WRAPPERS, ...TEXTS]) {
      for (const { forms } of Object.values(FORM_WORDS)) {
        expect(Object.keys(forms)).toEqual(expect.arrayContaining(label.split('/')));
      }
    }
  });

  test('several forms come with their numbers, most frequent first', () => {
    expect(formsText({ json: 51, trace: 1200, zipkin: 2, 'cri/text': 3, sls: 1 }, english)).toBe(
      'stack traces 1,200 · JSON lines 51 · text in CRI logs 3 · Zipkin 2 · +1',
    );
    expect(formsText({ json: 5 }, { ...english, counted: true })).toBe('JSON lines 5');
    expect(formsText({}, english)).toBe('no known form');
  });
});
