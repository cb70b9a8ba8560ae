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
import { playWorld } from '../test/world/index.ts';

const DATA = fileURLToPath(new URL('data/', import.meta.url));
const BLOCK_BYTES = 1024 ** 2;

/**
 * A log of one made-up day with so many logins, all services in one file; made once and kept in
 * `bench/data`.
 */
export async function worldFile(flows: number): Promise<{ path: string; lines: number }> {
  const path = `${DATA}world-${flows}.ndjson`;
  const countPath = `${path}.lines`;
  if (existsSync(countPath)) return { path, lines: Number(readFileSync(countPath, 'utf8')) };
  mkdirSync(DATA, { recursive: true });
  const out = createWriteStream(`${path}.part`);
  let lines = 0;
  let block = '';
  for (const item of playWorld({ flows })) {
    if (item.kind !== 'line') continue;
    lines++;
    block += `${item.text}\n`;
    if (block.length >= BLOCK_BYTES) {
      if (!out.write(block)) await once(out, 'drain');
      block = '';
    }
  }
  out.end(block);
  await once(out, 'finish');
  renameSync(`${path}.part`, path);
  writeFileSync(countPath, String(lines));
  return { path, lines };
}
