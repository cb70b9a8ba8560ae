/**
 * What the status endpoint of the login service holds, with its log and metrics on, beside a bare
 * Fastify route in the same run.
 *
 *   npm run bench:service                       # each setting for 10 seconds
 *   npm run bench:service -- --seconds 300      # and whether memory stays flat meanwhile
 *   npm run bench:service -- --only '1 %'       # settings whose name has that in it
 *   test/with-servers npm run bench:service     # one more setting: state in Redis
 *
 * Service and load share the machine. What is left to the service is what counts, so beside the
 * requests a second stands the CPU time that each cost it.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';

/** The service that this one's forerunner was measured against: its throughput and mean latency. */
const GOAL = { requestsPerSecond: 12_400, p99Ms: 87 };

/** More growth than this from the first third of a run to the last is a leak, not a collector's mood. */
const FLAT = { minSeconds: 60, growth: 1.1 };

const CONNECTIONS = 64;
/** As many are polled in turn. */
const LOGINS = 200;

/** Linux counts CPU time in these, whatever the kernel's own tick. */
const TICKS_PER_SECOND = 100;

const fileOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

interface Target {
  readonly child: ChildProcess;
  readonly url: string;
  readonly requests: readonly autocannon.Request[];
}

interface Figures {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMicrosPerRequest: number;
  readonly failed: number;
  /** Resident memory, once a second. */
  readonly residentBytes: readonly number[];
}

async function startProcess(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let told = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`exited ${code}: ${told}`)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      told += text;
      const found = /listening on (\S+)/.exec(told);
      if (found !== null) resolve(found[1]);
    });
  });
  return { child, url };
}

async function startBare(): Promise<Target> {
  return { ...(await startProcess([fileOf('bare-fastify.mjs')])), requests: [{ path: '/' }] };
}

/** The service as a process of its own, with logins that wait to be scanned. */
async function startService(env: NodeJS.ProcessEnv): Promise<Target> {
  const { child, url } = await startProcess(['--import', 'tsx', fileOf('../src/service/main.ts')], {
    PORT: '0',
    REDIS_URL: '',
    WECHAT_APP_ID: 'wx-bench',
    WECHAT_APP_SECRET: 'never-used',
    STATE_TTL_MS: '3600000',
    POLL_INTERVAL_MS: '0',
    RATE_LIMIT_PER_MINUTE: '0',
    // A machine that is too busy shows in the times, not as quick refusals.
    MAX_EVENT_LOOP_DELAY_MS: '0',
    ...env,
  });
  const requests = await Promise.all(Array.from({ length: LOGINS }, () => beginLogin(url)));
  return { child, url, requests };
}

/** @returns the poll of a new login, by the browser that began it */
async function beginLogin(url: string): Promise<autocannon.Request> {
  const page = await fetch(`${url}/login`);
  const csrf = /name="csrf-token" content="([^"]+)"/.exec(await page.text())?.[1] ?? '';
  const begun = await fetch(`${url}/qr`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-csrf-token': csrf, cookie: cookiesOf(page) },
    body: JSON.stringify({ kind: 'website' }),
  });
  const { id } = (await begun.json()) as { id: string };
  return {
    path: `/qr/${id}/status`,
    headers: { cookie: `${cookiesOf(page)}; ${cookiesOf(begun)}` },
  };
}

function cookiesOf(response: Response): string {
  const cookies = response.headers.getSetCookie();
  return cookies.map((cookie) => cookie.slice(0, cookie.indexOf(';'))).join('; ');
}

async function measureLoad({ child, url, requests }: Target, seconds: number): Promise<Figures> {
  const load = (duration: number) =>
    autocannon({ url, requests: [...requests], connections: CONNECTIONS, duration });
  // The first seconds go into compiling.
  await load(3);
  const residentBytes: number[] = [];
  const sampler = setInterval(() => residentBytes.push(residentBytesOf(child)), 1000);
  const cpuBefore = cpuSecondsOf(child);
  const result = await load(seconds);
  const cpuSeconds = cpuSecondsOf(child) - cpuBefore;
  clearInterval(sampler);
  return {
    requestsPerSecond: result.requests.average,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    cpuMicrosPerRequest: (cpuSeconds * 1e6) / result.requests.total,
    failed: result.non2xx + result.errors + result.timeouts,
    residentBytes,
  };
}

