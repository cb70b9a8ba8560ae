import { expect, test } from 'vitest';
import { createFlowReader, explainRule, type Subject } from '../../src/workshop/index.ts';
import { load, MAPPINGS } from './library.ts';

const loaded = load();

function explained(name: string, subject: Subject): string {
  return explainRule(loaded, MAPPINGS, name, subject, { showIds: false, lang: 'en' }).text;
}

test('an event that matches', () => {
  const event = { message: 'oauth: code was spent, state=s3cr3t \u001b[31m', service: 'login' };
  expect(explained('code_used', { kind: 'event', event })).toBe(`code_used  Code used
matches this event
  PASS all of
    PASS one of
      FAIL number
        FAIL wechat.errcode: "40163"   is absent
      PASS words
        PASS keyword: one of 2   in "oauth: code was spent, state=[state] \\x1b[31m"
          PASS "code was spent"
          FAIL "code 已使用"
    PASS not
      FAIL filter
        FAIL service.name: "test"   is "login"
`);
});

test('an event that does not, in Chinese', () => {
  const result = explainRule(
    loaded,
    MAPPINGS,
    'gateway_timeout',
    { kind: 'event', event: { status: 502 } },
    { showIds: false, lang: 'zh' },
  );
  expect(result.matched).toBe(false);
  expect(result.text).toBe(`gateway_timeout  网关超时
does not match this event
  FAIL selection
    FAIL http.response.status_code: "504"   is "502"
`);
});

test('a flow, for a rule about flows and a rule about its events', () => {
  const lines = [
    {
      time: '2026-01-01T00:00:00Z',
      'login.flow.id': 'q1',
      'login.stage': 'issued',
      'login.outcome': 'ok',
    },
    {
      time: '2026-01-01T00:00:05Z',
      'login.flow.id': 'q1',
      'login.stage': 'scanned',
      'login.outcome': 'ok',
      status: 502,
    },
    { time: '2026-01-01T00:01:00Z', message: 'the end' },
  ].map((line) => JSON.stringify(line));
  const [{ flow, record }] = createFlowReader(loaded.ruleSet, MAPPINGS)(lines).flows;
  const subject: Subject = {
    kind: 'flow',
    id: flow.id,
    record,
    lines: lines.slice(0, 2).map((text, i) => ({ file: 'app.log', line: i + 1, text })),
  };
  expect(explained('callback_missing', subject)).toBe(`callback_missing  No callback after the scan
does not match flow ${flow.id}
  FAIL all of
    FAIL scanned
      FAIL age_ms.scanned gte: "120000"   is "55000"
    PASS absent
      PASS callback.ts exists: false   is absent
`);
  expect(explained('gateway_timeout', subject)).toBe(`gateway_timeout  Gateway timeout
does not match any line; nearest is app.log:1
  FAIL selection
    FAIL http.response.status_code: "504"   is absent
`);
  expect(explained('code_used', { ...subject, lines: [] })).toMatch(/has no lines/);
});

test('a rule that there is not', () => {
  expect(() => explained('code_usd', { kind: 'event', event: {} })).toThrow(
    expect.objectContaining({ code: 'unknown-rule', hint: 'did you mean "code_used"?' }),
  );
  expect(() => explained('pool_then_504', { kind: 'event', event: {} })).toThrow(
    /it is a correlation/,
  );
});
