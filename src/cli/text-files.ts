import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InputError } from '../model/index.ts';

/** A file of the library or the user: rules, mappings. */
export interface TextFile {
  /** As the user named it; errors point there. */
  readonly file: string;
  readonly text: string;
}

const YAML_NAME = /\.ya?ml$/;

/**
 * The YAML files that `path` stands for: itself, or all in and below a folder, sorted.
 * @param what for messages: `rule` or `mapping`.
 * @param accept which files of a folder count; a file named outright always does.
 * @throws InputError when there is nothing, or it cannot be read.
 */
export async function readYamlFiles(
  path: string,
  {
    cwd,
    what,
    accept = (name) => YAML_NAME.test(name),
  }: { readonly cwd: string; readonly what: string; readonly accept?: (name: string) => boolean },
): Promise<TextFile[]> {
  try {
    const absolute = resolve(cwd, path);
    if (!(await stat(absolute)).isDirectory()) return [await readText(path, absolute)];
    const names = (await readdir(absolute, { recursive: true })).filter(accept).sort();
    if (names.length > 0) {
      return await Promise.all(
        names.map((name) => readText(join(path, name), join(absolute, name))),
      );
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new InputError(`unreadable-${what}`, {
      message:
        code === 'ENOENT' ? `no such ${what} file` : `this ${what} file cannot be read (${code})`,
      at: path,
    });
  }
  throw new InputError(`no-${what}`, {
    message: `no ${what} files (*.yml, *.yaml) in here`,
    at: path,
  });
}

async function readText(file: string, path: string): Promise<TextFile> {
  return { file, text: await readFile(path, 'utf8') };
}
