import { readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT, run, shellWords } from './harness.ts';

const DEMO = ['account-svc', 'login-api', 'campus-login', 'campus-callback', 'ingress-nginx'].map(
  (name) => readFileSync(join(ROOT, `fixtures/demo/${name}.log`)),
);
const LOG = Buffer.concat(DEMO);

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'scanlens-cli-'));
  const files: Record<string, string | Uint8Array> = {
    'app.log': LOG,
    'empty.log': '',
    'blank.log': '\n\r\n  \n',
    'noise.bin.log': Buffer.from(
      Array.from({ length: 5000 }, (_, i) => (i * 7919 + (i >> 3)) % 256),
    ),
    'shot.log': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]),
    'other.log': '{"level":"info","msg":"GET /health"}\n'.repeat(5),
    'cut.log.gz': gzipSync(LOG).subarray(0, -20_000),
    'half.log': Buffer.concat([LOG, Buffer.from('not json\n'.repeat(9000))]),
    'broken-rule.yml': 'title: x\ndetection: [\n',
    'wrong-rule.yml':
      'title: x\nid: 1\nname: x y\nlogsource: {product: wechat_login}\ndetection: {a: {b: 1}, condition: c}\n',
    'broken-mapping.yaml': 'fields:\n  login.stat: st\n',
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(cwd, name), content);
  await mkdir(join(cwd, 'locked'), { mode: 0o755 });
  await symlink('app.log', join(cwd, 'linked.log'));
  await symlink('nowhere.log', join(cwd, 'lost.log'));
});
afterAll(() => rm(cwd, { recursive: true }));

describe('each mistake is one line and its exit code', () => {
  test.each([
    ['empty.log', 3, 'scanlens: the input is empty (empty.log)'],
    ['blank.log', 3, 'scanlens: the input is empty (blank.log)'],
    [
      'noise.bin.log',
      3,
      /^scanlens: none of \d+ lines can be read \(\d+ unknown-shape.*\) \(noise\.bin\.log\); scanlens reads JSON lines, text/,
    ],
    [
      'shot.log',
      3,
      'scanlens: this is a PNG image, not a log (shot.log); give scanlens the log files themselves',
    ],
    ['nowhere.log', 3, 'scanlens: no such file or folder (nowhere.log)'],
    ['ap.log', 3, 'scanlens: no such file or folder (ap.log); did you mean app.log?'],
    [
      'explian f-123',
      3,
      'scanlens: no such file or folder (explian); did you mean the command explain?',
    ],
    [
      "'*.csv'",
      3,
      'scanlens: no file matches this pattern (*.csv); check the folder with ls; ** reaches into subfolders',
    ],
    ['app.log --sicne -6h', 2, "scanlens: unknown option '--sicne'; did you mean --since?"],
    [
      'app.log -o yaml',
      2,
      /^scanlens: option '-o, --output <format>' argument 'yaml' is invalid\. Allowed choices are text, json, md, html, openmetrics; see scanlens --help/,
    ],
    [
      'app.log --since yesterday',
      2,
      /^scanlens: --since takes a time, not 'yesterday'; for example/,
    ],
    ['app.log --tz Mars/Base', 2, /^scanlens: unknown time zone "Mars\/Base"; give an IANA name/],
    ['app.log --max-line-bytes 0', 2, /^scanlens: --max-line-bytes takes a size/],
    ['app.log --min-parse-rate 95', 2, /^scanlens: --min-parse-rate takes a share/],
    ['app.log --top 0', 2, /^scanlens: --top takes a whole number from 1, not '0'/],
    [
      'app.log --stage exchang',
      2,
      'scanlens: --stage: no stage is called "exchang"; did you mean "exchange"?',
    ],
    [
      'app.log --rule nonsense_rule',
      2,
      'scanlens: --rule: no rule or class is called "nonsense_rule"; scanlens rules list prints the names',
    ],
    ["app.log -w 'region='", 2, /^scanlens: a value is missing after = \(--where:8\)/],
    [
      'app.log --by regoin',
      2,
      'scanlens: no login in this input has a field "regoin" (--by, --where); did you mean "region"?',
    ],
    [
      "app.log -w 'regoin=x'",
      2,
      'scanlens: no login in this input has a field "regoin" (--by, --where); did you mean "region"?',
    ],
    [
      'app.log --rules broken-rule.yml',
      2,
      /^scanlens: broken rule: .+ \(broken-rule\.yml:\d+:\d+\)/,
    ],
    [
      'app.log --rules wrong-rule.yml',
      2,
      /^scanlens: broken rule: .+ \(wrong-rule\.yml:\d+:\d+\); .*scanlens rules lint shows them all/,
    ],
    ['app.log --rules no-rules', 2, 'scanlens: no such rule file (no-rules)'],
    [
      'app.log --mapping broken-mapping.yaml',
      2,
      'scanlens: broken mapping: unknown field "login.stat" (broken-mapping.yaml:2:3); did you mean "login.state"?',
    ],
    [
      'app.log --map login.stat=st',
      2,
      /^scanlens: broken mapping: unknown field "login\.stat" \(--map:1:\d+\); did you mean "login.state"\?/,
    ],
    ['app.log --map login.state', 2, /^scanlens: --map takes FIELD=PATH/],
    [
      'app.log --out missing/report.txt',
      2,
      'scanlens: its folder does not exist (missing/report.txt)',
    ],
    ['app.log --out app.log', 2, 'scanlens: this is an input and would be overwritten (app.log)'],
    [
      "'*p.log' --verdicts ./linked.log",
      2,
      'scanlens: this is an input and would be overwritten (./linked.log)',
    ],
    [
      'app.log --out report --verdicts ./report',
      2,
      'scanlens: two results would go into this file (report)',
    ],
    [
      'compare app.log half.log --out half.log',
      2,
      'scanlens: this is an input and would be overwritten (half.log)',
    ],
    [
      'gate app.log --max-failure-rate 50% --junit app.log',
      2,
      'scanlens: this is an input and would be overwritten (app.log)',
    ],
    [
      'baseline create app.log --out app.log',
      2,
      'scanlens: this is an input and would be overwritten (app.log)',
    ],
    ['lost.log', 3, 'scanlens: this link leads to no file (lost.log)'],
    ["app.log --by ' ,'", 2, "scanlens: --by takes names parted by commas, not ' ,'"],
    ['app.log --verdicts .', 2, 'scanlens: this is a folder, not a file (.)'],
    [
      'explain f-12 app.log',
      2,
      'scanlens: no login in this input has this id (f-12); give at least four digits of a flow id',
    ],
    [
      'explain nobody-has-this-id app.log',
      2,
      /^scanlens: no login in this input has this id; give a flow id/,
    ],
    ['explain', 2, "scanlens: missing required argument 'id'; see scanlens --help"],
    [
      'rules show nothing_like_it',
      2,
      'scanlens: no rule or class is called "nothing_like_it"; scanlens rules list prints the names',
    ],
    ['schema nothing', 2, /^scanlens: no schema is called "nothing"/],
  ])('%s', async (line, code, expected) => {
    const result = await run(shellWords(line), { cwd });
    const [first, ...more] = result.stderr.split('\n');
    if (typeof expected === 'string') expect(first).toBe(expected);
    else expect(first).toMatch(expected);
    expect(more).toEqual(['']);
    expect(result.code).toBe(code);
    expect(result.stdout).toBe('');
  });
});

