import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, type RunResult, run, shellWords } from '../cli/harness.ts';

export const README: string = join(ROOT, 'README.md');

/** A `$ …` line of a ```console block, with what stands below it. */
export interface ReadmeCommand {
  readonly line: string;
  readonly expected: readonly string[];
}

/** A line that stands for any number of lines. */
export const ELLIPSIS = '…';

const BLOCK = /^```console\n([\s\S]*?)^```$/gm;

export function readmeCommands(): readonly ReadmeCommand[] {
  const readme = readFileSync(README, 'utf8');
  return [...readme.matchAll(BLOCK)].flatMap(([, block]) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const [line, ...expected] = part.trimEnd().split('\n');
        return { line, expected };
      }),
  );
}

/** Runs `scanlens …`, `cat FILE… | scanlens …` or `tail -1 FILE | scanlens …` in the root folder. */
export function runCommand(line: string): Promise<RunResult> {
  const stages = line.split(' | ');
  const [program, ...args] = shellWords(stages[stages.length - 1]);
  if (program !== 'scanlens') throw new Error(`the README runs something else: ${line}`);
  if (stages.length === 1) return run(args);
  const [first, ...files] = shellWords(stages[0]);
  if (first === 'cat') {
    return run(args, { stdin: Buffer.concat(files.map((file) => readFileSync(join(ROOT, file)))) });
  }
  if (first === 'tail' && files[0] === '-1') {
    const lines = readFileSync(join(ROOT, files[1]), 'utf8').trimEnd().split('\n');
    return run(args, { stdin: `${lines[lines.length - 1]}\n` });
  }
  throw new Error(`the README pipes from something else: ${line}`);
}

/** What the user sees. */
export async function outputOf(line: string): Promise<string> {
  const { stdout, stderr } = await runCommand(line);
  return `${stdout}${stderr}`.trimEnd();
}
