/**
 * `npm run bench:growth [-- --flows 100000,1000000 --threads 1]`: what more logins cost. The log is
 * made on the fly and piped in, so that no disk has to hold it. Prints and writes
 * `bench/growth.md`.
 */

import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measure, type Usage } from './measure.ts';
import { stampedLog } from './stamped-log.ts';

const { values } = parseArgs({
  options: {
    flows: { type: 'string', default: '100000,1000000' },
    threads: { type: 'string', default: '1' },
  },
});

const SCANLENS = fileURLToPath(new URL('../bin/scanlens.js', import.meta.url));
/** Of memory that every run needs, however small. */
const FIXED_BYTES = 150e6;

interface Row {
  /** As scanlens counts them. */
  readonly flows: number;
  readonly bytes: number;
  readonly usage: Usage;
}

async function measureFlows(flows: number): Promise<Row> {
  let bytes = 0;
  const args = [SCANLENS, '-', '-q', '-o', 'json', '--threads', values.threads];
  const usage = await measure(process.execPath, args, async (stdin) => {
    for (const { text } of stampedLog({ flows })) {
      const block = Buffer.from(text);
      bytes += block.length;
      if (!stdin.write(block)) await once(stdin, 'drain');
    }
  });
  const report = JSON.parse(usage.stdout) as { flows: { total: number } };
  return { flows: report.flows.total, bytes, usage };
}

const rows: Row[] = [];
for (const flows of values.flows.split(',').map(Number)) rows.push(await measureFlows(flows));

const lines = rows.map(({ flows, bytes, usage }, i) => {
  const before = rows[i - 1];
  const growth =
    before === undefined
      ? ''
      : `${(usage.cpuSeconds / before.usage.cpuSeconds).toFixed(2)} for ${(bytes / before.bytes).toFixed(2)} times the bytes`;
  return [
    flows.toLocaleString('en'),
    (bytes / 1e6).toFixed(0),
    usage.cpuSeconds.toFixed(1),
    ((usage.cpuSeconds * 1e6) / flows).toFixed(1),
    growth,
    (usage.peakBytes / 1e6).toFixed(0),
    ((usage.peakBytes - FIXED_BYTES) / flows).toFixed(0),
  ];
});
const head = [
  'logins',
  'MB',
  'CPU s',
  'µs a login',
  'CPU grows',
  'peak MB',
  'bytes a login above 150 MB',
];
const table = [head, head.map(() => '---:'), ...lines].map((row) => `| ${row.join(' | ')} |`);
const text = `# Growth

${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}, \`--threads ${values.threads}\`; made by \`npm run bench:growth\`.

${table.join('\n')}
`;
writeFileSync(new URL('growth.md', import.meta.url), text);
console.log(text);
