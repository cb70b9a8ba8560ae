import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { DASHBOARDS } from '../../deploy/grafana/dashboards.ts';
import { startWorld } from '../service/world.ts';
import { filledIn, metricsOf } from './promql.ts';
import { DEPLOY, HAS_PROMTOOL, promtool, rulesIn } from './promtool.ts';

const RULES = rulesIn(`${DEPLOY}/prometheus/rules`);

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
}

interface RuleFile {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
}

const rules = RULES.flatMap((file) =>
  (parse(readFileSync(file, 'utf8')) as RuleFile).groups.flatMap((group) => group.rules),
);

const panels = Object.entries(DASHBOARDS).flatMap(([file, { rows }]) =>
  rows.flatMap((row) =>
    row.panels.flatMap(({ title, queries }) =>
      queries.map(({ expr }) => ({ panel: `${file}: ${title}`, expr: filledIn(expr) })),
    ),
  ),
);

/** What `/metrics` says of a service at work. */
let exposed = '';

beforeAll(async () => {
  const world = await startWorld();
  exposed = (await world.service.app.inject('/metrics')).body;
  await world.close();
});

describe.skipIf(!HAS_PROMTOOL)('Prometheus’ own judgement (promtool)', () => {
  test('configuration and rules are well formed', () => {
    promtool(['check', 'config', `${DEPLOY}/prometheus/prometheus.yml`]);
    promtool(['check', 'rules', ...RULES]);
  });

  test.each(rulesIn(`${DEPLOY}/prometheus/tests`))('%s', (file) => {
    expect(promtool(['test', 'rules', file])).toContain('SUCCESS');
  });

  test('every panel asks in well-formed PromQL', () => {
    const groups = [
      { name: 'panels', rules: panels.map(({ expr }, n) => ({ record: `panel:${n}`, expr })) },
    ];
    promtool(['check', 'rules'], JSON.stringify({ groups }));
    // It does tell a broken one.
    const broken = [{ name: 'broken', rules: [{ record: 'broken', expr: 'sum(rate(up[5m])' }] }];
    expect(() => promtool(['check', 'rules'], JSON.stringify({ groups: broken }))).toThrow();
  });

  test('the service’s own metrics are named as Prometheus advises', () => {
    // Those of Node itself are named by prom-client.
    const own = exposed.split('\n\n').filter((block) => !/^# HELP (process|nodejs)_/.test(block));
    expect(own.length).toBeGreaterThan(8);
    // This name is OpenTelemetry's.
    const advised = own.filter((block) => !block.includes('TYPE db_client_connection_count '));
    promtool(['check', 'metrics'], `${advised.join('\n\n')}\n`);
  });
});

test('rules and panels ask only for metrics that exist', () => {
  const known = new Set(['up', ...rules.flatMap(({ record }) => record ?? [])]);
  for (const [, name, type] of exposed.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    known.add(name);
    if (type === 'histogram') {
      for (const suffix of ['_bucket', '_sum', '_count']) known.add(name + suffix);
    }
  }
  const asked = [...rules, ...panels].flatMap(({ expr }) => metricsOf(expr));
  expect(asked.length).toBeGreaterThan(50);
  expect([...new Set(asked.filter((name) => !known.has(name)))]).toEqual([]);
});

test('every alert says what happened and how urgent it is', () => {
  const alerts = rules.filter(({ alert }) => alert !== undefined);
  expect(alerts.length).toBeGreaterThanOrEqual(10);
  for (const alert of alerts) {
    expect(alert).toMatchObject({
      labels: { severity: expect.stringMatching(/^(page|ticket)$/) as unknown },
      annotations: { summary: expect.any(String) as unknown },
    });
  }
});
