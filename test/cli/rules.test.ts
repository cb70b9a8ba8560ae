import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from './harness.ts';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'scanlens-rules-'));
});
afterAll(() => rm(cwd, { recursive: true }));

const LINE = JSON.stringify({
  level: 'error',
  msg: 'scan ledger rejected voucher: quorum lost on shard 7',
  trace_id: '0af7651916cd43dd8448eb211c80319c',
});

describe('from an unexplained line to a tested rule', () => {
  test('new, lint, test and match, one after the other', async () => {
    const made = await run(['rules', 'new', '--from', '-', '--out', 'ledger.yml'], {
      cwd,
      stdin: LINE,
    });
    expect(made.stderr).toContain('wrote scan_ledger_rejected_voucher to ledger.yml');
    expect(made.code).toBe(0);

    const linted = await run(['rules', 'lint', 'ledger.yml', '-o', 'json'], { cwd });
    const { problems } = JSON.parse(linted.stdout);
    expect(problems.filter(({ file }: { file: string }) => file === 'ledger.yml')).toEqual([]);

    const tested = await run(
      ['rules', 'test', 'scan_ledger_rejected_voucher', '--rules', 'ledger.yml'],
      { cwd },
    );
    expect(tested.stdout).toContain('2 passed, 0 failed');
    expect(tested.code).toBe(0);

    const matched = await run(['rules', 'match', '--rules', 'ledger.yml', '--only'], {
      cwd,
      stdin: `${LINE}\n\nplain text\n`,
    });
    expect(
      matched.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      {
        index: 0,
        rules: ['scan_ledger_rejected_voucher'],
        classes: ['scan_ledger_rejected_voucher'],
      },
      { index: 1, rules: [], classes: [] },
    ]);
  });

  test('new never overwrites', async () => {
    await writeFile(join(cwd, 'kept.yml'), 'kept');
    const { stderr, code } = await run(['rules', 'new', '--from', '-', '--out', 'kept.yml'], {
      cwd,
      stdin: LINE,
    });
    expect(stderr).toMatch(/^scanlens: this file exists already \(kept\.yml\)/);
    expect(code).toBe(2);
    expect(await readFile(join(cwd, 'kept.yml'), 'utf8')).toBe('kept');
  });
});

describe('lint', () => {
  test('tells every error with its place, exit 2', async () => {
    await writeFile(
      join(cwd, 'wrong.yml'),
      'title: x\nid: 1\nname: x y\nlogsource: {product: wechat_login}\ndetection: {a: {b: 1}, condition: c}\n',
    );
    const { stdout, stderr, code } = await run(['rules', 'lint', 'wrong.yml'], { cwd });
    expect(stdout).toMatch(/^wrong\.yml:2:5 error /m);
    expect(stdout).toMatch(/^wrong\.yml:3:7 error /m);
    expect(stdout).toMatch(/^wrong\.yml:5:35 error unknown-identifier/m);
    expect(stderr).toBe('');
    expect(code).toBe(2);
  });

  test('speaks to CI', async () => {
    const { stdout, code } = await run(['rules', 'lint', 'wrong.yml', '-o', 'github'], { cwd });
    expect(stdout).toMatch(/^::error file=wrong\.yml,line=\d+/m);
    expect(code).toBe(2);
  });
});

describe('explain', () => {
  test('shows which parts hold', async () => {
    const event = '{"wechat.errcode": 40029}';
    const { stdout, code } = await run(['rules', 'explain', 'wx_code_invalid', '--event', event]);
    expect(stdout).toMatch(/^wx_code_invalid {2}.+\nmatches this event\n/);
    expect(stdout).toContain('PASS wechat.errcode: "40029"');
    expect(code).toBe(0);
  });

  test.each([
    [['wx_code_invalid'], 'give either --flow ID and the logs it is in, or --event JSON'],
    [['wx_code_invalid', '--event', '[1]'], '--event takes a JSON object'],
    [['wx_code_invalit', '--event', '{}'], 'wx_code_invalit'],
  ])('%j is a mistake', async (args, message) => {
    const { stderr, code } = await run(['rules', 'explain', ...args]);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});

describe('docs', () => {
  test('are written, held current, and old pages go', async () => {
    const docs = (...args: string[]) => run(['rules', 'docs', '--out', 'pages', ...args], { cwd });
    expect((await docs('--check')).code).toBe(1);
    expect((await docs()).stdout).toMatch(/^\d+ pages in pages: \d+ written, 0 removed\n$/);
    expect((await docs('--check')).code).toBe(0);
    await writeFile(join(cwd, 'pages/en/gone.md'), 'old');
    await writeFile(join(cwd, 'pages/zh/README.md'), 'old');
    const checked = await docs('--check');
    expect(checked.stderr).toBe(
      'scanlens: pages/en/gone.md is out of date\nscanlens: pages/zh/README.md is out of date\n',
    );
    expect((await docs()).stdout).toMatch(/: 1 written, 1 removed\n$/);
    expect(await readFile(join(cwd, 'pages/zh/README.md'), 'utf8')).toContain('wx_code_invalid');
  });
});

test('list and show name every rule', async () => {
  const { stdout } = await run(['rules', 'list']);
  expect(stdout).toMatch(/^wx_code_invalid +code_invalid_40029 +event +failure +\w+ {2}/m);
  const shown = await run(['rules', 'show', 'code_invalid_40029', '--lang', 'zh']);
  expect(shown.stdout).toContain('rules/wechat/');
  expect(shown.stdout).toContain('flow.class: code_invalid_40029');
});

test('a terminal lists rules below a head, in lines that fit', async () => {
  const on = async (columns: number) =>
    (await run(['rules', 'list'], { terminal: true, columns })).stdout.trimEnd().split('\n');
  const narrow = await on(90);
  expect(narrow[0]).toMatch(/^name +effect +level +title$/);
  expect(Math.max(...narrow.map((line) => line.length))).toBeLessThanOrEqual(90);
  expect((await on(200))[0]).toMatch(/^name +class +scope +effect +level +title$/);
});

test.each(['report', 'verdict', 'mapping', 'rule'])('schema %s is a JSON Schema', async (name) => {
  const { stdout, code } = await run(['schema', name]);
  expect(JSON.parse(stdout)).toHaveProperty('$schema');
  expect(code).toBe(0);
  expect((await run(['schema'])).stdout).toContain(name);
});
