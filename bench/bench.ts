/**
 * `npm run bench [-- --flows 100000,1000000] [--rounds 3]`: the whole program beside `split2` with
 * `JSON.parse` alone, on the same files, in turns, each in a process of its own. Prints and writes
 * `bench/results.md`. Figures of one run compare with each other, not with those of another machine.
 */

import { statSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measure, median, type Usage } from './measure.ts';
import { worldFile } from './world-file.ts';

const { values } = parseArgs({
  options: {
    flows: { type: 'string', default: '100000,1000000' },
    rounds: { type: 'string', default: '3' },
  },
});
const sizes = values.flows.split(',').map(Number);
const rounds = Number(values.rounds);

const SCANLENS = fileURLToPath(new URL('../bin/scanlens.js', import.meta.url));
const BASELINE = fileURLToPath(new URL('split2-baseline.mjs', import.meta.url));

interface Row {
  readonly flows: number;
  readonly lines: number;
  readonly bytes: number;
  readonly scanlens: readonly Usage[];
  readonly baseline: readonly Usage[];
}

async function measureWorld(flows: number): Promise<Row> {
  const { path, lines } = await worldFile(flows);
  const scanlens: Usage[] = [];
  const baseline: Usage[] = [];
  for (let round = 0; round < rounds; round++) {
    baseline.push(await measure(BASELINE, [path]));
    scanlens.push(await measure(SCANLENS, [path, '-o', 'json', '-q']));
  }
  return { flows, lines, bytes: statSync(path).size, scanlens, baseline };
}

function table(rows: readonly Row[]): string {
  const body = rows.flatMap(({ flows, lines, bytes, scanlens, baseline }) => {
    const rateOf = (usages: readonly Usage[]) =>
      bytes / 1e6 / median(usages.map((usage) => usage.cpuSeconds));
    const cells = (name: string, usages: readonly Usage[]) => [
      flows.toLocaleString('en'),
      (lines / flows).toFixed(1),
      (bytes / 1e6).toFixed(0),
      name,
      rateOf(usages).toFixed(0),
      median(usages.map((usage) => usage.cpuSeconds)).toFixed(2),
      median(usages.map((usage) => usage.wallSeconds)).toFixed(2),
      (median(usages.map((usage) => usage.peakBytes)) / 1e6).toFixed(0),
      (rateOf(usages) / rateOf(baseline)).toFixed(2),
    ];
    return [cells('split2 + JSON.parse', baseline), cells('scanlens', scanlens)];
  });
  const head = [
    'flows',
    'lines a flow',
    'MB',
    'program',
    'MB per CPU-second',
    'CPU s',
    'wall s',
    'peak RSS MB',
    'ratio',
  ];
  return [head, head.map(() => '---:'), ...body].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

const rows: Row[] = [];
for (const flows of sizes) rows.push(await measureWorld(flows));
const text = `# Throughput

${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}; medians of ${rounds} rounds, the programs in turns.
CPU seconds are user and system time of all threads. \`scanlens\` does the whole job (decode, correlate,
classify, report); the other only parses. Made by \`npm run bench\`.

${table(rows)}
`;
writeFileSync(new URL('results.md', import.meta.url), text);
console.log(text);
