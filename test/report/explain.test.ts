import { describe, expect, test } from 'vitest';
import {
  type Flow,
  type FlowLine,
  type Judged,
  RecordKind,
  type Stage,
  type StepOutcome,
} from '../../src/model/index.ts';
import { parseZone } from '../../src/normalise/index.ts';
import { evidenceLines } from '../../src/report/explain/evidence-lines.ts';
import { waterfallRows } from '../../src/report/explain/waterfall-row.ts';
import {
  type ExplainFacts,
  explainText,
  nearMisses,
  type TextOptions,
} from '../../src/report/index.ts';
import { loadRules } from '../../src/ruleset/index.ts';

const T0 = Date.UTC(2026, 10, 23, 5, 41, 7, 120);

const CODE = '011kPz0w3ABCdEFgh1Ij2KlMnOp3QrSt';
const STATE = '7d1f0c3b9a5e4d2c';
const QRCODE = 'qr_5f0e1d2c';

let lineNumber = 100;

function line(
  afterMs: number,
  stage: Stage | undefined,
  outcome: StepOutcome,
  text = 'x',
  durationMs?: number,
  kind: RecordKind = RecordKind.log,
): FlowLine {
  lineNumber += 1;
  return {
    place: { file: 'app.jsonl', line: lineNumber },
    kind,
    timeMs: T0 + afterMs,
    severity: 'info',
    stage,
    outcome,
    durationMs,
    rules: [],
    ids: [],
    text,
  };
}

function flowOf(changes: Partial<Flow> = {}): Flow {
  return {
    id: 'f-8c21e0a4b7d3',
    kind: 'qr',
    firstMs: T0,
    lastMs: T0 + 9820,
    identities: [
      { namespace: 'login.qrcode_id', hash: '1f3a9c0277aa0b1c', text: undefined },
      { namespace: 'trace_id', hash: '4bf92f3577b34da6', text: undefined },
    ],
    steps: [
      { stage: 'issued', outcome: 'ok', firstMs: T0, count: 1 },
      { stage: 'scanned', outcome: 'ok', firstMs: T0 + 4310, count: 1 },
      { stage: 'exchange', outcome: 'ok', firstMs: T0 + 9581, count: 1 },
      { stage: 'exchange', outcome: 'failed', firstMs: T0 + 9820, count: 1 },
    ],
    signals: [],
    values: new Map([
      ['cloud.region', '上海'],
      ['client', '8.0.49'],
      ['openid', 'oABCD1234efghIJKL5678mnopQRS'],
    ]),
    stateAt: new Map(),
    podAt: new Map(),
    ...changes,
  };
}

const RULES = loadRules([
  {
    file: 'rules/test.yml',
    text: `
title: Authorization code was used before (40163)
id: 6f1d2c3a-58c1-4e0f-9a57-0d6c1b7f4a01
name: code_used_40163
status: experimental
logsource: {product: wechat_login, category: exchange}
detection:
  selection: {wechat.errcode: 40163}
  condition: selection
level: high
custom_attributes:
  flow.class: code_used_40163
  flow.title.zh: 授权码已被使用（40163）
  flow.remediation: {en: 'Exchange a code once.', zh: 每个授权码只换取一次。}
---
title: Session is missing after the exchange
id: 6f1d2c3a-58c1-4e0f-9a57-0d6c1b7f4a02
name: session_missing
status: experimental
logsource: {product: wechat_login, category: flow}
detection:
  exchanged: {exchange.ts|exists: true}
  late: {age_ms.exchange|gte: 60000}
  condition: exchanged and late
level: high
custom_attributes:
  flow.class: session_missing
  flow.title.zh: 换取令牌后没有会话
  flow.remediation: {en: 'Look at the session store.', zh: 检查会话存储。}
---
title: Userinfo is missing
id: 6f1d2c3a-58c1-4e0f-9a57-0d6c1b7f4a03
name: far_away
status: experimental
logsource: {product: wechat_login, category: flow}
detection:
  persisted: {persist.ts|exists: true}
  late: {age_ms.persist|gte: 60000}
  condition: persisted and late
level: high
custom_attributes:
  flow.class: far_away
  flow.title.zh: 没有用户信息
  flow.remediation: {en: 'x', zh: x}
`,
  },
]);