describe('input that is partly or wholly unusable', () => {
  test('without a login: the report says why, exit 3', async () => {
    const { stdout, stderr, code } = await run(['other.log'], { cwd });
    expect(stdout).toContain('parsed 100% of 5 lines');
    expect(stderr).toMatch(/^scanlens: no login recognised in 5 lines \(other\.log\)/);
    expect(code).toBe(3);
  });

  test('below --min-parse-rate: exit 3', async () => {
    const { stderr, code } = await run(['half.log', '--min-parse-rate', '95%'], { cwd });
    expect(stderr).toMatch(
      /^scanlens: only \d\d(\.\d)? % of \d+ lines can be read \(9000 unknown-shape\), less than --min-parse-rate 95 %/,
    );
    expect(code).toBe(3);
    expect((await run(['half.log', '--min-parse-rate', '10%'], { cwd })).code).toBe(0);
  });

  test('no login beyond its QR code: the report says what WeChat may be showing', async () => {
    const issued = (id: number, stage: string) =>
      `${JSON.stringify({ time: 1_795_145_821_000 + id * 20_000, level: 30, qrcode_id: `q-${id}`, 'login.stage': stage, msg: stage })}\n`;
    const logins = (count: number) =>
      Array.from({ length: count }, (_, id) => issued(id, 'issued')).join('');
    const warned = async (log: string) => {
      const { stdout, code } = await run(['-'], { stdin: log });
      expect(code).toBe(3);
      return stdout.replace(/\s+/g, ' ').includes('no login got beyond its QR code');
    };
    expect(await warned(logins(60))).toBe(true);
    expect(await warned(logins(60) + issued(3, 'scanned'))).toBe(false);
    expect(await warned(logins(25))).toBe(false);
  });

  test('no login selected: exit 3', async () => {
    const { stderr, code } = await run(['app.log', '--since', '2030-01-01'], { cwd });
    expect(stderr).toBe('scanlens: no login fulfils --since, --until and --where\n');
    expect(code).toBe(3);
  });

  test('a truncated gzip: what is good is reported, the loss is counted', async () => {
    const { stdout, stderr, code } = await run(['cut.log.gz', '-o', 'json'], { cwd });
    const { input, flows } = JSON.parse(stdout);
    expect(input.rejected.truncated).toBe(1);
    expect(flows.total).toBeGreaterThan(10);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  test('one line of 100 MB: rejected without being held', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 0x61);
    async function* endless() {
      yield LOG;
      yield Buffer.from('{"msg":"');
      for (let i = 0; i < 100; i++) yield chunk;
    }
    const { stdout, code } = await run(['-', '-o', 'json'], { stdin: Readable.from(endless()) });
    const { input } = JSON.parse(stdout);
    expect(input.rejected).toEqual({ 'line-too-long': 1 });
    expect(input.bytes).toBe(LOG.length + 8 + 100 * chunk.length);
    expect(code).toBe(0);
  });

  test('a folder that may not be read', async () => {
    const superuser = process.getuid?.() === 0;
    await writeFile(join(cwd, 'locked/app.log'), LOG);
    await chmod(join(cwd, 'locked'), 0);
    await chmod(cwd, 0o755);
    // The superuser may read everything, so the test steps down for this.
    if (superuser) process.seteuid?.(65_534);
    try {
      const { stderr, code } = await run(['locked'], { cwd });
      expect(stderr).toMatch(/^scanlens: no permission to read this \(locked\); check its owner/);
      expect(code).toBe(3);
    } finally {
      if (superuser) process.seteuid?.(0);
      await chmod(join(cwd, 'locked'), 0o755);
    }
  });
});