function cpuSecondsOf({ pid }: ChildProcess): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name before the parenthesis may hold anything, blanks too.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

function residentBytesOf({ pid }: ChildProcess): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

/** The settings measured, and which of them the goal is held against. */
const CASES: readonly {
  readonly name: string;
  readonly goal?: true;
  start(folder: string): Promise<Target>;
}[] = [
  { name: 'bare Fastify route', start: startBare },
  {
    name: 'log info, metrics, no traces',
    start: (folder) => startService({ LOG_FILE: join(folder, 'none.log') }),
  },
  {
    name: 'log info, metrics, 1 % of traces',
    goal: true,
    start: (folder) => startService({ ...filesIn(folder, 'few'), TRACE_SAMPLE_RATIO: '0.01' }),
  },
  {
    name: 'log info, metrics, all traces',
    start: (folder) => startService(filesIn(folder, 'all')),
  },
  {
    name: 'log debug (2 lines a poll), metrics, 1 % of traces',
    start: (folder) =>
      startService({
        ...filesIn(folder, 'debug'),
        TRACE_SAMPLE_RATIO: '0.01',
        LOG_LEVEL: 'debug',
      }),
  },
  ...(process.env.REDIS_URL === undefined
    ? []
    : [
        {
          name: 'the same, state in Redis',
          start: (folder: string) =>
            startService({
              ...filesIn(folder, 'redis'),
              TRACE_SAMPLE_RATIO: '0.01',
              REDIS_URL: process.env.REDIS_URL,
            }),
        },
      ]),
];

const filesIn = (folder: string, name: string) => ({
  LOG_FILE: join(folder, `${name}.log`),
  TRACE_FILE: join(folder, `${name}.jsonl`),
});

/** Means of the first and the last third: a leak shows as growth, a collector's saw teeth do not. */
function growth(samples: readonly number[]): { readonly from: number; readonly to: number } {
  const third = Math.floor(samples.length / 3);
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  return { from: mean(samples.slice(0, third)), to: mean(samples.slice(-third)) };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { seconds: { type: 'string', default: '10' }, only: { type: 'string', default: '' } },
  });
  const seconds = Number(values.seconds);
  const folder = mkdtempSync(join(tmpdir(), 'service-bench-'));
  console.log(
    `GET /qr/:id/status, ${CONNECTIONS} connections, ${LOGINS} logins, ${seconds} s each, ` +
      `Node ${process.versions.node}, ${cpus().length} cores shared with the load\n`,
  );
  console.log('  req/s   p50 ms  p99 ms  CPU µs/req  of bare  failed  MB then, now');
  let held = true;
  let bareMicros = Number.NaN;
  try {
    for (const { name, goal, start } of CASES.filter(({ name }) => name.includes(values.only))) {
      const target = await start(folder);
      const figures = await measureLoad(target, seconds);
      target.child.kill('SIGKILL');
      if (start === startBare) bareMicros = figures.cpuMicrosPerRequest;
      const { from, to } = growth(figures.residentBytes);
      console.log(
        [
          figures.requestsPerSecond.toFixed(0).padStart(7),
          figures.p50Ms.toFixed(0).padStart(8),
          figures.p99Ms.toFixed(0).padStart(8),
          figures.cpuMicrosPerRequest.toFixed(1).padStart(12),
          times(figures.cpuMicrosPerRequest / bareMicros).padStart(9),
          String(figures.failed).padStart(8),
          `${megabytes(from)} ${megabytes(to)}`.padStart(14),
          goal ? ' *' : '  ',
          name,
        ].join(''),
      );
      if (figures.failed > 0) held = false;
      if (seconds >= FLAT.minSeconds && to > from * FLAT.growth) {
        console.log(`         memory grew by ${((to / from - 1) * 100).toFixed(0)} %`);
        held = false;
      }
      if (goal && figures.requestsPerSecond < GOAL.requestsPerSecond) held = false;
      if (goal && figures.p99Ms >= GOAL.p99Ms) held = false;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.log(
    `\n* at least ${GOAL.requestsPerSecond} requests a second, p99 under ${GOAL.p99Ms} ms: ` +
      `${held ? 'held' : 'NOT held'}`,
  );
  process.exitCode = held ? 0 : 1;
}

const times = (ratio: number) => (Number.isNaN(ratio) ? '–' : `${ratio.toFixed(1)}×`);

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);

await main();
