import { spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { parseConfig } from '../../src/gate/index.ts';
import { ROOT, run } from '../cli/harness.ts';
import { logsOf } from './traffic-log.ts';

const EXAMPLES = join(ROOT, 'examples');
const read = (name: string) => readFileSync(join(EXAMPLES, name), 'utf8');

let folder: string;
let server: Server;

/**
 * `scanlens`, and `npx --yes scanlens`, as they will be installed: they hand their arguments to this
 * process, which is warm.
 */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'scanlens-examples-'));
  mkdirSync(join(folder, 'bin'));
  const socket = join(folder, 'bin', 'socket');
  writeFileSync(
    join(folder, 'bin', 'call.mjs'),
    `import { connect } from 'node:net';
const call = { args: process.argv.slice(2), cwd: process.cwd(), env: process.env };
let answer = '';
connect(${JSON.stringify(socket)})
  .on('data', (data) => { answer += data; })
  .on('end', () => {
    const { stdout, stderr, code } = JSON.parse(answer);
    process.stdout.write(stdout);
    process.stderr.write(stderr);
    process.exitCode = code;
  })
  .write(JSON.stringify(call) + '\\n');
`,
  );
  script('bin/scanlens', `exec node ${join(folder, 'bin', 'call.mjs')} "$@"`);
  script('bin/npx', 'shift\nexec "$@"');
  server = createServer((connection) => {
    let text = '';
    connection.setEncoding('utf8').on('data', async (data) => {
      text += data;
      if (!text.endsWith('\n')) return;
      const { args, cwd, env } = JSON.parse(text);
      connection.end(JSON.stringify(await run(args, { cwd, env })));
    });
  });
  await new Promise<void>((ready) => server.listen(socket, ready));
});

afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function script(path: string, text: string): void {
  writeFileSync(join(folder, path), `#!/bin/sh\n${text}\n`);
  chmodSync(join(folder, path), 0o755);
}