const LINES = [
  line(0, 'issued', 'ok', `{"msg":"qr issued","qrcode_id":"${QRCODE}","state":"${STATE}"}`, 12),
  line(1000, 'polled', 'seen', 'poll'),
  line(4310, 'scanned', 'ok', 'scanned \u001b[31mred\u202e'),
  line(5000, 'polled', 'seen', 'poll'),
  line(9402, 'confirmed', 'ok', '用户已确认，手机号：13812345678'),
  line(9410, 'callback', 'seen', `GET /callback?code=${CODE}&state=${STATE} 302`),
  line(9581, 'exchange', 'ok', 'exchange ok'),
  line(9820, 'exchange', 'failed', `{"errcode":40163,"errmsg":"code been used","code":"${CODE}"}`),
];

const JUDGED: Judged = {
  flow: flowOf(),
  verdict: {
    outcome: {
      kind: 'failed',
      stage: 'exchange',
      cause: 'code_used_40163',
      symptoms: ['callback_missing'],
    },
    evidence: [
      { rule: 'code_used_40163', timeMs: T0 + 9820, place: LINES[7].place },
      { rule: 'callback_missing', timeMs: undefined, place: undefined },
    ],
  },
};

const FACTS: ExplainFacts = {
  judged: JUDGED,
  lines: LINES,
  rules: RULES,
  window: { toMs: T0 + 30_000 },
  showIds: false,
};

const TEXT: TextOptions = {
  language: 'en',
  colorLevel: 0,
  ascii: false,
  width: 100,
  zone: parseZone('Asia/Shanghai'),
  top: 10,
  inputs: ['app.jsonl'],
};

