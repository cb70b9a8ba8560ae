/**
 * `npm run bench:forms [-- --flows 10000 --rounds 5 --beside OTHER/bin/scanlens.js]`: the same logins
 * in every form that logs are written in, each read in turns by a process of its own with one
 * thread. Prints and writes `bench/forms.md`; with `--beside`, another build takes its turns too,
 * and nothing is written. Figures of one run compare with each other, not with those of another machine.
 */

import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { cpus } from 'node:os';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';
import { logFile } from './log-file.ts';
import { LOG_FORMS } from './log-forms.ts';
import { measure, median } from './measure.ts';

const { values } = parseArgs({
  options: {
    flows: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '5' },
    beside: { type: 'string' },
    only: { type: 'string', default: '' },
  },
});
const rounds = Number(values.rounds);
const STACKS = ['reference', 'portal', 'mall'];

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

interface FormFile {
  readonly name: string;
  readonly path: string;
  /** As they are read: those of a compressed file count unpacked. */
  readonly bytes: number;
}

const source = await logFile('three-loggers', {
  flows: Number(values.flows),
  stacks: STACKS,
  onlyJson: true,
});
const folder = here(`data/forms-${values.flows}/`);
mkdirSync(folder, { recursive: true });

/** Written once; delete the folder after a change of the forms. */
async function made(name: string, write: (path: string) => Promise<void>): Promise<string> {
  const path = `${folder}${name.toLowerCase().replaceAll(/\W+/g, '-')}.log`;
  if (!existsSync(path)) {
    await write(`${path}.part`);
    renameSync(`${path}.part`, path);
  }
  return path;
}

const files: FormFile[] = [];
for (const { name, write } of LOG_FORMS) {
  const path = await made(name, (part) =>
    pipeline(
      createInterface({ input: createReadStream(source.path) }),
      async function* (lines: AsyncIterable<string>) {
        let number = 0;
        let block = '';
        for await (const line of lines) {
          block += write(line, number);
          number += 1;
          if (block.length < 1 << 20) continue;
          yield block;
          block = '';
        }
        yield block;
      },
      createWriteStream(part),
    ),
  );
  files.push({ name, path, bytes: statSync(path).size });
}
const [json] = files as [FormFile];
const gzipped = await made('JSON, gzip', (part) =>
  pipeline(createReadStream(json.path), createGzip(), createWriteStream(part)),
);
files.splice(1, 0, { name: 'JSON, gzip', path: gzipped, bytes: json.bytes });

/** A few lines of JSON: what each run costs before it reads much. */
const startFile = await made('start', async (part) => {
  const [, head] = /^((?:.*\n){300})/.exec(readFileSync(json.path, 'utf8'))!;
  writeFileSync(part, head!);
});

const OWN = here('../bin/scanlens.js');
const cpuOf = async (program: string, path: string): Promise<number> => {
  const args = [program, '-o', 'json', '-q', '--threads', '1', path];
  return (await measure(process.execPath, args)).cpuSeconds;
};

interface Measured {
  readonly file: FormFile;
  /** CPU seconds by round, those of the start taken off. */
  readonly seconds: number[];
}

async function measureAll(programs: readonly string[]): Promise<Measured[][]> {
  const measured = files
    .filter(({ name }) => name === 'JSON' || name.includes(values.only))
    .map((file) => programs.map((): Measured => ({ file, seconds: [] })));
  for (let round = 0; round < rounds; round += 1) {
    const starts: number[] = [];
    for (const program of programs) starts.push(await cpuOf(program, startFile));
    for (const builds of measured) {
      for (const [i, { file, seconds }] of builds.entries()) {
        const taken = (await cpuOf(programs[i]!, file.path)) - starts[i]!;
        seconds.push(taken);
        const micros = ((taken * 1e6) / source.lines).toFixed(1);
        console.error(`round ${round + 1}: ${micros} µs a record, ${file.name}, ${programs[i]}`);
      }
    }
  }
  return measured;
}

const spread = (ratios: readonly number[]): string =>
  `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`;
const ratiosTo = (a: Measured, b: Measured): number[] =>
  a.seconds.map((seconds, round) => seconds / b.seconds[round]!);

const measured = await measureAll(values.beside === undefined ? [OWN] : [OWN, values.beside]);
const rows = measured.map(([own, other]) => [
  own!.file.name,
  (own!.file.bytes / 1e6).toFixed(0),
  (own!.file.bytes / 1e6 / median(own!.seconds)).toFixed(0),
  ((median(own!.seconds) * 1e6) / source.lines).toFixed(1),
  spread(ratiosTo(own!, measured[0]![0]!)),
  ...(other === undefined
    ? []
    : [((median(other.seconds) * 1e6) / source.lines).toFixed(1), spread(ratiosTo(other, own!))]),
]);
const head = [
  'form',
  'MB',
  'MB per CPU-second',
  'µs a record',
  'times JSON (spread)',
  ...(values.beside === undefined ? [] : ['µs of the other build', 'times this (spread)']),
];
const table = [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows]
  .map((row) => `| ${row.join(' | ')} |`)
  .join('\n');
const text = `# Forms

${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}, \`--threads 1\`; medians of ${rounds} rounds, the forms in turns. CPU seconds are
user and system time of all threads, less those of a run over 300 lines of JSON; ratios are of one round.

${source.lines.toLocaleString('en')} records of ${Number(values.flows).toLocaleString('en')} logins, written by pino, zap, logback and gateways, and the same written
in other forms (\`bench/log-forms.ts\`). Gzip counts its bytes unpacked. Made by
\`npm run bench:forms -- --flows ${values.flows} --rounds ${values.rounds}\`.

${table}
`;
if (values.beside === undefined && values.only === '') writeFileSync(here('forms.md'), text);
console.log(text);
