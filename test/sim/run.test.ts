import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Driven, drive } from '../../src/sim/drive.ts';
import { planFlows } from '../../src/sim/people/plan.ts';
import { readScenario, type Scenario, ScenarioError } from '../../src/sim/scenario/index.ts';
import type { FlowTruth } from '../../src/sim/truth/truth.ts';
import { type Leak, writeRun } from '../../src/sim/truth/write-run.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const EVERY: Scenario['faults'] = Object.fromEntries(
  [
    'wx.stall',
    'wx.reset',
    'wx.html',
    'wx.errcode.40029',
    'wx.errcode.40163',
    'wx.errcode.42003',
    'wx.errcode.45011',
    'rpc.deadline',
    'client.no_cookie',
    'client.forged_state',
    'client.double_callback',
    'push.badsig',
    'push.dup',
  ].map((id) => [id, { rate: 0.03, window: [0, 1] }]),
);

const SCENARIO: Scenario = {
  name: 'test',
  description: '',
  arrivalMs: 500,
  officialAccount: 0.4,
  people: { leave: 0.1, cancel: 0.1, deny: 0.1, refresh: 0.1 },
  faults: EVERY,
  service: {
    WECHAT_TIMEOUT_MS: '3000',
    KEEP_WECHAT_TOKENS: 'true',
    STATE_TTL_MS: '20000',
    QR_TTL_MS: '20000',
  },
};

const OPTIONS = { scenario: 'test', flows: 40, seed: 7, instances: 1, timeScale: 0.1 };

interface Run {
  readonly out: string;
  readonly driven: Driven;
  readonly leaks: readonly Leak[];
}

async function run(): Promise<Run> {
  const out = mkdtempSync(join(tmpdir(), 'sim-'));
  const options = { ...OPTIONS, out };
  const driven = await drive(SCENARIO, options, {}, () => {});
  const { leaks } = writeRun(out, { scenario: SCENARIO, options, driven });
  return { out, driven, leaks };
}

describe('a run without any server but its own', () => {
  const runs: Run[] = [];
  beforeAll(async () => {
    runs.push(await run(), await run());
  }, 400_000);
  afterAll(() => {
    for (const { out } of runs) rmSync(out, { recursive: true, force: true });
  });

  const truthOf = (fault: string): FlowTruth | undefined =>
    runs[0]?.driven.truths.find(({ injected }) => injected.some((one) => one.fault === fault));

  test('the same seed gives the same labels', () => {
    const [first, second] = runs.map(({ driven }) =>
      driven.truths.map(({ flowId, kind, intent, outcome, cause, stage }) => ({
        flowId,
        kind,
        intent,
        outcome,
        cause,
        stage,
      })),
    );
    expect(first).toHaveLength(OPTIONS.flows);
    expect(second).toEqual(first);
  });

  test('nobody fails but by a fault that was injected and met', () => {
    const failed = runs[0]?.driven.truths.filter(({ outcome }) => outcome === 'failed') ?? [];
    expect(failed.length).toBeGreaterThan(5);
    for (const truth of failed) {
      expect(truth.cause, truth.flowId).toBe(truth.injected[0]?.fault);
      expect(truth.certainty).toBe('exact');
    }
  });

  test('a fault that does no harm is no failure', () => {
    for (const fault of ['client.double_callback', 'push.dup']) {
      expect(truthOf(fault)).toMatchObject({ outcome: 'succeeded', cause: null });
    }
  });

  test('no code, state, token, cookie or secret stands in a log line, a span or a metric', () => {
    for (const { leaks, driven } of runs) {
      expect(driven.secrets.size).toBeGreaterThan(200);
      expect(leaks).toEqual([]);
    }
  });

  test('a secret would be found', () => {
    const [line] = readFileSync(
      join(runs[0]?.out as string, 'logs', 'main-a.ndjson'),
      'utf8',
    ).split('\n');
    const secrets = runs[0]?.driven.secrets as Driven['secrets'];
    secrets.add('a-value-that-nobody-should-see');
    expect(secrets.findIn(`${line} x=a-value-that-nobody-should-see`)).not.toEqual([]);
    expect(secrets.findIn(`${line}wwwa-value-that-nobody-should-seewww`)).not.toEqual([]);
  });

  test('scanlens is right about it, and a goal out of reach ends the score with 1', () => {
    const scored = (...goals: readonly string[]) =>
      spawnSync('npx', ['tsx', 'bench/run-score.ts', runs[0]?.out as string, ...goals], {
        cwd: ROOT,
        encoding: 'utf8',
      });
    const good = scored(
      '--only',
      'logs',
      '--min-outcome',
      '1',
      '--min-cause',
      '1',
      '--max-false',
      '0',
    );
    expect(good.stdout).toContain('LOGS  40 logins');
    expect(good.stdout).not.toContain('MISSED');
    expect(good.status, good.stdout + good.stderr).toBe(0);
    const bad = scored('--only', 'logs', '--max-false=-1');
    expect(bad.stdout).toMatch(/called failed falsely +0 +goal -1 +MISSED/);
    expect(bad.status).toBe(1);
    expect(scored('--only', 'rumours').status).toBe(2);
    expect(scored('--max-false', '-1').status).toBe(2);
  }, 120_000);

  test('the run says what it was, and leaves logs of each instance and spans', () => {
    const out = runs[0]?.out as string;
    const summary = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as {
      seed: number;
      files: Record<string, string>;
    };
    expect(summary.seed).toBe(7);
    expect(Object.keys(summary.files)).toEqual([
      'logs/main-a.ndjson',
      'logs/main-proxy.ndjson',
      'logs/supervisor.ndjson',
      'traces/main-a.jsonl',
    ]);
    expect(readFileSync(join(out, 'traces/main-a.jsonl'), 'utf8')).toContain('resourceSpans');
  });
});