describe('an explanation', () => {
  test('has sound rules to speak of', () => {
    expect(RULES.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test.each([
    ['explain-english', explainText(FACTS, TEXT)],
    ['explain-chinese', explainText(FACTS, { ...TEXT, language: 'zh' })],
    ['explain-ascii', explainText(FACTS, { ...TEXT, ascii: true, width: 80 })],
    ['explain-without-lines', explainText({ ...FACTS, lines: [] }, TEXT)],
    [
      'explain-abandoned',
      explainText(
        {
          ...FACTS,
          lines: LINES.slice(0, 2),
          judged: {
            flow: flowOf({ steps: [], values: new Map() }),
            verdict: {
              outcome: { kind: 'abandoned', stage: 'polled', reason: 'never_scanned' },
              evidence: [],
            },
          },
        },
        TEXT,
      ),
    ],
  ])('%s', async (name, text) => {
    await expect(text).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  test('names the stage at which a login ended without a line', () => {
    const verdict = { ...JUDGED.verdict, evidence: [] };
    const judged = { flow: flowOf(), verdict };
    const text = explainText({ ...FACTS, judged, lines: LINES.slice(0, 6) }, TEXT);
    const never = text.split('\n').filter((line) => line.endsWith('never reached'));
    expect(never.map((line) => line.trim().split(' ')[0])).toEqual(['exchange', 'session']);
  });

  test('gives no id or secret away', () => {
    const text = explainText(FACTS, { ...TEXT, width: 400 });
    for (const secret of [CODE, STATE, QRCODE, '13812345678', 'oABCD1234efghIJKL5678mnopQRS'])
      expect(text).not.toContain(secret);
  });

  test('shows ids when asked to, and secrets never', () => {
    const identities = [{ namespace: 'login.qrcode_id' as const, hash: '1f', text: QRCODE }];
    const judged = { ...JUDGED, flow: flowOf({ identities }) };
    const text = explainText({ ...FACTS, judged, showIds: true }, { ...TEXT, width: 400 });
    expect(text).toContain(`qrcode_id ${QRCODE}`);
    expect(text).toContain(CODE);
    expect(text).not.toContain('13812345678');
    expect(text).not.toContain('oABCD1234efghIJKL5678mnopQRS');
  });

  test('leaves out the middle of a long login, and keeps its evidence', () => {
    const many = Array.from({ length: 100 }, (_, i) =>
      line(i * 10, undefined, 'seen', `line ${i}.`),
    );
    const verdict = {
      ...JUDGED.verdict,
      evidence: [{ rule: 'code_used_40163', timeMs: undefined, place: many[50].place }],
    };
    const text = explainText({ ...FACTS, lines: many, judged: { ...JUDGED, verdict } }, TEXT);
    expect(text).toContain('line 14.');
    expect(text).not.toContain('line 15.');
    expect(text).toContain('… 35 more lines');
    expect(text).toContain('line 50.');
    expect(text).toContain('… 34 more lines');
    expect(text).toContain('line 85.');
  });
});

describe('near misses', () => {
  test('are the rules that one answer keeps from matching', () => {
    expect(nearMisses(flowOf(), RULES.ruleSet, T0 + 30_000)).toEqual([
      { rule: 'session_missing', wanted: 'age_ms.exchange|gte: 60000', actual: '20419' },
    ]);
  });

  test('are none once the rule matches', () => {
    expect(nearMisses(flowOf(), RULES.ruleSet, T0 + 300_000)).toEqual([]);
  });
});

describe('the waterfall', () => {
  const shape = (lines: readonly FlowLine[]) =>
    waterfallRows(lines, []).map(({ stage, attempt, outcome, count, waitFromMs, startMs, endMs }) =>
      [
        attempt === undefined ? stage : `${stage}#${attempt}`,
        outcome,
        count,
        waitFromMs - T0,
        startMs - T0,
        endMs - T0,
      ].join(' '),
    );

  test('a service began when the step before was over; people are waited for', () => {
    expect(shape(LINES)).toEqual([
      'issued ok 1 -12 -12 0',
      'polled seen 2 0 1000 5000',
      'scanned ok 1 0 4310 4310',
      'confirmed ok 1 4310 9402 9402',
      'callback seen 1 9402 9410 9410',
      'exchange#1 ok 1 9410 9410 9581',
      'exchange#2 failed 1 9581 9581 9820',
    ]);
  });

  test('the line that begins a stage and the one that ends it are one attempt', () => {
    expect(
      shape([
        line(0, 'exchange', 'seen'),
        line(50, 'exchange', 'failed'),
        line(80, 'exchange', 'seen'),
        line(200, 'exchange', 'ok'),
      ]),
    ).toEqual(['exchange#1 failed 1 0 0 50', 'exchange#2 ok 1 50 80 200']);
  });

  test('lines that say the same are one row', () => {
    expect(shape([line(0, 'callback', 'ok'), line(3, 'callback', 'ok')])).toEqual([
      'callback ok 2 0 0 3',
    ]);
  });

  test('a log line and the spans around it are one step', () => {
    const { span, spanEvent } = RecordKind;
    expect(
      shape([
        line(100, 'callback', 'seen'),
        line(160, 'callback', 'seen', 'server span', 61, span),
        line(150, 'exchange', 'ok', 'client span', 40, span),
        line(151, 'exchange', 'ok', 'event', 40, spanEvent),
        line(151, 'exchange', 'ok', 'span of the step', 45, span),
        line(152, 'exchange', 'ok', 'log', 40),
        line(161, 'callback', 'ok', 'log'),
      ]),
    ).toEqual(['callback ok 1 99 99 161', 'exchange ok 1 106 106 152']);
  });

  test('what happens twice while a span lasts happens twice', () => {
    expect(
      shape([
        line(100, 'exchange', 'failed', 'span', 100, RecordKind.span),
        line(40, 'exchange', 'failed'),
        line(90, 'exchange', 'failed'),
      ]),
    ).toEqual(['exchange failed 2 0 0 100']);
  });

  test('of a line with many records, those are evidence that the rule matches', () => {
    const place = { file: 'traces.jsonl', line: 1 };
    const [first, second] = [line(0, 'issued', 'ok'), line(9, 'exchange', 'failed')].map(
      (one, at) => ({ ...one, place, rules: at === 1 ? ['wx_code_used'] : [] }),
    );
    const other = { ...line(5, 'exchange', 'failed'), place: { ...place, line: 2 } };
    const found = evidenceLines(
      [
        { rule: 'wx_code_used', place, timeMs: T0 + 9 },
        { rule: 'told_by_the_whole_line', place, timeMs: T0 },
        { rule: 'of_the_flow', place: undefined, timeMs: undefined },
      ],
      [first!, second!, other],
    );
    expect(found).toEqual(
      new Map([
        ['wx_code_used', new Set([second])],
        ['told_by_the_whole_line', new Set([first, second])],
      ]),
    );
  });

  test('a poll that tells an end has a row of its own', () => {
    expect(shape([line(0, 'polled', 'seen'), line(10, 'polled', 'expired')])).toEqual([
      'polled#1 seen 1 0 0 0',
      'polled#2 expired 1 0 10 10',
    ]);
  });

  test('steps stand in where lines are not at hand', () => {
    expect(waterfallRows([], flowOf().steps).map(({ stage }) => stage)).toEqual([
      'issued',
      'scanned',
      'exchange',
      'exchange',
    ]);
  });

  test('nothing with a time makes no rows', () => {
    expect(waterfallRows([{ ...LINES[0], timeMs: undefined }], [])).toEqual([]);
  });
});