function shell(
  text: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number | null; readonly output: string }> {
  const child = spawn('sh', ['-e', '-c', text], {
    cwd: folder,
    env: { PATH: `${join(folder, 'bin')}:${process.env.PATH}`, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (data: string) => {
      output += data;
    });
  return new Promise((done) => child.on('close', (status) => done({ status, output })));
}

/** Logins of one run, on a day of its own. */
function logins(
  day: number,
  failed: number,
  fields: Readonly<Record<string, string>> = {},
): string {
  const from = new Date(Date.UTC(2026, 10, day)).toISOString();
  const recipe = {
    run: { from, hours: 2, groups: [{ fields, flows: 1500, failed: { 40029: failed } }] },
  };
  return logsOf(JSON.stringify(recipe)).get('run.log')!;
}

const CHECKS = `gate:
  baseline: .scanlens/baseline.json
  checks:
    - {id: total, metric: failure_rate, max_increase: 2pp}
`;

/** The test drive that the examples call. */
function driveLogins(text: string): void {
  mkdirSync(join(folder, 'ci'), { recursive: true });
  writeFileSync(join(folder, 'ci/logins'), text);
  script('ci/drive-logins.sh', 'cat ci/logins');
}

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
}

describe('GitHub Actions', () => {
  const workflow = parse(read('github-actions.yml')) as {
    readonly on: object;
    readonly permissions: object;
    readonly jobs: Readonly<
      Record<string, { readonly 'runs-on': string; readonly steps: readonly Step[] }>
    >;
  };
  const { steps } = workflow.jobs.gate;

  test('is a workflow: each step runs a script or uses an action of a version', () => {
    expect(Object.keys(workflow)).toEqual(['name', 'on', 'permissions', 'jobs']);
    expect(workflow.permissions).toEqual({ contents: 'read' });
    for (const { uses, run } of steps) {
      expect(uses === undefined).toBe(run !== undefined);
      if (uses !== undefined) expect(uses).toMatch(/^[\w-]+\/[\w/-]+@v\d+$/);
    }
  });

  test('lets the first run pass, then a like one, and stops one that fails more', async () => {
    writeFileSync(join(folder, 'scanlens.yaml'), CHECKS);
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(folder, 'summary.md') };
    const runJob = (text: string) => {
      driveLogins(text);
      const hasBaseline = existsSync(join(folder, '.scanlens/baseline.json'));
      const wanted = steps.filter(
        (step) => step.run && (!step.if?.includes('hashFiles') || hasBaseline),
      );
      return shell(wanted.map((step) => step.run).join('\n'), env);
    };
    expect(await runJob(logins(20, 30))).toEqual({ status: 0, output: '' });
    const second = await runJob(logins(21, 31));
    expect(second.output).toContain('GATE  PASS');
    expect(second.status).toBe(0);
    const third = await runJob(logins(22, 150));
    expect(third.status).toBe(1);
    expect(third.output).toMatch(/^::error title=scanlens gate%3A total::failure_rate: /m);
    expect(readFileSync(join(folder, 'gate.xml'), 'utf8')).toContain('<failure ');
    const summary = readFileSync(env.GITHUB_STEP_SUMMARY, 'utf8');
    expect(summary.match(/^## Gate: (PASS|FAIL)$/gm)).toEqual(['## Gate: PASS', '## Gate: FAIL']);
    // What failed is not what later runs are held against.
    const { windows } = JSON.parse(readFileSync(join(folder, '.scanlens/baseline.json'), 'utf8'));
    expect(windows).toHaveLength(2);
  });
});

describe('GitLab CI', () => {
  const { 'login-gate': job } = parse(read('gitlab-ci.yml')) as {
    readonly 'login-gate': {
      readonly script: readonly string[];
      readonly artifacts: { readonly reports: { readonly junit: string } };
      readonly cache: { readonly paths: readonly string[] };
    };
  };

  test('runs its script on a branch and on the main one', async () => {
    writeFileSync(join(folder, 'scanlens.yaml'), CHECKS);
    const runJob = (text: string, branch: string) => {
      driveLogins(text);
      return shell(job.script.join('\n'), { CI_COMMIT_BRANCH: branch, CI_DEFAULT_BRANCH: 'main' });
    };
    expect((await runJob(logins(20, 30), 'main')).status).toBe(0);
    expect(existsSync(join(folder, job.cache.paths[0], 'baseline.json'))).toBe(true);
    expect((await runJob(logins(21, 150), 'feature')).status).toBe(1);
    expect(readFileSync(join(folder, job.artifacts.reports.junit), 'utf8')).toContain('<failure ');
  });
});

describe('Kubernetes', () => {
  const documents = parseAllDocuments(read('kubernetes-cronjob.yaml')).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
  const [config, job] = documents;
  const pod = job.spec.jobTemplate.spec.template.spec;

  test('is a CronJob that has all it mounts, and no more rights than it needs', () => {
    expect(documents.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)).toEqual([
      'v1 ConfigMap',
      'batch/v1 CronJob',
    ]);
    const [container] = pod.containers;
    const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);
    expect(names(container.volumeMounts)).toEqual(names(pod.volumes));
    expect(pod.volumes[0].configMap.name).toBe(config.metadata.name);
    expect(job.spec.schedule).toMatch(/^(\S+ ){4}\S+$/);
    expect(pod.restartPolicy).toBe('Never');
    expect(container.securityContext.capabilities.drop).toEqual(['ALL']);
    expect(container.command.at(-1)).toBe('/config/gate.sh');
  });

  test('its checks are sound', () => {
    expect(parseConfig('scanlens.yaml', config.data['scanlens.yaml'], []).problems).toEqual([]);
  });

  test('its script makes the baseline, then judges by it, and keeps a bad day out of it', async () => {
    for (const path of ['logs', 'data', 'metrics', 'config']) mkdirSync(join(folder, path));
    // The mounts, in a folder of ours.
    const local = (text: string) =>
      text.replace(/(?<=[\s'"]|^)\/(logs|data|metrics|config)\b/gm, `${folder}/$1`);
    writeFileSync(join(folder, 'config/scanlens.yaml'), local(config.data['scanlens.yaml']));
    const runJob = (text: string) => {
      writeFileSync(join(folder, 'logs/app.log'), text);
      return shell(local(config.data['gate.sh']));
    };
    const windows = () =>
      JSON.parse(readFileSync(join(folder, 'data/baseline.json'), 'utf8')).windows.length;
    expect((await runJob(logins(20, 30, { region: 'sh' }))).status).toBe(0);
    expect(windows()).toBe(1);
    const second = await runJob(logins(21, 33, { region: 'sh' }));
    expect(second.output).toMatch(/GATE {2}(PASS|INCONCLUSIVE)/);
    expect(windows()).toBe(2);
    expect((await runJob(logins(22, 300, { region: 'sh' }))).status).toBe(1);
    expect(windows()).toBe(2);
    expect(readdirSync(join(folder, 'metrics'))).toEqual(['scanlens.prom']);
    expect(readFileSync(join(folder, 'metrics/scanlens.prom'), 'utf8')).toContain(
      'scanlens_logins{outcome="failed"} 300\n',
    );
  });
});

describe('canary', () => {
  test('its checks are sound', () => {
    expect(parseConfig('canary.yaml', read('canary.yaml'), []).problems).toEqual([]);
  });

  test.each([
    { failed: 33, code: 0, says: 'promote' },
    { failed: 150, code: 1, says: 'roll back' },
    { failed: undefined, code: 4, says: 'too few logins to tell' },
  ])('exits $code: $says', async ({ failed, code, says }) => {
    for (const name of ['canary.sh', 'canary.yaml'])
      copyFileSync(join(EXAMPLES, name), join(folder, name));
    const stable = {
      fields: { 'k8s.pod.name': 'login-7f9-stable' },
      flows: 3000,
      failed: { 40029: 60 },
    };
    const canary = {
      fields: { 'k8s.pod.name': 'login-8a1-canary' },
      flows: failed === undefined ? 50 : 1500,
      failed: { 40029: failed ?? 1 },
    };
    const recipe = { run: { from: '2026-11-23T00:00:00Z', hours: 2, groups: [stable, canary] } };
    writeFileSync(join(folder, 'app.log'), logsOf(JSON.stringify(recipe)).get('run.log')!);
    const { status, output } = await shell('./canary.sh app.log');
    expect(output).toContain(`canary: ${says}`);
    expect(status).toBe(code);
  });
});
