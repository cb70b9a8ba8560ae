import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The folder of the package, from `src/cli` as well as from `dist/cli`. */
const ROOT = new URL('../../', import.meta.url);

/** Absolute path of something that comes with the package. */
export function packagePath(relative: string): string {
  return fileURLToPath(new URL(relative, ROOT));
}

export async function packageVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(packagePath('package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
