import { readFile, writeFile } from 'node:fs/promises';
import {
  LOCK_FILE,
  lintRules,
  lockText,
  type ProblemFormat,
  problemOutput,
} from '../../workshop/index.ts';
import type { Context } from '../context.ts';
import { DONE, type Ending } from '../ending.ts';
import { loadMappings, ruleFiles } from '../library.ts';
import { packagePath } from '../package-files.ts';

export interface LintCommandOptions {
  readonly output: ProblemFormat;
  readonly updateLock?: true;
}

/** Where the ids of the built-in rules are kept, for ever. */
const LOCK = `rules/${LOCK_FILE}`;

/**
 * Checks the user's rule files against the built-in library, or the library itself when none are
 * named. Errors end with 2, warnings with 1.
 */
export async function lint(
  paths: readonly string[],
  options: LintCommandOptions,
  { io, stdout }: Context,
): Promise<Ending> {
  const files = await ruleFiles({ rules: paths }, io.cwd);
  const mappings = await loadMappings({}, io.cwd);
  const isLibrary = paths.length === 0;
  if (options.updateLock) {
    const { loaded } = lintRules(files, mappings);
    const lasting = loaded.documents.filter(
      ({ layer, kind, sound }) => layer === 0 && kind !== 'filter' && sound,
    );
    await writeFile(packagePath(LOCK), lockText(lasting));
  }
  const lock = isLibrary ? await readLock() : undefined;
  const { loaded, problems } = lintRules(files, mappings, { lock, fromLayer: isLibrary ? 0 : 1 });
  await stdout.write(problemOutput(problems, options.output));
  if (problems.length === 0 && options.output === 'text') {
    const count = loaded.documents.filter(({ layer }) => isLibrary || layer > 0).length;
    await stdout.write(`${count} ${count === 1 ? 'rule' : 'rules'}, no problems\n`);
  }
  if (problems.some(({ severity }) => severity === 'error')) return { kind: 'broken-rules' };
  return problems.length > 0 ? { kind: 'findings' } : DONE;
}

async function readLock(): Promise<{ file: string; text: string } | undefined> {
  try {
    return { file: LOCK, text: await readFile(packagePath(LOCK), 'utf8') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