describe('the terminal and the pipe', () => {
  test('nothing to read on a terminal: short help, exit 2', async () => {
    const { stdout, stderr, code } = await run([], { cwd });
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /^scanlens: nothing to read: name log files, or pipe them in\n {2}scanlens app\.log/,
    );
    expect(code).toBe(2);
  });

  test('a pipe is read without being named', async () => {
    const { stdout, code } = await run(['-o', 'json'], { cwd, stdin: LOG });
    expect(JSON.parse(stdout).input.files[0].name).toBe('stdin');
    expect(code).toBe(0);
  });

  test('a reader that goes away ends the run quietly', async () => {
    const closed = new Writable({
      write(_chunk, _encoding, done) {
        done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      },
    });
    const { stderr, code } = await run(['app.log'], { cwd, stdout: closed });
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  test('a full disk is told', async () => {
    const full = new Writable({
      write(_chunk, _encoding, done) {
        done(Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' }));
      },
    });
    const { stderr, code } = await run(['app.log'], { cwd, stdout: full });
    expect(stderr).toBe('scanlens: the output cannot be written (ENOSPC)\n');
    expect(code).toBe(2);
  });

  test('an interrupt prints what is known, marked partial, exit 130', async () => {
    let interrupt = () => {};
    async function* slow() {
      yield LOG;
      // By then the stream's reader has taken what came before.
      setTimeout(() => interrupt(), 200);
      await new Promise(() => {});
    }
    const { stdout, code } = await run(['-', '-o', 'json'], {
      stdin: Readable.from(slow()),
      interruptible: (stop) => {
        interrupt = stop;
      },
    });
    const report = JSON.parse(stdout);
    expect(report.input.partial).toBe(true);
    expect(report.flows.total).toBeGreaterThan(10);
    expect(code).toBe(130);
  });

  test('progress is shown on a terminal only, and wiped before the report', async () => {
    let nowMs = 0;
    const now = () => {
      nowMs += 700;
      return nowMs;
    };
    const shown = await run(['app.log'], { cwd, terminal: true, now });
    expect(shown.stderr).toMatch(/^(\r\u001b\[Kreading [^\r]*)+\r\u001b\[K$/);
    const quiet = await run(['app.log', '-q'], { cwd, terminal: true, now });
    expect(quiet.stderr).toBe('');
    const piped = await run(['app.log'], { cwd, now });
    expect(piped.stderr).toBe('');
  });

  test('colour is for terminals, and NO_COLOR and --color decide', async () => {
    const csi = '\u001b[';
    const stdoutOf = async (args: string[], options: object) =>
      (await run(['app.log', ...args], { cwd, ...options })).stdout;
    expect(await stdoutOf([], {})).not.toContain(csi);
    expect(await stdoutOf([], { terminal: true })).toContain(csi);
    expect(await stdoutOf([], { terminal: true, env: { NO_COLOR: '1' } })).not.toContain(csi);
    expect(await stdoutOf([], { terminal: true, env: { TERM: 'dumb' } })).not.toContain(csi);
    expect(await stdoutOf(['--color', 'always'], { env: { NO_COLOR: '1' } })).toContain(csi);
    expect(await stdoutOf(['--color', 'never'], { terminal: true })).not.toContain(csi);
  });
});
