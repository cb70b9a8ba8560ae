import { InputError } from '../model/index.ts';
import { Breakdown } from './breakdown.ts';
import type { CliProcess } from './cli-process.ts';
import { type Ending, exitCode, NOTHING_TO_READ } from './ending.ts';
import { ClosedPipe, createOutput } from './output.ts';
import { runProgram } from './program.ts';

/**
 * The whole program.
 * @param argv the arguments alone, as `process.argv.slice(2)`.
 * @returns the exit code; everything has been written by then.
 */
export async function runCli(argv: readonly string[], io: CliProcess): Promise<number> {
  const stdout = createOutput(io.stdout);
  const stderr = createOutput(io.stderr);
  // Nobody is left to tell when stderr itself fails.
  const say = (text: string) => stderr.write(text).catch(() => undefined);
  const ending = await endingOf(() => runProgram(argv, { io, stdout }));
  if (ending.kind === 'mistake') {
    // Loaded here because help and version do without the room behind it.
    const { errorLine } = await import('./error-line.ts');
    await say(errorLine(ending.error));
    if (ending.error.code === NOTHING_TO_READ) await say(SHORT_HELP);
  }
  if (ending.kind === 'breakdown') {
    const { message, hint } = ending.error;
    await say(`scanlens: ${message}; ${hint}\n`);
  }
  if (ending.kind === 'bug') await say(bugReport(ending.error));
  stdout.release();
  stderr.release();
  return exitCode(ending);
}

async function endingOf(run: () => Promise<Ending>): Promise<Ending> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof InputError) return { kind: 'mistake', error };
    if (error instanceof Breakdown) return { kind: 'breakdown', error };
    if (error instanceof ClosedPipe) return { kind: 'closed-pipe' };
    return { kind: 'bug', error };
  }
}

const SHORT_HELP = `  scanlens app.log                         report on a file, folder or pattern
  kubectl logs deploy/login | scanlens -   report on what a pipe brings
  scanlens demo                            a first look, without logs of your own
  scanlens --help                          everything else
`;

function bugReport(error: unknown): string {
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `scanlens: this is a bug in scanlens, please report it with these lines\n${details}\n`;
}
