import { describe, expect, test } from 'vitest';
import {
  CONFIG_SCHEMA,
  DEFAULT_CHECKS,
  DEFAULT_CONFIG,
  parseConfig,
  parseShorthand,
  settledConfig,
  UNWRITTEN_CONFIG,
} from '../../src/gate/index.ts';
import { InputError } from '../../src/model/index.ts';

const RULES = ['code_used', 'upstream_timeout'];

const shorthand = (text: string) =>
  parseShorthand(text, { flag: '--fail-if', id: 'x', rules: RULES });

describe('shorthand', () => {
  test.each([
    ['failure_rate > 5%', { kind: 'failure_rate' }, { kind: 'max', value: 0.05 }],
    ['failure_rate>5%', { kind: 'failure_rate' }, { kind: 'max', value: 0.05 }],
    [' failure_rate  >=  0.1 % ', { kind: 'failure_rate' }, { kind: 'max', value: 0.001 }],
    ['failure_rate > baseline', {}, { kind: 'max_increase', value: 0 }],
    ['failure_rate > baseline + 0.5pp', {}, { kind: 'max_increase', value: 0.005 }],
    ['failure_rate > baseline+0.5pp', {}, { kind: 'max_increase', value: 0.005 }],
    ['failure_rate > baseline * 1.25', {}, { kind: 'max_relative_increase', value: 0.25 }],
    [
      'failure_rate(code_used) > baseline + 1pp',
      { of: { kind: 'rule', rule: 'code_used' } },
      { kind: 'max_increase', value: 0.01 },
    ],
    [
      'failure_rate(unclassified) > 1%',
      { of: { kind: 'rule', rule: 'unclassified' } },
      { kind: 'max', value: 0.01 },
    ],
    [
      'failure_rate(exchange) > 1%',
      { of: { kind: 'stage', stage: 'exchange' } },
      { kind: 'max', value: 0.01 },
    ],
    ['unclassified_share > 10%', { kind: 'unclassified_share' }, { kind: 'max', value: 0.1 }],
    [
      'abandoned_rate > baseline + 2pp',
      { kind: 'abandoned_rate' },
      { kind: 'max_increase', value: 0.02 },
    ],
    [
      'p95(exchange) > 1.5s',
      { kind: 'latency', statistic: 'p95', over: '>exchange' },
      { kind: 'max', value: 1500 },
    ],
    [
      'p99(confirmed>exchange) > baseline + 50ms',
      { kind: 'latency', statistic: 'p99', over: 'confirmed>exchange' },
      { kind: 'max_increase', value: 50 },
    ],
    [
      'p50( issued > session ) > baseline * 1.1',
      { kind: 'latency', statistic: 'p50', over: 'issued>session' },
      { kind: 'max_relative_increase', value: 0.1 },
    ],
    [
      'mean(login) > 20s',
      { kind: 'latency', statistic: 'mean', over: 'login' },
      { kind: 'max', value: 20_000 },
    ],
    [
      'flows_per_second < 10/s',
      { kind: 'flows_per_second', statistic: 'mean' },
      { kind: 'min', value: 10 },
    ],
    [
      'flows_per_second(peak) > 12400/s',
      { kind: 'flows_per_second', statistic: 'peak' },
      { kind: 'max', value: 12_400 },
    ],
    ['flows_per_second < baseline * 0.7', {}, { kind: 'max_relative_decrease', value: 0.3 }],
    ['flows_per_second < baseline - 2/s', {}, { kind: 'max_decrease', value: 2 }],
  ])('%s', (text, metric, limit) => {
    const check = shorthand(text);
    expect(check.metric).toMatchObject(metric);
    expect(check.limits).toEqual([limit]);
    expect(check.level).toBe('error');
  });

  test('per rule and per stage', () => {
    expect(shorthand('failure_rate per rule > baseline + 0.2pp').per).toBe('rule');
    expect(shorthand('failure_rate per stage > 1%').per).toBe('stage');
  });

  test.each([
    ['', 'compares nothing', 1],
    ['failure_rate', 'compares nothing', 1],
    ['failure_rate > ', 'is no limit', 16],
    ['failure_rate > 5', 'has no unit', 16],
    ['failure_rate > 5pp', 'not measured in "pp"', 17],
    ['failure_rate > 500%', 'beyond 100%', 16],
    ['failure_rate > baseline + 5%', 'percentage points', 28],
    ['failure_rate > baseline + 5', 'has no unit', 27],
    ['failure_rate > baseline * 0.9', 'a number from 1', 27],
    ['failure_rate > baseline * 25%', 'a number from 1', 27],
    ['failure_rate > baseline / 2', 'written baseline +', 25],
    ['failure_rate > last week', 'is no bound', 16],
    ['failure_rate < baseline + 5pp', 'written baseline -', 25],
    ['failurerate > 5%', 'unknown metric', 1],
    ['failure_rate(code_usd) > 5%', 'neither a rule nor a stage', 14],
    ['p95 > 5s', 'of what', 1],
    ['p95(exchnge) > 5s', 'unknown stage', 5],
    ['p95(polled) > 5s', 'has no latency', 5],
    ['p95(issued) > 5s', 'comes first', 5],
    ['p95(session>issued) > 5s', 'does not come before', 5],
    ['p95(a>b>c) > 5s', 'between two stages', 5],
    ['p95(exchange) > 5', 'has no unit', 17],
    ['p95(exchange) > 5%', 'not measured in', 18],
    ['p95(exchange) per rule > 5s', 'only failure_rate', 1],
    ['failure_rate per pod > 5%', 'per "pod"', 18],
    ['unclassified_share(x) > 5%', 'takes no argument', 20],
    ['flows_per_second(max) < 1/s', 'a mean and a peak', 18],
    ['flows_per_second < baseline * 1.2', 'from 0 to 1', 31],
  ])('%s: %s', (text, message, column) => {
    try {
      shorthand(text);
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      const mistake = error as InputError;
      expect(mistake.message).toContain(message);
      expect(mistake.exitCode).toBe(2);
      expect(mistake.at).toBe(`--fail-if:${column}`);
      return;
    }
    expect.unreachable('must not pass');
  });
});

