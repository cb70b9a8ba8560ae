import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../cli/harness.ts';
import { README } from './readme-commands.ts';

describe('the rule library', () => {
  test('is without fault, and as its lock file has it', async () => {
    const { stdout, code } = await run(['rules', 'lint']);
    expect(stdout).toMatch(/^\d+ rules, no problems\n$/);
    expect(code).toBe(0);
  });

  test('proves itself: every leaf is seen both ways, and few can go unnoticed', async () => {
    const { stdout, code } = await run(['rules', 'test', '--mutate', '--min-coverage', '1']);
    expect(stdout).toContain(' 0 failed, 0 todo');
    const score = Number(/mutation score ([\d.]+)%/.exec(stdout)?.[1]);
    expect(score).toBeGreaterThanOrEqual(95);
    expect(code).toBe(0);
  });

  test('has its pages as `npm run rules` writes them', async () => {
    const { stderr, code } = await run(['rules', 'docs', '--check']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });
});

/** Logins that mostly succeed; some fail at a word that no rule knows. */
function someLogins(): string {
  const lines = [];
  for (let n = 0; n < 24; n += 1) {
    const at = (seconds: number): string =>
      new Date(Date.UTC(2026, 10, 20, 1, n, seconds)).toISOString();
    const line = (seconds: number, stage: string, more: object = {}): string =>
      JSON.stringify({
        time: at(seconds),
        'login.flow.id': `q${n}`,
        'login.stage': stage,
        ...more,
      });
    lines.push(line(0, 'issued'), line(5, 'scanned'), line(8, 'callback'), line(9, 'exchange'));
    lines.push(
      n % 6 === 5
        ? line(10, 'persist', {
            'login.outcome': 'failed',
            msg: `ledger refused voucher ${7000 + n}: quorum lost on shard ${n}`,
          })
        : line(10, 'session', { 'login.outcome': 'ok' }),
    );
  }
  lines.push(JSON.stringify({ time: '2026-11-20T03:00:00Z', msg: 'still here' }));
  return lines.map((line) => `${line}\n`).join('');
}

describe('from an unexplained line to a tested rule, by the steps of the README', () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'scanlens-walk-'));
    await writeFile(join(cwd, 'app.log'), someLogins());
  });
  afterAll(() => rm(cwd, { recursive: true }));

  /** The commands of the README's section, without what they are said to be for. */
  const steps = (() => {
    const readme = readFileSync(README, 'utf8');
    const section = readme.slice(readme.indexOf('… add a rule after an incident'));
    const block = /```sh\n([\s\S]*?)```/.exec(section)?.[1] ?? '';
    return block
      .split('\n')
      .map((line) => line.replace(/\s+#.*$/, ''))
      .filter((line) => line !== '');
  })();

  /** Runs one line, which may begin with `sed -n Np FILE |`. */
  async function walk(line: string) {
    const [, number, file, command] = /^(?:sed -n (\d+)p (\S+) \| )?(scanlens .*)$/.exec(line)!;
    const args = command!.split(/\s+/).slice(1);
    if (number === undefined) return run(args, { cwd });
    const lines = readFileSync(join(cwd, file!), 'utf8').split('\n');
    return run(args, { cwd, stdin: `${lines[Number(number) - 1]}\n` });
  }

  test('explains what was not', async () => {
    expect(steps).toHaveLength(6);
    const [find, explain, create, lint, prove, again] = steps as [string, ...string[]] & string[];

    const unexplained = await walk(find!);
    expect(unexplained.stdout).toMatch(/unclassified +no rule explains these yet +4 /);
    const flow = /scanlens explain (f-[0-9a-f]{12})/.exec(unexplained.stdout)![1]!;

    const explained = await walk(explain!.replace(/f-[0-9a-f]{12}/, flow));
    const line = /✗ app\.log:(\d+)/.exec(explained.stdout)![1]!;

    const created = await walk(create!.replace(/sed -n \d+p/, `sed -n ${line}p`));
    expect(created).toMatchObject({ code: 0 });

    expect(await walk(lint!)).toMatchObject({ code: 0, stdout: '1 rule, no problems\n' });

    const proven = await walk(prove!);
    expect(proven.stdout).toContain(' 0 failed');
    expect(proven.code).toBe(0);

    const report = await walk(again!);
    expect(report.stdout).not.toContain('unclassified');
    expect(report.stdout).toMatch(/ledger_refused_voucher\S* .* 4 +100%/);
  });
});
