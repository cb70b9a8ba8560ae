import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { FIXTURES, filesOf } from './fixtures.ts';

/** Writes the checked-in worlds anew: `npx tsx test/world/write-fixtures.ts`. */
const root = new URL('../../', import.meta.url);
for (const fixture of FIXTURES) {
  const logs = new URL(`${fixture.logs}/`, root);
  rmSync(logs, { recursive: true, force: true });
  mkdirSync(logs, { recursive: true });
  let bytes = 0;
  for (const [path, text] of filesOf(fixture)) {
    writeFileSync(new URL(path, root), text);
    bytes += Buffer.byteLength(text);
  }
  process.stdout.write(`${fixture.logs}: ${(bytes / 1e6).toFixed(2)} MB\n`);
}
