import { spawn } from 'node:child_process';
import type { Context } from './context.ts';
import type { DisplayOptions } from './options.ts';

/** Quits where one screen is enough, keeps colours, leaves the text on the screen. */
const DEFAULT_PAGER = 'less';
const DEFAULT_LESS = 'FRX';

/**
 * Writes a text to standard output; on a terminal that it is too long for, through the user's
 * pager (`$PAGER`, `less` without one), as git does.
 */
export async function page(
  text: string,
  { pager }: Pick<DisplayOptions, 'pager'>,
  { io, stdout }: Context,
): Promise<void> {
  const { isTTY, rows } = io.stdout;
  const command = io.env.PAGER ?? DEFAULT_PAGER;
  const isLong = rows !== undefined && text.split('\n').length > rows;
  if (!pager || isTTY !== true || !isLong || command.trim() === '' || io.env.TERM === 'dumb')
    return stdout.write(text);
  if (!(await through(command, text, io.env))) await stdout.write(text);
}

/** @returns false when there is no such pager. */
function through(
  command: string,
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, {
      shell: true,
      stdio: ['pipe', 'inherit', 'inherit'],
      env: { LESS: DEFAULT_LESS, ...env },
    });
    child.on('error', () => resolve(false));
    child.on('close', (code) => resolve(code !== NOT_FOUND));
    // The user may leave before the end.
    child.stdin.on('error', () => undefined);
    child.stdin.end(text);
  });
}

/** The shell's exit code for a command that does not exist. */
const NOT_FOUND = 127;
