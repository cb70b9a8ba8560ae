import { describe, expect, test } from 'vitest';
import { startAnalysis } from '../../src/analysis/index.ts';
import type { Finding } from '../../src/model/index.ts';
import { documents, load, ruleText } from '../ruleset/rules.ts';
import { MAPPINGS } from '../workshop/library.ts';

/** Rules that hit on a word, and what is made of them across flows. */
const RULES = documents(
  ruleText(1, { name: 'busy', detection: '{k: [wechat is busy], condition: k}' }),
  ruleText(2, { name: 'slow', detection: '{k: [answers slowly], condition: k}' }),
  ruleText(3, {
    name: 'silent',
    logsource: '{product: wechat_login, category: flow}',
    detection: '{c: {callback.ts|exists: true}, s: {session.ts|exists: false}, condition: c and s}',
    custom_attributes: '{flow.class: silent, flow.effect: finding}',
  }),
  correlation(
    10,
    'incident',
    '{type: event_count, rules: [busy], timespan: 1m, group-by: [service.name], condition: {gte: 3}}',
    {
      level: 'critical',
      custom_attributes: '{flow.class: incident, flow.effect: failure}',
    },
  ),
  correlation(
    11,
    'many_slow',
    '{type: event_count, rules: [slow], timespan: 1m, condition: {gte: 2}}',
  ),
  correlation(
    12,
    'many_silent',
    '{type: event_count, rules: [silent], timespan: 1h, group-by: [cloud.region], condition: {gte: 2}}',
  ),
  correlation(
    13,
    'slow_in_incident',
    '{type: temporal_ordered, rules: [incident, slow], timespan: 5m, group-by: [service.name]}',
    {
      custom_attributes: '{flow.explains: {cause: incident, symptoms: [slow]}}',
    },
  ),
  ruleText(4, { name: 'hung', detection: '{k: [peer hung], condition: k}' }),
  correlation(14, 'hung_in_slowness', '{type: temporal, rules: [many_slow, hung], timespan: 5m}', {
    custom_attributes: '{flow.explains: {cause: many_slow, symptoms: [hung]}}',
  }),
);

function correlation(n: number, name: string, said: string, parts: Record<string, string> = {}) {
  return ruleText(n, {
    name,
    logsource: '',
    detection: '',
    custom_attributes: '',
    correlation: said,
    ...parts,
  });
}

const T0 = Date.UTC(2026, 10, 20, 8);

/** A login that fails at its callback with this message. */
function login(n: number, atSeconds: number, message: string, more: object = {}): string[] {
  const line = (offset: number, event: object): string =>
    JSON.stringify({
      time: new Date(T0 + (atSeconds + offset) * 1000).toISOString(),
      'login.flow.id': `q${n}`,
      'service.name': 'login-api',
      'cloud.region': 'gz',
      ...event,
      ...more,
    });
  return [
    line(-9, { 'login.stage': 'issued' }),
    line(-5, { 'login.stage': 'scanned' }),
    line(-1, { 'login.stage': 'callback' }),
    line(0, { 'login.stage': 'exchange', 'login.outcome': 'failed', message }),
  ];
}

function analysed(lines: readonly string[]) {
  const { ruleSet, problems } = load(RULES);
  expect(problems).toEqual([]);
  const run = startAnalysis({ ruleSet, mappings: MAPPINGS });
  const source = run.source('a.log');
  const edges = [T0 - 86_400_000, T0 + 86_400_000].map((timeMs) =>
    JSON.stringify({ time: new Date(timeMs).toISOString(), message: 'edge' }),
  );
  source.chunk(new TextEncoder().encode([...edges, ...lines].map((line) => `${line}\n`).join('')));
  source.end();
  const analysis = run.finish();
  const flows = [...analysis.flows()];
  return {
    findings: analysis.findings,
    causes: flows.map(({ verdict: { outcome } }) =>
      outcome.kind === 'failed' ? [outcome.cause, ...outcome.symptoms] : [outcome.kind],
    ),
    found: flows.flatMap(({ verdict }) => verdict.findings ?? []),
  };
}

const subjects = (findings: readonly Finding[]) =>
  findings.map(({ subject, count }) => [subject, count]);

describe('a failure across flows', () => {
  const incident = [0, 20, 40].flatMap((at, n) => login(n, at, 'wechat is busy'));

  test('is the cause of every flow whose hit is part of it', () => {
    expect(analysed(incident).causes).toEqual([
      ['incident', 'busy'],
      ['incident', 'busy'],
      ['incident', 'busy'],
    ]);
  });

  test('is none below its number, outside its window, or in another group', () => {
    const two = [0, 20].flatMap((at, n) => login(n, at, 'wechat is busy'));
    expect(analysed(two).causes).toEqual([['busy'], ['busy']]);
    expect(analysed([...two, ...login(2, 61, 'wechat is busy')]).causes).toEqual([
      ['busy'],
      ['busy'],
      ['busy'],
    ]);
    const elsewhere = login(2, 40, 'wechat is busy', { 'service.name': 'other' });
    expect(analysed([...two, ...elsewhere]).causes).toEqual([['busy'], ['busy'], ['busy']]);
    expect(analysed([...incident, ...login(3, 600, 'wechat is busy')]).causes.at(-1)).toEqual([
      'busy',
    ]);
  });

  test('explains what follows it', () => {
    const slowAt = (seconds: number) =>
      analysed([...incident, ...login(3, seconds, 'the peer answers slowly')]).causes.find(
        (names) => names.includes('slow'),
      );
    expect(slowAt(120)).toEqual(['incident', 'slow']);
    expect(slowAt(400)).toEqual(['slow']);
    expect(slowAt(-30)).toEqual(['slow']);
  });
});

test('what shares nothing but the time is blamed only where nothing else is known', () => {
  const slow = [0, 20].flatMap((at, n) => login(n, at, 'it answers slowly'));
  const causesOf = (message: string) =>
    analysed([...slow, ...login(7, 30, message)]).causes.find((names) => names.includes('hung'));
  expect(causesOf('the peer hung up')).toEqual(['many_slow', 'hung']);
  expect(causesOf('the peer hung, wechat is busy')).toEqual(['busy', 'hung']);
});

describe('a finding across flows', () => {
  test('counts, groups and names its first time, and leaves the verdicts alone', () => {
    const lines = [0, 20, 40].flatMap((at, n) => login(n, at, 'it answers slowly'));
    const { findings, causes, found } = analysed(lines);
    expect(causes).toEqual([['slow'], ['slow'], ['slow']]);
    expect(found).toEqual(['silent', 'silent', 'silent']);
    expect(findings).toMatchObject([
      {
        subject: 'many_silent',
        count: 1,
        firstMs: T0 + 20_000,
        groups: [{ values: [{ name: 'cloud.region', value: 'gz' }], count: 1 }],
        groupCount: 1,
      },
      { kind: 'many_slow', subject: 'many_slow', count: 1, firstMs: T0 + 20_000 },
    ]);
  });

  test('is not there without enough hits', () => {
    expect(subjects(analysed(login(1, 0, 'it answers slowly')).findings)).toEqual([]);
  });
});
