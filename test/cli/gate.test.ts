import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { logsOf } from '../gate/traffic-log.ts';
import { run } from './harness.ts';

let folder: string;

const scanlens = (line: string, more: Parameters<typeof run>[1] = {}) =>
  run(line.split(' '), { cwd: folder, ...more });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'scanlens-gate-'));
  const day = (date: string, groups: object[]) => ({ from: `${date}T00:00:00Z`, hours: 3, groups });
  const group = (region: string, flows: number, failed: number) => ({
    fields: { region },
    flows,
    failed: { 40029: failed },
  });
  const logs = logsOf(
    JSON.stringify({
      one: day('2026-11-20', [group('sh', 600, 12)]),
      two: day('2026-11-20', [group('bj', 500, 10)]),
      both: day('2026-11-20', [group('sh', 600, 12), group('bj', 500, 10)]),
      next: day('2026-11-21', [group('sh', 600, 14), group('bj', 500, 9)]),
      worse: day('2026-11-22', [group('sh', 600, 80), group('bj', 500, 9)]),
    }),
  );
  for (const [name, text] of logs) writeFileSync(join(folder, name), text);
  for (const name of ['one', 'two', 'both'])
    await scanlens(`baseline create ${name}.log --out ${name}.json --strata region`);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const json = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));

describe('baseline', () => {
  test('of two machines merges to that of both', async () => {
    expect((await scanlens('baseline merge one.json two.json --out merged.json')).code).toBe(0);
    const [merged, both] = [json('merged.json'), json('both.json')];
    expect(merged.windows).toHaveLength(1);
    expect(merged.windows[0].groups).toEqual(both.windows[0].groups);
    const { stdout } = await scanlens('baseline merge two.json one.json');
    expect(stdout).toBe(readFileSync(join(folder, 'merged.json'), 'utf8'));
  });

  test('fits the schema that scanlens prints', async () => {
    const { stdout } = await scanlens('schema baseline');
    const validate = new Ajv({ strict: false }).compile(JSON.parse(stdout));
    for (const name of ['one.json', 'both.json', 'merged.json'])
      expect(validate(json(name)), JSON.stringify(validate.errors)).toBe(true);
  });

  test('is made by the first update, grown by the next, and the same after one that is repeated', async () => {
    const update = (log: string) =>
      scanlens(`baseline update ${log}.log --baseline rolling.json --strata region --keep 2`);
    for (const log of ['both', 'next', 'next']) expect((await update(log)).code).toBe(0);
    expect(json('rolling.json').windows).toHaveLength(2);
    expect((await update('worse')).code).toBe(0);
    expect(
      json('rolling.json').windows.map(({ from }: { from: string }) => from.slice(0, 10)),
    ).toEqual(['2026-11-21', '2026-11-22']);
    const { code, stderr } = await scanlens(
      'baseline update next.log --baseline rolling.json --strata region --until 2026-11-21T02:00',
    );
    expect(code).toBe(2);
    expect(stderr).toContain('already knows these hours');
    expect(json('rolling.json').windows).toHaveLength(2);
  });

  test('cannot be made where no success is seen', async () => {
    writeFileSync(
      join(folder, 'broken.log'),
      readFileSync(join(folder, 'one.log'), 'utf8').replaceAll('session.created', 'x.y'),
    );
    const { code, stderr } = await scanlens('baseline create broken.log');
    expect(code).toBe(3);
    expect(stderr).toContain('no successful login recognised');
  });

  test('grouped by other things is refused, with what to do', async () => {
    const update = await scanlens('baseline update next.log --baseline one.json');
    expect(update.code).toBe(2);
    expect(update.stderr).toContain('their strata are region and none');
  });
});