describe('plans', () => {
  const scenario = readScenario('mixed');

  test('every fault of the mixed scenario befalls somebody, about one login in twenty', () => {
    const plans = planFlows({ scenario, flows: 3000, seed: 1 });
    const faults = new Set(plans.map(({ fault }) => fault?.id));
    expect(Object.keys(scenario.faults).filter((id) => !faults.has(id as never))).toEqual([]);
    const share = plans.filter(({ fault }) => fault !== undefined).length / plans.length;
    expect(share).toBeGreaterThan(0.045);
    expect(share).toBeLessThan(0.07);
  });

  test('another seed gives other victims; a window keeps to its part of the run', () => {
    const victims = (seed: number, fault: string) =>
      planFlows({ scenario, flows: 1000, seed })
        .filter((plan) => plan.fault?.id === fault)
        .map(({ index }) => index);
    expect(victims(1, 'wx.stall')).not.toEqual(victims(2, 'wx.stall'));
    for (const index of victims(1, 'avalanche')) {
      expect(index).toBeGreaterThanOrEqual(750);
      expect(index).toBeLessThan(800);
    }
  });
});

describe('scenario files', () => {
  test.each(readdirSync(new URL('../../scenarios', import.meta.url)))('%s is valid', (file) => {
    expect(readScenario(file.replace('.yaml', '')).description).not.toBe('');
  });

  test.each([
    ['an unknown fault', 'wx-unknown.yaml', 'faults has an unknown member "wx.unknown"'],
    ['a share above one', 'share.yaml', 'faults.wx.stall.rate must be <= 1'],
    ['no YAML', 'broken.yaml', 'end with a } at line 2'],
  ])('%s is told with its place', (_name, file, message) => {
    const path = new URL(`scenarios/${file}`, import.meta.url).pathname;
    expect(() => readScenario(path)).toThrow(ScenarioError);
    expect(() => readScenario(path)).toThrow(message);
  });

  test('a scenario that is not there is told by its name', () => {
    expect(() => readScenario('nowhere')).toThrow('nowhere:\n  there is no such file or scenario');
  });
});
