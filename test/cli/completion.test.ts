import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run } from './harness.ts';

async function offered(...words: string[]): Promise<string[]> {
  const { stdout, code } = await run(['complete', '--', ...words]);
  expect(code).toBe(0);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t')[0]);
}

describe('what is offered', () => {
  test.each([
    ['commands', ['ana'], ['analyze']],
    ['commands of a command', ['rules', 'l'], ['list', 'lint']],
    ['options', ['analyze', '--sho'], ['--show-ids']],
    ['options of the default command', ['app.log', '--verd'], ['--verdicts']],
    ['values of an option', ['analyze', '--lang', ''], ['en', 'zh']],
    ['values of a short option', ['-o', 'j'], ['json']],
    ['values of an argument', ['completion', 'z'], ['zsh']],
    ['nothing where a file belongs', ['analyze', 'app'], []],
    ['nothing where an option takes a file', ['analyze', '--mapping', 'm'], []],
  ])('%s', async (_, words, expected) => {
    expect(await offered(...words)).toEqual(expected);
  });

  test('commands first, hidden ones never', async () => {
    const all = await offered('');
    expect(all).toContain('analyze');
    expect(all).not.toContain('complete');
  });
});

test('bash completes with the script', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scanlens-completion-'));
  try {
    const { stdout: script } = await run(['completion', 'bash']);
    // The program itself is not built here: what it answers was seen above.
    const program = join(folder, 'scanlens');
    writeFileSync(
      program,
      `#!/bin/sh\n[ "$*" = 'complete -- rules li' ] && printf 'lint\\tcheck\\nlist\\tall\\n'\n`,
    );
    chmodSync(program, 0o755);
    const session = `${script}
complete -p scanlens
COMP_WORDS=(scanlens rules li)
COMP_CWORD=2
_scanlens
printf '%s,' "\${COMPREPLY[@]}"`;
    const env = { PATH: `${folder}:${process.env.PATH}` };
    expect(execFileSync('bash', ['--norc', '-c', session], { encoding: 'utf8', env })).toBe(
      'complete -o default -F _scanlens scanlens\nlint,list,',
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('an unknown shell is a mistake', async () => {
  const { code, stderr } = await run(['completion', 'tcsh']);
  expect(code).toBe(2);
  expect(stderr).toContain('bash, zsh, fish');
});
