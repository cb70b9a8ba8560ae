import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

function run(script: string, env: Record<string, string>, args: readonly string[] = []) {
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk;
    });
  }
  const exit = new Promise<number | null>((resolve) => child.on('exit', resolve));
  return { child, exit, output: () => output };
}

test('`npm run service` needs nothing: page, database and simulated WeChat, until SIGTERM', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scan-login-'));
  const { child, exit, output } = run('src/sim/demo.ts', {
    PORT: '0',
    MAX_EVENT_LOOP_DELAY_MS: '0',
    LOG_FILE: join(folder, 'log.ndjson'),
    TRACE_FILE: join(folder, 'traces.jsonl'),
  });
  try {
    await expect.poll(output, { timeout: 100_000, interval: 200 }).toContain('its phone on');
    const [url, phone] = output()
      .match(/http:\S+/g)!
      .filter((_, i) => i !== 1);
    expect(await (await fetch(`${url}/ready`)).json()).toMatchObject({ status: 'ready' });
    const page = await (await fetch(`${url}/login`)).text();
    expect(page).toContain('data-kind="website"');
    const login = await fetch(`${url}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'demo', password: 'demo-password' }),
    });
    const { access_token } = (await login.json()) as { access_token: string };
    const profile = await fetch(`${url}/profile`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
    expect(await profile.json()).toMatchObject({ username: 'demo' });
    expect((await fetch(phone)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
    const log = readFileSync(join(folder, 'log.ndjson'), 'utf8').trim().split('\n');
    expect(JSON.parse(log.at(-1) as string)['event.name']).toBe('service.stopped');
    expect(readFileSync(join(folder, 'traces.jsonl'), 'utf8')).toContain('"POST /login"');
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}, 150_000);

test('wrong settings end the service with all that is wrong and code 2', async () => {
  const { exit, output } = run('src/service/main.ts', { PORT: 'x', LOG_LEVEL: 'loud' });
  expect(await exit).toBe(2);
  expect(output()).toContain('PORT is no whole number');
  expect(output()).toContain('LOG_LEVEL is none of');
});

test('--help lists the settings', async () => {
  const { exit, output } = run('src/service/main.ts', {}, ['--help']);
  expect(await exit).toBe(0);
  expect(output()).toContain('WECHAT_TIMEOUT_MS');
});
