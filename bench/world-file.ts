import { createHash } from 'node:crypto';
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
 * `bench/data`, until the world changes.
 */
export async function worldFile(flows: number): Promise<{ path: string; lines: number }> {
  const path = `${DATA}world-${flows}-${fingerprint(flows)}.ndjson`;
  const countPath = `${path}.lines`;
  if (existsSync(countPath)) return { path, lines: Number(readFileSync(countPath, 'utf8')) };
  mkdirSync(DATA, { recursive: true });
  const out = createWriteStream(`${path}.part`);
  let lines = 0;
  let block = '';
  for (const text of linesOfWorld(flows)) {
    lines++;
    block += `${text}\n`;
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

function* linesOfWorld(flows: number): Generator<string> {
  for (const item of playWorld({ flows })) if (item.kind === 'line') yield item.text;
}

/** A world that tells the same at its beginning is the same world. */
function fingerprint(flows: number): string {
  const hash = createHash('sha256');
  let left = 5000;
  for (const text of linesOfWorld(flows)) {
    hash.update(text);
    left--;
    if (left === 0) break;
  }
  return hash.digest('hex').slice(0, 8);
}
