import { readFileSync, writeFileSync } from 'node:fs';
import { ELLIPSIS, outputOf, README, readmeCommands } from './readme-commands.ts';

/**
 * Writes into the README what its commands print now: `npx tsx test/package/fill-readme.ts`. Outputs
 * that are shortened by a line `…` are left for their author. Read the difference before it is
 * committed.
 */
let readme = readFileSync(README, 'utf8');
for (const { line, expected } of readmeCommands()) {
  if (expected.includes(ELLIPSIS)) continue;
  const before = [`$ ${line}`, ...expected].join('\n');
  const output = await outputOf(line);
  if (output.startsWith('scanlens: ')) throw new Error(`$ ${line}\n${output}`);
  const after = `$ ${line}\n${output}`;
  readme = readme.replace(before, () => after);
}
writeFileSync(README, readme);
