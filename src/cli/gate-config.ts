import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { parseConfig, UNWRITTEN_CONFIG, type WrittenConfig } from '../gate/index.ts';
import { InputError, type Problem } from '../model/index.ts';
import type { CliProcess } from './cli-process.ts';
import { errorLine } from './error-line.ts';

const NAMES = ['scanlens.yaml', 'scanlens.yml'];

/**
 * The configuration that `--config` names, or the nearest `scanlens.yaml` from the working folder
 * upward; the defaults when there is none. Its paths come out as from the working folder.
 * @throws InputError for the last mistake in it; those before are told on stderr.
 */
export async function readGateConfig(
  { config }: { readonly config?: string },
  io: CliProcess,
  rules: readonly string[],
): Promise<WrittenConfig> {
  const found = config === undefined ? await findUpward(io.cwd) : await readNamed(config, io.cwd);
  if (found === undefined) return UNWRITTEN_CONFIG;
  const { config: parsed, problems } = parseConfig(found.file, found.text, rules);
  if (parsed === undefined) throw tellProblems(problems, 'config', io);
  if (parsed.baseline === undefined || isAbsolute(parsed.baseline)) return parsed;
  const baseline = relative(io.cwd, join(dirname(resolve(io.cwd, found.file)), parsed.baseline));
  return { ...parsed, baseline };
}

interface ConfigText {
  readonly file: string;
  readonly text: string;
}

async function readNamed(file: string, cwd: string): Promise<ConfigText> {
  try {
    return { file, text: await readFile(resolve(cwd, file), 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError('unreadable-config', {
      message: code === 'ENOENT' ? 'no such configuration' : `cannot be read (${code})`,
      at: file,
    });
  }
}

async function findUpward(cwd: string): Promise<ConfigText | undefined> {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    for (const name of NAMES) {
      const path = join(folder, name);
      try {
        return { file: relative(cwd, path), text: await readFile(path, 'utf8') };
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'EACCES') throw error;
      }
    }
    if (dirname(folder) === folder) return undefined;
  }
}

/** Writes all problems but the last to stderr, which the run ends with. */
export function tellProblems(
  problems: readonly Problem[],
  what: string,
  io: CliProcess,
): InputError {
  const errors = problems.map(
    ({ file, line, column, message, hint }) =>
      new InputError(`broken-${what}`, { message, at: `${file}:${line}:${column}`, hint }),
  );
  for (const error of errors.slice(0, -1)) io.stderr.write(errorLine(error));
  return errors[errors.length - 1];
}
