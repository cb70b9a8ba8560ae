import { once } from 'node:events';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type StampedLogOptions, stampedLog } from './stamped-log.ts';

const DATA = fileURLToPath(new URL('data/', import.meta.url));

export interface LogFile {
  readonly path: string;
  readonly lines: number;
  readonly bytes: number;
}

/** A {@link stampedLog} in `bench/data`, made once; delete it after a change of the world. */
export async function logFile(name: string, options: StampedLogOptions): Promise<LogFile> {
  const path = `${DATA}${name}-${options.flows}.ndjson`;
  const facts = `${path}.json`;
  if (existsSync(facts)) return { ...JSON.parse(readFileSync(facts, 'utf8')), path };
  mkdirSync(DATA, { recursive: true });
  const out = createWriteStream(`${path}.part`);
  let lines = 0;
  let bytes = 0;
  for (const block of stampedLog(options)) {
    const encoded = Buffer.from(block.text);
    lines += block.lines;
    bytes += encoded.length;
    if (!out.write(encoded)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
  renameSync(`${path}.part`, path);
  writeFileSync(facts, JSON.stringify({ lines, bytes }));
  return { path, lines, bytes };
}
