import { readFile } from 'node:fs/promises';
import { createKernel, type Kernel } from '../decode/index.ts';
import { packagePath } from './package-files.ts';

/**
 * The kernel of the package; undefined where the engine lacks what it needs, or where the program
 * runs from its sources and nothing was built.
 */
export async function loadKernel(): Promise<Kernel | undefined> {
  const bytes = await readFile(packagePath('dist/decode/kernel/kernel.wasm')).catch(
    () => undefined,
  );
  return bytes === undefined ? undefined : createKernel(bytes);
}