describe('gate', () => {
  test('finds its configuration in a folder above, and the baseline from there', async () => {
    mkdirSync(join(folder, 'above/deep/deeper'), { recursive: true });
    writeFileSync(
      join(folder, 'above/scanlens.yaml'),
      'gate: {baseline: ../both.json, checks: [{id: t, metric: failure_rate, max_increase: 5pp}]}',
    );
    const result = await scanlens('gate ../../../next.log', {
      cwd: join(folder, 'above/deep/deeper'),
    });
    expect(result.stdout).toContain('GATE  PASS');
    expect(result.code).toBe(0);
  });

  test('keeps JSON clean of annotations', async () => {
    const { stdout, stderr, code } = await scanlens(
      'gate worse.log --baseline both.json -o json --ci github',
    );
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'scanlens.gate/1', verdict: 'fail' });
    expect(stderr).toMatch(/^::error title=/m);
    expect(code).toBe(1);
  });

  test('writes its summary after what is there, and never beyond the cap', async () => {
    const summary = join(folder, 'summary.md');
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
    writeFileSync(summary, '# Before\n');
    await scanlens('gate next.log --baseline both.json', { env });
    expect(readFileSync(summary, 'utf8')).toMatch(/^# Before\n## Gate: /);
    for (const room of [2000, 300, 0]) {
      writeFileSync(summary, 'x'.repeat(1024 * 1024 - room));
      await scanlens('gate next.log --baseline both.json', { env });
      expect(statSync(summary).size).toBeLessThanOrEqual(1024 * 1024);
    }
  });

  test('says nothing about CI where there is none, and writes what it is asked to', async () => {
    const result = await scanlens(
      'gate worse.log --baseline both.json --junit j.xml -o md --out g.md',
    );
    expect(result).toMatchObject({ stdout: '', stderr: '', code: 1 });
    expect(readFileSync(join(folder, 'j.xml'), 'utf8')).toContain('<testsuites>');
    expect(readFileSync(join(folder, 'g.md'), 'utf8')).toMatch(/^## Gate: FAIL\n/);
  });

  test('decides nothing when it is interrupted', async () => {
    const result = await scanlens('gate worse.log --baseline both.json', {
      interruptible: (interrupt) => interrupt(),
    });
    expect(result).toMatchObject({ stdout: '', code: 130 });
  });

  test('takes an outage for one, where the baseline has seen success', async () => {
    writeFileSync(
      join(folder, 'outage.log'),
      readFileSync(join(folder, 'next.log'), 'utf8')
        .split('\n')
        .filter((line) => !line.includes('session.created'))
        .join('\n')
        .replaceAll('token.exchanged', 'token.failed'),
    );
    const with_ = await scanlens('gate outage.log --baseline both.json');
    expect(with_.code).toBe(1);
    expect(with_.stdout).toContain('an outage, or its logs no longer say so');
    const without = await scanlens('gate outage.log --max-failure-rate 5%');
    expect(without.code).toBe(3);
  });

  test('is the same however the input is cut', async () => {
    const lines = readFileSync(join(folder, 'next.log'), 'utf8').trimEnd().split('\n');
    writeFileSync(join(folder, 'half-1.log'), lines.filter((_, i) => i % 2 === 0).join('\n'));
    writeFileSync(join(folder, 'half-2.log'), lines.filter((_, i) => i % 2 === 1).join('\n'));
    const checks = '--baseline both.json -o json --quiet';
    const whole = JSON.parse((await scanlens(`gate next.log ${checks}`)).stdout);
    const parts = JSON.parse((await scanlens(`gate half-2.log half-1.log ${checks}`)).stdout);
    expect({ ...parts, candidate: { ...parts.candidate, name: 'next.log' } }).toEqual(whole);
  });
});

describe('compare', () => {
  test('takes logs and baselines on either side', async () => {
    const files = await scanlens('compare both.log worse.log --by region');
    const mixed = await scanlens('compare both.json worse.log --by region');
    expect(files.code).toBe(0);
    expect(files.stdout).toContain('WHAT MOVED');
    expect(mixed.stdout.replace('both.json', 'both.log ')).toBe(
      files.stdout.replace('both.log', 'both.log '),
    );
  });
});

describe('analyze', () => {
  test('writes metrics', async () => {
    const { stdout, code } = await scanlens('next.log --by region -o openmetrics');
    expect(code).toBe(0);
    expect(stdout).toContain('scanlens_failures{cause="wx_code_invalid",');
    expect(stdout).toContain('scanlens_field_decided_logins{field="region",value="sh"} 600\n');
    expect(stdout.endsWith('# EOF\n')).toBe(true);
  });
});
