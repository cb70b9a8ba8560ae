/**
 * `npm run bench [-- --megabytes 500 --rounds 5]`: the whole program beside others on the same
 * file, in turns, each in a process of its own. Prints and writes `bench/results.md`.
 * Figures of one run compare with each other, not with those of another machine.
 *
 * The peers get the fields and the key told and count lines by that key; scanlens finds out which
 * lines make one login, what became of it and why. DuckDB is installed by
 * `npm ci --prefix bench/peers`, ClickHouse by `pip install chdb`; jq is taken from the PATH.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type LogFile, logFile } from './log-file.ts';
import { measure, median, type Usage } from './measure.ts';

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '500' },
    rounds: { type: 'string', default: '5' },
  },
});
const rounds = Number(values.rounds);

/** Each writes with another kind of logger: pino, zap and logback, behind gateways of their own. */
const STACKS = ['reference', 'portal', 'mall'];
const BYTES_PER_FLOW = 4100;

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Why it cannot be run here. */
  readonly missing?: string | undefined;
}

function programs({ path }: LogFile): Program[] {
  const node = (name: string, script: string, args: readonly string[] = []): Program => ({
    name,
    command: process.execPath,
    args: [here(script), path, ...args],
  });
  const scanlens = (name: string, args: readonly string[]): Program =>
    node(name, '../bin/scanlens.js', ['-o', 'json', '-q', ...args]);
  const duckdb = existsSync(here('peers/node_modules/@duckdb'))
    ? undefined
    : 'npm ci --prefix bench/peers';
  const chdb = runs('python3', ['-c', 'import chdb']) ? undefined : 'pip install chdb';
  const clickhouse = (name: string, threads: number): Program => ({
    name,
    command: 'python3',
    args: [here('peers/clickhouse.py'), path, String(threads)],
    missing: chdb,
  });
  const all = availableParallelism();
  return [
    scanlens('scanlens, 1 thread', ['--threads', '1']),
    scanlens(`scanlens, ${all} threads`, ['--threads', String(all)]),
    {
      ...scanlens('scanlens without its kernel, 1 thread', ['--threads', '1', '--no-kernel']),
      missing: hasKernel() ? undefined : 'it has none yet',
    },
    { ...node('DuckDB, 1 thread', 'peers/duckdb.mjs', ['1']), missing: duckdb },
    { ...node(`DuckDB, ${all} threads`, 'peers/duckdb.mjs', [String(all)]), missing: duckdb },
    clickhouse('ClickHouse local, 1 thread', 1),
    clickhouse(`ClickHouse local, ${all} threads`, all),
    node('JSON.parse by blocks', 'peers/json-parse-blocks.mjs'),
    node('split2 + JSON.parse', 'peers/split2.mjs'),
    {
      name: 'jq',
      command: 'jq',
      args: ['-r', 'select(.trace_id == "x")', path],
      missing: runs('jq', ['--version']) ? undefined : 'not on the PATH',
    },
  ];
}

function hasKernel(): boolean {
  const help = execFileSync(process.execPath, [here('../bin/scanlens.js'), 'help', 'analyze']);
  return help.includes('--no-kernel');
}

function runs(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

interface Measured {
  readonly program: Program;
  readonly usages: Usage[];
}

async function measureAll(file: LogFile): Promise<Measured[]> {
  const measured = programs(file)
    .filter(({ missing }) => missing === undefined)
    .map((program): Measured => ({ program, usages: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const { program, usages } of measured) {
      const usage = await measure(program.command, program.args);
      usages.push(usage);
      const rate = (file.bytes / 1e6 / usage.cpuSeconds).toFixed(0);
      console.error(`round ${round + 1}: ${rate} MB per CPU-second, ${program.name}`);
    }
  }
  return measured;
}

function table(file: LogFile, measured: readonly Measured[]): string {
  const megabytes = file.bytes / 1e6;
  const perCpuSecond = (usages: readonly Usage[]) =>
    usages.map(({ cpuSeconds }) => megabytes / cpuSeconds);
  const [first] = measured;
  const ours = perCpuSecond(first.usages);
  const rows = measured.map(({ program, usages }) => {
    const rates = perCpuSecond(usages);
    // Of the same round: what slows the machine down slows down both.
    const ratios = rates.map((rate, round) => ours[round] / rate);
    return [
      program.name,
      median(rates).toFixed(0),
      median(usages.map(({ wallSeconds }) => megabytes / wallSeconds)).toFixed(0),
      (median(usages.map(({ peakBytes }) => peakBytes)) / 1e6).toFixed(0),
      `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`,
    ];
  });
  const head = [
    'program',
    'MB per CPU-second',
    'MB/s by the clock',
    'peak MB',
    'scanlens on 1 thread is faster by (spread)',
  ];
  return [head, ['---', '---:', '---:', '---:', '---:'], ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
}

const flows = Math.ceil((Number(values.megabytes) * 1e6) / BYTES_PER_FLOW);
const file = await logFile('three-loggers', { flows, stacks: STACKS, onlyJson: true });
const missing = programs(file).filter((program) => program.missing !== undefined);
const text = `# Throughput

${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} threads, Node ${process.version}; medians of
${rounds} rounds, the programs in turns. CPU seconds are user and system time of all threads; the ratio is
that of CPU seconds within a round.

${(file.bytes / 1e6).toFixed(0)} MB, ${file.lines.toLocaleString('en')} lines of ${flows.toLocaleString('en')} logins, written by pino, zap, logback and gateways. scanlens does the
whole job (decode, correlate, classify, report); DuckDB and ClickHouse group by one given key, jq tests
one given key, the others only parse. Made by
\`npm run bench -- --megabytes ${values.megabytes} --rounds ${values.rounds}\`.

${table(file, await measureAll(file))}
${missing.map(({ name, missing }) => `\nLeft out: ${name} (${missing}).\n`).join('')}`;
writeFileSync(new URL('results.md', import.meta.url), text);
console.log(text);
