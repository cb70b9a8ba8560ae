import { describe, expect, test } from 'vitest';
import { decodeText } from './decoded.ts';

const APP = { level: 'error', msg: 'exchange "failed"', n: 1 };
const LINE = JSON.stringify(APP);

const ANSWERS: readonly [name: string, form: string, answer: object, beside: object][] = [
  [
    'Loki',
    'loki/json',
    {
      status: 'success',
      data: {
        resultType: 'streams',
        result: [
          { stream: { pod: 'p-1' }, values: [['1795326075896000000', LINE]] },
          { stream: { pod: 'p-1' }, values: [['1795326075896000000', LINE]] },
        ],
      },
    },
    { 'wrapper.time': '1795326075896000000', 'labels.pod': 'p-1' },
  ],
  [
    'CloudWatch',
    'cloudwatch/json',
    {
      events: [1, 2].map((eventId) => ({
        logStreamName: 's',
        timestamp: 1795326075896,
        message: LINE,
        ingestionTime: 1795326075999,
        eventId: `${eventId}`,
      })),
      searchedLogStreams: [],
    },
    { 'wrapper.time': 1795326075896 },
  ],
  [
    'Elasticsearch',
    'elasticsearch/json',
    {
      took: 3,
      hits: { total: 2, hits: [1, 2].map((_id) => ({ _index: 'i', _id, _source: APP })) },
    },
    {},
  ],
];

describe('an answer of a log store is its records', () => {
  test.each(ANSWERS)('%s', (_, form, answer, beside) => {
    for (const indent of [undefined, 2]) {
      const { rows, forms, rejected } = decodeText(JSON.stringify(answer, null, indent));
      expect(rows.map(({ fields }) => fields)).toEqual([
        { ...beside, ...APP },
        { ...beside, ...APP },
      ]);
      expect(forms).toEqual({ [form]: 2 });
      expect(rejected).toEqual([]);
    }
  });

  test('text in it is joined stream by stream', () => {
    const values = (texts: readonly string[]) => texts.map((text, i) => [`${i}`, text]);
    const answer = {
      status: 'success',
      data: {
        resultType: 'streams',
        result: [
          { stream: { pod: 'a' }, values: values(['2026-11-26 10:00:00 ERROR x', '\tat y']) },
          { stream: { pod: 'b' }, values: values(['2026-11-26 10:00:00 ERROR z']) },
        ],
      },
    };
    const { rows, lines, joined } = decodeText(JSON.stringify(answer));
    expect({ lines, joined }).toEqual({ lines: 1, joined: 0 });
    expect(rows.map(({ fields }) => [fields['labels.pod'], fields.stack_trace])).toEqual([
      ['a', '\tat y'],
      ['b', undefined],
    ]);
  });

  test.each([
    ['a status of its own', { status: 200, msg: 'x' }],
    ['events that are words', { events: ['a', 'b'] }],
  ])('a record with %s stays one', (_, record) => {
    expect(decodeText(JSON.stringify(record)).forms).toEqual({ json: 1 });
  });

  test('one record that cannot be read is a part of the line', () => {
    const line = `{"took":1,"hits":{"hits":[{"_source":{"a":${'['.repeat(70)}${']'.repeat(70)}}}]}}`;
    const { rows, rejected, lines } = decodeText(line);
    expect(rows).toHaveLength(0);
    expect(rejected).toHaveLength(1);
    expect(lines).toBe(1);
  });
});
