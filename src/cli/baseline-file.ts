import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Baseline, decodeBaseline, encodeBaseline, looksLikeBaseline } from '../gate/index.ts';
import { InputError } from '../model/index.ts';
import type { CliProcess } from './cli-process.ts';
import { tellProblems } from './gate-config.ts';

/**
 * @returns undefined when there is no such file.
 * @throws InputError with the place of what is wrong in it.
 */
export async function readBaseline(name: string, io: CliProcess): Promise<Baseline | undefined> {
  let text: string;
  try {
    text = await readFile(resolve(io.cwd, name), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new InputError('unreadable-baseline', {
      message: `the baseline cannot be read (${code})`,
      at: name,
    });
  }
  const { baseline, problems } = decodeBaseline(name, text);
  if (baseline === undefined) throw tellProblems(problems, 'baseline', io);
  return baseline;
}

/** @throws InputError when there is none, or it is broken. */
export async function requireBaseline(name: string, io: CliProcess): Promise<Baseline> {
  const baseline = await readBaseline(name, io);
  if (baseline !== undefined) return baseline;
  throw new InputError('no-baseline', {
    message: 'there is no such baseline',
    at: name,
    hint: `make it with scanlens baseline create FILE --out ${name}`,
  });
}

/**
 * Puts the file in place in one step: whoever reads meanwhile sees the old or the new one. Folders
 * are made as needed.
 */
export async function writeBaseline(
  name: string,
  baseline: Baseline,
  io: CliProcess,
): Promise<void> {
  const path = resolve(io.cwd, name);
  const draft = `${path}.new`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(draft, encodeBaseline(baseline));
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError('unwritable', { message: `cannot be written (${code})`, at: name });
  }
}

/** Whether a path names a baseline rather than logs. */
export async function isBaselineFile(name: string, { cwd }: CliProcess): Promise<boolean> {
  if (!name.endsWith('.json')) return false;
  try {
    const file = await open(resolve(cwd, name));
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(200), 0, 200, 0);
      return looksLikeBaseline(buffer.toString('utf8', 0, bytesRead));
    } finally {
      await file.close();
    }
  } catch {
    // Whatever is wrong with it, reading it as logs will tell.
    return false;
  }
}