describe('configuration', () => {
  const read = (text: string) => parseConfig('scanlens.yaml', text, RULES);

  test('nothing written leaves the defaults', () => {
    for (const text of ['', '# nothing\n', 'gate: {}\n'])
      expect(read(text)).toEqual({ config: UNWRITTEN_CONFIG, problems: [] });
    expect(settledConfig(UNWRITTEN_CONFIG, [])).toEqual(DEFAULT_CONFIG);
  });

  test('everything written is read', () => {
    const { config, problems } = read(`
gate:
  baseline: .scanlens/baseline.json
  confidence: 99%
  min_flows: 1000
  on_inconclusive: fail
  flow_timeout: 10m
  strata: [region, version_major]
  collapse_retries: {by: client.address, within: 15m}
  seed: 7
  checks:
    - {id: total, metric: failure_rate, max: 5%, max_increase: 0.5pp}
    - {id: rules, metric: failure_rate, per: rule, max_increase: 0.2pp, fdr: 1%, dependence: any}
    - {id: slow, metric: "p95(exchange)", max_relative_increase: 25%, level: warn}
`);
    expect(problems).toEqual([]);
    expect(config).toMatchObject({
      baseline: '.scanlens/baseline.json',
      confidence: 0.99,
      minFlows: 1000,
      onInconclusive: 'fail',
      flowTimeoutMs: 600_000,
      strata: ['region', 'version_major'],
      retries: { by: 'client.address', withinMs: 900_000 },
      seed: 7,
    });
    expect(config?.checks).toMatchObject([
      {
        id: 'total',
        per: undefined,
        limits: [
          { kind: 'max', value: 0.05 },
          { kind: 'max_increase', value: 0.005 },
        ],
        level: 'error',
      },
      { per: 'rule', falseDiscoveryRate: 0.01, dependence: 'any' },
      { metric: { over: '>exchange' }, level: 'warn' },
    ]);
  });

  test('checks of the command line join those of the file, and stand for them where it has none', () => {
    const asked = [shorthand('failure_rate > 5%')];
    const { config } = read('gate: {checks: [{id: a, metric: failure_rate, max: 9%}]}');
    expect(settledConfig(config!, asked).checks.map(({ id }) => id)).toEqual(['a', 'x']);
    expect(settledConfig(UNWRITTEN_CONFIG, asked).checks).toEqual(asked);
    expect(settledConfig(UNWRITTEN_CONFIG, []).checks).toBe(DEFAULT_CHECKS);
  });

  test('an empty list of checks checks nothing of its own', () => {
    const { config, problems } = read('gate: {checks: []}');
    expect(problems).toEqual([]);
    expect(config?.checks).toEqual([]);
  });

  test.each([
    ['gates: {}', 'unknown key "gates"', '1:1', 'did you mean "gate"?'],
    ['gate: []', '"gate" must be a map', '1:1', undefined],
    ['gate:\n  min_flows: 1.5', '"min_flows" must be a whole number', '2:14', undefined],
    ['gate:\n  confidence: 0.4', 'between 50% and 100%', '2:15', 'like 0.95'],
    ['gate:\n\tmin_flows: 1', 'YAML', '2:1', 'indent with spaces'],
    ['gate: {}\n---\ngate: {}', 'one document', '3:1', undefined],
  ])('%j is refused', (text, message, place, hint) => {
    const { config, problems } = read(text);
    expect(config).toBeUndefined();
    expect(problems[0].message).toContain(message);
    expect(`${problems[0].line}:${problems[0].column}`).toBe(place);
    if (hint !== undefined) expect(problems[0].hint).toContain(hint);
  });

  test('its schema names every limit', () => {
    expect(Object.keys(CONFIG_SCHEMA.properties.gate.properties.checks.items.properties)).toContain(
      'max_relative_decrease',
    );
  });
});
