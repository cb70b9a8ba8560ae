import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';

const ROOT = new URL('../', import.meta.url);
const SOURCES = new URL('src/decode/kernel/assembly/', ROOT);

export const KERNEL_FILE: URL = new URL('dist/decode/kernel/kernel.wasm', ROOT);

/** Builds the kernel before the tests, where it is older than its sources. */
export default function buildKernel(): void {
  const built = statSync(KERNEL_FILE, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const changed = readdirSync(SOURCES).map((file) => statSync(new URL(file, SOURCES)).mtimeMs);
  if (Math.max(...changed) > built)
    execFileSync('npm', ['run', '-s', 'build:kernel'], { cwd: ROOT });
}
