import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DASHBOARDS, textOf } from '../../deploy/grafana/dashboards.ts';
import { DEPLOY } from './promtool.ts';

const FOLDER = `${DEPLOY}/grafana/dashboards`;

interface Target {
  readonly expr: string;
  readonly datasource: unknown;
}

interface Committed {
  readonly uid: string;
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly type: string }[];
  };
  readonly panels: readonly {
    readonly type: string;
    readonly title: string;
    readonly id: number;
    readonly datasource?: unknown;
    readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
    readonly targets?: readonly Target[];
  }[];
}

test('the folder holds the dashboards and nothing else', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(Object.keys(DASHBOARDS).sort());
});

test('no two dashboards share a uid', () => {
  const uids = Object.values(DASHBOARDS).map(({ uid }) => uid);
  expect(new Set(uids).size).toBe(uids.length);
});

describe.each(Object.entries(DASHBOARDS))('%s', (file, dashboard) => {
  const text = readFileSync(`${FOLDER}/${file}`, 'utf8');
  const committed = JSON.parse(text) as Committed;
  const drawn = committed.panels.filter(({ type }) => type !== 'row');

  test('is what `npm run dashboards` writes', () => {
    expect(text).toBe(textOf(dashboard));
  });

  test('can be imported anywhere: a uid of its own, the data source a variable', () => {
    expect(committed.uid).toBe(dashboard.uid);
    expect(text).not.toContain('__inputs');
    expect(committed.templating.list[0]).toMatchObject({ name: 'datasource', type: 'datasource' });
    const source = { type: 'prometheus', uid: `\${${'datasource'}}` };
    for (const panel of drawn) {
      expect(panel.datasource, panel.title).toEqual(source);
      for (const target of panel.targets ?? []) expect(target.datasource).toEqual(source);
    }
  });

  test('every panel has a unit, an id of its own and something to ask', () => {
    expect(new Set(committed.panels.map(({ id }) => id)).size).toBe(committed.panels.length);
    for (const panel of drawn) {
      expect(panel.fieldConfig?.defaults.unit, panel.title).toMatch(/./);
      expect(panel.targets?.length, panel.title).toBeGreaterThan(0);
    }
  });
});

test('the funnel comes first', () => {
  const { panels } = JSON.parse(readFileSync(`${FOLDER}/logins.json`, 'utf8')) as Committed;
  expect(panels[0]).toMatchObject({ type: 'row', title: 'Funnel' });
  expect(panels[1].targets?.[0].expr).toContain('wechat_login_flows_started_total');
});
