import { InputError } from '../model/index.ts';
import { findSources, type Source } from '../source/index.ts';
import type { CliProcess } from './cli-process.ts';
import { NOTHING_TO_READ } from './ending.ts';
import { noticeLine } from './error-line.ts';

/**
 * The sources a command reads: what the user named, or standard input where something is piped in.
 * What was swept up but left out is told on stderr.
 */
export async function findInput(
  files: readonly string[],
  { io, quiet }: { readonly io: CliProcess; readonly quiet: boolean },
): Promise<readonly Source[]> {
  if (files.length === 0 && io.stdin.isTTY) {
    throw new InputError(NOTHING_TO_READ, {
      message: 'nothing to read: name log files, or pipe them in',
    });
  }
  const args = files.length === 0 ? ['-'] : files;
  const { sources, leftOut } = await findSources(args, { cwd: io.cwd, stdin: io.stdin });
  if (!quiet) for (const text of leftOut) io.stderr.write(noticeLine(text));
  return sources;
}
